//! Someone who calls the HTTP API.

use std::fs::OpenOptions;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::soon;

/// A caller, with a token or without.
#[derive(Debug, Clone)]
pub struct Rest {
    address: SocketAddr,
    /// What stands in `Authorization`.
    pub token: Option<String>,
    /// The account.
    pub user_id: String,
}

/// What was answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The head, as it came.
    pub head: String,
    /// The body; null, if there is none.
    pub body: Value,
}

impl Answer {
    /// The body of an answer that says that all is well.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.body);
        self.body
    }

    /// The status and Discord's code of an answer that says what is wrong.
    pub fn refusal(&self) -> (u16, u64) {
        (self.status, self.body["code"].as_u64().unwrap_or_default())
    }
}

impl Rest {
    /// Someone without an account.
    pub fn nobody(address: SocketAddr) -> Self {
        Self { address, token: None, user_id: String::new() }
    }

    /// Someone who registers as `name`.
    pub async fn register(address: SocketAddr, name: &str) -> Self {
        let nobody = Self::nobody(address);
        let body = json!({"username": name, "password": format!("the password of {name}")});
        let account = nobody.post("/auth/register", body).await.ok();
        let text = |key: &str| account[key].as_str().unwrap_or_default().to_owned();
        Self { address, token: Some(text("token")), user_id: text("user_id") }
    }

    /// The bot with this token.
    #[must_use]
    pub fn bot(&self, token: &str, user_id: &str) -> Self {
        Self { address: self.address, token: Some(format!("Bot {token}")), user_id: user_id.to_owned() }
    }

    /// Someone who sends this as their token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same account, on a server at another address.
    #[must_use]
    pub fn at(&self, address: SocketAddr) -> Self {
        Self { address, ..self.clone() }
    }

    /// GETs `path`, which begins after `/api/v10`.
    pub async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None).await
    }

    /// POSTs `body`.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path, Some(body)).await
    }

    /// PUTs `body`.
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.call("PUT", path, Some(body)).await
    }

    /// Calls with the method PATCH and `body`.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.call("PATCH", path, Some(body)).await
    }

    /// DELETEs `path`.
    pub async fn delete(&self, path: &str) -> Answer {
        self.call("DELETE", path, None).await
    }

    /// Calls `path` with `method`, and a body as JSON.
    pub async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let body = body.filter(|body| !body.is_null()).map(|body| body.to_string());
        let kind = if body.is_some() { "content-type: application/json\r\n" } else { "" };
        self.send(method, path, kind, body.unwrap_or_default().as_bytes()).await
    }

    /// Calls `path` with `method`, these headers, each with its line's end, and this body.
    pub async fn send(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
        let token =
            self.token.as_ref().map(|token| format!("authorization: {token}\r\n")).unwrap_or_default();
        let head = format!(
            "{method} /api/v10{path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n{token}{headers}\r\n",
            self.address,
            body.len(),
        );
        let mut stream = TcpStream::connect(self.address).await.expect("the server takes connections");
        stream.write_all(&[head.as_bytes(), body].concat()).await.expect("the server listens");
        let mut bytes = Vec::new();
        soon("an answer", stream.read_to_end(&mut bytes)).await.expect("the server answers");
        let answer = parse(&bytes);
        record(method, path, &answer);
        answer
    }
}

/// Adds an answer to those that are checked against Discord's description when all tests have run: a line of JSON in a
/// file of this process, in the folder that `DECENTRA_ANSWERS` names.
fn record(method: &str, path: &str, answer: &Answer) {
    let Some(folder) = std::env::var_os("DECENTRA_ANSWERS") else { return };
    let path = format!("/api/v10{path}");
    let line =
        json!({"method": method, "path": path, "status": answer.status, "body": answer.body}).to_string();
    let file = Path::new(&folder).join(format!("rust-{}.jsonl", std::process::id()));
    let mut file = OpenOptions::new().create(true).append(true).open(file).expect("the folder is there");
    file.write_all((line + "\n").as_bytes()).expect("the disk has room");
}

fn parse(bytes: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text}"));
    let status = head.get(9..12).and_then(|status| status.parse().ok()).unwrap_or_default();
    Answer { status, head: head.to_ascii_lowercase(), body: serde_json::from_str(body).unwrap_or_default() }
}
