//! Sending, and what keeps one from it.

use std::time::Duration;

use decentra_testkit::Rest;
use serde_json::{Value, json};

use crate::permission::{SEND, VIEW};
use crate::place::{Place, text};

#[tokio::test]
async fn a_message_is_told_as_it_was_sent() {
    let place = Place::new().await;
    let mut session = place.bens_session().await;
    let sent = place.send(&place.ana, json!({"content": "  hello\n"})).await.ok();
    let expected = [
        ("type", json!(0)),
        ("channel_id", json!(place.channel)),
        ("content", json!("hello")),
        ("timestamp", json!("2026-01-31T12:00:00.000000+00:00")),
        ("edited_timestamp", Value::Null),
        ("tts", json!(false)),
        ("mention_everyone", json!(false)),
        ("mentions", json!([])),
        ("mention_roles", json!([])),
        ("attachments", json!([])),
        ("embeds", json!([])),
        ("components", json!([])),
        ("pinned", json!(false)),
        ("flags", json!(0)),
    ];
    let told = session.until("MESSAGE_CREATE").await;
    let read = place.read(&place.ben, &text(&sent["id"])).await;
    for message in [&sent, &told, &read] {
        for (key, value) in &expected {
            assert_eq!(&message[*key], value, "{key}");
        }
        assert_eq!((&message["id"], &message["author"]["id"]), (&sent["id"], &json!(place.ana.user_id)));
        assert!(message.get("nonce").is_none() && message.get("referenced_message").is_none());
    }
    assert_eq!(told["guild_id"], place.guild);
    assert!(told["member"]["joined_at"].is_string());
    assert!(sent.get("guild_id").is_none() && sent.get("member").is_none());
}

#[tokio::test]
async fn a_message_holds_2000_characters_and_not_one_more() {
    let place = Place::new().await;
    let most = "ü".repeat(2_000);
    assert_eq!(place.send(&place.ben, json!({"content": most})).await.ok()["content"], most);
    let refused = place.send(&place.ben, json!({"content": "ü".repeat(2_001)})).await;
    assert_eq!(refused.refusal(), (400, 50_035));
    assert_eq!(refused.body["errors"]["content"]["_errors"][0]["code"], "BASE_TYPE_MAX_LENGTH");
}

#[tokio::test]
async fn what_is_empty_is_no_message() {
    let place = Place::new().await;
    for draft in [
        json!({}),
        json!({"content": ""}),
        json!({"content": " \n "}),
        json!({"content": null}),
        json!({"embeds": []}),
    ] {
        assert_eq!(place.send(&place.ana, draft.clone()).await.refusal(), (400, 50_006), "{draft}");
    }
    assert_eq!(place.send(&place.ana, json!({"content": 5})).await.refusal(), (400, 50_035));
}

#[tokio::test]
async fn who_may_not_write_is_told_why() {
    let place = Place::new().await;
    let hello = || json!({"content": "hello"});
    let stranger = Rest::register(place.world.address(), "cleo").await;
    assert_eq!(place.send(&stranger, hello()).await.refusal(), (404, 10_003));
    place.deny(SEND).await;
    assert_eq!(place.send(&place.ben, hello()).await.refusal(), (403, 50_013));
    place.allow_ben(SEND).await;
    place.send(&place.ben, hello()).await.ok();
    let until = json!({"communication_disabled_until": "2026-01-31T13:00:00Z"});
    place.ana.patch(&format!("/guilds/{}/members/{}", place.guild, place.ben.user_id), until).await.ok();
    assert_eq!(place.send(&place.ben, hello()).await.refusal(), (403, 50_013));
    place.deny(VIEW).await;
    assert_eq!(place.send(&place.ben, hello()).await.refusal(), (404, 10_003));
    let category = json!({"name": "beds", "type": 4});
    let category = place.ana.post(&format!("/guilds/{}/channels", place.guild), category).await.ok();
    let path = format!("/channels/{}/messages", text(&category["id"]));
    assert_eq!(place.ana.post(&path, hello()).await.refusal(), (400, 50_008));
}

#[tokio::test]
async fn only_the_flags_that_an_author_may_set_are_kept() {
    let place = Place::new().await;
    let (no_embeds, no_sound, crossposted) = (1 << 2, 1 << 12, 1);
    let draft = json!({"content": "hush", "flags": no_embeds | no_sound | crossposted});
    assert_eq!(place.send(&place.ben, draft).await.ok()["flags"], no_embeds | no_sound);
}

#[tokio::test]
async fn a_nonce_comes_back_as_it_was() {
    let place = Place::new().await;
    let mut session = place.bens_session().await;
    for nonce in [json!("a mark"), json!(7), json!("x".repeat(25)), json!(1_234_567_890_123_456_789_u64)] {
        let draft = json!({"content": "marked", "nonce": nonce});
        let sent = place.send(&place.ana, draft.clone()).await.ok();
        assert_eq!(sent["nonce"], nonce);
        assert_eq!(session.until("MESSAGE_CREATE").await["nonce"], nonce);
        assert!(place.read(&place.ana, &text(&sent["id"])).await.get("nonce").is_none());
        assert_ne!(place.send(&place.ana, draft).await.ok()["id"], sent["id"], "it was not asked to be one");
        session.until("MESSAGE_CREATE").await;
    }
    for nonce in [json!("x".repeat(26)), json!([]), json!(true)] {
        let draft = json!({"content": "marked", "nonce": nonce});
        assert_eq!(place.send(&place.ana, draft).await.refusal(), (400, 50_035), "{nonce}");
    }
}

