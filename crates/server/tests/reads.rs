//! How far one has read, what counts as meant for one, and what notifies one.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "directs/people.rs"]
mod people;

use std::time::Duration;

use decentra_model::limits::ACKS_MAX;
use decentra_testkit::{Answer, Gateway, Rest};
use serde_json::{Value, json};

use crate::people::{Hears, People, text};

const NOT_FOR_BOTS: (u16, u64) = (403, 20_001);
const UNKNOWN_CHANNEL: (u16, u64) = (404, 10_003);
const UNKNOWN_GUILD: (u16, u64) = (404, 10_004);
const INVALID_FORM: (u16, u64) = (400, 50_035);

async fn ack(who: &Rest, channel: &str, message: &str, body: Value) -> Answer {
    who.post(&format!("/channels/{channel}/messages/{message}/ack"), body).await
}

/// What a new session of `who` is told of a channel: the last message that they have read, and how many are meant for them.
async fn read(people: &People, who: &Rest, channel: &str) -> Option<(String, u64)> {
    let ready = people.session(who).await.ready;
    let entries = ready["read_state"]["entries"].as_array().unwrap();
    let entry = entries.iter().find(|entry| entry["id"] == channel)?;
    Some((text(&entry["last_message_id"]), entry["mention_count"].as_u64().unwrap()))
}

/// How many messages in a channel are meant for `who`.
async fn meant(people: &People, who: &Rest, channel: &str) -> u64 {
    read(people, who, channel).await.map_or(0, |(_, count)| count)
}

fn id(message: &Value) -> String {
    text(&message["id"])
}

fn mention(who: &Rest) -> String {
    format!("look, <@{}>", who.user_id)
}

async fn set(who: &Rest, guild: &str, body: Value) -> Answer {
    who.patch(&format!("/users/@me/guilds/{guild}/settings"), body).await
}

#[tokio::test]
async fn what_one_device_has_read_all_devices_know() {
    let people = People::new().await;
    let general = people.general().await;
    let message = id(&people.say(&people.ana, &general, &mention(&people.ben)).await);
    assert_eq!(read(&people, &people.ben, &general).await, Some(("0".into(), 1)));
    let mut other = people.session(&people.ben).await;
    let mut anas = people.session(&people.ana).await;
    let answer = ack(&people.ben, &general, &message, json!({"token": null})).await;
    assert_eq!((answer.status, answer.body), (200, json!({"token": null})));
    let told = other.until("MESSAGE_ACK").await;
    assert_eq!((&told["channel_id"], &told["message_id"]), (&json!(general), &json!(message)));
    assert_eq!(read(&people, &people.ben, &general).await, Some((message, 0)));
    people.say(&people.cleo, &general, "hi").await;
    assert_eq!(heard_before(&mut anas, "MESSAGE_CREATE", "MESSAGE_ACK").await, 0, "it is nobody else's");
    drop((other, anas));
    let people = people.restart().await;
    assert_eq!(meant(&people, &people.ben, &general).await, 0);
}

/// How often `name` came before the first `end`.
async fn heard_before(session: &mut Gateway, end: &str, name: &str) -> usize {
    let mut count = 0;
    loop {
        let payload = session.next().await;
        match payload["t"].as_str() {
            Some(told) if told == end => return count,
            Some(told) if told == name => count += 1,
            _ => {}
        }
    }
}

#[tokio::test]
async fn to_write_is_to_have_read() {
    let people = People::new().await;
    let general = people.general().await;
    people.say(&people.ana, &general, &mention(&people.ben)).await;
    let own = id(&people.say(&people.ben, &general, "yes?").await);
    assert_eq!(read(&people, &people.ben, &general).await, Some((own, 0)));
    assert_eq!(meant(&people, &people.ana, &general).await, 0, "one's own message is not for oneself");
}

