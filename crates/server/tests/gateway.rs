//! The gateway: what a session is told, and where it goes on.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::time::Duration;

use decentra_server::settings::{OnOff, Registration};
use decentra_testkit::{Garden, Gateway, Rest, World};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

/// A community: its owner, a member, a guild of theirs, and its first channel.
struct Place {
    world: World,
    ana: Rest,
    ben: Rest,
    guild: String,
    channel: String,
}

impl Place {
    async fn new() -> Self {
        Self::of(World::open().await).await
    }

    async fn of(world: World) -> Self {
        let [ana, ben] = world.people(["ana", "ben"]).await;
        let garden = Garden::of(&ana).await;
        garden.let_in(&ana, [&ben]).await;
        let Garden { guild, channel } = garden;
        Self { world, ana, ben, guild, channel }
    }

    async fn session_of(&self, who: &Rest) -> Gateway {
        Gateway::identify(self.world.address(), token(who)).await
    }

    async fn resume(&self, who: &Rest, (ready, sequence): &(Value, u64)) -> Gateway {
        Gateway::resume(self.world.address(), token(who), ready, *sequence).await
    }

    async fn say(&self, who: &Rest, content: &str) {
        who.post(&format!("/channels/{}/messages", self.channel), json!({"content": content})).await.ok();
    }

    async fn deny_everyone(&self, permissions: u64) {
        let path = format!("/channels/{}/permissions/{}", self.channel, self.guild);
        self.ana.put(&path, json!({"type": 0, "deny": permissions.to_string(), "allow": "0"})).await.ok();
    }
}

fn token(who: &Rest) -> &str {
    who.token.as_deref().unwrap()
}

/// What a session is told of messages, up to the one that says `last`.
async fn reads_until(session: &mut Gateway, last: &str) -> Vec<String> {
    let mut read = Vec::new();
    while read.last().map(String::as_str) != Some(last) {
        read.push(session.until("MESSAGE_CREATE").await["content"].as_str().unwrap().to_owned());
    }
    read
}

#[tokio::test]
async fn who_sees_a_channel_is_told_what_is_said_in_it() {
    let place = Place::new().await;
    let mut ben = place.session_of(&place.ben).await;
    place.say(&place.ana, "hello").await;
    let message = ben.until("MESSAGE_CREATE").await;
    assert_eq!(message["content"], "hello");
    assert_eq!(message["guild_id"], place.guild);
    assert_eq!(message["author"]["username"], "ana");
    assert!(message["member"]["joined_at"].is_string());
}

#[tokio::test]
async fn a_session_that_resumes_gets_what_it_missed_once_and_in_order() {
    let place = Place::new().await;
    let mut ben = place.session_of(&place.ben).await;
    place.say(&place.ana, "1").await;
    assert_eq!(reads_until(&mut ben, "1").await, ["1"]);
    let left = ben.cut();
    for content in ["2", "3", "4"] {
        place.say(&place.ana, content).await;
    }
    let mut ben = place.resume(&place.ben, &left).await;
    assert_eq!(reads_until(&mut ben, "4").await, ["2", "3", "4"]);
    ben.until("RESUMED").await;
    place.say(&place.ana, "5").await;
    assert_eq!(reads_until(&mut ben, "5").await, ["5"]);
}

#[tokio::test]
async fn what_was_sent_but_not_received_is_sent_again() {
    let place = Place::new().await;
    let mut ben = place.session_of(&place.ben).await;
    let before = (ben.ready.clone(), ben.sequence);
    for content in ["1", "2", "3"] {
        place.say(&place.ana, content).await;
    }
    reads_until(&mut ben, "3").await;
    // It loses what it has read, as if it had never come; also the second time.
    drop(ben);
    for _ in 0..3 {
        let mut ben = place.resume(&place.ben, &before).await;
        assert_eq!(reads_until(&mut ben, "3").await, ["1", "2", "3"]);
    }
}

