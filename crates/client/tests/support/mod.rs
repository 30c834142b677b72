//! A server that does what the test tells it, frame by frame.

use std::time::Duration;

use decentra_client::{Client, ClientError, Command, Options, ServerAddress, Timing};
use decentra_core::client::Event;
use decentra_model::{Body, Name};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

/// How long a test waits for what must come. It comes at once, but a machine may be busy.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits for `what`, which must come.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, what).await.expect("it comes in time")
}

/// A server; each connection to it is a [`Peer`].
pub(crate) struct Server {
    listener: TcpListener,
}

/// A connection, seen from the server.
pub(crate) struct Peer(WebSocketStream<TcpStream>);

impl Server {
    pub(crate) async fn start() -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.expect("a port is free") }
    }

    pub(crate) fn address(&self) -> ServerAddress {
        let port = self.listener.local_addr().expect("it listens").port();
        ServerAddress::of("127.0.0.1", port).expect("that is an address")
    }

    /// The next connection, as bytes.
    pub(crate) async fn stream(&self) -> TcpStream {
        soon(self.listener.accept()).await.expect("it listens").0
    }

    /// The next connection.
    pub(crate) async fn accept(&self) -> Peer {
        Peer(soon(tokio_tungstenite::accept_async(self.stream().await)).await.expect("a WebSocket client"))
    }

    /// The next connection, once Ana has joined and was told `history`.
    pub(crate) async fn welcome(&self, history: &[Value]) -> Peer {
        let mut peer = self.accept().await;
        assert_eq!(peer.hear().await, json!({"type": "join", "username": "Ana"}));
        peer.say(json!({"type": "history", "messages": history})).await;
        peer
    }
}

impl Peer {
    /// The next frame.
    pub(crate) async fn hear(&mut self) -> Value {
        loop {
            if let Message::Text(text) = self.next().await {
                return serde_json::from_str(&text).expect("our client sends JSON");
            }
        }
    }

    /// The text of the next message.
    pub(crate) async fn hear_message(&mut self) -> String {
        let frame = self.hear().await;
        assert_eq!(frame["type"], "message");
        frame["content"].as_str().expect("a message has a text").to_owned()
    }

    /// Whatever comes next.
    pub(crate) async fn next(&mut self) -> Message {
        soon(self.0.next()).await.expect("the client is there").expect("it keeps to the protocol")
    }

    pub(crate) async fn say(&mut self, frame: Value) {
        self.send(Message::text(frame.to_string())).await;
    }

    pub(crate) async fn send(&mut self, message: Message) {
        soon(self.0.send(message)).await.expect("the client is there");
    }

    /// The socket itself.
    pub(crate) fn socket(&mut self) -> &mut WebSocketStream<TcpStream> {
        &mut self.0
    }

    pub(crate) async fn close(mut self, code: u16, reason: &str) {
        let frame = CloseFrame { code: code.into(), reason: reason.to_owned().into() };
        soon(self.0.close(Some(frame))).await.expect("the client is there");
        while soon(self.0.next()).await.is_some_and(|message| message.is_ok()) {}
    }
}

/// A message as the first Decentra sends it.
pub(crate) fn said(username: &str, content: &str) -> Value {
    json!({"type": "message", "username": username, "content": content, "timestamp": "2026-01-31T12:00:00.000001"})
}

/// Ana, who wants to go to `server`.
pub(crate) fn ana(server: ServerAddress, timing: Timing) -> Client {
    Client::start(Options { server, name: Name::parse("Ana").expect("that is a name"), timing })
}

pub(crate) async fn say(client: &Client, text: &str) {
    let body = Body::parse(text).expect("that can be said");
    soon(client.commands.send(Command::Say(body))).await.expect("the client is there");
}

/// The first event that `wanted` takes.
pub(crate) async fn event<T>(client: &mut Client, wanted: impl Fn(Event) -> Option<T>) -> T {
    loop {
        let event = soon(client.events.recv()).await.expect("the client is still there");
        if let Some(found) = wanted(event) {
            return found;
        }
    }
}

/// Waits until the stay ends by itself; why.
pub(crate) async fn end(mut client: Client) -> ClientError {
    while soon(client.events.recv()).await.is_some() {}
    soon(client.leave(drop)).await.expect_err("nobody left")
}
