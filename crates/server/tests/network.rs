//! A network that delays, splits and cuts what it carries, and messages that arrive twice or overtake each other.
//!
//! TCP keeps the bytes of one connection in order and whole. What arrives twice or in another order are messages of
//! two connections: whoever does not know whether a message got through sends it again on another.

use decentra_model::close::gateway as close;
use decentra_model::lobby::{History, ServerFrame};
use decentra_testkit::{Client, Gateway, Link, Rest, World, soon};
use serde_json::{Value, json};

fn message(content: &str, nonce: &str) -> Value {
    json!({"type": "message", "content": content, "nonce": nonce})
}

/// What a newcomer is shown.
async fn shown(world: &World) -> Vec<String> {
    let History { messages, .. } = world.connect().await.join("Cleo").await;
    let content = |frame| match frame {
        ServerFrame::Message(message) => message.content,
        other => panic!("{other:?}"),
    };
    messages.into_iter().map(content).collect()
}

/// What comes next that was said, past who came and went.
async fn hears(client: &mut Client) -> String {
    loop {
        match client.next().await {
            ServerFrame::Message(said) => return said.content,
            ServerFrame::System(told) if told.error.is_none() => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn bytes_that_come_one_by_one_make_the_same() {
    let world = World::open().await;
    let link = Link::to(world.address()).await;
    // The clients' library takes such a handshake for an attack, so they connect before.
    let mut session = Gateway::connect(link.address, "v=10&encoding=json").await;
    let mut ben = Client::connect(link.address).await;
    link.drip();
    let ana = Rest::register(link.address, "ana").await;
    let guild = ana.post("/guilds", json!({"name": "Garden"})).await.ok();
    let identify = json!({"token": ana.token, "intents": 0x8200, "properties": {}});
    session.send(json!({"op": 2, "d": identify})).await;
    session.dispatch("READY").await;
    let messages = format!("/channels/{}/messages", guild["system_channel_id"].as_str().unwrap());
    ana.post(&messages, json!({"content": "drop by drop"})).await.ok();
    session.heard_until("drop by drop").await;
    ben.join("Ben").await;
    ben.say(&"drop ".repeat(100)).await;
    assert_eq!(ben.hears().await.1, "drop ".repeat(100).trim());
}

#[tokio::test]
async fn a_message_that_is_cut_anywhere_and_sent_again_is_said_once() {
    let world = World::open().await;
    let mut said = Vec::new();
    // A frame of this message has about a hundred bytes.
    for cut in (1..120).step_by(7) {
        let link = Link::to(world.address()).await;
        let mut ana = Client::connect(link.address).await;
        ana.join("Ana").await;
        let (content, nonce) = (format!("cut after {cut}, or not at all"), format!("nonce{cut}"));
        link.cut_after(cut);
        ana.send(message(&content, &nonce)).await;
        // Where the cut came late enough, the message may be heard; she cannot know.
        let mut again = world.connect().await;
        again.join("Ana").await;
        again.send(message(&content, &nonce)).await;
        assert_eq!(hears(&mut again).await, content);
        said.push(content);
    }
    assert_eq!(shown(&world).await, said);
}

#[tokio::test]
async fn what_overtakes_itself_on_another_connection_is_said_once() {
    let world = World::open().await;
    let mut ben = world.join("Ben").await;
    let link = Link::to(world.address()).await;
    let mut first = Client::connect(link.address).await;
    first.join("Ana").await;
    link.stall();
    for content in ["one", "two"] {
        first.send(message(content, &format!("nonce of {content}").replace(' ', "-"))).await;
    }
    let mut second = world.connect().await;
    second.join("Ana").await;
    // The second message overtakes the first, which is still on its way.
    second.send(message("two", "nonce-of-two")).await;
    assert_eq!(hears(&mut second).await, "two");
    link.clear();
    for everyone in [&mut ben, &mut first] {
        assert_eq!(hears(everyone).await, "two");
    }
    assert_eq!([hears(&mut ben).await, hears(&mut second).await], ["one", "one"]);
    // What had arrived before is shown once more to who sent it again, and to nobody else.
    let mut to_first = [hears(&mut first).await, hears(&mut first).await];
    to_first.sort();
    assert_eq!(to_first, ["one", "two"]);
    ben.say("that was all").await;
    assert_eq!(hears(&mut ben).await, "that was all");
    assert_eq!(shown(&world).await, ["two", "one", "that was all"]);
}

#[tokio::test]
async fn a_call_whose_answer_is_lost_and_that_is_made_again_happens_once() {
    let world = World::open().await;
    let ana = Rest::register(world.address(), "ana").await;
    let guild = ana.post("/guilds", json!({"name": "Garden"})).await.ok();
    let messages = format!("/channels/{}/messages", guild["system_channel_id"].as_str().unwrap());
    let mut session = Gateway::identify(world.address(), ana.token.as_deref().unwrap()).await;
    let link = Link::to(world.address()).await;
    link.stall();
    let body = json!({"content": "once", "nonce": "1", "enforce_nonce": true});
    let first = {
        let (far, messages, body) = (ana.at(link.address), messages.clone(), body.clone());
        tokio::spawn(async move { far.post(&messages, body).await.ok() })
    };
    let again = ana.post(&messages, body).await.ok();
    session.heard_until("once").await;
    link.clear();
    let first = soon("the late answer", first).await.unwrap();
    assert_eq!(first["id"], again["id"]);
    ana.post(&messages, json!({"content": "next"})).await.ok();
    let heard = session.heard_until("next").await;
    assert_eq!(heard.iter().filter(|name| *name == "MESSAGE_CREATE").count(), 1, "{heard:?}");
}

#[tokio::test]
async fn a_session_in_a_black_hole_goes_on_elsewhere() {
    let world = World::open().await;
    let ana = Rest::register(world.address(), "ana").await;
    let guild = ana.post("/guilds", json!({"name": "Garden"})).await.ok();
    let messages = format!("/channels/{}/messages", guild["system_channel_id"].as_str().unwrap());
    let say = async |content: &str| ana.post(&messages, json!({"content": content})).await.ok();
    let token = ana.token.as_deref().unwrap();
    let link = Link::to(world.address()).await;
    let mut lost = Gateway::identify(link.address, token).await;
    say("1").await;
    lost.heard_until("1").await;
    link.stall();
    say("2").await;
    let mut session = Gateway::resume(world.address(), token, &lost.ready, lost.sequence).await;
    session.until("RESUMED").await;
    say("3").await;
    assert_eq!(session.heard_until("3").await.len(), 1);
    // What was on its way is not lost on it either; then the old connection is told that it was left.
    link.clear();
    lost.heard_until("2").await;
    assert_eq!(lost.is_closed().await, close::UNKNOWN_ERROR);
}

#[tokio::test]
async fn who_says_no_more_but_listens_has_left() {
    let world = World::new().await;
    let mut ben = world.join("Ben").await;
    let mut ana = world.join("Ana").await.into_raw();
    assert_eq!(ben.is_told().await, "Ana joined the chat");
    ana.finish().await;
    assert_eq!(ben.is_told().await, "Ana left the chat");
    ana.read_to_end().await;
}
