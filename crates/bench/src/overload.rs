//! `decentra-bench overload`: twice what the server can take (issue 4).
//!
//! The server has one core, the load another. Members post, and read pages of the same channel's history; guests talk in
//! the lobby; sessions of the gateway are told of all of it. First little is asked, then as much as is answered when a
//! fixed number of things is under way at any time: that is what the server can take. Then twice that is asked, on a
//! schedule that does not wait for answers, and at last little again, at once.
//!
//! What is asked is taken, or turned down with 429 or 503 and a word on when to come back; in the lobby by a frame that
//! says the same. At the end each guest and each session must have been told of all that was taken, once, and of nothing
//! else. Latencies are counted from when a thing was due, even if the server, or the load, was late.
//!
//! Last, a server with its rate limits on is called by one account as fast as it can: it gets 429, and the others
//! notice nothing.
//!
//! `mix` is what is asked, `load` asks it: by [`crate::callers`] and `guests`, before an [`crate::audience`]; `tally` counts.

mod flood;
mod guests;
mod load;
mod mix;
mod tally;

use std::time::Duration;

use anyhow::{Context, Result};

use self::load::{Crowd, Load};
use self::mix::Kind;
use self::tally::{Stretch, Tally};
use crate::cores::{pin, raise_file_limit};
use crate::figure::{Case, Figure, Target, number};
use crate::histogram::Histogram;
use crate::report::Report;
use crate::seed::Seed;
use crate::server::Server;
use crate::setup::{Setup, data_dir, home};

/// Milliseconds within which 99 of 100 things that are taken are answered (issue 4).
const LATENCY_MS: Target = Target::AtMost(250.0);

/// Seconds until things are back to normal when the load is (issue 4).
const BACK_S: Target = Target::AtMost(5.0);

/// Memory that the server may come to use, in MiB: 32 for the end of the log, 32 for pages of history that are kept ready
/// and 64 for what waits for slow readers (`limits`), as much as 2,000 connections take at 16 KiB each, the database's
/// own caches, and what answers hold on their way: 256 pages of 50 KiB. What an allocator keeps besides comes on top.
const MEMORY_MIB: Target = Target::AtMost(256.0);

/// Things under way at any time when it is found out what the server can take.
const IN_FLIGHT: usize = 64;

/// Things asked in a second when little is asked: of the rarest kind a dozen.
const LIGHT_PER_S: f64 = 200.0;

/// How many times as much is asked as the server can take.
const TIMES: f64 = 2.0;

/// What is "back to normal": within so many times what 99 of 100 things took before.
const NORMAL_TIMES: u32 = 2;

/// The least that counts as not normal: on a disk that others use, too, a sync takes as long now and then.
const NORMAL_AT_LEAST: Duration = Duration::from_millis(20);

/// One look at whether things are back to normal.
const LOOK: Duration = Duration::from_secs(1);

/// Looks.
const LOOKS: u32 = 6;

/// Who takes part.
const CROWD: Crowd = Crowd { callers: 1_500, guests: 100, sessions: 100 };

/// How long it all takes.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Twice what the server can take is asked for so long.
    pub overload: Duration,
    /// It is found out in so long what that is; and so long little is asked.
    pub before: Duration,
}

/// Overloads the server. Fails if a target is missed, or something was lost.
pub fn run(setup: &Setup, plan: &Plan) -> Result<()> {
    raise_file_limit()?;
    pin(setup.cores.load)?;
    let mut report = Report::default();
    overload(setup, plan, &mut report).context("twice what the server can take")?;
    report.add(flood::measure(setup, plan.before).context("one account too fast")?)?;
    report.print_table()?;
    report.require_targets()
}

