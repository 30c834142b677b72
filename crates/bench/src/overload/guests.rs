//! Guests in the lobby, who take turns at saying something, and hear everything.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::mix::Kind;
use crate::callers::Verdict;
use crate::inbox::Piece;
use crate::join::{Entrance, enter};
use crate::payload::stamp_in;
use crate::stamp::Stamp;
use crate::swarm::{Reading, Swarm, Wait};
use crate::websocket::{Frame, Opcode, client_text};

/// Guests who are on their way in at once.
const WINDOW: usize = 64;

/// What a message begins with.
const MESSAGE: &[u8] = br#"{"type":"message""#;

/// What tells that something was not taken, and why.
const TOO_FAST: &[u8] = br#""error":"too_fast""#;

/// What follows in it: what was not taken.
const NONCE: &[u8] = br#""nonce":""#;

/// The guests.
pub(super) struct Guests {
    swarm: Swarm,
    /// When what was said last was due, for each guest what is neither echoed nor refused: oldest first.
    said: u64,
    under_way: usize,
    /// How many messages each has heard.
    heard: Vec<u64>,
}

impl Guests {
    /// Lets `count` of them in.
    pub(super) fn enter(address: SocketAddr, count: usize) -> Result<Self> {
        let entrance = Entrance { address, connections: count, window: WINDOW, announced: true };
        let (swarm, _) = enter(&entrance)?;
        Ok(Self { swarm, said: 0, under_way: 0, heard: vec![0; count] })
    }

    /// How many messages are neither echoed nor refused.
    pub(super) fn under_way(&self) -> usize {
        self.under_way
    }

    /// Says what was due at `due`, by the next guest.
    pub(super) fn say(&mut self, due: Duration) -> Result<()> {
        let guest = self.guest_of(self.said);
        let content = Stamp { sender: Kind::Say.number(), sequence: self.said, due }.content();
        // The nonce is what comes back with a refusal: the same numbers, without the filler.
        let nonce = &content[2..26];
        let frame = format!(r#"{{"type":"message","content":"{content}","nonce":"{nonce}"}}"#);
        self.said += 1;
        self.under_way += 1;
        self.swarm.send(guest, &client_text(&frame))
    }

    fn guest_of(&self, sequence: u64) -> usize {
        usize::try_from(sequence % self.heard.len() as u64).expect("less than a count of guests")
    }

    /// Takes what came, and tells `answered` of each message that was echoed to its guest or refused, and when it was due.
    pub(super) fn turn(&mut self, mut answered: impl FnMut(Duration, Verdict)) -> Result<()> {
        let count = self.heard.len() as u64;
        for nth in 0..self.swarm.poll(Wait::Spin)? {
            let guest = self.swarm.ready(nth);
            let Self { swarm, under_way, heard, .. } = self;
            let reading = swarm.read(guest, |piece| {
                let Piece::Frame(Frame { opcode: Opcode::Text, payload, .. }) = piece else {
                    bail!("guest {guest} got {piece:?}")
                };
                let answer = if payload.starts_with(MESSAGE) {
                    heard[guest] += 1;
                    let stamp = stamp_in(payload)?;
                    (stamp.sequence % count == guest as u64).then_some((stamp.due, Verdict::Taken))
                } else {
                    refused(payload)?.map(|due| (due, Verdict::Limited))
                };
                if let Some((due, verdict)) = answer {
                    *under_way -= 1;
                    answered(due, verdict);
                }
                Ok(())
            })?;
            ensure!(reading == Reading::Drained, "the server ended the connection of guest {guest}");
        }
        Ok(())
    }

    /// Checks, when nothing is under way, that each was told of all that was taken, and of nothing else.
    pub(super) fn settle(&self, taken: u64) -> Result<()> {
        let other = self.heard.iter().find(|heard| **heard != taken);
        ensure!(other.is_none(), "{taken} messages were taken, and a guest heard {other:?}");
        Ok(())
    }
}

/// When the message was due that `payload` says was not taken; `None`, if it is about something else.
fn refused(payload: &[u8]) -> Result<Option<Duration>> {
    let find = |what: &[u8]| payload.windows(what.len()).position(|window| window == what);
    if find(TOO_FAST).is_none() {
        return Ok(None);
    }
    let nonce_at = find(NONCE).context("a refusal that does not say of what")? + NONCE.len();
    let due = payload.get(nonce_at + 8..nonce_at + 24).context("a nonce of ours")?;
    Ok(Some(Duration::from_nanos(std::str::from_utf8(due)?.parse()?)))
}

#[cfg(test)]
mod tests {
    use decentra_model::lobby::{ErrorCode, ServerFrame, SystemFrame};

    use super::*;

    #[test]
    fn a_refusal_tells_what_was_refused() {
        let due = Duration::from_nanos(123_456_789);
        let content = Stamp { sender: 2, sequence: 7, due }.content();
        let frame = ServerFrame::System(SystemFrame {
            content: "The server is busy.".into(),
            error: Some(ErrorCode::TooFast),
            nonce: Some(content[2..26].to_owned()),
            ..SystemFrame::default()
        });
        assert_eq!(refused(frame.to_json().as_bytes()).unwrap(), Some(due));
        assert_eq!(refused(br#"{"type":"system","content":"Ana joined the chat"}"#).unwrap(), None);
    }
}
