//! Someone in the lobby.

use std::net::SocketAddr;

use decentra_model::lobby::{ErrorCode, History, PostedFrame, ServerFrame, SystemFrame};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;

use crate::soon;

/// A client of the lobby protocol.
pub struct Client {
    socket: WebSocketStream<TcpStream>,
}

impl Client {
    /// Opens a WebSocket to the lobby on `address`.
    pub async fn connect(address: SocketAddr) -> Self {
        Self::open(address, format!("ws://{address}/")).await
    }

    /// Opens one as a browser does for a page from `origin`.
    pub async fn connect_from(address: SocketAddr, origin: &str) -> Self {
        let request = format!("ws://{address}/").into_client_request();
        let mut request = request.expect("an address makes a request");
        let origin = HeaderValue::from_str(origin).expect("an origin can be sent");
        request.headers_mut().insert("origin", origin);
        Self::open(address, request).await
    }

    async fn open(address: SocketAddr, request: impl IntoClientRequest + Unpin) -> Self {
        let stream = TcpStream::connect(address).await.expect("the server takes connections");
        let opened = tokio_tungstenite::client_async(request, stream).await;
        let (socket, _) = opened.expect("the server takes WebSockets");
        Self { socket }
    }

    /// Joins as `name`, and returns what it is shown.
    pub async fn join(&mut self, name: &str) -> History {
        self.send(json!({"type": "join", "username": name})).await;
        match self.next().await {
            ServerFrame::History(history) => history,
            other => panic!("a history was due, not {other:?}"),
        }
    }

    /// Sends `frame` as text.
    pub async fn send(&mut self, frame: Value) {
        self.send_raw(Message::text(frame.to_string())).await;
    }

    /// Sends any message of the WebSocket protocol.
    pub async fn send_raw(&mut self, message: Message) {
        self.socket.send(message).await.expect("the connection is open");
    }

    /// Says `content` to all.
    pub async fn say(&mut self, content: &str) {
        self.send(json!({"type": "message", "content": content})).await;
    }

    /// The next frame; pings are answered on the way.
    pub async fn next(&mut self) -> ServerFrame {
        match self.next_raw().await {
            Message::Text(text) => ServerFrame::parse(&text).unwrap_or_else(|| panic!("no frame: {text}")),
            other => panic!("a frame was due, not {other:?}"),
        }
    }

    /// The next text or close.
    pub async fn next_raw(&mut self) -> Message {
        loop {
            let message = soon("a frame", self.socket.next()).await.expect("the connection is open");
            match message.expect("the server speaks WebSocket") {
                Message::Ping(_) | Message::Pong(_) => {}
                message => return message,
            }
        }
    }

    /// The next frame, which is a message; its author and text.
    pub async fn hears(&mut self) -> (String, String) {
        match self.next().await {
            ServerFrame::Message(PostedFrame { username, content, .. }) => (username, content),
            other => panic!("a message was due, not {other:?}"),
        }
    }

    /// The next frame, which is a system frame; what it says.
    pub async fn is_told(&mut self) -> String {
        self.system().await.content
    }

    /// The next frame, which is a system frame.
    pub async fn system(&mut self) -> SystemFrame {
        match self.next().await {
            ServerFrame::System(frame) => frame,
            other => panic!("a system frame was due, not {other:?}"),
        }
    }

    /// The next frame, which says what was wrong.
    pub async fn is_refused(&mut self) -> ErrorCode {
        let frame = self.system().await;
        frame.error.unwrap_or_else(|| panic!("no error: {frame:?}"))
    }

    /// Waits for the server to close; the code.
    pub async fn is_closed(&mut self) -> u16 {
        match self.next_raw().await {
            Message::Close(Some(frame)) => frame.code.into(),
            other => panic!("a close was due, not {other:?}"),
        }
    }

    /// Waits for the server to close, past all that comes before it; the code, or `None` if it just hung up.
    pub async fn is_cut_off(&mut self) -> Option<u16> {
        loop {
            match soon("the end", self.socket.next()).await {
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }

    /// Leaves as one should.
    pub async fn leave(mut self) {
        // The server may have closed first, which is as good.
        let _ = self.socket.close(None).await;
        while let Some(Ok(_)) = soon("the close", self.socket.next()).await {}
    }

    /// The TCP connection beneath, from here on.
    pub fn into_raw(self) -> Raw {
        Raw { stream: self.socket.into_inner() }
    }
}

/// A bare TCP connection, to send what no library would.
pub struct Raw {
    stream: TcpStream,
}

impl Raw {
    /// Connects to `address`.
    pub async fn connect(address: SocketAddr) -> Self {
        Self { stream: TcpStream::connect(address).await.expect("the server takes connections") }
    }

    /// Sends `bytes`; an error means that the server has hung up.
    pub async fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream.write_all(bytes).await
    }

    /// Says that nothing more will be sent; what comes can still be read.
    pub async fn finish(&mut self) {
        self.stream.shutdown().await.expect("the connection is open");
    }

    /// All that comes until the server hangs up.
    pub async fn read_to_end(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        // A reset ends it as well.
        let _ = soon("the end", self.stream.read_to_end(&mut bytes)).await;
        bytes
    }

    /// The status of the answer that comes, its three digits.
    pub async fn status(&mut self) -> String {
        let mut line = [0; 12];
        soon("an answer", self.stream.read_exact(&mut line)).await.expect("the server answers");
        String::from_utf8_lossy(&line[9..]).into_owned()
    }

    /// Asks for `path`; the answer, if there is one and it is a 200.
    pub async fn try_get(mut self, path: &str) -> Option<String> {
        self.send(request(path, "").as_bytes()).await.ok()?;
        let answer = String::from_utf8_lossy(&self.read_to_end().await).into_owned();
        answer.starts_with("HTTP/1.1 200").then_some(answer)
    }

    /// Asks for `path` and returns the whole answer.
    pub async fn get(mut self, path: &str, headers: &str) -> String {
        self.send(request(path, headers).as_bytes()).await.expect("the server listens");
        String::from_utf8(self.read_to_end().await).expect("answers are text")
    }
}

fn request(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n{headers}\r\n")
}
