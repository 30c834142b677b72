//! A clock that jumps: someone sets it, or the machine finds that it was an hour off. No time passes by that.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::time::Duration;

use decentra_model::limits::{LOBBY_BURST, SESSION_NOTE_INTERVAL};
use decentra_model::lobby::{ErrorCode, ServerFrame};
use decentra_testkit::{Gateway, Rest, World};
use serde_json::{Value, json};

const HOUR_SECS: i64 = 3_600;

/// A guild's first channel, its owner, and a member of it.
async fn garden(world: &World) -> (String, Rest, Rest) {
    let ana = Rest::register(world.address(), "ana").await;
    let ben = Rest::register(world.address(), "ben").await;
    let guild = ana.post("/guilds", json!({"name": "Garden"})).await.ok();
    let channel = guild["system_channel_id"].as_str().unwrap().to_owned();
    let invite = ana.post(&format!("/channels/{channel}/invites"), json!({})).await.ok();
    ben.post(&format!("/invites/{}", invite["code"].as_str().unwrap()), Value::Null).await.ok();
    (format!("/channels/{channel}"), ana, ben)
}

async fn say(who: &Rest, channel: &str, content: &str) -> u64 {
    let said = who.post(&format!("{channel}/messages"), json!({"content": content})).await.ok();
    said["id"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn ids_ascend_whatever_the_clock_says() {
    let world = World::open().await;
    let (channel, ana, _) = garden(&world).await;
    let mut ids = vec![say(&ana, &channel, "now").await];
    for (secs, content) in [(HOUR_SECS, "an hour on"), (-2 * HOUR_SECS, "an hour back"), (HOUR_SECS, "right")]
    {
        world.set_clock_by_secs(secs);
        ids.push(say(&ana, &channel, content).await);
        ids.push(say(&ana, &channel, content).await);
    }
    world.set_clock_by_secs(HOUR_SECS);
    ids.push(say(&ana, &channel, "an hour on again").await);
    // The next server's clock does not know of that hour.
    let world = world.restart().await;
    let ana = ana.at(world.address());
    ids.push(say(&ana, &channel, "after a restart").await);
    assert!(ids.is_sorted_by(|one, next| one < next), "{ids:?}");
    let shown = ana.get(&format!("{channel}/messages?limit=9")).await.ok();
    let shown =
        shown.as_array().unwrap().iter().rev().map(|message| message["id"].as_str().unwrap().to_owned());
    assert!(shown.eq(ids.iter().map(u64::to_string)), "the order is that in which things were said");
}

#[tokio::test]
async fn sessions_feel_nothing_of_a_jump() {
    for secs in [HOUR_SECS, -HOUR_SECS] {
        let world = World::open().await;
        let (channel, ana, ben) = garden(&world).await;
        let mut here = Gateway::identify(world.address(), ana.token.as_deref().unwrap()).await;
        let left = Gateway::identify(world.address(), ben.token.as_deref().unwrap()).await.cut();
        while here.until("PRESENCE_UPDATE").await["status"] != "offline" {}
        world.set_clock_by_secs(secs);
        // Time for the server to look for what it may forget.
        world.advance(SESSION_NOTE_INTERVAL);
        here.send(json!({"op": 1, "d": here.sequence})).await;
        while here.next().await["op"] != 11 {}
        say(&ana, &channel, "still here?").await;
        here.heard_until("still here?").await;
        let mut back = Gateway::resume(world.address(), ben.token.as_deref().unwrap(), &left.0, left.1).await;
        back.heard_until("still here?").await;
        back.until("RESUMED").await;
    }
}

#[tokio::test]
async fn a_session_that_was_quiet_for_an_hour_outlives_a_restart() {
    let world = World::open().await;
    let (channel, ana, _) = garden(&world).await;
    let token = ana.token.clone().unwrap();
    world.set_clock_by_secs(-HOUR_SECS);
    let left = Gateway::identify(world.address(), &token).await.cut();
    // The next server's clock is an hour on.
    let world = world.restart().await;
    world.advance(SESSION_NOTE_INTERVAL);
    say(&ana.at(world.address()), &channel, "back?").await;
    let mut back = Gateway::resume(world.address(), &token, &left.0, left.1).await;
    back.heard_until("back?").await;
}

#[tokio::test]
async fn rates_are_those_of_the_time_that_passes() {
    for secs in [HOUR_SECS, -HOUR_SECS] {
        let world = World::new().await;
        let mut ana = world.join("Ana").await;
        // Joining took one of the burst.
        for nth in 1..LOBBY_BURST {
            ana.say(&nth.to_string()).await;
            ana.hears().await;
        }
        world.set_clock_by_secs(secs);
        ana.say("too fast").await;
        assert_eq!(ana.is_refused().await, ErrorCode::TooFast);
        world.advance(Duration::from_secs(1));
        ana.say("in time").await;
        assert!(matches!(ana.next().await, ServerFrame::Message(said) if said.content == "in time"));
    }
}

#[tokio::test]
async fn slow_mode_does_not_lock_out_who_wrote_before_the_clock_was_set_back() {
    let world = World::open().await;
    let (channel, ana, ben) = garden(&world).await;
    ana.patch(&channel, json!({"rate_limit_per_user": 30})).await.ok();
    let messages = format!("{channel}/messages");
    say(&ben, &channel, "before").await;
    world.set_clock_by_secs(-HOUR_SECS);
    say(&ben, &channel, "after").await;
    let refused = ben.post(&messages, json!({"content": "too soon"})).await;
    assert_eq!(refused.refusal(), (429, 20_016));
    assert!(refused.body["retry_after"].as_f64().unwrap() <= 30.0, "{}", refused.body);
    world.advance(Duration::from_secs(30));
    say(&ben, &channel, "in time").await;
}