#[tokio::test]
async fn reading_goes_forward_unless_one_marks_as_unread() {
    let people = People::new().await;
    let general = people.general().await;
    let first = id(&people.say(&people.ana, &general, "one").await);
    let second = id(&people.say(&people.ana, &general, "two").await);
    ack(&people.ben, &general, &second, json!({})).await.ok();
    ack(&people.ben, &general, &first, json!({})).await.ok();
    assert_eq!(read(&people, &people.ben, &general).await, Some((second.clone(), 0)));
    let mut other = people.session(&people.ben).await;
    let manual = json!({"manual": true, "mention_count": 3});
    ack(&people.ben, &general, &first, manual).await.ok();
    let told = other.until("MESSAGE_ACK").await;
    assert_eq!((&told["manual"], &told["mention_count"]), (&json!(true), &json!(3)));
    assert_eq!(read(&people, &people.ben, &general).await, Some((first, 3)));
    ack(&people.ben, &general, "9223372036854775807", json!({})).await.ok();
    assert_eq!(
        read(&people, &people.ben, &general).await,
        Some((second, 0)),
        "what is not written is not read"
    );
}

#[tokio::test]
async fn what_one_may_not_see_one_does_not_read() {
    let people = People::new().await;
    let pair = people.pair().await;
    let message = id(&people.say(&people.ana, &pair, "psst").await);
    assert_eq!(ack(&people.cleo, &pair, &message, json!({})).await.refusal(), UNKNOWN_CHANNEL);
    assert_eq!(ack(&people.cleo, "1", &message, json!({})).await.refusal(), UNKNOWN_CHANNEL);
    let general = people.general().await;
    let seen = id(&people.say(&people.ana, &general, "hi").await);
    let states = json!({"read_states": [
        {"channel_id": pair, "message_id": message},
        {"channel_id": general, "message_id": seen, "read_state_type": 0},
    ]});
    assert_eq!(people.cleo.post("/read-states/ack-bulk", states).await.status, 204);
    assert_eq!(read(&people, &people.cleo, &pair).await, None);
    assert_eq!(read(&people, &people.cleo, &general).await, Some((seen, 0)));
}

#[tokio::test]
async fn what_is_no_reading_is_refused() {
    let people = People::new().await;
    let general = people.general().await;
    let bot = people.bot("Helper").await;
    let message = id(&people.say(&people.ana, &general, "hi").await);
    assert_eq!(ack(&bot, &general, &message, json!({})).await.refusal(), NOT_FOR_BOTS);
    assert_eq!(ack(&people.ben, &general, "x", json!({})).await.refusal(), INVALID_FORM);
    for body in [
        json!({"manual": "yes"}),
        json!({"manual": true, "mention_count": -1}),
        json!({"mention_count": 1e9}),
    ] {
        assert_eq!(
            ack(&people.ben, &general, &message, body.clone()).await.refusal(),
            INVALID_FORM,
            "{body}"
        );
    }
    let bulk = async |body: Value| people.ben.post("/read-states/ack-bulk", body).await.refusal();
    let one = json!({"channel_id": general, "message_id": message});
    assert_eq!(bulk(json!({})).await, INVALID_FORM);
    assert_eq!(bulk(json!({"read_states": vec![one; ACKS_MAX + 1]})).await, INVALID_FORM);
    assert_eq!(bulk(json!({"read_states": [{"channel_id": general}]})).await, INVALID_FORM);
    assert_eq!(read(&people, &people.ben, &general).await, None);
}

