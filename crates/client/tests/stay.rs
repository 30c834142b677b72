//! A stay in the lobby, against a server that does what the test tells it.

mod support;

use std::time::Duration;

use decentra_client::{ClientError, ServerAddress, Timing};
use decentra_core::client::{Event, HangUp};
use decentra_model::close;
use decentra_model::limits::{ECHO_ATTEMPTS_MAX, SERVER_FRAME_BYTES_MAX};
use futures_util::future::join;
use serde_json::json;
use support::{Server, ana, end, event, said, say, soon};
use tokio::io::AsyncWriteExt;
use tokio_tungstenite::tungstenite::Message;

fn entered(event: Event) -> Option<String> {
    match event {
        Event::Entered(entered) => Some(entered.you),
        _ => None,
    }
}

fn heard(event: Event) -> Option<(String, bool)> {
    match event {
        Event::Said(said) => Some((said.text, said.confirms.is_some())),
        _ => None,
    }
}

fn away(event: Event) -> Option<String> {
    match event {
        Event::Away(why) => Some(why),
        _ => None,
    }
}

#[tokio::test]
async fn what_is_said_is_confirmed_and_leaving_is_polite() {
    let server = Server::start().await;
    let mut client = ana(server.address(), Timing::default());
    let mut peer = server.welcome(&[said("Ben", "before")]).await;
    assert_eq!(event(&mut client, entered).await, "Ana");
    assert_eq!(event(&mut client, heard).await, ("before".into(), false));
    say(&client, "hi").await;
    let frame = peer.hear().await;
    assert_eq!((&frame["content"], frame["nonce"].as_str().unwrap().len()), (&json!("hi"), 24));
    peer.say(said("Ana", "hi")).await;
    assert_eq!(event(&mut client, heard).await, ("hi".into(), true));
    let (goodbye, end) = join(peer.next(), client.leave(drop)).await;
    assert!(matches!(goodbye, Message::Close(Some(frame)) if u16::from(frame.code) == close::NORMAL));
    assert!(end.is_ok());
}

#[tokio::test]
async fn what_is_said_while_away_goes_once_and_in_order() {
    let server = Server::start().await;
    let mut client = ana(server.address(), Timing::default());
    let mut peer = server.welcome(&[]).await;
    for text in ["arrives", "waits", "waits too"] {
        say(&client, text).await;
    }
    assert_eq!(peer.hear_message().await, "arrives");
    drop(peer);
    event(&mut client, away).await;
    say(&client, "typed while away").await;
    let mut peer = server.welcome(&[said("Ben", "news"), said("Ana", "arrives")]).await;
    for text in ["waits", "waits too", "typed while away"] {
        assert_eq!(peer.hear_message().await, text);
        peer.say(said("Ana", text)).await;
    }
    let shown = ["news", "arrives", "waits", "waits too", "typed while away"];
    for text in shown {
        assert_eq!(event(&mut client, heard).await, (text.into(), text != "news"));
    }
    let (_, end) = join(peer.next(), client.leave(drop)).await;
    assert!(end.is_ok());
}

