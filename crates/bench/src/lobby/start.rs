//! From start to ready: from just before the program is started to its first `200` on `/readyz`.

use std::fs;
use std::time::Duration;

use anyhow::Result;

use crate::figure::{Case, Figure, Target, median, number};
use crate::server::Server;
use crate::setup::{Setup, data_dir, home};

/// How often it is started. Each start is short, so there are more of them than rounds.
const STARTS: usize = 7;

/// Milliseconds from start to ready, at most (issue 2).
const READY_MS: Target = Target::AtMost(100.0);

/// Measures both: the first start, which makes the data folder, and one that finds it.
pub(super) fn measure(setup: &Setup) -> Result<Case> {
    let (mut first, mut again) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let home = home(&setup.server)?;
        first.push(ready_after(setup, &home)?);
        again.push(ready_after(setup, &home)?);
    }
    let figures = vec![
        Figure::of("first_start_to_ready_ms", median_ms(&first)).to_reach(READY_MS),
        Figure::of("start_to_ready_ms", median_ms(&again)).to_reach(READY_MS),
        Figure::of("binary_mib", number(fs::metadata(&setup.server)?.len()) / 1024.0 / 1024.0),
    ];
    Ok(Case { name: "start", connections: None, figures })
}

/// Starts and stops the server once.
fn ready_after(setup: &Setup, home: &tempfile::TempDir) -> Result<Duration> {
    let server = Server::start(&setup.server, &data_dir(home), Some(setup.cores.subject))?;
    let ready_after = server.ready_after;
    server.stop()?;
    Ok(ready_after)
}

/// The median of `times`, in milliseconds.
fn median_ms(times: &[Duration]) -> f64 {
    median(times.iter().map(Duration::as_secs_f64)) * 1e3
}