#[tokio::test]
async fn a_session_outlives_a_restart() {
    let place = Place::new().await;
    let mut ben = place.session_of(&place.ben).await;
    place.say(&place.ana, "1").await;
    reads_until(&mut ben, "1").await;
    place.say(&place.ana, "2").await;
    let left = ben.cut();
    let world = place.world.restart().await;
    let (ana, ben) = (place.ana.at(world.address()), place.ben.at(world.address()));
    let path = format!("/channels/{}/messages", place.channel);
    ana.post(&path, json!({"content": "3"})).await.ok();
    let mut ben = Gateway::resume(world.address(), token(&ben), &left.0, left.1).await;
    assert_eq!(reads_until(&mut ben, "3").await, ["2", "3"]);
    ben.until("RESUMED").await;
}

#[tokio::test]
async fn a_session_that_two_connections_want_is_the_last_ones() {
    let world = World::with(|settings| {
        settings.registration = Registration::Open;
        settings.rate_limits = OnOff::Off;
    });
    let place = Place::of(world.await).await;
    let left = place.session_of(&place.ben).await.cut();
    // More than a socket takes whose client does not read.
    let long = "x".repeat(1_900);
    for nth in 0..500 {
        place.say(&place.ana, &format!("{nth} {long}")).await;
    }
    place.say(&place.ana, "last").await;
    let mut slow = place.resume(&place.ben, &left).await;
    // It has begun to be told what it missed, and reads no further.
    slow.next().await;
    let mut quick = place.resume(&place.ben, &left).await;
    reads_until(&mut quick, "last").await;
    quick.until("RESUMED").await;
    // Who asked first is told the rest, and then that the session is not theirs.
    let payload = loop {
        let payload = slow.next().await;
        assert_ne!(payload["t"], "RESUMED");
        if payload["op"] == 9 {
            break payload;
        }
    };
    assert_eq!(payload["d"], false);
    drop(slow);
    place.say(&place.ana, "after").await;
    assert_eq!(reads_until(&mut quick, "after").await, ["after"]);
    let left = quick.cut();
    let world = place.world.restart().await;
    let mut back = Gateway::resume(world.address(), token(&place.ben), &left.0, left.1).await;
    back.until("RESUMED").await;
}

#[tokio::test]
async fn a_session_whose_sight_changed_meanwhile_must_begin_anew() {
    let place = Place::new().await;
    let left = place.session_of(&place.ben).await.cut();
    place.deny_everyone(1 << 10).await;
    place.say(&place.ana, "a secret").await;
    let mut ben = place.resume(&place.ben, &left).await;
    let mut payload = ben.next().await;
    // What it was sent before, and did not read, may come once more: that it came itself.
    while payload["t"] == "PRESENCE_UPDATE" {
        payload = ben.next().await;
    }
    assert_eq!((&payload["op"], &payload["d"]), (&json!(9), &json!(false)));
    // The same connection may identify.
    ben.sequence = 0;
    ben.send(json!({"op": 2, "d": {"token": token(&place.ben), "intents": 513, "properties": {}}})).await;
    ben.dispatch("READY").await;
}

#[tokio::test]
async fn a_session_cannot_be_taken_by_another_nor_from_the_future() {
    let place = Place::new().await;
    let left = place.session_of(&place.ben).await.cut();
    let refused = |payload: Value| assert_eq!((&payload["op"], &payload["d"]), (&json!(9), &json!(false)));
    refused(place.resume(&place.ana, &left).await.next().await);
    refused(place.resume(&place.ben, &(left.0.clone(), left.1 + 1_000)).await.next().await);
    refused(place.resume(&place.ben, &(json!({"session_id": "made up"}), 1)).await.next().await);
}

