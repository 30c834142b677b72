//! A connection for calls, one after the other, to a server that may die at any moment.

use std::fmt::Write as _;
use std::io::{self, ErrorKind, Read, Write as _};
use std::net::{SocketAddr, TcpStream};

use anyhow::{Context, Result, ensure};
use rustix::io::Errno;
use serde_json::Value;

use super::stage::PATIENCE;
use crate::answer::Head;

/// The connection.
#[derive(Debug)]
pub(super) struct Line {
    socket: TcpStream,
    answer: Vec<u8>,
}

/// What is asked for.
#[derive(Debug)]
pub(super) struct Request<'a> {
    /// The method.
    pub(super) method: &'static str,
    /// The path, below that of the API.
    pub(super) path: String,
    /// By which token, if by any.
    pub(super) token: Option<&'a str>,
    /// The body, if it has one.
    pub(super) body: Option<Value>,
}

/// A whole answer.
#[derive(Debug)]
pub(super) struct Answer {
    /// Its status.
    pub(super) status: u16,
    /// Its body; null, if it has none.
    pub(super) body: Value,
}

impl Line {
    /// A connection to the server at `address`; `None` if it is gone.
    pub(super) fn connect(address: SocketAddr) -> Result<Option<Self>> {
        let Some(socket) = unless_gone(TcpStream::connect(address).map_err(Into::into))? else {
            return Ok(None);
        };
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        Ok(Some(Self { socket, answer: Vec::new() }))
    }

    /// The answer to `request`; `None` if the server was gone before all of it was there: then nobody knows whether it
    /// was done.
    pub(super) fn call(&mut self, request: &Request<'_>) -> Result<Option<Answer>> {
        let bytes = request.bytes();
        if unless_gone(self.socket.write_all(bytes.as_bytes()).map_err(Into::into))?.is_none() {
            return Ok(None);
        }
        self.answer.clear();
        let head = loop {
            match Head::parse(&self.answer)? {
                Some(head) if self.answer.len() >= head.body_at + head.body_bytes => break head,
                _ if !self.read_more().with_context(|| format!("{} {}", request.method, request.path))? => {
                    return Ok(None);
                }
                _ => {}
            }
        };
        let body = &self.answer[head.body_at..];
        ensure!(body.len() == head.body_bytes, "more than one answer to one call");
        let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(body)? };
        Ok(Some(Answer { status: head.status, body }))
    }

    /// Reads once; whether anything came.
    fn read_more(&mut self) -> Result<bool> {
        let mut buffer = [0; 16 * 1024];
        let read = match self.socket.read(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                return Err(error).with_context(|| format!("no answer came within {PATIENCE:?}"));
            }
            read => unless_gone(read.map_err(Into::into))?.unwrap_or_default(),
        };
        self.answer.extend_from_slice(&buffer[..read]);
        Ok(read > 0)
    }
}

impl<'a> Request<'a> {
    /// A call of `method` on `path` by `token`.
    pub(super) fn new(method: &'static str, path: impl Into<String>, token: &'a str) -> Self {
        Self { method, path: path.into(), token: Some(token), body: None }
    }

    /// The same with a `body`.
    pub(super) fn with(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    fn bytes(&self) -> String {
        let Self { method, path, token, body } = self;
        let mut bytes = format!("{method} /api/v10{path} HTTP/1.1\r\nHost: localhost\r\n");
        let body = body.as_ref().map(Value::to_string).unwrap_or_default();
        if let Some(token) = token {
            write!(bytes, "Authorization: {token}\r\n").expect("a text takes all");
        }
        if !body.is_empty() {
            bytes.push_str("Content-Type: application/json\r\n");
        }
        write!(bytes, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("a text takes all");
        bytes
    }
}

impl Answer {
    /// Whether it says that all is well.
    pub(super) fn is_well(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// What came of it; `None` if it failed only because the server was gone.
pub(super) fn unless_gone<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if is_gone(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_gone(error: &anyhow::Error) -> bool {
    let kind = match (error.downcast_ref::<io::Error>(), error.downcast_ref::<Errno>()) {
        (Some(error), _) => error.kind(),
        (_, Some(errno)) => errno.kind(),
        (None, None) => return false,
    };
    matches!(
        kind,
        ErrorKind::BrokenPipe
            | ErrorKind::ConnectionAborted
            | ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
    )
}