#[tokio::test]
async fn an_enforced_nonce_makes_one_message_of_two() {
    let place = Place::new().await;
    let draft = |content: &str| json!({"content": content, "nonce": 7, "enforce_nonce": true});
    let first = place.send(&place.ana, draft("first")).await.ok();
    let again = place.send(&place.ana, draft("again")).await.ok();
    assert_eq!(
        (&again["id"], &again["content"], &again["nonce"]),
        (&first["id"], &json!("first"), &json!(7))
    );
    let bens = place.send(&place.ben, draft("mine")).await.ok();
    assert_eq!(bens["content"], "mine");
    assert_eq!(place.ana.get(&place.at("/messages")).await.ok().as_array().unwrap().len(), 2);
    place.world.advance(Duration::from_hours(1));
    assert_eq!(place.send(&place.ana, draft("later")).await.ok()["content"], "later");
}

/// Has the channel ask for `secs` seconds between two messages.
async fn slow_down(place: &Place, secs: u32) {
    place.ana.patch(&place.at(""), json!({"rate_limit_per_user": secs})).await.ok();
}

#[tokio::test]
async fn slow_mode_lets_one_message_through_at_a_time() {
    let place = Place::new().await;
    slow_down(&place, 60).await;
    place.say(&place.ben, "first").await;
    place.world.advance(Duration::from_secs(20));
    let refused = place.send(&place.ben, json!({"content": "second"})).await;
    assert_eq!((refused.refusal(), &refused.body["retry_after"]), ((429, 20_016), &json!(40.0)));
    place.world.advance(Duration::from_secs(40));
    place.say(&place.ben, "second").await;
    // Who manages the channel need not wait.
    for content in ["a", "b"] {
        place.say(&place.ana, content).await;
    }
}

#[tokio::test]
async fn slow_mode_is_not_got_round_by_deleting_what_one_wrote() {
    let place = Place::new().await;
    slow_down(&place, 60).await;
    let first = place.say(&place.ben, "first").await;
    place.ben.delete(&place.at(&format!("/messages/{first}"))).await.ok();
    assert_eq!(place.send(&place.ben, json!({"content": "second"})).await.refusal(), (429, 20_016));
}

#[tokio::test]
async fn that_one_was_welcomed_does_not_count_in_slow_mode() {
    let place = Place::new().await;
    let system = text(&place.ana.get(&format!("/guilds/{}", place.guild)).await.ok()["system_channel_id"]);
    // Where Ben was welcomed just now.
    let place = Place { channel: system, ..place };
    slow_down(&place, 60).await;
    place.say(&place.ben, "thank you").await;
}

#[tokio::test]
async fn every_form_of_a_body_is_taken() {
    let place = Place::new().await;
    let parts = "--x\r\ncontent-disposition: form-data; name=\"payload_json\"\r\ncontent-type: application/json\r\n\r\n\
        {\"content\":\"hi there\"}\r\n--x--\r\n";
    for (kind, body) in [
        ("application/json; charset=utf-8", r#"{"content":"hi there"}"#),
        ("application/x-www-form-urlencoded", "payload_json=%7B%22content%22%3A%22hi+there%22%7D"),
        ("multipart/form-data; boundary=x", parts),
    ] {
        let head = format!("content-type: {kind}\r\n");
        let answer = place.ben.send("POST", &place.at("/messages"), &head, body.as_bytes()).await;
        assert_eq!(answer.ok()["content"], "hi there", "{kind}");
    }
    let json = "content-type: application/json\r\n";
    let broken = place.ben.send("POST", &place.at("/messages"), json, b"{").await;
    assert_eq!(broken.refusal(), (400, 50_109));
}

#[tokio::test]
async fn who_types_is_shown_to_those_who_see_the_channel() {
    let place = Place::new().await;
    let mut session = place.bens_session().await;
    assert_eq!(place.ana.post(&place.at("/typing"), Value::Null).await.status, 204);
    let typing = session.until("TYPING_START").await;
    assert_eq!((&typing["channel_id"], &typing["guild_id"]), (&json!(place.channel), &json!(place.guild)));
    assert_eq!(
        (&typing["user_id"], &typing["timestamp"]),
        (&json!(place.ana.user_id), &json!(1_769_860_800))
    );
    assert_eq!(typing["member"]["user"]["username"], "ana");
    place.deny(SEND).await;
    assert_eq!(place.ben.post(&place.at("/typing"), Value::Null).await.refusal(), (403, 50_013));
    place.deny(VIEW).await;
    assert_eq!(place.ben.post(&place.at("/typing"), Value::Null).await.refusal(), (404, 10_003));
}