#[tokio::test]
async fn a_guild_is_read_at_once_as_far_as_one_sees_it() {
    let people = People::new().await;
    let (home, general) = (people.home().await, people.general().await);
    let hidden =
        json!({"name": "hidden", "permission_overwrites": [{"id": home, "type": 0, "deny": "1024"}]});
    let hidden = id(&people.ana.post(&format!("/guilds/{home}/channels"), hidden).await.ok());
    people.say(&people.ana, &hidden, "nobody else reads this").await;
    people.say(&people.ana, &general, "@everyone").await;
    let last = id(&people.say(&people.ana, &general, &mention(&people.ben)).await);
    assert_eq!(meant(&people, &people.ben, &general).await, 2);
    let mut other = people.session(&people.ben).await;
    let read_all = format!("/guilds/{home}/ack");
    assert_eq!(people.ben.post(&read_all, json!({})).await.status, 204);
    let told = other.hears("MESSAGE_ACK").await;
    assert_eq!((&told["channel_id"], &told["message_id"]), (&json!(general), &json!(last)));
    assert_eq!(read(&people, &people.ben, &general).await, Some((last, 0)));
    let shown = json!({"type": 1, "allow": "1024"});
    people.ana.put(&format!("/channels/{hidden}/permissions/{}", people.ben.user_id), shown).await.ok();
    assert_eq!(read(&people, &people.ben, &hidden).await, None);
    people.ben.delete(&format!("/users/@me/guilds/{home}")).await.ok();
    assert_eq!(people.ben.post(&read_all, json!({})).await.refusal(), UNKNOWN_GUILD);
}

#[tokio::test]
async fn what_is_pinned_is_seen_on_all_devices() {
    let people = People::new().await;
    let pair = people.pair().await;
    let message = id(&people.say(&people.ana, &pair, "the address").await);
    people.ana.put(&format!("/channels/{pair}/messages/pins/{message}"), Value::Null).await.ok();
    let pinned_at = people.ana.get(&format!("/channels/{pair}")).await.ok()["last_pin_timestamp"].clone();
    let before = read(&people, &people.ben, &pair).await;
    let mut other = people.session(&people.ben).await;
    let see = async |who: &Rest| who.post(&format!("/channels/{pair}/pins/ack"), json!({})).await;
    assert_eq!(see(&people.ben).await.status, 204);
    let told = other.hears("CHANNEL_PINS_ACK").await;
    assert_eq!((&told["channel_id"], &told["timestamp"]), (&json!(pair), &pinned_at));
    assert_eq!(read(&people, &people.ben, &pair).await, before, "to see pins is not to read");
    assert_eq!(see(&people.ben).await.status, 204, "to see them twice is no error");
    assert_eq!(see(&people.cleo).await.refusal(), UNKNOWN_CHANNEL);
    people.say(&people.ben, &pair, "thanks").await;
    drop(other);
    let people = people.restart().await;
    let ready = people.session(&people.ben).await.ready;
    assert_eq!(ready["read_state"]["entries"][0]["last_pin_timestamp"], pinned_at);
}

#[tokio::test]
async fn mentions_of_one_of_everyone_and_of_roles_count_until_they_are_read() {
    let people = People::new().await;
    let (home, general) = (people.home().await, people.general().await);
    let role = id(&people.ana.post(&format!("/guilds/{home}/roles"), json!({"name": "cooks"})).await.ok());
    people
        .ana
        .put(&format!("/guilds/{home}/members/{}/roles/{role}", people.ben.user_id), Value::Null)
        .await
        .ok();
    people.say(&people.ana, &general, "nobody in particular").await;
    people.say(&people.ana, &general, "@everyone").await;
    people.say(&people.ana, &general, &format!("<@&{role}>")).await;
    let last = id(&people.say(&people.ana, &general, &mention(&people.ben)).await);
    assert_eq!(meant(&people, &people.ben, &general).await, 3);
    assert_eq!(meant(&people, &people.cleo, &general).await, 1);
    assert_eq!(meant(&people, &people.ana, &general).await, 0);
    people.world().advance(Duration::from_secs(1));
    let dana = people.person("Dana").await;
    assert_eq!(meant(&people, &dana, &general).await, 0, "what was said before she came");
    let people = people.restart().await;
    assert_eq!(meant(&people, &people.ben, &general).await, 3);
    ack(&people.ben, &general, &last, json!({})).await.ok();
    assert_eq!(meant(&people, &people.ben, &general).await, 0);
    let everyone = id(&people.say(&people.ana, &general, "@everyone, again").await);
    assert_eq!(meant(&people, &people.ben, &general).await, 1);
    people.ana.delete(&format!("/channels/{general}/messages/{everyone}")).await.ok();
    assert_eq!(meant(&people, &people.ben, &general).await, 0, "what is gone is meant for nobody");
}