#[tokio::test]
async fn nobody_at_the_address_is_an_error_at_once() {
    let server = Server::start().await;
    let address = server.address();
    drop(server);
    let error = end(ana(address.clone(), Timing::default())).await;
    assert!(matches!(error, ClientError::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains(&address.to_string()), "{error}");
}

#[tokio::test]
async fn a_name_without_an_address_is_an_error_at_once() {
    // An empty label is no name anywhere, so that no resolver is asked for long.
    let error = end(ana(ServerAddress::of("no..such.host", 1).unwrap(), Timing::default())).await;
    assert!(matches!(error, ClientError::UnknownHost { .. }), "{error}");
}

#[tokio::test]
async fn a_server_of_another_kind_is_told_apart() {
    for answer in ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "220 mail.example.org ESMTP\r\n", ""] {
        let server = Server::start().await;
        let client = ana(server.address(), Timing::default());
        let answering = async {
            let mut stream = server.stream().await;
            stream.write_all(answer.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
            stream
        };
        let (error, _stream) = join(end(client), answering).await;
        assert!(matches!(error, ClientError::NotALobby { .. }), "{answer:?}: {error}");
    }
}

#[tokio::test]
async fn a_server_without_tls_is_not_safe() {
    let server = Server::start().await;
    let address = format!("wss://{}", server.address()).parse().unwrap();
    let answering = async {
        let mut stream = server.stream().await;
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        stream
    };
    let (error, _stream) = join(end(ana(address, Timing::default())), answering).await;
    assert!(matches!(error, ClientError::Tls { .. }), "{error}");
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_not_waited_for_forever() {
    let server = Server::start().await;
    let timing = Timing { connect: Duration::from_millis(50), ..Timing::default() };
    let error = end(ana(server.address(), timing)).await;
    assert!(matches!(error, ClientError::TimedOut { .. }), "{error}");
}

#[tokio::test]
async fn a_server_that_lets_nobody_in_is_not_waited_for_forever() {
    let server = Server::start().await;
    let timing = Timing { entry: Duration::from_millis(50), ..Timing::default() };
    let (error, _peer) = join(end(ana(server.address(), timing)), server.accept()).await;
    assert!(matches!(error, ClientError::HungUp(HangUp::NoEntry)), "{error}");
}

#[tokio::test]
async fn a_refusal_is_final_and_in_the_servers_words() {
    let server = Server::start().await;
    let mut client = ana(server.address(), Timing::default());
    drop(server.welcome(&[]).await);
    event(&mut client, away).await;
    let mut peer = server.accept().await;
    peer.hear().await;
    peer.say(
        json!({"type": "system", "content": "Ana is a member's name.", "timestamp": "t", "error": "refused"}),
    )
    .await;
    let (error, ()) = join(end(client), peer.close(close::NAME_REFUSED, "name")).await;
    assert_eq!(error.to_string(), "Ana is a member's name.");
    assert!(!error.may_return());
}

#[tokio::test]
async fn a_server_that_restarts_is_come_back_to() {
    let server = Server::start().await;
    let mut client = ana(server.address(), Timing::default());
    let peer = server.welcome(&[]).await;
    let (why, ()) = join(event(&mut client, away), peer.close(close::GOING_AWAY, "restarting")).await;
    assert!(why.contains("restarting"), "{why}");
    server.welcome(&[]).await;
    event(&mut client, entered).await;
}

#[tokio::test]
async fn a_silent_server_is_pinged_and_then_left() {
    let server = Server::start().await;
    let timing =
        Timing { ping: Duration::from_millis(20), silence: Duration::from_millis(200), ..Timing::default() };
    let mut client = ana(server.address(), timing);
    let mut peer = server.welcome(&[]).await;
    assert!(matches!(peer.next().await, Message::Ping(_)));
    // From here on nobody reads at the server's end, so nobody answers.
    event(&mut client, away).await;
    server.welcome(&[]).await;
}

#[tokio::test]
async fn a_server_that_answers_pings_is_not_left() {
    let server = Server::start().await;
    let timing =
        Timing { ping: Duration::from_millis(20), silence: Duration::from_secs(2), ..Timing::default() };
    let mut client = ana(server.address(), timing);
    let mut peer = server.welcome(&[]).await;
    for _ in 0..120 {
        assert!(matches!(peer.next().await, Message::Ping(_)));
    }
    peer.say(said("Ben", "still here")).await;
    let next =
        event(&mut client, |event| matches!(event, Event::Said(_) | Event::Away(_)).then_some(event)).await;
    assert_eq!(heard(next).unwrap().0, "still here");
}

#[tokio::test]
async fn a_server_that_sends_without_end_is_left_for_good() {
    let server = Server::start().await;
    let mut client = ana(server.address(), Timing::default());
    let mut peer = server.welcome(&[]).await;
    event(&mut client, entered).await;
    let sending = async {
        // The client hangs up in the middle of it.
        let text = Message::text("x".repeat(SERVER_FRAME_BYTES_MAX + 1));
        let _ = soon(futures_util::SinkExt::send(peer.socket(), text)).await;
    };
    let (error, ()) = join(end(client), sending).await;
    assert!(matches!(error, ClientError::TooMuch), "{error}");
}

#[tokio::test]
async fn nonsense_is_ignored() {
    let server = Server::start().await;
    let mut client = ana(server.address(), Timing::default());
    let mut peer = server.welcome(&[]).await;
    for nonsense in ["", "null", "[]", "{", r#"{"type":7}"#, r#"{"type":"message"}"#, r#"{"type":"dance"}"#] {
        peer.send(Message::text(nonsense)).await;
    }
    peer.send(Message::binary(vec![0xff; 100])).await;
    peer.say(said("Ben", "sense")).await;
    assert_eq!(event(&mut client, heard).await.0, "sense");
}

#[tokio::test]
async fn what_is_never_echoed_fails_in_the_end_and_the_next_is_tried() {
    let server = Server::start().await;
    let timing = Timing { echo: Duration::from_millis(30), ..Timing::default() };
    let mut client = ana(server.address(), timing);
    say(&client, "swallowed").await;
    say(&client, "next").await;
    let mut peer = server.welcome(&[]).await;
    assert_eq!(peer.hear_message().await, "swallowed");
    for _ in 1..ECHO_ATTEMPTS_MAX {
        peer = server.welcome(&[]).await;
        assert_eq!(peer.hear_message().await, "swallowed");
    }
    let failed = |event| matches!(event, Event::Failed(_)).then_some(event);
    let Event::Failed(failure) = event(&mut client, failed).await else { panic!("only that is taken") };
    assert_eq!(failure.pending.text, "swallowed");
    assert_eq!(peer.hear_message().await, "next");
}

#[tokio::test]
async fn a_message_that_came_too_fast_is_sent_again() {
    let server = Server::start().await;
    let mut client = ana(server.address(), Timing::default());
    let mut peer = server.welcome(&[]).await;
    say(&client, "hi").await;
    let first = peer.hear().await;
    let refusal = json!({"type": "system", "content": "Too fast.", "timestamp": "t", "error": "too_fast",
        "nonce": first["nonce"], "retry_after_ms": 10});
    peer.say(refusal).await;
    assert_eq!(peer.hear().await, first);
    peer.say(said("Ana", "hi")).await;
    assert_eq!(event(&mut client, heard).await, ("hi".into(), true));
}
