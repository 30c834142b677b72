//! `decentra-bench api`: the cases, in the order in which they are measured.

mod compressed;
mod history;
mod idle;
mod open;
mod posts;
mod ready;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::cores::{pin, raise_file_limit};
use crate::crowd::{self, Scene, Way};
use crate::machine;
use crate::report::Report;
use crate::setup::Setup;
use crate::subject::Kind;

/// Issue 4 says what is to be reached, here and in the cases.
const SCENE: Scene = Scene { ours: Kind::Gateway, cpu_ratio: 1.2, rate_ratio: 0.35, p99_ratio: 1.25 };

/// Sessions that a message goes to.
const RECEIVERS: usize = 1_000;

/// A case that can be asked for by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// One message in flight, to a thousand sessions of the gateway
    Fanout,
    /// Forty messages in flight, to the same
    Pipelined,
    /// Messages at a fixed rate, to the same
    Latency,
    /// One message in flight, to a thousand sessions whose streams are compressed
    Compressed,
    /// Messages posted over HTTP, each on disk before it is answered
    Posts,
    /// Pages of history
    History,
    /// From IDENTIFY to READY
    Ready,
    /// Memory of sessions that do nothing
    Idle,
    /// From start to ready, with a million messages
    Open,
}

/// Measures the parts in `only`, or all if it is empty.
pub fn run(setup: &Setup, only: &[Part]) -> Result<()> {
    let wanted = |part: Part| only.is_empty() || only.contains(&part);
    raise_file_limit()?;
    pin(setup.cores.load)?;
    let mut report = Report::default();
    report.add(machine::measure(setup)?)?;
    if wanted(Part::Posts) {
        report.add(posts::measure(setup).context("posts")?)?;
    }
    if wanted(Part::History) {
        report.add(history::measure(setup).context("history")?)?;
    }
    if wanted(Part::Ready) {
        report.add(ready::measure(setup).context("ready")?)?;
    }
    let ways =
        [(Part::Fanout, Way::OneInFlight), (Part::Pipelined, Way::Pipelined), (Part::Latency, Way::Paced)];
    let ways: Vec<Way> = ways.into_iter().filter(|(part, _)| wanted(*part)).map(|(_, way)| way).collect();
    crowd::measure(setup, SCENE, RECEIVERS, &ways, &mut report).context("fan-out")?;
    if wanted(Part::Compressed) {
        report.add(compressed::measure(setup, RECEIVERS).context("compressed")?)?;
    }
    for &sessions in setup.effort.idle.iter().filter(|_| wanted(Part::Idle)) {
        report.add(idle::measure(setup, sessions).with_context(|| format!("{sessions} idle"))?)?;
    }
    if wanted(Part::Open) {
        report.add(open::measure(setup).context("open")?)?;
    }
    Ok(report.print_table()?)
}
