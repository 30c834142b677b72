//! How a crowd comes into the room of someone else's server.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};

use crate::inbox::Piece;
use crate::protocol::Protocol;
use crate::session::quiet;
use crate::subject::WINDOW;
use crate::swarm::{Reading, Swarm, Wait};
use crate::websocket::Frame;

/// Time without anything arriving after which a server counts as stuck. In a large room, an IRC server tells thousands
/// of each who joins before it turns to the next.
const STALL: Duration = Duration::from_mins(1);

/// What a client does to get in.
pub(super) trait Guest: Protocol {
    /// What a client of this `name` says first. `listens` tells whether it will receive what is said in the room.
    fn hello(&self, name: &str, listens: bool) -> Vec<u8>;

    /// What follows from `payload`, which came while it was on its way in. It fails when the server refuses it.
    fn step(&self, payload: &[u8], listens: bool) -> Result<Step>;
}

/// What a client does on its way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// It waits for what comes next.
    Wait,
    /// It says this.
    Say(&'static [u8]),
    /// It is in.
    In,
}

/// Lets `count` in at `address`, by names that begin with `initial`. Afterwards nothing is under way.
pub(super) fn enter(
    protocol: &'static dyn Guest,
    address: SocketAddr,
    count: usize,
    (initial, listens): (char, bool),
) -> Result<Swarm> {
    let mut swarm = Swarm::new()?;
    let mut is_in = vec![false; count];
    let mut entered = 0;
    let mut arrived = Instant::now();
    while entered < count {
        for nth in swarm.connections()..count.min(entered + WINDOW) {
            let hello = protocol.hello(&format!("{initial}{nth:05}"), listens);
            swarm.connect_by(protocol, address, &hello)?;
        }
        let ready = swarm.poll(Wait::Spin)?;
        if ready > 0 {
            arrived = Instant::now();
        }
        ensure!(arrived.elapsed() < STALL, "stuck: of {count}, {entered} are in");
        for nth in 0..ready {
            let connection = swarm.ready(nth);
            let mut says: Option<&[u8]> = None;
            let reading = swarm.read(connection, |piece| {
                let Piece::Frame(Frame { payload, .. }) = piece else { bail!("{piece:?}") };
                if !is_in[connection] {
                    match protocol.step(payload, listens)? {
                        Step::Wait => {}
                        Step::Say(words) => says = Some(words),
                        Step::In => is_in[connection] = true,
                    }
                    entered += usize::from(is_in[connection]);
                }
                Ok(())
            })?;
            ensure!(reading == Reading::Drained, "the server ended connection {connection}, of {entered} in");
            if let Some(says) = says {
                swarm.send(connection, says)?;
            }
        }
    }
    quiet(&mut swarm, |_, _| Ok(()))?;
    Ok(swarm)
}