#[tokio::test]
async fn mentions_by_those_whom_one_has_blocked_do_not_count() {
    let people = People::new().await;
    let general = people.general().await;
    people
        .ben
        .put(&format!("/users/@me/relationships/{}", people.ana.user_id), json!({"type": 2}))
        .await
        .ok();
    people.say(&people.ana, &general, &mention(&people.ben)).await;
    people.say(&people.ana, &general, "@everyone").await;
    assert_eq!(meant(&people, &people.ben, &general).await, 0);
}

#[tokio::test]
async fn where_one_sees_nothing_nothing_counts() {
    let people = People::new().await;
    let home = people.home().await;
    let hidden =
        json!({"name": "hidden", "permission_overwrites": [{"id": home, "type": 0, "deny": "1024"}]});
    let hidden = id(&people.ana.post(&format!("/guilds/{home}/channels"), hidden).await.ok());
    people.say(&people.ana, &hidden, &mention(&people.ben)).await;
    people.say(&people.ana, &hidden, "@everyone").await;
    assert_eq!(read(&people, &people.ben, &hidden).await, None);
    let shown = json!({"type": 1, "allow": "1024"});
    people.ana.put(&format!("/channels/{hidden}/permissions/{}", people.ben.user_id), shown).await.ok();
    assert_eq!(meant(&people, &people.ben, &hidden).await, 1, "that of everyone, now that he sees it");
}

#[tokio::test]
async fn every_direct_message_counts_for_the_others() {
    let people = People::new().await;
    let pair = people.pair().await;
    people.say(&people.ana, &pair, "again").await;
    assert_eq!(meant(&people, &people.ben, &pair).await, 2);
    assert_eq!(meant(&people, &people.ana, &pair).await, 0);
    let last = id(&people.say(&people.ben, &pair, "yes").await);
    assert_eq!(read(&people, &people.ben, &pair).await, Some((last, 0)));
    assert_eq!(meant(&people, &people.ana, &pair).await, 1);
}

#[tokio::test]
async fn a_channel_that_goes_takes_along_how_far_it_was_read() {
    let people = People::new().await;
    let home = people.home().await;
    let channel =
        id(&people.ana.post(&format!("/guilds/{home}/channels"), json!({"name": "short"})).await.ok());
    people.say(&people.ana, &channel, &format!("@everyone {}", mention(&people.ben))).await;
    assert_eq!(meant(&people, &people.ben, &channel).await, 2);
    people.ana.delete(&format!("/channels/{channel}")).await.ok();
    let people = people.restart().await;
    assert_eq!(read(&people, &people.ben, &channel).await, None);
}

#[tokio::test]
async fn notification_settings_are_kept_and_told_to_all_devices() {
    let people = People::new().await;
    let (home, general) = (people.home().await, people.general().await);
    let mut other = people.session(&people.ben).await;
    assert_eq!(other.ready["user_guild_settings"]["entries"], json!([]));
    let wish = json!({
        "message_notifications": 1, "suppress_everyone": true, "muted": true,
        "mute_config": {"end_time": "2026-01-31T13:00:00+00:00", "selected_time_window": 3600},
        "channel_overrides": {general.clone(): {"message_notifications": 2, "muted": false, "collapsed": true}},
    });
    let answer = set(&people.ben, &home, wish).await.ok();
    assert_eq!(
        (&answer["guild_id"], &answer["message_notifications"], &answer["muted"]),
        (&json!(home), &json!(1), &json!(true))
    );
    assert_eq!(answer["mute_config"]["end_time"], "2026-01-31T13:00:00.000000+00:00");
    assert_eq!(answer["channel_overrides"][0]["channel_id"], json!(general));
    assert_eq!(answer["channel_overrides"][0]["message_notifications"], 2);
    assert_eq!(other.hears("USER_GUILD_SETTINGS_UPDATE").await, answer);
    drop(other);
    let people = people.restart().await;
    let ready = people.session(&people.ben).await.ready;
    assert_eq!(ready["user_guild_settings"]["entries"], json!([answer]));
    let changed = set(&people.ben, &home, json!({"message_notifications": 3, "muted": false})).await.ok();
    assert_eq!((&changed["message_notifications"], &changed["mute_config"]), (&json!(3), &Value::Null));
    assert_eq!(changed["suppress_everyone"], true, "what is not named stays");
    people.ben.delete(&format!("/users/@me/guilds/{home}")).await.ok();
    assert_eq!(people.session(&people.ben).await.ready["user_guild_settings"]["entries"], json!([]));
}

