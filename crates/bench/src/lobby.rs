//! `decentra-bench lobby`: the cases, in the order in which they are measured.

mod crowd;
mod idle;
mod machine;
mod start;
mod storm;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::cores::{pin, raise_file_limit};
use crate::report::Report;
use crate::setup::Setup;

/// A case that can be asked for by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// One message in flight, to everyone in the room
    Fanout,
    /// Ten senders, four messages each in flight
    Pipelined,
    /// Messages at a fixed rate
    Latency,
    /// Memory of connections that do nothing
    Idle,
    /// A thousand who join at once
    Storm,
    /// From start to ready, and the size of the program
    Start,
}

/// Measures the parts in `only`, or all if it is empty.
pub fn run(setup: &Setup, only: &[Part]) -> Result<()> {
    let wanted = |part: Part| only.is_empty() || only.contains(&part);
    raise_file_limit()?;
    pin(setup.cores.load)?;
    let mut report = Report::default();
    report.add(machine::measure(setup)?)?;
    if wanted(Part::Start) {
        report.add(start::measure(setup).context("start")?)?;
    }
    for &receivers in setup.effort.rooms {
        crowd::measure(setup, receivers, wanted, &mut report)
            .with_context(|| format!("{receivers} receivers"))?;
    }
    if wanted(Part::Storm) {
        report.add(storm::measure(setup).context("storm")?)?;
    }
    for &connections in setup.effort.idle.iter().filter(|_| wanted(Part::Idle)) {
        report.add(idle::measure(setup, connections).with_context(|| format!("{connections} idle"))?)?;
    }
    Ok(report.print_table()?)
}