#[tokio::test]
async fn who_asks_for_no_session_at_all_is_told_to_begin_anew() {
    let place = Place::new().await;
    let mut ben = Gateway::connect(place.world.address(), "v=10&encoding=json").await;
    // What discord.py sends when it was cut off between an invalid session and the next.
    ben.send(json!({"op": 6, "d": {"token": token(&place.ben), "session_id": null, "seq": null}})).await;
    let payload = ben.next().await;
    assert_eq!((&payload["op"], &payload["d"]), (&json!(9), &json!(false)));
    ben.send(json!({"op": 2, "d": {"token": token(&place.ben), "intents": 513, "properties": {}}})).await;
    ben.dispatch("READY").await;
}

#[tokio::test]
async fn a_channel_that_is_hidden_is_gone_and_comes_back() {
    let place = Place::new().await;
    let mut ben = place.session_of(&place.ben).await;
    place.deny_everyone(1 << 10).await;
    assert_eq!(ben.until("CHANNEL_DELETE").await["id"], place.channel);
    place.say(&place.ana, "a secret").await;
    place.deny_everyone(0).await;
    place.say(&place.ana, "for all").await;
    let heard = ben.heard_until("for all").await;
    // That others come and go may be heard in between.
    let heard: Vec<_> = heard.iter().filter(|name| *name != "PRESENCE_UPDATE").collect();
    assert_eq!(heard, ["CHANNEL_CREATE", "CHANNEL_UPDATE", "MESSAGE_CREATE"]);
}

#[tokio::test]
async fn without_the_intent_for_content_messages_are_empty_but_for_their_author_and_the_mentioned() {
    let place = Place::new().await;
    let mut ben = Gateway::identify_with(place.world.address(), token(&place.ben), 1 | (1 << 9)).await;
    place.say(&place.ana, "not for you").await;
    assert_eq!(ben.until("MESSAGE_CREATE").await["content"], "");
    let mention = format!("<@{}> look", place.ben.user_id);
    place.say(&place.ana, &mention).await;
    assert_eq!(ben.until("MESSAGE_CREATE").await["content"], mention);
    place.say(&place.ben, "mine").await;
    assert_eq!(ben.until("MESSAGE_CREATE").await["content"], "mine");
}

#[tokio::test]
async fn who_joins_a_guild_is_told_of_it_and_who_leaves_it_too() {
    let place = Place::new().await;
    let cleo = Rest::register(place.world.address(), "cleo").await;
    let mut session = place.session_of(&cleo).await;
    let mut ana = place.session_of(&place.ana).await;
    let invite = place.ana.post(&format!("/channels/{}/invites", place.channel), json!({})).await.ok();
    cleo.post(&format!("/invites/{}", invite["code"].as_str().unwrap()), Value::Null).await.ok();
    assert_eq!(session.until("GUILD_CREATE").await["id"], place.guild);
    assert_eq!(ana.until("GUILD_MEMBER_ADD").await["user"]["username"], "cleo");
    place.ana.delete(&format!("/guilds/{}/members/{}", place.guild, cleo.user_id)).await.ok();
    assert_eq!(session.until("GUILD_DELETE").await["id"], place.guild);
    assert_eq!(ana.until("GUILD_MEMBER_REMOVE").await["user"]["username"], "cleo");
}

#[tokio::test]
async fn members_are_told_on_request() {
    let place = Place::new().await;
    let mut ben = place.session_of(&place.ben).await;
    ben.send(json!({"op": 8, "d": {"guild_id": place.guild, "query": "", "limit": 0, "nonce": "n"}})).await;
    let chunk = ben.until("GUILD_MEMBERS_CHUNK").await;
    assert_eq!((chunk["members"].as_array().unwrap().len(), &chunk["nonce"]), (2, &json!("n")));
    ben.send(json!({"op": 8, "d": {"guild_id": [place.guild], "query": "an", "limit": 5}})).await;
    assert_eq!(ben.until("GUILD_MEMBERS_CHUNK").await["members"][0]["user"]["username"], "ana");
    // What came on request is not in the log, but the session goes on after it.
    let left = ben.cut();
    place.say(&place.ana, "after").await;
    let mut ben = place.resume(&place.ben, &left).await;
    assert_eq!(reads_until(&mut ben, "after").await, ["after"]);
}

