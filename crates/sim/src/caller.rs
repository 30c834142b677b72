//! Someone who calls the HTTP API over the simulated network.

use std::time::Duration;

use anyhow::Context;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::time;
use crate::world::World;

/// Time after which a caller asks again.
const PATIENCE: Duration = Duration::from_secs(10);

/// An account, and what proves it.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: String,
    /// Its token.
    pub token: String,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body; null, if there is none.
    pub body: Value,
}

impl Account {
    /// Calls `path` with `method` and `body`, once. An error means that nobody knows what became of it.
    pub async fn call(
        &self,
        world: &World,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<Answer> {
        let body = body.map(ToString::to_string).unwrap_or_default();
        world.trace.does(&self.name, format_args!("{method} {path} {body}"));
        let request = format!(
            "{method} /api/v10{path} HTTP/1.1\r\nhost: sim\r\nconnection: close\r\nauthorization: {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.token,
            body.len(),
        );
        let answer = time::within(PATIENCE, exchange(world, &request)).await;
        let answer = answer.context("no answer came").flatten();
        match &answer {
            Ok(answer) => world.trace.heard(&self.name, &format!("{} {}", answer.status, answer.body)),
            Err(error) => world.trace.heard(&self.name, &error.to_string()),
        }
        answer
    }

    /// As [`Account::call`], where nothing goes wrong.
    pub async fn must(
        &self,
        world: &World,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<Value> {
        let Answer { status, body } = self.call(world, method, path, body).await?;
        anyhow::ensure!((200..300).contains(&status), "{method} {path}: {status} {body}");
        Ok(body)
    }
}

async fn exchange(world: &World, request: &str) -> anyhow::Result<Answer> {
    let mut stream = world.network.connect().await?;
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    let text = String::from_utf8(bytes).context("an answer is text")?;
    let (head, body) = text.split_once("\r\n\r\n").context("the answer was cut off")?;
    let head = head.to_ascii_lowercase();
    let length = head.split_once("content-length: ").and_then(|(_, rest)| rest.lines().next());
    let length: usize = length.unwrap_or("0").trim().parse()?;
    anyhow::ensure!(body.len() == length, "the answer was cut off");
    let status = head.get(9..12).context("no status")?.parse()?;
    let body = if body.is_empty() { Value::Null } else { serde_json::from_str(body)? };
    Ok(Answer { status, body })
}
