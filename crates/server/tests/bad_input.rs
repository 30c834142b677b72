//! What no client should send. Each gets a clear error or is cut off, nobody else notices, and nothing is lost.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::time::Duration;

use decentra_model::close;
use decentra_model::limits::{
    FLOOD_PAUSE, LOBBY_BURST, LOBBY_FRAME_BYTES_MAX, MESSAGE_CHARS_MAX, NAME_CHARS_MAX, PING_INTERVAL,
    SILENCE_MAX,
};
use decentra_model::lobby::{ErrorCode, ServerFrame};
use decentra_server::settings::OnOff;
use decentra_testkit::{Client, Raw, World};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

/// A handshake that any WebSocket server accepts.
const HANDSHAKE: &str = "GET / HTTP/1.1\r\nhost: test\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
    sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// A world without rate limits, and someone in it who must notice nothing.
async fn calm_world() -> (World, Client) {
    let world = World::with(|settings| settings.rate_limits = OnOff::Off).await;
    let bystander = world.join("Bystander").await;
    (world, bystander)
}

/// Sees that `client` can still chat, and that `bystander` heard nothing but that.
async fn all_is_well(client: &mut Client, bystander: &mut Client) {
    client.say("still here").await;
    assert_eq!(client.hears().await.1, "still here");
    assert_eq!(bystander.hears().await.1, "still here");
}

