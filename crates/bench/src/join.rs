//! Everyone comes in: connect, upgrade, join, and see who comes after.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};

use crate::inbox::Piece;
use crate::swarm::{Reading, Swarm, Wait};
use crate::websocket::{Frame, LOBBY, Opcode, client_text, is_accepted};

/// Time without anything arriving after which a server counts as stuck.
const STALL: Duration = Duration::from_secs(20);

/// What a history frame begins with.
const HISTORY: &[u8] = br#"{"type":"history""#;
/// What a system frame begins with, up to the name of who joined.
const SYSTEM: &[u8] = br#"{"type":"system","content":""#;
/// What follows the name of who joined.
const JOINED: &[u8] = b" joined the chat";
/// Bytes of a name: see [`name`].
const NAME_BYTES: usize = 6;

/// How a crowd comes in.
#[derive(Debug, Clone, Copy)]
pub struct Entrance {
    /// Where to.
    pub address: SocketAddr,
    /// How many come.
    pub connections: usize,
    /// How many may be on their way at once: connected, but without their history yet.
    pub window: usize,
    /// Whether the server tells those who are in of each who comes later. The floors do not.
    pub announced: bool,
}

/// How long it took, from just before the first connect.
#[derive(Debug, Clone, Copy)]
pub struct Entered {
    /// Until the last one had the history.
    pub all_in: Duration,
    /// Until everyone had been told of everyone who came later.
    pub all_told: Duration,
}

/// Lets a crowd in. Afterwards nothing is under way.
pub fn enter(entrance: &Entrance) -> Result<(Swarm, Entered)> {
    let mut crowd = Crowd { swarm: Swarm::new()?, entered: 0, told: 0 };
    let start = Instant::now();
    crowd.advance(entrance, |crowd| crowd.entered == entrance.connections)?;
    let all_in = start.elapsed();
    let later = entrance.connections * entrance.connections.saturating_sub(1) / 2;
    let told = if entrance.announced { later } else { 0 };
    crowd.advance(entrance, |crowd| crowd.told >= told)?;
    ensure!(crowd.told == told, "of {told} joins to tell of, {} were told", crowd.told);
    Ok((crowd.swarm, Entered { all_in, all_told: start.elapsed() }))
}

/// A crowd on its way in.
struct Crowd {
    swarm: Swarm,
    /// How many have their history.
    entered: usize,
    /// How many times someone was told that another joined.
    told: usize,
}

impl Crowd {
    /// Connects and reads until it is `done`.
    fn advance(&mut self, entrance: &Entrance, done: impl Fn(&Self) -> bool) -> Result<()> {
        let mut arrived = Instant::now();
        while !done(self) {
            let may_come = entrance.connections.min(self.entered + entrance.window);
            for _ in self.swarm.connections()..may_come {
                self.swarm.connect(entrance.address, LOBBY)?;
            }
            let ready = self.swarm.poll(Wait::Spin)?;
            if ready > 0 {
                arrived = Instant::now();
            }
            ensure!(arrived.elapsed() < STALL, "stuck: {} are in, {} joins told", self.entered, self.told);
            for nth in 0..ready {
                self.read(self.swarm.ready(nth))?;
            }
        }
        Ok(())
    }

    /// Reads what there is for `connection`, and takes its next step.
    fn read(&mut self, connection: usize) -> Result<()> {
        let mut upgraded = false;
        let Self { swarm, entered, told } = self;
        let reading = swarm.read(connection, |piece| {
            match piece {
                Piece::Head(head) if is_accepted(head) => upgraded = true,
                Piece::Frame(Frame { opcode: Opcode::Text, payload, .. }) if is_joined(payload) => *told += 1,
                Piece::Frame(Frame { opcode: Opcode::Text, payload, .. }) if payload.starts_with(HISTORY) => {
                    *entered += 1;
                }
                Piece::Head(bytes) | Piece::Frame(Frame { payload: bytes, .. }) => {
                    bail!("while joining, connection {connection} got {}", String::from_utf8_lossy(bytes))
                }
            }
            Ok(())
        })?;
        ensure!(reading == Reading::Drained, "the server ended connection {connection}, which was joining");
        if upgraded {
            self.swarm.send(connection, &join_frame(&name(connection)))?;
        }
        Ok(())
    }
}

/// The name of who is on `connection`. All names are equally long, so that all frames are.
fn name(connection: usize) -> String {
    format!("r{connection:05}")
}

/// The frame by which `name` joins.
pub fn join_frame(name: &str) -> Vec<u8> {
    client_text(&format!(r#"{{"type":"join","username":"{name}"}}"#))
}

/// Whether `payload` tells that someone of the crowd joined.
fn is_joined(payload: &[u8]) -> bool {
    let name_on = payload.strip_prefix(SYSTEM).unwrap_or_default();
    name_on.get(NAME_BYTES..).is_some_and(|rest| rest.starts_with(JOINED))
}

#[cfg(test)]
mod tests {
    use decentra_model::lobby::{Presence, ServerFrame, SystemFrame};

    use super::*;

    #[test]
    fn the_servers_own_frame_is_known() {
        let frame = ServerFrame::System(SystemFrame {
            content: format!("{} joined the chat", name(9_999)),
            timestamp: "2026-01-31T12:34:56.789012".into(),
            presence: Some(Presence::Joined(name(9_999))),
            ..SystemFrame::default()
        });
        assert!(is_joined(frame.to_json().as_bytes()));
        assert!(!is_joined(br#"{"type":"system","content":"That is too fast."}"#));
    }
}
