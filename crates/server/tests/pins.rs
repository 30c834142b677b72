//! Pinned messages.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "messages/place.rs"]
mod place;

use std::time::Duration;

use decentra_model::limits::PINS_MAX;
use decentra_testkit::{Answer, Rest};
use serde_json::{Value, json};

use crate::place::{Place, each, text};

const VIEW: u64 = 1 << 10;
const MANAGE_MESSAGES: u64 = 1 << 13;
const HISTORY: u64 = 1 << 16;
const PIN_MESSAGES: u64 = 1 << 51;

/// Pins, where older libraries look for them.
const OLD: &str = "/pins";
/// Pins, where newer ones do.
const NEW: &str = "/messages/pins";

async fn pin(place: &Place, who: &Rest, message: &str) -> Answer {
    who.put(&place.at(&format!("{NEW}/{message}")), Value::Null).await
}

/// What is pinned, as Ben reads it.
async fn pinned(place: &Place, query: &str) -> Value {
    place.ben.get(&place.at(&format!("{NEW}{query}"))).await.ok()
}

/// What the messages of a page of pins say.
fn contents(page: &Value) -> Vec<&str> {
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["message"]["content"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_message_is_pinned_and_let_go_by_the_new_paths_and_by_the_old() {
    let place = Place::new().await;
    let message = place.say(&place.ben, "beans").await;
    for base in [NEW, OLD] {
        let path = place.at(&format!("{base}/{message}"));
        assert_eq!(place.ana.put(&path, Value::Null).await.status, 204, "{base}");
        assert_eq!(place.read(&place.ben, &message).await["pinned"], true, "{base}");
        let page = pinned(&place, "").await;
        assert_eq!((contents(&page), &page["has_more"]), (vec!["beans"], &json!(false)), "{base}");
        assert_eq!(page["items"][0]["message"]["pinned"], true);
        assert_eq!(page["items"][0]["pinned_at"], "2026-01-31T12:00:00.000000+00:00");
        let list = place.ben.get(&place.at(OLD)).await.ok();
        assert_eq!(each(&list, "content"), ["beans"], "{base}");
        assert_eq!(place.ana.delete(&path).await.status, 204, "{base}");
        assert_eq!(place.read(&place.ben, &message).await["pinned"], false, "{base}");
        assert_eq!(pinned(&place, "").await, json!({"items": [], "has_more": false}), "{base}");
    }
}

#[tokio::test]
async fn a_notice_tells_who_pinned_what() {
    let place = Place::new().await;
    let message = place.say(&place.ben, "beans").await;
    let mut session = place.bens_session().await;
    pin(&place, &place.ana, &message).await.ok();
    let told = session.until("MESSAGE_CREATE").await;
    let listed = place.ben.get(&place.at("/messages?limit=1")).await.ok()[0].take();
    for notice in [told, listed] {
        assert_eq!((&notice["type"], &notice["content"]), (&json!(6), &json!("")));
        assert_eq!(notice["author"]["id"], place.ana.user_id);
        let reference =
            json!({"type": 0, "message_id": message, "channel_id": place.channel, "guild_id": place.guild});
        assert_eq!(notice["message_reference"], reference);
    }
}

#[tokio::test]
async fn all_who_see_the_channel_are_told_of_pins() {
    let place = Place::new().await;
    let message = place.say(&place.ben, "beans").await;
    let mut session = place.bens_session().await;
    pin(&place, &place.ana, &message).await.ok();
    let updated = session.until("MESSAGE_UPDATE").await;
    assert_eq!((&updated["id"], &updated["pinned"]), (&json!(message), &json!(true)));
    assert_eq!(updated["edited_timestamp"], Value::Null);
    let at = "2026-01-31T12:00:00.000000+00:00";
    let told = json!({"guild_id": place.guild, "channel_id": place.channel, "last_pin_timestamp": at});
    assert_eq!(session.until("CHANNEL_PINS_UPDATE").await, told);
    assert_eq!(place.ben.get(&place.at("")).await.ok()["last_pin_timestamp"], at);
    place.ana.delete(&place.at(&format!("{NEW}/{message}"))).await.ok();
    let updated = session.until("MESSAGE_UPDATE").await;
    assert_eq!((&updated["id"], &updated["pinned"]), (&json!(message), &json!(false)));
    assert_eq!(session.until("CHANNEL_PINS_UPDATE").await["channel_id"], place.channel);
}

#[tokio::test]
async fn when_something_was_pinned_last_outlives_a_restart() {
    let place = Place::new().await;
    let message = place.say(&place.ben, "beans").await;
    pin(&place, &place.ana, &message).await.ok();
    let before = place.ben.get(&place.at("")).await.ok();
    let path = place.at("");
    let world = place.world.restart().await;
    assert_eq!(place.ben.at(world.address()).get(&path).await.ok(), before);
}

#[tokio::test]
async fn what_is_pinned_is_not_pinned_again_nor_let_go_twice() {
    let place = Place::new().await;
    let message = place.say(&place.ben, "beans").await;
    let unpin = place.at(&format!("{NEW}/{message}"));
    assert_eq!(place.ana.delete(&unpin).await.status, 204);
    pin(&place, &place.ana, &message).await.ok();
    let mut session = place.bens_session().await;
    assert_eq!(pin(&place, &place.ana, &message).await.status, 204);
    place.say(&place.ana, "peas").await;
    let heard = session.heard_until("peas").await;
    assert!(!heard.iter().any(|name| name == "MESSAGE_UPDATE" || name == "CHANNEL_PINS_UPDATE"), "{heard:?}");
    // Beside what was said there is one notice.
    let all = place.ben.get(&place.at("/messages")).await.ok();
    assert_eq!(each(&all, "content"), ["peas", "", "beans"]);
}

#[tokio::test]
async fn to_pin_one_needs_the_permission_to_pin() {
    let place = Place::new().await;
    let message = place.say(&place.ben, "beans").await;
    // To manage messages was enough once.
    place.allow_ben(MANAGE_MESSAGES).await;
    for base in [NEW, OLD] {
        let path = place.at(&format!("{base}/{message}"));
        assert_eq!(place.ben.put(&path, Value::Null).await.refusal(), (403, 50_013));
        assert_eq!(place.ben.delete(&path).await.refusal(), (403, 50_013));
    }
    place.allow_ben(PIN_MESSAGES).await;
    pin(&place, &place.ben, &message).await.ok();
    place.ben.delete(&place.at(&format!("{NEW}/{message}"))).await.ok();
    place.allow_ben(0).await;
    place.deny(VIEW).await;
    assert_eq!(pin(&place, &place.ben, &message).await.refusal(), (404, 10_003));
}

#[tokio::test]
async fn what_cannot_be_pinned_is_told() {
    let place = Place::new().await;
    let message = place.say(&place.ben, "beans").await;
    pin(&place, &place.ana, &message).await.ok();
    let notice = text(&place.ana.get(&place.at("/messages?limit=1")).await.ok()[0]["id"]);
    assert_eq!(pin(&place, &place.ana, &notice).await.refusal(), (403, 50_021));
    assert_eq!(pin(&place, &place.ana, "5").await.refusal(), (404, 10_008));
    assert_eq!(pin(&place, &place.ana, "x").await.refusal(), (400, 50_035));
    assert_eq!(place.ana.delete(&place.at(&format!("{OLD}/5"))).await.refusal(), (404, 10_008));
}

#[tokio::test]
async fn pins_are_told_page_by_page_the_last_first() {
    let place = Place::new().await;
    for content in ["1", "2", "3", "4"] {
        let message = place.say(&place.ben, content).await;
        pin(&place, &place.ana, &message).await.ok();
        place.world.advance(Duration::from_secs(1));
    }
    let first = pinned(&place, "?limit=3").await;
    assert_eq!((contents(&first), &first["has_more"]), (vec!["4", "3", "2"], &json!(true)));
    let before = text(&first["items"][2]["pinned_at"]).replace('+', "%2B");
    let second = pinned(&place, &format!("?limit=3&before={before}")).await;
    assert_eq!((contents(&second), &second["has_more"]), (vec!["1"], &json!(false)));
    let all = pinned(&place, "?limit=4").await;
    assert_eq!((contents(&all), &all["has_more"]), (vec!["4", "3", "2", "1"], &json!(false)));
    let list = place.ben.get(&place.at(OLD)).await.ok();
    assert_eq!(each(&list, "content"), ["4", "3", "2", "1"]);
    for query in ["?limit=0", "?limit=51", "?before=yesterday"] {
        let refused = place.ben.get(&place.at(&format!("{NEW}{query}"))).await;
        assert_eq!(refused.refusal(), (400, 50_035), "{query}");
    }
}

#[tokio::test]
async fn the_order_is_that_of_the_pins_not_of_the_messages() {
    let place = Place::new().await;
    let (old, new) = (place.say(&place.ben, "old").await, place.say(&place.ben, "new").await);
    for message in [new, old] {
        pin(&place, &place.ana, &message).await.ok();
        place.world.advance(Duration::from_secs(1));
    }
    assert_eq!(contents(&pinned(&place, "").await), ["old", "new"]);
}

#[tokio::test]
async fn a_channel_has_250_pins_at_most() {
    let place = Place::new().await;
    let mut messages = Vec::new();
    for nth in 0..=PINS_MAX {
        messages.push(place.say(&place.ben, &nth.to_string()).await);
    }
    let (last, rest) = messages.split_last().unwrap();
    for message in rest {
        assert_eq!(pin(&place, &place.ana, message).await.status, 204);
    }
    assert_eq!(pin(&place, &place.ana, last).await.refusal(), (400, 30_003));
    let page = pinned(&place, "").await;
    assert_eq!((page["items"].as_array().unwrap().len(), &page["has_more"]), (50, &json!(true)));
    place.ana.delete(&place.at(&format!("/messages/{}", rest[0]))).await.ok();
    assert_eq!(pin(&place, &place.ana, last).await.status, 204);
}

#[tokio::test]
async fn the_old_list_has_the_50_pins_that_came_last() {
    let place = Place::new().await;
    for nth in 0..51 {
        let message = place.say(&place.ben, &nth.to_string()).await;
        pin(&place, &place.ana, &message).await.ok();
        place.world.advance(Duration::from_secs(1));
    }
    let list = place.ben.get(&place.at(OLD)).await.ok();
    let contents = each(&list, "content");
    assert_eq!((contents.len(), contents[0], contents.last()), (50, "50", Some(&"1")));
}

#[tokio::test]
async fn who_may_not_read_what_was_written_gets_no_pins() {
    let place = Place::new().await;
    let message = place.say(&place.ben, "beans").await;
    pin(&place, &place.ana, &message).await.ok();
    place.deny(HISTORY).await;
    assert_eq!(pinned(&place, "").await, json!({"items": [], "has_more": false}));
    assert_eq!(place.ben.get(&place.at(OLD)).await.ok(), json!([]));
    place.deny(VIEW).await;
    for base in [NEW, OLD] {
        assert_eq!(place.ben.get(&place.at(base)).await.refusal(), (404, 10_003));
    }
}

#[tokio::test]
async fn a_pinned_message_that_is_deleted_is_no_pin_any_more() {
    let place = Place::new().await;
    let message = place.say(&place.ben, "beans").await;
    pin(&place, &place.ana, &message).await.ok();
    place.ben.delete(&place.at(&format!("/messages/{message}"))).await.ok();
    assert_eq!(pinned(&place, "").await, json!({"items": [], "has_more": false}));
}
