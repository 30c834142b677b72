//! Editing.

use std::time::Duration;

use decentra_testkit::{Answer, Rest};
use serde_json::{Value, json};

use crate::permission::{MANAGE_MESSAGES, VIEW};
use crate::place::{Place, each, text};

const SUPPRESS_EMBEDS: u64 = 1 << 2;

async fn edit(place: &Place, who: &Rest, message: &str, patch: Value) -> Answer {
    who.patch(&place.at(&format!("/messages/{message}")), patch).await
}

#[tokio::test]
async fn who_wrote_a_message_may_edit_it_and_all_are_told() {
    let place = Place::new().await;
    let message = place.say(&place.ana, "befor").await;
    let mut session = place.bens_session().await;
    place.world.advance(Duration::from_secs(5));
    let edited = edit(&place, &place.ana, &message, json!({"content": " before "})).await.ok();
    let told = session.until("MESSAGE_UPDATE").await;
    let read = place.read(&place.ben, &message).await;
    for after in [&edited, &told, &read] {
        assert_eq!((&after["id"], &after["content"]), (&json!(message), &json!("before")));
        assert_eq!(after["timestamp"], "2026-01-31T12:00:00.000000+00:00");
        assert_eq!(after["edited_timestamp"], "2026-01-31T12:00:05.000000+00:00");
        assert_eq!(after["author"]["id"], place.ana.user_id);
    }
    assert_eq!((&told["guild_id"], &told["channel_id"]), (&json!(place.guild), &json!(place.channel)));
    assert!(told["member"]["joined_at"].is_string());
}

#[tokio::test]
async fn nobody_edits_the_words_of_others() {
    let place = Place::new().await;
    let (anas, bens) = (place.say(&place.ana, "mine").await, place.say(&place.ben, "mine").await);
    for patch in [
        json!({"content": "yours"}),
        json!({"embeds": []}),
        json!({"content": "yours", "flags": SUPPRESS_EMBEDS}),
    ] {
        // Ana owns the guild, and may not do it either.
        assert_eq!(edit(&place, &place.ana, &bens, patch.clone()).await.refusal(), (403, 50_005), "{patch}");
        assert_eq!(edit(&place, &place.ben, &anas, patch.clone()).await.refusal(), (403, 50_005), "{patch}");
    }
    assert_eq!(place.read(&place.ana, &bens).await["content"], "mine");
}

#[tokio::test]
async fn who_manages_messages_hides_the_embeds_of_others() {
    let place = Place::new().await;
    let message = place.say(&place.ana, "https://example.org").await;
    let patch = || json!({"flags": SUPPRESS_EMBEDS});
    assert_eq!(edit(&place, &place.ben, &message, patch()).await.refusal(), (403, 50_005));
    place.allow_ben(MANAGE_MESSAGES).await;
    let edited = edit(&place, &place.ben, &message, patch()).await.ok();
    assert_eq!((&edited["flags"], &edited["edited_timestamp"]), (&json!(SUPPRESS_EMBEDS), &Value::Null));
    let shown = edit(&place, &place.ben, &message, json!({"flags": 0})).await.ok();
    assert_eq!((&shown["flags"], &shown["content"]), (&json!(0), &json!("https://example.org")));
    // No other flag changes.
    assert_eq!(edit(&place, &place.ana, &message, json!({"flags": 1 << 12})).await.ok()["flags"], 0);
}

#[tokio::test]
async fn a_null_takes_the_text_away_if_something_is_left() {
    let place = Place::new().await;
    let draft = json!({"content": "look", "embeds": [{"title": "Beds"}]});
    let message = text(&place.send(&place.ana, draft).await.ok()["id"]);
    let edited = edit(&place, &place.ana, &message, json!({"content": null})).await.ok();
    assert_eq!((&edited["content"], &edited["embeds"][0]["title"]), (&json!(""), &json!("Beds")));
    for patch in [json!({"embeds": []}), json!({"embeds": null})] {
        assert_eq!(
            edit(&place, &place.ana, &message, patch.clone()).await.refusal(),
            (400, 50_006),
            "{patch}"
        );
    }
    let edited = edit(&place, &place.ana, &message, json!({"content": "again", "embeds": []})).await.ok();
    assert_eq!((&edited["content"], &edited["embeds"]), (&json!("again"), &json!([])));
    for content in [json!(null), json!(""), json!(" ")] {
        let refused = edit(&place, &place.ana, &message, json!({"content": content})).await;
        assert_eq!(refused.refusal(), (400, 50_006), "{content}");
    }
}