#[tokio::test]
async fn settings_say_what_counts() {
    let people = People::new().await;
    let (home, general) = (people.home().await, people.general().await);
    set(&people.ben, &home, json!({"suppress_everyone": true})).await.ok();
    people.say(&people.ana, &general, "@everyone").await;
    assert_eq!(meant(&people, &people.ben, &general).await, 0);
    set(&people.ben, &home, json!({"suppress_everyone": false, "muted": true})).await.ok();
    people.say(&people.ana, &general, &mention(&people.ben)).await;
    assert_eq!(meant(&people, &people.ben, &general).await, 2, "who mutes is still meant by their name");
    let nothing = json!({"channel_overrides": {general.clone(): {"message_notifications": 2}}});
    set(&people.ben, &home, nothing).await.ok();
    people.say(&people.ana, &general, &mention(&people.ben)).await;
    assert_eq!(meant(&people, &people.ben, &general).await, 1, "what was counted by name before");
    let pair = people.pair().await;
    let until = |channel: &str, end: Value| json!({"channel_overrides": {channel: {"muted": true, "mute_config": {"end_time": end}}}});
    let before = meant(&people, &people.ben, &pair).await;
    set(&people.ben, "@me", until(&pair, json!("2026-01-31T12:10:00+00:00"))).await.ok();
    people.say(&people.ana, &pair, "too loud").await;
    assert_eq!(meant(&people, &people.ben, &pair).await, before);
    people.say(&people.ana, &pair, &mention(&people.ben)).await;
    assert_eq!(meant(&people, &people.ben, &pair).await, before + 1);
    people.world().advance(Duration::from_mins(11));
    people.say(&people.ana, &pair, "and now?").await;
    assert_eq!(meant(&people, &people.ben, &pair).await, before + 2, "the mute has ended");
}

#[tokio::test]
async fn settings_for_what_one_does_not_see_or_that_make_no_sense_are_refused() {
    let people = People::new().await;
    let home = people.home().await;
    let pair = people.pair().await;
    let of = |channel: &str| json!({"channel_overrides": {channel: {"muted": true}}});
    assert_eq!(set(&people.cleo, "@me", of(&pair)).await.refusal(), UNKNOWN_CHANNEL);
    assert_eq!(set(&people.ana, &home, of(&pair)).await.refusal(), UNKNOWN_CHANNEL, "it is not in the guild");
    assert_eq!(set(&people.ana, "1", json!({"muted": true})).await.refusal(), UNKNOWN_GUILD);
    for body in [
        json!({"message_notifications": 4}),
        json!({"muted": "yes"}),
        json!({"mute_config": {"end_time": "soon"}}),
        json!({"channel_overrides": {"x": {}}}),
        json!({"channel_overrides": {"1": 7}}),
        json!({"channel_overrides": [1]}),
    ] {
        assert_eq!(set(&people.ana, &home, body.clone()).await.refusal(), INVALID_FORM, "{body}");
    }
    let many: serde_json::Map<_, _> = (1..=501).map(|id| (id.to_string(), json!({}))).collect();
    assert_eq!(set(&people.ana, &home, json!({"channel_overrides": many})).await.refusal(), INVALID_FORM);
}
