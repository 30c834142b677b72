//! The head of an answer over HTTP, as far as a load needs it.

use anyhow::{Context, Result};

/// What the head says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The status.
    pub status: u16,
    /// Where the body begins.
    pub body_at: usize,
    /// The length of the body, in bytes.
    pub body_bytes: usize,
}

impl Head {
    /// The head that `answer` begins with; `None` while it is not all there.
    pub fn parse(answer: &[u8]) -> Result<Option<Self>> {
        let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
        let head = std::str::from_utf8(&answer[..end])?;
        let status = head.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)?.parse().ok());
        let status = status.with_context(|| format!("not an answer: {head}"))?;
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
        });
        let has_none = status == 204;
        let body_bytes = if has_none { 0 } else { length.context("an answer without a length")? };
        Ok(Some(Self { status, body_at: end + 4, body_bytes }))
    }

    /// Whether it says that all is well.
    pub fn is_well(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_tells_the_status_and_where_the_body_is() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhello";
        let head = Head { status: 200, body_at: answer.len() - 5, body_bytes: 12 };
        assert_eq!(Head::parse(answer).unwrap(), Some(head));
        assert_eq!(Head::parse(&answer[..20]).unwrap(), None);
        assert!(head.is_well());
        assert!(!Head::parse(b"HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n").unwrap().unwrap().is_well());
        assert_eq!(Head::parse(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap().unwrap().body_bytes, 0);
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        assert!(Head::parse(b"HTTP/1.1 200 OK\r\n\r\n").is_err(), "without a length");
        assert!(Head::parse(b"SSH-2.0\r\n\r\n").is_err());
    }
}
