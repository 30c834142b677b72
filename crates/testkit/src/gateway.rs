//! A session of the gateway.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::soon;

/// Every intent.
const ALL_INTENTS: u64 = 0x0331_ffff;

/// A client of the gateway, and the session that it has.
pub struct Gateway {
    socket: WebSocketStream<TcpStream>,
    /// The `d` of `READY`.
    pub ready: Value,
    /// The last sequence that came.
    pub sequence: u64,
}

impl Gateway {
    /// Opens a WebSocket to the gateway on `address`.
    pub async fn open(address: SocketAddr, query: &str) -> Self {
        let stream = TcpStream::connect(address).await.expect("the server takes connections");
        let (socket, _) = tokio_tungstenite::client_async(format!("ws://{address}/?{query}"), stream)
            .await
            .expect("the server takes WebSockets");
        Self { socket, ready: Value::Null, sequence: 0 }
    }

    /// Opens a WebSocket to the gateway on `address`, and hears its hello.
    pub async fn connect(address: SocketAddr, query: &str) -> Self {
        let mut gateway = Self::open(address, query).await;
        let hello = gateway.next().await;
        assert_eq!(hello["op"], 10, "{hello}");
        gateway
    }

    /// A session with every intent, that has been told of its guilds.
    pub async fn identify(address: SocketAddr, token: &str) -> Self {
        Self::identify_with(address, token, ALL_INTENTS).await
    }

    /// A session with these intents, that has been told of its guilds.
    pub async fn identify_with(address: SocketAddr, token: &str, intents: u64) -> Self {
        let mut gateway = Self::connect(address, "v=10&encoding=json").await;
        gateway.send(json!({"op": 2, "d": {"token": token, "intents": intents, "properties": {}}})).await;
        gateway.ready = gateway.dispatch("READY").await;
        let guilds =
            if intents & 1 == 1 { gateway.ready["guilds"].as_array().map_or(0, Vec::len) } else { 0 };
        for _ in 0..guilds {
            gateway.dispatch("GUILD_CREATE").await;
        }
        gateway
    }

    /// Goes on with the session whose `READY` is `ready`, `sequence` being the last that came.
    pub async fn resume(address: SocketAddr, token: &str, ready: &Value, sequence: u64) -> Self {
        let mut gateway = Self::connect(address, "v=10&encoding=json").await;
        let session_id = &ready["session_id"];
        gateway
            .send(json!({"op": 6, "d": {"token": token, "session_id": session_id, "seq": sequence}}))
            .await;
        gateway.ready = ready.clone();
        gateway.sequence = sequence;
        gateway
    }

    /// Sends a payload.
    pub async fn send(&mut self, payload: Value) {
        self.send_raw(Message::text(payload.to_string())).await;
    }

    /// Sends any message of the WebSocket protocol.
    pub async fn send_raw(&mut self, message: Message) {
        self.socket.send(message).await.expect("the connection is open");
    }

    /// The next payload.
    pub async fn next(&mut self) -> Value {
        match self.next_raw().await {
            Message::Text(text) => self.noted(serde_json::from_str(&text).expect("payloads are JSON")),
            other => panic!("a payload was due, not {other:?}"),
        }
    }

    /// Notes the sequence of a payload, which must follow the last.
    fn noted(&mut self, payload: Value) -> Value {
        for key in ["op", "d", "s", "t"] {
            assert!(payload.get(key).is_some(), "no {key} in {payload}");
        }
        if let Some(sequence) = payload["s"].as_u64() {
            assert_eq!(sequence, self.sequence + 1, "out of sequence: {payload}");
            self.sequence = sequence;
        }
        payload
    }

    /// The next message or close.
    pub async fn next_raw(&mut self) -> Message {
        loop {
            let message = soon("a payload", self.socket.next()).await.expect("the connection is open");
            match message.expect("the server speaks WebSocket") {
                Message::Ping(_) | Message::Pong(_) => {}
                message => return message,
            }
        }
    }

    /// The `d` of the next payload, which is the dispatch `name`.
    pub async fn dispatch(&mut self, name: &str) -> Value {
        let mut payload = self.next().await;
        assert_eq!(payload["t"], name, "{payload}");
        payload["d"].take()
    }

    /// The `d` of the next dispatch `name`, past all others.
    pub async fn until(&mut self, name: &str) -> Value {
        loop {
            let mut payload = self.next().await;
            if payload["t"] == name {
                return payload["d"].take();
            }
        }
    }

    /// The names of the dispatches up to the next message that says `content`, that one included.
    pub async fn heard_until(&mut self, content: &str) -> Vec<String> {
        let mut heard = Vec::new();
        loop {
            let payload = self.next().await;
            heard.push(payload["t"].as_str().unwrap_or_default().to_owned());
            if payload["t"] == "MESSAGE_CREATE" && payload["d"]["content"] == content {
                return heard;
            }
        }
    }

    /// Waits for the server to close; the code.
    pub async fn is_closed(&mut self) -> u16 {
        loop {
            if let Message::Close(Some(CloseFrame { code, .. })) = self.next_raw().await {
                return code.into();
            }
        }
    }

    /// Hangs up without a word.
    pub fn cut(self) -> (Value, u64) {
        (self.ready, self.sequence)
    }
}
