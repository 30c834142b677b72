//! Messages sent over the lobby's WebSocket, each on disk before anyone is sent it; beside what the store alone commits:
//! see [`crate::durable`].
//!
//! All who are in the room receive all messages, so there are as many receivers as senders. Few, who each keep many
//! messages under way, cost little besides the storing; many, with one each, are what a lively room is.

use std::time::Duration;

use anyhow::{Context, Result};

use crate::calls::Driven;
use crate::drive::pipelined;
use crate::durable;
use crate::figure::Case;
use crate::join::{Entrance, enter};
use crate::room::Room;
use crate::senders::Senders;
use crate::server::Server;
use crate::setup::{Setup, data_dir, home};
use crate::subject::WINDOW;
use crate::swarm::Wait;

/// Who sends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    name: &'static str,
    senders: usize,
    /// How many messages each keeps under way.
    in_flight: usize,
}

/// Two ways to have [`durable::UNDER_WAY`] messages under way.
pub(super) const WAYS: [Way; 2] = [
    Way { name: "durable sends, 4 senders, 16 under way each", senders: 4, in_flight: 16 },
    Way { name: "durable sends, 64 senders, 1 under way each", senders: 64, in_flight: 1 },
];

/// How the load waits for messages.
const WAIT: Wait = Wait::Sleep(Duration::from_secs(1));

/// Measures our server and the store in turn.
pub(super) fn measure(setup: &Setup, way: Way) -> Result<Case> {
    durable::on_both_cores(setup, || measure_spread(setup, way))
}

fn measure_spread(setup: &Setup, way: Way) -> Result<Case> {
    let home = home(&setup.server)?;
    let server = Server::start(&setup.server, &data_dir(&home), None)?;
    let entrance =
        Entrance { address: server.address, connections: way.senders, window: WINDOW, announced: true };
    let (swarm, _) = enter(&entrance).with_context(|| server.last_words())?;
    let mut room = Room::new(swarm, Senders::Among(way.senders)).waiting(WAIT);
    let mut drive = |window| -> Result<Driven> {
        let driven = pipelined(&mut room, way.in_flight, window).with_context(|| server.last_words())?;
        Ok(Driven { calls: driven.messages, wall: driven.wall })
    };
    let mut rounds = Vec::new();
    for _ in 0..setup.effort.rounds {
        drive(setup.effort.warm_up)?;
        rounds.push(durable::round(setup, &server, || drive(setup.effort.window))?);
    }
    drop(room);
    server.stop()?;
    Ok(Case { name: way.name, connections: Some(way.senders), figures: durable::figures(&rounds) })
}