#[tokio::test]
async fn a_frame_that_is_no_frame_is_answered_and_the_connection_stays() {
    let (world, mut bystander) = calm_world().await;
    let mut ana = world.join("Ana").await;
    bystander.is_told().await;
    for bad in [
        "not json",
        "",
        "{\"type\":",
        "[]",
        "42",
        "\"text\"",
        "null",
        "{}",
        r#"{"type":7}"#,
        r#"{"type":["message"]}"#,
        r#"{"type":"message"}"#,
        r#"{"type":"message","content":7}"#,
        r#"{"type":"message","content":{"a":1}}"#,
        r#"{"type":"message","content":"x","nonce":7}"#,
    ] {
        ana.send_raw(Message::text(bad)).await;
        assert_eq!(ana.is_refused().await, ErrorCode::BadFrame, "{bad}");
    }
    ana.send_raw(Message::text("[".repeat(LOBBY_FRAME_BYTES_MAX))).await;
    assert_eq!(ana.is_refused().await, ErrorCode::BadFrame);
    ana.send_raw(Message::binary(br#"{"type":"message","content":"x"}"#.to_vec())).await;
    assert_eq!(ana.is_refused().await, ErrorCode::BadFrame);
    all_is_well(&mut ana, &mut bystander).await;
}

#[tokio::test]
async fn texts_that_may_not_be_said_are_refused() {
    let (world, mut bystander) = calm_world().await;
    let mut ana = world.join("Ana").await;
    bystander.is_told().await;
    let long = "x".repeat(MESSAGE_CHARS_MAX + 1);
    for bad in ["", "   \n", "\u{200b}", "a\u{1b}[2Jb", "a\u{0}b", "a\u{7f}b", "a\u{9b}b", &long] {
        ana.say(bad).await;
        assert_eq!(ana.is_refused().await, ErrorCode::BadText, "{bad:?}");
    }
    ana.say(&"ü".repeat(MESSAGE_CHARS_MAX)).await;
    assert_eq!(ana.hears().await.1.chars().count(), MESSAGE_CHARS_MAX);
    assert_eq!(bystander.hears().await.1.chars().count(), MESSAGE_CHARS_MAX);
    all_is_well(&mut ana, &mut bystander).await;
}

#[tokio::test]
async fn names_that_are_none_are_refused_and_another_may_be_tried() {
    let (world, mut bystander) = calm_world().await;
    let mut ana = world.connect().await;
    let long = "x".repeat(NAME_CHARS_MAX + 1);
    for bad in ["", " ", "a\nb", "a\u{1b}[31m", "a\u{202e}b", "\u{3164}", &long] {
        ana.send(json!({"type": "join", "username": bad})).await;
        assert_eq!(ana.is_refused().await, ErrorCode::BadText, "{bad:?}");
    }
    ana.send(json!({"type": "join", "username": 7})).await;
    assert_eq!(ana.is_refused().await, ErrorCode::BadFrame);
    ana.send(json!({"type": "join", "username": "n".repeat(10_000_000)})).await;
    assert_eq!(ana.is_refused().await, ErrorCode::TooLong);
    ana.join("Ana").await;
    assert_eq!(bystander.is_told().await, "Ana joined the chat");
    all_is_well(&mut ana, &mut bystander).await;
}

#[tokio::test]
async fn what_comes_out_of_order_is_refused() {
    let (world, mut bystander) = calm_world().await;
    let mut ana = world.connect().await;
    ana.say("before joining").await;
    assert_eq!(ana.is_refused().await, ErrorCode::OutOfOrder);
    ana.send(json!({"type": "who"})).await;
    assert_eq!(ana.is_refused().await, ErrorCode::OutOfOrder);
    ana.join("Ana").await;
    ana.send(json!({"type": "join", "username": "Ben"})).await;
    assert_eq!(ana.is_refused().await, ErrorCode::OutOfOrder);
    assert_eq!(bystander.is_told().await, "Ana joined the chat");
    all_is_well(&mut ana, &mut bystander).await;
}

#[tokio::test]
async fn a_frame_of_ten_megabytes_is_skipped_and_answered() {
    let (world, mut bystander) = calm_world().await;
    let mut ana = world.join("Ana").await;
    bystander.is_told().await;
    ana.say(&"x".repeat(10_000_000)).await;
    assert_eq!(ana.is_refused().await, ErrorCode::TooLong);
    ana.send_raw(Message::binary(vec![0; 10_000_000])).await;
    assert_eq!(ana.is_refused().await, ErrorCode::TooLong);
    all_is_well(&mut ana, &mut bystander).await;
}

/// A connection after its handshake, without a WebSocket library.
async fn shaken(world: &World) -> Raw {
    world.connect().await.into_raw()
}

/// A masked frame with a mask of zeros, which leaves the payload as it is.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).unwrap();
    assert!(length < 126);
    [&[first, 0x80 | length, 0, 0, 0, 0][..], payload].concat()
}

/// The code of the close frame that ends `bytes`.
fn close_code(bytes: &[u8], reason: &str) -> u16 {
    let end = bytes.len() - reason.len();
    assert_eq!(String::from_utf8_lossy(&bytes[end..]), reason);
    u16::from_be_bytes([bytes[end - 2], bytes[end - 1]])
}

#[tokio::test]
async fn a_message_in_fragments_is_heard_whole() {
    let (world, mut bystander) = calm_world().await;
    let mut raw = shaken(&world).await;
    raw.send(&frame(0x01, br#"{"type":"jo"#)).await.unwrap();
    raw.send(&frame(0x89, b"in between")).await.unwrap();
    raw.send(&frame(0x00, br#"in","username":"#)).await.unwrap();
    for byte in frame(0x80, br#""Ana"}"#) {
        raw.send(&[byte]).await.unwrap();
    }
    assert_eq!(bystander.is_told().await, "Ana joined the chat");
}

#[tokio::test]
async fn what_breaks_the_websocket_protocol_is_told_and_cut_off() {
    let (world, mut bystander) = calm_world().await;
    for (bytes, code, reason) in [
        (vec![0x81, 1, b'x'], close::PROTOCOL_ERROR, "Frames from a client must be masked."),
        (frame(0xc1, b"x"), close::PROTOCOL_ERROR, "No extension was agreed on."),
        (frame(0x83, b"x"), close::PROTOCOL_ERROR, "That is no WebSocket frame."),
        (frame(0x80, b"x"), close::PROTOCOL_ERROR, "There is nothing to continue."),
        (frame(0x09, b"x"), close::PROTOCOL_ERROR, "Control frames are short and whole."),
        (frame(0x81, b"\xff\xfe"), close::INVALID_TEXT, "That text frame is not UTF-8."),
    ] {
        let mut raw = shaken(&world).await;
        raw.send(&bytes).await.unwrap();
        assert_eq!(close_code(&raw.read_to_end().await, reason), code);
    }
    let mut ana = world.join("Ana").await;
    bystander.is_told().await;
    all_is_well(&mut ana, &mut bystander).await;
}

#[tokio::test]
async fn ten_thousand_frames_at_once_are_each_answered_and_hurt_nobody() {
    let world = World::new().await;
    let mut bystander = world.join("Bystander").await;
    let flood = world.join("Flood").await;
    bystander.is_told().await;
    let mut raw = flood.into_raw();
    let bytes = frame(0x81, br#"{"type":"message","content":"x"}"#).repeat(10_000);
    let flooding = tokio::spawn(async move {
        raw.send(&bytes).await.unwrap();
        raw.send(&frame(0x88, b"")).await.unwrap();
        String::from_utf8_lossy(&raw.read_to_end().await).matches("\"too_fast\"").count()
    });
    // One of the burst went on joining.
    let taken = LOBBY_BURST as usize - 1;
    for _ in 0..taken {
        assert_eq!(bystander.hears().await.0, "Flood");
    }
    bystander.say("I can talk").await;
    assert_eq!(bystander.hears().await.1, "I can talk");
    let answers = world.advance_by_steps_until(FLOOD_PAUSE, "the end of the flood", flooding).await.unwrap();
    // The clock was turned meanwhile, and now and then one was in time.
    let mut heard = 0;
    while let ServerFrame::Message(_) = bystander.next().await {
        heard += 1;
    }
    assert_eq!(answers + taken + heard, 10_000);
}

#[tokio::test]
async fn who_never_reads_is_cut_off_and_the_rest_feel_nothing() {
    let world = World::with(|settings| settings.rate_limits = OnOff::Off).await;
    let mut ana = world.join("Ana").await;
    let mut deaf = world.join("Deaf").await;
    ana.is_told().await;
    let line = "x".repeat(MESSAGE_CHARS_MAX);
    let mut said = 0;
    loop {
        ana.say(&line).await;
        said += 1;
        match ana.next().await {
            ServerFrame::Message(message) => assert_eq!(message.content, line),
            ServerFrame::System(frame) => {
                assert_eq!(frame.content, "Deaf left the chat");
                break;
            }
            other => panic!("{other:?}"),
        }
        assert!(said < 100_000, "who does not read is never cut off");
    }
    assert_eq!(deaf.is_cut_off().await, Some(close::TOO_SLOW));
}

#[tokio::test]
async fn who_says_nothing_is_cut_off() {
    let world = World::new().await;
    let mut silent = world.connect().await;
    let code = world.advance_until("the close", silent.is_cut_off()).await;
    assert_eq!(code, Some(close::JOIN_TIMEOUT));
}

#[tokio::test]
async fn who_is_gone_without_a_word_is_noticed() {
    let world = World::new().await;
    let mut ana = world.join("Ana").await;
    // It holds its connection open, but answers no ping.
    let gone = world.join("Gone").await.into_raw();
    assert_eq!(ana.is_told().await, "Gone joined the chat");
    let mut passed = Duration::ZERO;
    let left = loop {
        world.advance(PING_INTERVAL);
        passed += PING_INTERVAL;
        // Ana is heard in each interval, and lives on.
        ana.send(json!({"type": "who"})).await;
        match ana.next().await {
            ServerFrame::System(frame) => break frame.content,
            frame => assert!(matches!(frame, ServerFrame::Who(_)), "{frame:?}"),
        }
    };
    assert_eq!(left, "Gone left the chat");
    assert!(passed > SILENCE_MAX, "it was given too little time");
    drop(gone);
}

#[tokio::test]
async fn half_a_handshake_is_cut_off() {
    let world = World::new().await;
    for begun in ["", "GET", "GET / HTTP/1.1\r\nhost: test\r\nconnection: upg"] {
        let mut raw = world.raw().await;
        raw.send(begun.as_bytes()).await.unwrap();
        world.advance_until("the end", raw.read_to_end()).await;
    }
}

#[tokio::test]
async fn a_handshake_that_is_none_is_told_why() {
    let world = World::new().await;
    for (from, to, status) in [
        ("version: 13", "version: 12", "426"),
        ("sec-websocket-key", "x-no-key", "400"),
        ("GET / ", "POST / ", "400"),
        ("GET / ", "GET /nowhere ", "404"),
    ] {
        let mut raw = world.raw().await;
        let request =
            HANDSHAKE.replace(from, to).replace("connection: upgrade", "connection: upgrade, close");
        raw.send(request.as_bytes()).await.unwrap();
        let answer = String::from_utf8(raw.read_to_end().await).unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{to}: {answer}");
    }
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut_off() {
    let world = World::new().await;
    let mut raw = world.raw().await;
    raw.send(b"GET / HTTP/1.1\r\n").await.unwrap();
    while raw.send(b"x-more: and more and more and more and more\r\n").await.is_ok() {}
    let answer = String::from_utf8(raw.read_to_end().await).unwrap();
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn one_address_cannot_take_all_places() {
    let world = World::with(|settings| settings.connections_per_address = 50).await;
    let mut first = world.join("First").await;
    let mut held = Vec::new();
    for _ in 0..49 {
        held.push(world.connect().await);
    }
    for _ in 0..10_000 {
        let mut raw = world.raw().await;
        // It may have been turned away before it could ask.
        let _ = raw.send(HANDSHAKE.as_bytes()).await;
    }
    let answer = String::from_utf8(world.raw().await.read_to_end().await).unwrap();
    let (status, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(
        status.starts_with("HTTP/1.1 503") && status.contains(&format!("content-length: {}", body.len())),
        "{answer}"
    );
    first.say("unmoved").await;
    assert_eq!(first.hears().await.1, "unmoved");
    held.pop().unwrap().leave().await;
    world.advance(Duration::from_secs(1));
    // The place is given back, if not at once.
    decentra_testkit::soon("a free place", async {
        while world.raw().await.try_get("/healthz").await.is_none() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_has_places_of_its_own() {
    let world = World::with(|settings| {
        settings.connections_per_address = 1;
        settings.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await;
    let mut held = Vec::new();
    for (chain, status) in [
        ("192.0.2.1", "101"),
        ("192.0.2.2", "101"),
        ("192.0.2.1", "429"),
        // What the client itself claims stands first, and counts for nothing.
        ("192.0.2.9, 192.0.2.1", "429"),
        ("192.0.2.1, 127.0.0.1", "429"),
    ] {
        let mut raw = world.raw().await;
        let forwarded = format!("host: test\r\nx-forwarded-for: {chain}");
        raw.send(HANDSHAKE.replace("host: test", &forwarded).as_bytes()).await.unwrap();
        assert_eq!(raw.status().await, status, "{chain}");
        held.push(raw);
    }
}
