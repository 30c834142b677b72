//! Connections that have joined and do nothing: how much memory each takes.

use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::figure::{Case, Figure, Target};
use crate::join::{Entrance, enter};
use crate::server::Server;
use crate::setup::{Setup, data_dir, home};
use crate::subject::WINDOW;

/// Time after which the memory is looked at: enough for what is freed late to be freed.
const SETTLE: Duration = Duration::from_secs(2);

/// KiB of resident memory for each connection, at most (issue 2).
const KIB_EACH: Target = Target::AtMost(10.0);

/// Measures the growth of the resident memory from before the first of `connections` to after the last.
///
/// What the kernel keeps for the sockets is not in it.
pub(super) fn measure(setup: &Setup, connections: usize) -> Result<Case> {
    let home = home(&setup.server)?;
    let server = Server::start(&setup.server, &data_dir(&home), Some(setup.cores.subject))?;
    let before = settled_kib(&server)?;
    let entrance = Entrance { address: server.address, connections, window: WINDOW, announced: true };
    let (swarm, entered) = enter(&entrance).with_context(|| server.last_words())?;
    let after = settled_kib(&server)?;
    drop(swarm);
    server.stop()?;
    let each = (f64::from(after) - f64::from(before)) / f64::from(u32::try_from(connections)?);
    let figures = vec![
        Figure::of("resident_kib_per_connection", each).to_reach(KIB_EACH),
        Figure::of("resident_before_mib", f64::from(before) / 1024.0),
        Figure::of("resident_after_mib", f64::from(after) / 1024.0),
        Figure::of("all_told_s", entered.all_told.as_secs_f64()),
    ];
    Ok(Case { name: "idle", connections: Some(connections), figures })
}

/// The resident memory of `server` once it has come to rest.
fn settled_kib(server: &Server) -> Result<u32> {
    thread::sleep(SETTLE);
    server.process().resident_kib()
}
