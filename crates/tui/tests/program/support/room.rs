//! A room as the first Decentra kept one: it knows no ids, no nonces, and not who is there.

use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::{broadcast, watch};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, accept_async};

use super::PATIENCE;

/// The room; it ends when it is dropped.
pub(crate) struct Room {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
    _runtime: Runtime,
}

struct Shared {
    history: Mutex<Vec<Value>>,
    changed: Condvar,
    frames: broadcast::Sender<String>,
    /// Whether connections are let in, and kept.
    open: watch::Sender<bool>,
    /// Whether what is said is heard.
    deaf: watch::Sender<bool>,
}

impl Room {
    pub(crate) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime starts");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port is free");
        let address = listener.local_addr().expect("it listens");
        let shared = Arc::new(Shared {
            history: Mutex::default(),
            changed: Condvar::new(),
            frames: broadcast::channel(1_024).0,
            open: watch::channel(true).0,
            deaf: watch::channel(false).0,
        });
        runtime.spawn(let_in(listener, Arc::clone(&shared)));
        Self { address, shared, _runtime: runtime }
    }

    /// Somebody else says something.
    pub(crate) fn say(&self, username: &str, content: &str) {
        self.shared.post(username, content);
    }

    /// Sends a frame to all who are here.
    pub(crate) fn send(&self, frame: &Value) {
        let _ = self.shared.frames.send(frame.to_string());
    }

    /// Cuts all connections, and lets nobody in until [`Room::open`].
    pub(crate) fn cut(&self) {
        self.shared.open.send_replace(false);
    }

    /// Lets people in again.
    pub(crate) fn open(&self) {
        self.shared.open.send_replace(true);
    }

    /// From now on, what is said is not heard.
    pub(crate) fn go_deaf(&self) {
        self.shared.deaf.send_replace(true);
    }

    /// What was said, as `name: text`, once `count` messages were.
    pub(crate) fn said(&self, count: usize) -> Vec<String> {
        let history = self.shared.history();
        let waited =
            self.shared.changed.wait_timeout_while(history, PATIENCE, |history| history.len() < count);
        let (history, _) = waited.expect("no test panics with the lock");
        let text = |frame: &Value, key: &str| frame[key].as_str().unwrap_or_default().to_owned();
        history
            .iter()
            .map(|frame| format!("{}: {}", text(frame, "username"), text(frame, "content")))
            .collect()
    }
}

impl Shared {
    fn history(&self) -> MutexGuard<'_, Vec<Value>> {
        self.history.lock().expect("no test panics with the lock")
    }

    fn post(&self, username: &str, content: &str) {
        let mut history = self.history();
        let timestamp = format!("2026-01-31T12:34:56.{:06}", history.len());
        let frame =
            json!({"type": "message", "username": username, "content": content, "timestamp": timestamp});
        let _ = self.frames.send(frame.to_string());
        history.push(frame);
        self.changed.notify_all();
    }

    fn tell(&self, content: &str) {
        let frame = json!({"type": "system", "content": content, "timestamp": "2026-01-31T12:34:56.000000"});
        let _ = self.frames.send(frame.to_string());
    }
}

async fn let_in(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        if *shared.open.borrow() {
            tokio::spawn(meet(stream, Arc::clone(&shared)));
        }
    }
}

/// Talks with one client until it goes or is cut off.
async fn meet(stream: TcpStream, shared: Arc<Shared>) -> Option<()> {
    let mut open = shared.open.subscribe();
    let mut socket = accept_async(stream).await.ok()?;
    let name = joined(&mut socket).await?;
    let mut frames = shared.frames.subscribe();
    let history = json!({"type": "history", "messages": *shared.history()});
    socket.send(Message::text(history.to_string())).await.ok()?;
    shared.tell(&format!("{name} joined the chat"));
    loop {
        tokio::select! {
            () = closed(&mut open) => return None,
            frame = frames.recv() => socket.send(Message::text(frame.ok()?)).await.ok()?,
            frame = socket.next() => match frame.and_then(Result::ok) {
                Some(Message::Text(text)) => {
                    let frame: Value = serde_json::from_str(&text).ok()?;
                    if frame["type"] == "message" && !*shared.deaf.borrow() {
                        shared.post(&name, frame["content"].as_str()?);
                    }
                }
                Some(_) => {}
                None => break,
            },
        }
    }
    shared.tell(&format!("{name} left the chat"));
    None
}

/// Waits until the room is closed.
async fn closed(open: &mut watch::Receiver<bool>) {
    let _ = open.wait_for(|open| !open).await;
}

async fn joined(socket: &mut WebSocketStream<TcpStream>) -> Option<String> {
    let frame: Value = serde_json::from_str(socket.next().await?.ok()?.to_text().ok()?).ok()?;
    Some(frame["username"].as_str()?.to_owned())
}
