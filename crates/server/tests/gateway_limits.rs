//! The gateway: how much one may ask of it, which intents one may have, how guilds are shared out, and compressed streams.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::io::Write;

use decentra_model::limits::{GATEWAY_BURST, IDENTIFY_BURST};
use decentra_server::settings::{OnOff, Registration};
use decentra_testkit::{Gateway, Rest, World};
use flate2::write::ZlibDecoder;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

async fn world(rate_limits: OnOff) -> (World, Rest) {
    let world = World::with(|settings| {
        settings.registration = Registration::Open;
        settings.rate_limits = rate_limits;
    })
    .await;
    let ana = Rest::register(world.address(), "ana").await;
    (world, ana)
}

fn token(who: &Rest) -> &str {
    who.token.as_deref().unwrap()
}

fn identify(token: &str, intents: u64) -> Value {
    json!({"op": 2, "d": {"token": token, "intents": intents, "properties": {}}})
}

#[tokio::test]
async fn who_sends_too_many_payloads_is_let_go() {
    let (world, ana) = world(OnOff::On).await;
    let mut session = Gateway::identify_with(world.address(), token(&ana), 0).await;
    for _ in 0..=GATEWAY_BURST {
        session.send(json!({"op": 1, "d": null})).await;
    }
    assert_eq!(session.is_closed().await, 4008);
}

#[tokio::test]
async fn who_identifies_too_often_is_told_to_wait_and_stays_connected() {
    let (world, ana) = world(OnOff::On).await;
    for _ in 0..IDENTIFY_BURST {
        Gateway::identify_with(world.address(), token(&ana), 0).await;
    }
    let mut session = Gateway::connect(world.address(), "v=10").await;
    session.send(identify(token(&ana), 0)).await;
    let refused = session.next().await;
    assert_eq!((&refused["op"], &refused["d"]), (&json!(9), &json!(false)));
    world.advance(decentra_model::limits::IDENTIFY_REFILL);
    session.send(identify(token(&ana), 0)).await;
    session.dispatch("READY").await;
}

#[tokio::test]
async fn a_bot_without_leave_for_an_intent_may_not_have_it() {
    let (world, ana) = world(OnOff::Off).await;
    let app = ana.post("/applications", json!({"name": "robot"})).await.ok();
    let path = format!("/applications/{}", app["id"].as_str().unwrap());
    let made = ana.post(&format!("{path}/bot"), Value::Null).await.ok();
    let bot = made["token"].as_str().unwrap();
    let (members, presences, content) = (1 << 1, 1 << 8, 1 << 15);
    Gateway::identify_with(world.address(), bot, members | presences | content).await;
    // Of the three only the one for members is left.
    ana.patch(&path, json!({"flags": 1 << 15})).await.ok();
    Gateway::identify_with(world.address(), bot, members).await;
    for disallowed in [presences, content] {
        let mut session = Gateway::connect(world.address(), "v=10").await;
        session.send(identify(bot, members | disallowed)).await;
        assert_eq!(session.is_closed().await, 4014);
    }
}

#[tokio::test]
async fn each_guild_falls_to_one_shard() {
    let (world, ana) = world(OnOff::Off).await;
    for name in ["Garden", "Kitchen", "Cellar", "Attic"] {
        world.advance(std::time::Duration::from_millis(1));
        ana.post("/guilds", json!({"name": name})).await.ok();
    }
    let mut told = Vec::new();
    for shard in 0..3_u64 {
        let mut session = Gateway::connect(world.address(), "v=10").await;
        let d = json!({"token": token(&ana), "intents": 1, "shard": [shard, 3], "properties": {}});
        session.send(json!({"op": 2, "d": d})).await;
        let ready = session.dispatch("READY").await;
        assert_eq!(ready["shard"], json!([shard, 3]));
        for guild in ready["guilds"].as_array().unwrap() {
            let id: u64 = guild["id"].as_str().unwrap().parse().unwrap();
            assert_eq!((id >> 22) % 3, shard);
            told.push(id);
        }
    }
    told.sort_unstable();
    told.dedup();
    assert_eq!(told.len(), 5, "four guilds and the home");
}

/// The payloads that come on a compressed stream, up to the dispatch `last`; `more` gives what the stream has become by a
/// message.
async fn payloads_until(
    session: &mut Gateway,
    last: &str,
    mut more: impl FnMut(&[u8]) -> Vec<u8>,
) -> Vec<Value> {
    let mut payloads = Vec::new();
    loop {
        let Message::Binary(bytes) = session.next_raw().await else { panic!("a compressed payload was due") };
        let payload: Value = serde_json::from_slice(&more(&bytes)).unwrap();
        let is_last = payload["t"] == last;
        payloads.push(payload);
        if is_last {
            return payloads;
        }
    }
}

async fn reads_compressed(query: &str, mut more: impl FnMut(&[u8]) -> Vec<u8>) {
    let (world, ana) = world(OnOff::Off).await;
    let mut session = Gateway::open(world.address(), query).await;
    session.send(identify(token(&ana), 1 | (1 << 9) | (1 << 15))).await;
    let payloads = payloads_until(&mut session, "GUILD_CREATE", &mut more).await;
    let seen: Vec<_> = payloads.iter().map(|payload| (payload["op"].clone(), payload["t"].clone())).collect();
    let told = [(json!(10), Value::Null), (json!(0), json!("READY")), (json!(0), json!("GUILD_CREATE"))];
    assert_eq!(seen, told);
    let channel = payloads[2]["d"]["channels"][0]["id"].as_str().unwrap().to_owned();
    for content in ["one", "two"] {
        ana.post(&format!("/channels/{channel}/messages"), json!({"content": content})).await.ok();
        let heard = payloads_until(&mut session, "MESSAGE_CREATE", &mut more).await;
        assert_eq!(heard.last().unwrap()["d"]["content"], content);
    }
}

#[tokio::test]
async fn a_zlib_stream_is_one_stream_that_is_flushed_after_each_payload() {
    let mut decoder = ZlibDecoder::new(Vec::new());
    let more = move |bytes: &[u8]| {
        assert!(bytes.ends_with(&[0, 0, 0xff, 0xff]), "clients wait for this suffix");
        decoder.write_all(bytes).unwrap();
        decoder.flush().unwrap();
        std::mem::take(decoder.get_mut())
    };
    reads_compressed("v=10&encoding=json&compress=zlib-stream", more).await;
}

#[tokio::test]
async fn a_zstd_stream_is_one_stream_that_is_flushed_after_each_payload() {
    let mut decoder = zstd::stream::write::Decoder::new(Vec::new()).unwrap();
    let more = move |bytes: &[u8]| {
        decoder.write_all(bytes).unwrap();
        decoder.flush().unwrap();
        std::mem::take(decoder.get_mut())
    };
    reads_compressed("v=10&encoding=json&compress=zstd-stream", more).await;
}
