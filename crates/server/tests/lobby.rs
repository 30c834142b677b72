//! The lobby, as DESIGN 2.3 has it, over a real socket.

use decentra_model::close;
use decentra_model::limits::LOBBY_HISTORY_MAX;
use decentra_model::lobby::{ErrorCode, PostedFrame, Presence, ServerFrame, Who};
use decentra_server::settings::OnOff;
use decentra_testkit::{Client, World};
use serde_json::json;

#[tokio::test]
async fn everyone_hears_what_is_said_and_the_author_too() {
    let world = World::new().await;
    let mut ana = world.join("Ana").await;
    let mut ben = world.join("Ben").await;
    assert_eq!(ana.is_told().await, "Ben joined the chat");
    ben.say("hello 🌻").await;
    let heard = ("Ben".to_owned(), "hello 🌻".to_owned());
    assert_eq!(ana.hears().await, heard);
    assert_eq!(ben.hears().await, heard);
}

#[tokio::test]
async fn a_newcomer_is_shown_what_was_said_and_who_is_there() {
    let world = World::new().await;
    let mut ana = world.join("Ana").await;
    ana.say("first").await;
    let ServerFrame::Message(first) = ana.next().await else { panic!() };
    let mut ben = world.connect().await;
    let history = ben.join("Ben").await;
    assert_eq!(first.timestamp, "2026-01-31T12:00:00.000000");
    assert_eq!(history.messages, [ServerFrame::Message(first)]);
    assert_eq!(history.you.as_deref(), Some("Ben"));
    assert_eq!(history.who, Some(Who { online: 2, users: vec!["Ana".into(), "Ben".into()] }));
}

#[tokio::test]
async fn who_comes_and_goes_is_announced_to_the_others() {
    let world = World::new().await;
    let mut ana = world.join("Ana").await;
    let ben = world.join("Ben").await;
    let joined = ana.system().await;
    assert_eq!(joined.content, "Ben joined the chat");
    assert_eq!(joined.presence, Some(Presence::Joined("Ben".into())));
    ben.leave().await;
    let left = ana.system().await;
    assert_eq!(left.content, "Ben left the chat");
    assert_eq!(left.presence, Some(Presence::Left("Ben".into())));
}

#[tokio::test]
async fn who_drops_the_connection_has_left_too() {
    let world = World::new().await;
    let mut ana = world.join("Ana").await;
    drop(world.join("Ben").await);
    assert_eq!(ana.is_told().await, "Ben joined the chat");
    assert_eq!(ana.is_told().await, "Ben left the chat");
}

#[tokio::test]
async fn last_words_come_before_the_leaving() {
    let world = World::new().await;
    let mut ana = world.join("Ana").await;
    let mut ben = world.join("Ben").await;
    assert_eq!(ana.is_told().await, "Ben joined the chat");
    for nth in 0..5 {
        ben.say(&format!("bye {nth}")).await;
    }
    ben.leave().await;
    for nth in 0..5 {
        assert_eq!(ana.hears().await.1, format!("bye {nth}"));
    }
    assert_eq!(ana.is_told().await, "Ben left the chat");
}

#[tokio::test]
async fn who_gives_no_name_is_anonymous() {
    let world = World::new().await;
    let mut ana = world.join("Ana").await;
    let mut nameless = world.connect().await;
    nameless.send(json!({"type": "join"})).await;
    assert_eq!(ana.is_told().await, "Anonymous joined the chat");
}

#[tokio::test]
async fn a_second_alice_is_numbered_and_told() {
    let world = World::new().await;
    let mut first = world.join("Alice").await;
    let mut second = world.connect().await;
    assert_eq!(second.join("Alice").await.you.as_deref(), Some("Alice-2"));
    assert_eq!(second.is_told().await, "Alice is here already: you are Alice-2.");
    assert_eq!(first.is_told().await, "Alice-2 joined the chat");
    second.say("hi").await;
    assert_eq!(first.hears().await.0, "Alice-2");
}

#[tokio::test]
async fn unknown_types_and_keys_are_ignored() {
    let world = World::new().await;
    let mut ana = world.join("Ana").await;
    ana.send(json!({"type": "dance", "style": "tango"})).await;
    ana.send(json!({"type": "message", "content": "hi", "mood": 7, "type2": null})).await;
    assert_eq!(ana.hears().await.1, "hi");
}

#[tokio::test]
async fn the_server_tells_who_is_there() {
    let world = World::new().await;
    let mut ana = world.join("Ana").await;
    ana.send(json!({"type": "who"})).await;
    assert_eq!(ana.next().await, ServerFrame::Who(Who { online: 1, users: vec!["Ana".into()] }));
}

