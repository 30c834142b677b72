//! `decentra-bench lobby`: the cases, in the order in which they are measured.

mod idle;
mod sends;
mod start;
mod storm;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::cores::{pin, raise_file_limit};
use crate::crowd::{self, Scene, Way};
use crate::machine;
use crate::report::Report;
use crate::setup::Setup;
use crate::subject::Kind;

/// Issue 4 says what is to be reached.
const SCENE: Scene = Scene { ours: Kind::Lobby, cpu_ratio: 1.2, rate_ratio: 0.4, p99_ratio: 1.25 };

/// A case that can be asked for by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// One message in flight, to everyone in the room
    Fanout,
    /// Ten senders, four messages each in flight
    Pipelined,
    /// Messages at a fixed rate
    Latency,
    /// Messages as fast as they are stored, to few
    Sends,
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
    if wanted(Part::Sends) {
        for way in sends::WAYS {
            report.add(sends::measure(setup, way).context("sends")?)?;
        }
    }
    let ways =
        [(Part::Fanout, Way::OneInFlight), (Part::Pipelined, Way::Pipelined), (Part::Latency, Way::Paced)];
    let ways: Vec<Way> = ways.into_iter().filter(|(part, _)| wanted(*part)).map(|(_, way)| way).collect();
    for &receivers in setup.effort.rooms {
        crowd::measure(setup, SCENE, receivers, &ways, &mut report)
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
