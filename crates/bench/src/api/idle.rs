//! Sessions of the gateway that do nothing: how much memory each takes.

use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::figure::{Case, Figure, Target};
use crate::seed::Seed;
use crate::server::Server;
use crate::session::sessions;
use crate::setup::{Setup, data_dir, home};

/// Accounts whose sessions they are: many of each, so that what is measured is the session, not the account.
const ACCOUNTS: usize = 100;

/// Time after which the memory is looked at: enough for what is freed late to be freed.
const SETTLE: Duration = Duration::from_secs(2);

/// KiB of resident memory for each session, at most (issue 4).
const KIB_EACH: Target = Target::AtMost(8.0);

/// Measures the growth of the resident memory from before the first of `count` sessions to after the last.
pub(super) fn measure(setup: &Setup, count: usize) -> Result<Case> {
    let home = home(&setup.server)?;
    let place = Seed { members: ACCOUNTS, guilds: 1, messages: 0 }.sow(&data_dir(&home))?;
    let server = Server::start(&setup.server, &data_dir(&home), Some(setup.cores.subject))?;
    let before = settled_kib(&server)?;
    let swarm = sessions(server.address, count, |nth| place.token(nth % ACCOUNTS))
        .with_context(|| server.last_words())?;
    let after = settled_kib(&server)?;
    drop(swarm);
    server.stop()?;
    let each = (f64::from(after) - f64::from(before)) / f64::from(u32::try_from(count)?);
    let figures = vec![
        Figure::of("resident_kib_per_session", each).to_reach(KIB_EACH),
        Figure::of("resident_before_mib", f64::from(before) / 1024.0),
        Figure::of("resident_after_mib", f64::from(after) / 1024.0),
    ];
    Ok(Case { name: "idle sessions", connections: Some(count), figures })
}

/// The resident memory of `server` once it has come to rest.
fn settled_kib(server: &Server) -> Result<u32> {
    thread::sleep(SETTLE);
    server.process().resident_kib()
}