fn overload(setup: &Setup, plan: &Plan, report: &mut Report) -> Result<()> {
    let home = home(&setup.server)?;
    let place = Seed { members: CROWD.sessions, guilds: 1, messages: 1_000 }.sow(&data_dir(&home))?;
    let server = Server::start(&setup.server, &data_dir(&home), Some(setup.cores.subject))?;
    let mut load = Load::come(server.address, &place, CROWD).with_context(|| server.last_words())?;
    let resident_before = server.process().resident_kib()?;
    let outcome = drive(&mut load, plan);
    let [light, capacity, over] = outcome.with_context(|| server.last_words())?;
    let stretches = load.stretches();
    let normal = (stretches[light].slowest_p99() * NORMAL_TIMES).max(NORMAL_AT_LEAST);
    report.add(case("little", &stretches[light], plan.before))?;
    let mut takes = case("as much as is answered", &stretches[capacity], plan.before);
    takes.figures.insert(0, Figure::of("resident_mib_before", number(resident_before.into()) / 1024.0));
    report.add(takes)?;
    let mut twice = case("twice that", &stretches[over], plan.overload);
    let latency = |name, latency: &Histogram| Figure::of(name, p99_ms(latency)).to_reach(LATENCY_MS);
    let kinds = &stretches[over].kinds;
    twice.figures.extend([
        latency("post_p99_ms", &kinds[Kind::Post.number()].taking),
        latency("read_p99_ms", &kinds[Kind::Read.number()].taking),
        latency("say_p99_ms", &kinds[Kind::Say.number()].taking),
        latency("delivery_p99_ms", &stretches[over].deliveries),
        Figure::of("peak_resident_mib", number(server.process().peak_kib()?.into()) / 1024.0)
            .to_reach(MEMORY_MIB),
        Figure::of("sessions_cut_and_back", number(load.came_back())),
        Figure::of("back_to_normal_s", back_after(&stretches[over + 1..], normal)).to_reach(BACK_S),
    ]);
    report.add(twice)?;
    drop(load);
    server.stop()
}

/// Asks little, as much as is answered, twice that, and little again; which stretches the first three are.
fn drive(load: &mut Load, plan: &Plan) -> Result<[usize; 3]> {
    load.drive_open(LIGHT_PER_S, plan.before)?;
    let light = load.stretches().len() - 1;
    // What comes first is not what can be had for long.
    load.drive_closed(IN_FLIGHT, plan.before / 2)?;
    load.drive_closed(IN_FLIGHT, plan.before)?;
    let capacity = load.stretches().len() - 1;
    load.settle()?;
    let taken = number(load.stretches()[capacity].sum(|tally| tally.taken)) / plan.before.as_secs_f64();
    load.drive_open(TIMES * taken, plan.overload)?;
    let over = load.stretches().len() - 1;
    for _ in 0..LOOKS {
        load.drive_open(LIGHT_PER_S, LOOK)?;
    }
    load.settle()?;
    Ok([light, capacity, over])
}

/// Seconds until the first look at which all was `normal`.
fn back_after(looks: &[Stretch], normal: Duration) -> f64 {
    let back = looks.iter().position(|look| look.slowest_p99() <= normal && look.sum(refused) == 0);
    back.map_or(f64::INFINITY, |nth| number(nth as u64) * LOOK.as_secs_f64())
}

fn refused(tally: &Tally) -> u64 {
    tally.limited + tally.busy
}

fn p99_ms(latency: &Histogram) -> f64 {
    latency.percentile(99).as_secs_f64() * 1e3
}

/// What became of what was asked within `window`.
fn case(name: &'static str, stretch: &Stretch, window: Duration) -> Case {
    let per_s = |count: u64| number(count) / window.as_secs_f64();
    let mut figures = vec![
        Figure::of("offered_per_s", per_s(stretch.sum(|tally| tally.offered))),
        Figure::of("taken_per_s", per_s(stretch.sum(|tally| tally.taken))),
        Figure::of("slowest_p99_ms", stretch.slowest_p99().as_secs_f64() * 1e3),
    ];
    for (kind, names) in Kind::ALL.into_iter().zip(NAMES) {
        let tally = &stretch.kinds[kind.number()];
        let share = |count| 100.0 * number(count) / number(tally.offered.max(1));
        let [taken, limited, busy, refusing] = names;
        figures.push(Figure::of(taken, share(tally.taken)));
        if refused(tally) > 0 {
            figures.push(Figure::of(limited, share(tally.limited)));
            figures.push(Figure::of(busy, share(tally.busy)));
            figures.push(Figure::of(refusing, p99_ms(&tally.refusing)));
        }
    }
    Case { name, connections: Some(CROWD.callers + CROWD.guests + CROWD.sessions), figures }
}

/// What the shares of each kind are called, and the time that it takes to be turned down.
const NAMES: [[&str; 4]; Kind::ALL.len()] = [
    ["posts_taken_percent", "posts_429_percent", "posts_503_percent", "posts_refused_p99_ms"],
    ["reads_taken_percent", "reads_429_percent", "reads_503_percent", "reads_refused_p99_ms"],
    ["says_taken_percent", "says_too_fast_percent", "says_503_percent", "says_refused_p99_ms"],
];