#[tokio::test]
async fn presence_is_told_to_those_who_share_a_guild() {
    let place = Place::new().await;
    let mut ana = place.session_of(&place.ana).await;
    let mut ben = place.session_of(&place.ben).await;
    let comes = ana.until("PRESENCE_UPDATE").await;
    let of_ben = |presence: &Value| presence["user"]["id"] == place.ben.user_id.as_str();
    assert!(of_ben(&comes) || comes["user"]["id"] == place.ana.user_id.as_str());
    ben.send(json!({"op": 3, "d": {"status": "dnd", "activities": [{"name": "chess", "type": 0}], "afk": false, "since": null}}))
        .await;
    loop {
        let presence = ana.until("PRESENCE_UPDATE").await;
        if of_ben(&presence) && presence["status"] == "dnd" {
            assert_eq!(presence["activities"][0]["name"], "chess");
            break;
        }
    }
    drop(ben);
    loop {
        let presence = ana.until("PRESENCE_UPDATE").await;
        if of_ben(&presence) && presence["status"] == "offline" {
            break;
        }
    }
}

#[tokio::test]
async fn what_cannot_be_is_closed_with_the_right_code() {
    let place = Place::new().await;
    let identify = |token: &str, intents: u64| json!({"op": 2, "d": {"token": token, "intents": intents, "properties": {}}});
    let bens = token(&place.ben);
    let shard = json!({"op": 2, "d": {"token": bens, "intents": 1, "shard": [2, 2], "properties": {}}});
    for (payload, code) in [
        (Message::text("{"), 4002),
        (Message::text("x".repeat(5_000)), 4002),
        (Message::text(r#"{"op":99,"d":null}"#), 4001),
        (Message::text(r#"{"op":3,"d":{"status":"idle"}}"#), 4003),
        (Message::text(identify("made.up.token", 1).to_string()), 4004),
        (Message::text(identify(bens, 1 << 40).to_string()), 4013),
        (Message::text(shard.to_string()), 4010),
    ] {
        let mut session = Gateway::connect(place.world.address(), "v=10").await;
        session.send_raw(payload).await;
        assert_eq!(session.is_closed().await, code);
    }
    let mut twice = place.session_of(&place.ben).await;
    twice.send(identify(bens, 1)).await;
    assert_eq!(twice.is_closed().await, 4005);
    let mut old = Gateway::connect(place.world.address(), "v=6").await;
    assert_eq!(old.is_closed().await, 4012);
}

#[tokio::test]
async fn a_heartbeat_is_acknowledged_and_silence_ends_the_connection() {
    let place = Place::new().await;
    let mut ben = place.session_of(&place.ben).await;
    ben.send(json!({"op": 1, "d": ben.sequence})).await;
    loop {
        let payload = ben.next().await;
        if payload["op"] == 11 {
            break;
        }
    }
    let code = place.world.advance_by_steps_until(Duration::from_secs(10), "the end", ben.is_closed()).await;
    assert_eq!(code, 4009);
}

#[tokio::test]
async fn a_stop_asks_to_reconnect() {
    let place = Place::new().await;
    let mut ben = place.session_of(&place.ben).await;
    // It hangs up when it was told, as clients do.
    let hears = async move {
        loop {
            if ben.next().await["op"] == 7 {
                break ben.is_closed().await;
            }
        }
    };
    let (code, ()) = tokio::join!(hears, place.world.stop());
    assert_eq!(code, 4000);
}

#[tokio::test]
async fn a_login_that_ends_takes_its_sessions_along() {
    let place = Place::new().await;
    let mut ben = place.session_of(&place.ben).await;
    place.ben.post("/auth/logout", json!({})).await.ok();
    assert_eq!(ben.is_closed().await, 4004);
}