#[tokio::test]
async fn what_cannot_be_edited_is_told() {
    let place = Place::new().await;
    let message = place.say(&place.ana, "mine").await;
    let too_long = json!({"content": "x".repeat(2_001)});
    assert_eq!(edit(&place, &place.ana, &message, too_long).await.refusal(), (400, 50_035));
    assert_eq!(edit(&place, &place.ana, "5", json!({"content": "x"})).await.refusal(), (404, 10_008));
    place.ana.put(&place.at(&format!("/messages/pins/{message}")), Value::Null).await.ok();
    let notice = text(&place.ana.get(&place.at("/messages?limit=1")).await.ok()[0]["id"]);
    assert_eq!(edit(&place, &place.ana, &notice, json!({"content": "x"})).await.refusal(), (403, 50_021));
    place.deny(VIEW).await;
    assert_eq!(edit(&place, &place.ben, &message, json!({"content": "x"})).await.refusal(), (404, 10_003));
}

#[tokio::test]
async fn an_edit_mentions_anew() {
    let place = Place::new().await;
    let ben = &place.ben.user_id;
    let draft = json!({"content": "hello", "allowed_mentions": {"parse": []}});
    let message = text(&place.send(&place.ana, draft).await.ok()["id"]);
    let content = format!("@everyone <@{ben}>");
    let edited = edit(&place, &place.ana, &message, json!({"content": content})).await.ok();
    assert_eq!((&edited["mention_everyone"], each(&edited["mentions"], "id")), (&json!(true), vec![&**ben]));
    let quiet = json!({"content": content, "allowed_mentions": {"parse": ["users"]}});
    let edited = edit(&place, &place.ana, &message, quiet).await.ok();
    assert_eq!((&edited["mention_everyone"], each(&edited["mentions"], "id")), (&json!(false), vec![&**ben]));
    let edited = edit(&place, &place.ana, &message, json!({"content": "hello"})).await.ok();
    assert_eq!(edited["mentions"], json!([]));
}

#[tokio::test]
async fn an_edited_reply_still_mentions_whom_it_answers() {
    let place = Place::new().await;
    let original = place.say(&place.ben, "it rains").await;
    let draft = json!({"content": "indede", "message_reference": {"message_id": original}});
    let message = text(&place.send(&place.ana, draft).await.ok()["id"]);
    let edited = edit(&place, &place.ana, &message, json!({"content": "indeed"})).await.ok();
    assert_eq!((&edited["type"], &edited["referenced_message"]["id"]), (&json!(19), &json!(original)));
    assert_eq!(each(&edited["mentions"], "id"), [&place.ben.user_id]);
}

#[tokio::test]
async fn what_the_editor_has_under_the_message_is_not_told_as_everyones() {
    let place = Place::new().await;
    let message = place.say(&place.ana, "befor").await;
    place
        .ana
        .put(&place.at(&format!("/messages/{message}/reactions/%F0%9F%91%8D/@me")), Value::Null)
        .await
        .ok();
    let mut session = place.bens_session().await;
    let edited = edit(&place, &place.ana, &message, json!({"content": "before"})).await.ok();
    assert_eq!(edited["reactions"][0]["me"], true);
    let told = session.until("MESSAGE_UPDATE").await;
    assert_ne!(told["reactions"][0]["me"], true);
}

#[tokio::test]
async fn an_edit_is_never_read_aloud() {
    let place = Place::new().await;
    let sent = place.send(&place.ana, json!({"content": "hear", "tts": true})).await.ok();
    assert_eq!(sent["tts"], true);
    let mut session = place.bens_session().await;
    edit(&place, &place.ana, &text(&sent["id"]), json!({"content": "hear, hear"})).await.ok();
    assert_eq!(session.until("MESSAGE_UPDATE").await["tts"], false);
}
