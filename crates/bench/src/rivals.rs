//! `decentra-bench rivals`: the cases of the lobby, against other people's servers, in the same run.
//!
//! What is compared: a message of 60 characters goes to everyone in a room. Each runs on the same core, as Debian ships
//! it, and does what it does for that in its own protocol:
//!
//! | server | protocol | a delivery is | one order for all | stores |
//! |---|---|---|---|---|
//! | ours | the lobby's WebSocket | JSON with name, time, id and content | yes | on disk, before anyone is sent it |
//! | `nats-server` | NATS | the subject and the content | for each sender | nothing |
//! | `ngircd`, `inspircd` | IRC | name, channel and content | yes | nothing |
//! | `mosquitto` | MQTT 3.1.1, quality of service 0 | the topic and the content | yes | nothing |
//!
//! So ours does more, and its deliveries are longer (`payload_bytes`). Where a server does not send people their own
//! messages back, as in IRC, those who send are not in the room, and as many receive as elsewhere. Every receiver
//! checks every message; that all saw one order is checked where it is promised.

mod debian;
mod guest;
mod irc;
mod mqtt;
mod nats;
pub mod rival;

use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::cores::{pin, raise_file_limit};
use crate::crowd::{Pair, Way, beside, latencies, loads, rate, sample};
use crate::figure::{Case, Figure, Target, number};
use crate::machine;
use crate::report::Report;
use crate::setup::Setup;
use crate::subject::{Kind, Sample, Subject};
use rival::Rival;

/// Time after which memory is looked at: enough for what is freed late to be freed.
const SETTLE: Duration = Duration::from_secs(2);

/// Connections that do nothing. In IRC, and in our lobby, everyone is told of everyone, so more take minutes.
const IDLE: usize = 1_000;

/// Ahead: less processor time, more deliveries.
const LESS: Target = Target::RatioAtMost(1.0);
const MORE: Target = Target::RatioAtLeast(1.0);

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
}

/// Measures the parts in `only`, or all if it is empty, against `rivals`, or all.
pub fn run(setup: &Setup, only: &[Part], rivals: &[Rival]) -> Result<()> {
    let wanted = |part: Part| only.is_empty() || only.contains(&part);
    let rivals = if rivals.is_empty() { Rival::value_variants() } else { rivals };
    raise_file_limit()?;
    pin(setup.cores.load)?;
    let root = debian::unpacked(&setup.server)?;
    for rival in rivals {
        eprintln!("{} {}: stores nothing", rival.package(), debian::version(&root, rival.package())?);
    }
    let mut report = Report::default();
    report.add(machine::measure(setup)?)?;
    let ways =
        [(Part::Fanout, Way::OneInFlight), (Part::Pipelined, Way::Pipelined), (Part::Latency, Way::Paced)];
    let ways: Vec<Way> = ways.into_iter().filter(|(part, _)| wanted(*part)).map(|(_, way)| way).collect();
    for &receivers in setup.effort.rooms.iter().filter(|_| !ways.is_empty()) {
        for &rival in rivals {
            let name = rival.package();
            measure(setup, rival, receivers, &ways, &mut report)
                .with_context(|| format!("{receivers} receivers, beside {name}"))?;
        }
    }
    for &rival in rivals.iter().filter(|_| wanted(Part::Idle)) {
        let name = rival.package();
        report.add_beside(name, idle(setup, rival).with_context(|| format!("idle, beside {name}"))?)?;
    }
    Ok(report.print_table()?)
}

/// Measures us and `rival` in turn, in all `ways`.
fn measure(setup: &Setup, rival: Rival, receivers: usize, ways: &[Way], report: &mut Report) -> Result<()> {
    let mut theirs = Subject::open(setup, Kind::Rival(rival), receivers)?;
    let mut ours = Subject::open(setup, Kind::Lobby, receivers)?;
    for &way in ways {
        let mut rounds = Vec::new();
        for _ in 0..setup.effort.rounds {
            rounds.push((sample(setup, &mut ours, way)?, sample(setup, &mut theirs, way)?));
        }
        let bytes = |side: &Subject| number(side.payload_bytes().unwrap_or_default() as u64);
        let mut figures = figures(way, &rounds, receivers);
        figures.push(Figure::beside("payload_bytes", &[(bytes(&ours), bytes(&theirs))]));
        figures.extend(loads(&rounds));
        report
            .add_beside(rival.package(), Case { name: way.name(), connections: Some(receivers), figures })?;
    }
    theirs.close()?;
    ours.close()
}

/// What counts in `way`, with what is to be reached.
fn figures(way: Way, rounds: &[Pair], receivers: usize) -> Vec<Figure> {
    let cpu = beside("cpu_us_per_delivery", rounds, Sample::cpu_us_per_delivery);
    let deliveries = beside("deliveries_per_s", rounds, Sample::deliveries_per_s);
    let mut figures = match way {
        Way::OneInFlight => vec![cpu.to_reach(LESS), deliveries],
        Way::Pipelined => vec![deliveries.to_reach(MORE), cpu],
        Way::Paced => vec![Figure::of("messages_per_s", f64::from(rate(receivers)))],
    };
    figures.extend(latencies(rounds));
    figures
}

/// Memory that each of [`IDLE`] connections takes: what a server that has them takes more than one that has none.
fn idle(setup: &Setup, rival: Rival) -> Result<Case> {
    let each = [idle_kib(setup, Kind::Lobby)?, idle_kib(setup, Kind::Rival(rival))?];
    let figures = vec![Figure::beside("resident_kib_per_connection", &[(each[0], each[1])])];
    Ok(Case { name: "idle", connections: Some(IDLE), figures })
}

/// Memory that each connection to one of `kind` takes, in KiB.
fn idle_kib(setup: &Setup, kind: Kind) -> Result<f64> {
    let resident = |receivers: usize| -> Result<f64> {
        let subject = Subject::open(setup, kind, receivers)?;
        thread::sleep(SETTLE);
        let resident = subject.resident_kib()?;
        subject.close()?;
        Ok(f64::from(resident))
    };
    Ok((resident(IDLE)? - resident(0)?) / number(IDLE as u64))
}
