//! Deleting, one by one and many at once.

use std::time::Duration;

use decentra_testkit::{Answer, Rest};
use serde_json::json;

use crate::permission::{MANAGE_MESSAGES, VIEW};
use crate::place::{Place, each};

async fn delete(place: &Place, who: &Rest, message: &str) -> Answer {
    who.delete(&place.at(&format!("/messages/{message}"))).await
}

async fn delete_many(place: &Place, who: &Rest, messages: &[String]) -> Answer {
    who.post(&place.at("/messages/bulk-delete"), json!({"messages": messages})).await
}

/// Ids of the same time as `message` that nothing has.
fn unknown(message: &str, count: u64) -> Vec<String> {
    let message: u64 = message.parse().unwrap();
    (1_000..1_000 + count).map(|nth| (message + nth).to_string()).collect()
}

#[tokio::test]
async fn who_wrote_a_message_may_delete_it_and_all_are_told() {
    let place = Place::new().await;
    let message = place.say(&place.ana, "oops").await;
    let mut session = place.bens_session().await;
    assert_eq!(delete(&place, &place.ana, &message).await.status, 204);
    let told = session.until("MESSAGE_DELETE").await;
    assert_eq!(told, json!({"id": message, "channel_id": place.channel, "guild_id": place.guild}));
    let gone = place.ben.get(&place.at(&format!("/messages/{message}"))).await;
    assert_eq!(gone.refusal(), (404, 10_008));
    assert_eq!(delete(&place, &place.ana, &message).await.refusal(), (404, 10_008));
    assert_eq!(place.ben.get(&place.at("/messages")).await.ok(), json!([]));
}

#[tokio::test]
async fn the_messages_of_others_are_deleted_by_who_manages_them() {
    let place = Place::new().await;
    let (anas, bens) = (place.say(&place.ana, "mine").await, place.say(&place.ben, "mine").await);
    assert_eq!(delete(&place, &place.ben, &anas).await.refusal(), (403, 50_013));
    delete(&place, &place.ana, &bens).await.ok();
    place.allow_ben(MANAGE_MESSAGES).await;
    delete(&place, &place.ben, &anas).await.ok();
    place.deny(VIEW).await;
    assert_eq!(delete(&place, &place.ben, &anas).await.refusal(), (404, 10_003));
}

#[tokio::test]
async fn many_are_deleted_at_once_and_told_at_once() {
    let place = Place::new().await;
    let (one, two) = (place.say(&place.ana, "1").await, place.say(&place.ben, "2").await);
    place.say(&place.ana, "3").await;
    let mut session = place.bens_session().await;
    let ids = [vec![one.clone(), two.clone()], unknown(&two, 2)].concat();
    assert_eq!(delete_many(&place, &place.ana, &ids).await.status, 204);
    let told = session.until("MESSAGE_DELETE_BULK").await;
    assert_eq!((&told["channel_id"], &told["guild_id"]), (&json!(place.channel), &json!(place.guild)));
    let mut deleted: Vec<_> = told["ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    deleted.sort_unstable();
    assert_eq!(deleted, [one, two]);
    assert_eq!(each(&place.ben.get(&place.at("/messages")).await.ok(), "content"), ["3"]);
}

#[tokio::test]
async fn a_bulk_is_of_2_to_100_messages_whether_they_are_there_or_not() {
    let place = Place::new().await;
    let known = place.say(&place.ana, "1").await;
    for count in [0, 1, 101] {
        let refused = delete_many(&place, &place.ana, &unknown(&known, count)).await;
        assert_eq!(refused.refusal(), (400, 50_016), "{count}");
    }
    for count in [2, 100] {
        assert_eq!(delete_many(&place, &place.ana, &unknown(&known, count)).await.status, 204, "{count}");
    }
    let nothing = place.ana.post(&place.at("/messages/bulk-delete"), json!({})).await;
    assert_eq!(nothing.refusal(), (400, 50_035));
}

#[tokio::test]
async fn a_bulk_names_each_message_once() {
    let place = Place::new().await;
    let (one, two) = (place.say(&place.ana, "1").await, place.say(&place.ana, "2").await);
    let refused = delete_many(&place, &place.ana, &[one.clone(), one, two]).await;
    assert_eq!(refused.status, 400);
    assert_eq!(each(&place.ana.get(&place.at("/messages")).await.ok(), "content"), ["2", "1"]);
}

#[tokio::test]
async fn a_bulk_is_not_older_than_two_weeks() {
    let place = Place::new().await;
    let old = place.say(&place.ana, "old").await;
    place.world.advance(Duration::from_hours(14 * 24));
    let new = place.say(&place.ana, "new").await;
    let newer = place.say(&place.ana, "newer").await;
    // On the day itself it is not older yet.
    place.world.advance(Duration::from_secs(1));
    let both = [old.clone(), new.clone()];
    assert_eq!(delete_many(&place, &place.ana, &both).await.refusal(), (400, 50_034));
    assert_eq!(delete_many(&place, &place.ana, &[new, newer]).await.status, 204);
    delete(&place, &place.ana, &old).await.ok();
}

#[tokio::test]
async fn who_does_not_manage_messages_deletes_no_bulk_not_even_of_their_own() {
    let place = Place::new().await;
    let ids = [place.say(&place.ben, "1").await, place.say(&place.ben, "2").await];
    assert_eq!(delete_many(&place, &place.ben, &ids).await.refusal(), (403, 50_013));
    place.allow_ben(MANAGE_MESSAGES).await;
    assert_eq!(delete_many(&place, &place.ben, &ids).await.status, 204);
}