#[tokio::test]
async fn the_newest_hundred_survive_a_restart() {
    let world = World::with(|settings| settings.rate_limits = OnOff::Off).await;
    let mut ana = world.join("Ana").await;
    for nth in 0..LOBBY_HISTORY_MAX + 20 {
        ana.say(&format!("line {nth}")).await;
        assert_eq!(ana.hears().await.1, format!("line {nth}"));
    }
    drop(ana);
    let world = world.restart().await;
    let history = world.connect().await.join("Ben").await.messages;
    let lines: Vec<_> = history.iter().map(content).collect();
    let expected: Vec<_> = (20..LOBBY_HISTORY_MAX + 20).map(|nth| format!("line {nth}")).collect();
    assert_eq!(lines, expected);
}

fn content(frame: &ServerFrame) -> &str {
    match frame {
        ServerFrame::Message(PostedFrame { content, .. }) => content,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_message_that_is_sent_again_is_not_said_again() {
    let world = World::new().await;
    let mut ana = world.join("Ana").await;
    let mut ben = world.join("Ben").await;
    assert_eq!(ana.is_told().await, "Ben joined the chat");
    let once = json!({"type": "message", "content": "once", "nonce": "n-1"});
    ben.send(once.clone()).await;
    let first = ben.next().await;
    ben.leave().await;

    // It never saw the echo, say, and sends it again from a new connection.
    let mut ben = world.join("Ben").await;
    ben.send(once).await;
    assert_eq!(ben.next().await, first);
    ben.say("after").await;
    assert_eq!(ana.hears().await.1, "once");
    assert_eq!(ana.is_told().await, "Ben left the chat");
    assert_eq!(ana.is_told().await, "Ben joined the chat");
    assert_eq!(ana.hears().await.1, "after");
}

#[tokio::test]
async fn what_comes_too_fast_is_told_so_and_may_come_later() {
    let world = World::new().await;
    let mut ana = world.join("Ana").await;
    for _ in 0..9 {
        ana.say("hi").await;
        ana.hears().await;
    }
    ana.send(json!({"type": "message", "content": "too many", "nonce": "n"})).await;
    let refusal = ana.system().await;
    assert_eq!((refusal.error, refusal.nonce.as_deref()), (Some(ErrorCode::TooFast), Some("n")));
    // The pause after a frame that was too fast is one of the server's clock, too.
    world.advance(std::time::Duration::from_millis(refusal.retry_after_ms.unwrap()));
    ana.say("in time").await;
    assert_eq!(ana.hears().await.1, "in time");
}

#[tokio::test]
async fn guests_off_closes_the_lobby() {
    let world = World::with(|settings| settings.guests = OnOff::Off).await;
    let mut ana = world.connect().await;
    ana.send(json!({"type": "join", "username": "Ana"})).await;
    assert_eq!(ana.is_refused().await, ErrorCode::Refused);
    assert_eq!(ana.is_closed().await, close::GUESTS_OFF);
}

#[tokio::test]
async fn a_token_that_is_not_known_is_refused() {
    let world = World::new().await;
    let mut ana = world.connect().await;
    ana.send(json!({"type": "join", "username": "Ana", "token": "made up"})).await;
    assert_eq!(ana.is_refused().await, ErrorCode::Refused);
    assert_eq!(ana.is_closed().await, close::NAME_REFUSED);
}

#[tokio::test]
async fn a_stop_says_goodbye_to_all() {
    let world = World::new().await;
    let (ana, silent) = (world.join("Ana").await, world.connect().await);
    let goodbye = async |mut client: Client| {
        let code = client.is_closed().await;
        client.leave().await;
        code
    };
    let ((), ana_code, silent_code) = tokio::join!(world.stop(), goodbye(ana), goodbye(silent));
    assert_eq!([ana_code, silent_code], [close::GOING_AWAY; 2]);
}

#[tokio::test]
async fn all_see_one_order() {
    let world = World::with(|settings| settings.rate_limits = OnOff::Off).await;
    let mut listeners = [world.join("L1").await, world.join("L2").await, world.join("L3").await];
    let speakers = (0..4).map(|nth| {
        let address = world.address();
        tokio::spawn(async move {
            let mut speaker = Client::connect(address).await;
            speaker.join(&format!("S{nth}")).await;
            for line in 0..50 {
                speaker.say(&format!("{nth}:{line}")).await;
            }
            // To the last echo, or its words might be cut off with it.
            while !matches!(speaker.next().await, ServerFrame::Message(m) if m.content == format!("{nth}:49"))
            {
            }
        })
    });
    let speakers: Vec<_> = speakers.collect();
    let mut orders = Vec::new();
    for listener in &mut listeners {
        let mut order = Vec::new();
        while order.len() < 200 {
            if let ServerFrame::Message(message) = listener.next().await {
                order.push(message.content);
            }
        }
        orders.push(order);
    }
    for speaker in speakers {
        speaker.await.unwrap();
    }
    assert_eq!(orders[0], orders[1]);
    assert_eq!(orders[0], orders[2]);
    for nth in 0..4 {
        let own: Vec<_> =
            orders[0].iter().filter(|line| line.starts_with(&format!("{nth}:"))).cloned().collect();
        let said: Vec<_> = (0..50).map(|line| format!("{nth}:{line}")).collect();
        assert_eq!(own, said);
    }
}
