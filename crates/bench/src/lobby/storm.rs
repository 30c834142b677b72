//! A storm of joins: a thousand come at once. Everything counts, from just before the first connect on.

use anyhow::{Context, Result};

use crate::figure::{Case, Figure, Target, median};
use crate::join::{Entered, Entrance, enter};
use crate::server::Server;
use crate::setup::{Setup, data_dir, home};

/// How many come, all at once.
const CROWD: usize = 1_000;

/// Seconds that it may take (issue 2).
const SECONDS: Target = Target::AtMost(1.0);

/// Measures until the last one is in, and until everyone was told of all who came later.
pub(super) fn measure(setup: &Setup) -> Result<Case> {
    let rounds = (0..setup.effort.rounds).map(|_| round(setup)).collect::<Result<Vec<_>>>()?;
    let seconds = |time: fn(&Entered) -> f64| median(rounds.iter().map(time));
    let figures = vec![
        Figure::of("all_in_s", seconds(|entered| entered.all_in.as_secs_f64())).to_reach(SECONDS),
        Figure::of("all_told_s", seconds(|entered| entered.all_told.as_secs_f64())).to_reach(SECONDS),
    ];
    Ok(Case { name: "storm of joins", connections: Some(CROWD), figures })
}

/// One storm, on a fresh server.
fn round(setup: &Setup) -> Result<Entered> {
    let home = home(&setup.server)?;
    let server = Server::start(&setup.server, &data_dir(&home), Some(setup.cores.subject))?;
    let entrance = Entrance { address: server.address, connections: CROWD, window: CROWD, announced: true };
    let (swarm, entered) = enter(&entrance).with_context(|| server.last_words())?;
    drop(swarm);
    server.stop()?;
    Ok(entered)
}
