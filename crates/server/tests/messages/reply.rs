//! Replies.

use decentra_testkit::{Answer, Rest};
use serde_json::{Value, json};

use crate::permission::HISTORY;
use crate::place::{Place, each, text};

/// Has someone answer a message, `more` being what else the draft says.
async fn reply(place: &Place, who: &Rest, to: &str, more: Value) -> Answer {
    let mut draft = json!({"content": "indeed", "message_reference": {"message_id": to}});
    for (key, value) in more.as_object().into_iter().flatten() {
        draft[key] = value.clone();
    }
    place.send(who, draft).await
}

#[tokio::test]
async fn a_reply_tells_what_it_answers_and_mentions_whom() {
    let place = Place::new().await;
    let original = place.say(&place.ben, "it rains").await;
    let mut session = place.bens_session().await;
    let sent = reply(&place, &place.ana, &original, Value::Null).await.ok();
    let told = session.until("MESSAGE_CREATE").await;
    let read = place.read(&place.ben, &text(&sent["id"])).await;
    let listed = place.ben.get(&place.at("/messages?limit=1")).await.ok()[0].take();
    let reference =
        json!({"type": 0, "message_id": original, "channel_id": place.channel, "guild_id": place.guild});
    for message in [sent, told, read, listed] {
        assert_eq!((&message["type"], &message["message_reference"]), (&json!(19), &reference));
        assert_eq!(message["referenced_message"]["id"], original);
        assert_eq!(message["referenced_message"]["content"], "it rains");
        assert_eq!(each(&message["mentions"], "id"), [&place.ben.user_id]);
    }
}

#[tokio::test]
async fn whom_one_answers_is_mentioned_only_if_it_is_allowed() {
    let place = Place::new().await;
    let original = place.say(&place.ben, "it rains").await;
    for (allowed, mentions) in [
        (json!({"replied_user": true}), 1),
        (json!({"replied_user": false}), 0),
        (json!({"parse": ["users"]}), 0),
    ] {
        let sent = reply(&place, &place.ana, &original, json!({"allowed_mentions": allowed})).await.ok();
        assert_eq!(sent["mentions"].as_array().unwrap().len(), mentions, "{allowed}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_answered_only_if_that_does_not_matter() {
    let place = Place::new().await;
    let refused = reply(&place, &place.ana, "5", Value::Null).await;
    assert_eq!(refused.refusal(), (400, 50_035));
    assert_eq!(refused.body["errors"]["message_reference"]["_errors"][0]["code"], "REPLIES_UNKNOWN_MESSAGE");
    let reference = json!({"message_reference": {"message_id": "5", "fail_if_not_exists": false}});
    let sent = reply(&place, &place.ana, "5", reference).await.ok();
    assert_eq!(sent["type"], 0);
    assert!(sent.get("message_reference").is_none() && sent.get("referenced_message").is_none());
}

#[tokio::test]
async fn a_message_of_another_channel_is_not_there() {
    let place = Place::new().await;
    let original = place.say(&place.ben, "it rains").await;
    let channel =
        place.ana.post(&format!("/guilds/{}/channels", place.guild), json!({"name": "shed"})).await.ok();
    let place = Place { channel: text(&channel["id"]), ..place };
    assert_eq!(reply(&place, &place.ana, &original, Value::Null).await.refusal(), (400, 50_035));
}

#[tokio::test]
async fn a_notice_cannot_be_answered() {
    let place = Place::new().await;
    let original = place.say(&place.ben, "it rains").await;
    place.ana.put(&place.at(&format!("/messages/pins/{original}")), Value::Null).await.ok();
    let notice = place.ana.get(&place.at("/messages?limit=1")).await.ok();
    assert_eq!(notice[0]["type"], 6);
    let refused = reply(&place, &place.ben, &text(&notice[0]["id"]), Value::Null).await;
    assert_eq!(refused.refusal(), (400, 50_035));
}

#[tokio::test]
async fn who_may_not_read_what_was_written_cannot_answer_it() {
    let place = Place::new().await;
    let original = place.say(&place.ana, "it rains").await;
    place.deny(HISTORY).await;
    assert_eq!(reply(&place, &place.ben, &original, Value::Null).await.refusal(), (403, 160_002));
    place.say(&place.ben, "anyway").await;
}

#[tokio::test]
async fn an_answer_outlives_what_it_answered() {
    let place = Place::new().await;
    let original = place.say(&place.ana, "it rains").await;
    let answer = text(&reply(&place, &place.ben, &original, Value::Null).await.ok()["id"]);
    place.ana.delete(&place.at(&format!("/messages/{original}"))).await.ok();
    let listed = place.ben.get(&place.at("/messages")).await.ok()[0].take();
    for read in [place.read(&place.ben, &answer).await, listed] {
        assert_eq!((&read["type"], &read["message_reference"]["message_id"]), (&json!(19), &json!(original)));
        assert_eq!(read.get("referenced_message"), Some(&Value::Null));
    }
}
