//! Durable sends: who limits them, the store or what is around it.
//!
//! The server may use both cores, and so does the load, which sleeps while it waits. Beside it, the store alone commits the
//! same messages, in groups as large as came together in the server, on a core of its own. The ratio of the two rates is
//! the share of the time that the store needs for what the server was sent: were nothing else to be done, it would be 1.
//!
//! What is else to be done is told with it, by thread. The *log* is the thread that decides, stores and delivers; what it
//! takes for a message beyond what the store alone takes is ours. `log_core_percent` is the time in which it ran,
//! `log_waiting_percent` that in which it could have run but had no core, and `log_asleep_percent` the rest: it
//! waited for the disk, or for something to do. `commit_percent` is the time that passed in commits, whatever it did then.
//! So the log limits where it sleeps no longer than the disk takes, and the machine does where it waits for a core.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use decentra_model::{Audience, Circle, Dispatch, Event, Id, Intents};
use decentra_store::Store;
use decentra_store_sqlite::SqliteStore;

use crate::calls::Driven;
use crate::cores::{pin, spread};
use crate::figure::{Figure, Target, median, number};
use crate::seed::{message, now};
use crate::server::Server;
use crate::setup::{Setup, data_dir, home};
use crate::usage::{self, ThreadTime};

/// Messages under way, at most.
pub const UNDER_WAY: usize = 64;

/// The share of the store's rate that is to be reached (issue 4).
const RATE_RATIO: Target = Target::RatioAtLeast(0.8);

/// The server's thread that owns the store.
const LOG: &str = "log";

/// Bytes of what is told of a message, in the log.
const TOLD_BYTES: usize = 900;

/// What a message says.
pub const CONTENT: &str = "a message of sixty characters, which is what most people type";

/// What was found in one round.
#[derive(Debug)]
pub struct Round {
    sends_per_s: f64,
    /// Processor time for a message: of all threads, and of the log alone.
    cpu_us: f64,
    log_cpu_us: f64,
    /// Messages in one transaction.
    group: f64,
    /// Shares of the time, in percent; of cores, where it says so.
    log_core: f64,
    log_waiting: f64,
    commit: f64,
    others_core: f64,
    load_core: f64,
    /// The store alone, in the same groups, and in groups of all that is under way.
    store: Alone,
    store_whole: Alone,
}

/// What the store does alone.
#[derive(Debug)]
struct Alone {
    per_second: f64,
    cpu_us: f64,
}

/// Runs `measure` with both cores free for everyone.
pub fn on_both_cores<T>(setup: &Setup, measure: impl FnOnce() -> Result<T>) -> Result<T> {
    spread(&setup.cores)?;
    let measured = measure();
    pin(setup.cores.load)?;
    measured
}

/// Measures what `drive` does to `server`, and then the store alone.
pub fn round(setup: &Setup, server: &Server, drive: impl FnOnce() -> Result<Driven>) -> Result<Round> {
    let before = Usage::of(server)?;
    let driven = drive()?;
    let used = Usage::of(server)?.since(&before);
    let group = (used.messages / used.commits.max(1)).max(1);
    let percent = |time: Duration| 100.0 * time.as_secs_f64() / driven.wall.as_secs_f64();
    let each_us = |time: Duration| time.as_secs_f64() * 1e6 / number(driven.calls);
    Ok(Round {
        sends_per_s: driven.per_second(),
        cpu_us: each_us(used.log.ran + used.others),
        log_cpu_us: each_us(used.log.ran),
        group: number(used.messages) / number(used.commits.max(1)),
        log_core: percent(used.log.ran),
        log_waiting: percent(used.log.waited),
        commit: percent(used.committing),
        others_core: percent(used.others),
        load_core: percent(used.load),
        store: store_alone(setup, usize::try_from(group)?)?,
        store_whole: store_alone(setup, UNDER_WAY)?,
    })
}

/// What the `rounds` come to.
pub fn figures(rounds: &[Round]) -> Vec<Figure> {
    let beside = |name, ours: fn(&Round) -> f64, store: fn(&Round) -> f64| {
        Figure::beside(name, &rounds.iter().map(|round| (ours(round), store(round))).collect::<Vec<_>>())
    };
    let alone = |name, value: fn(&Round) -> f64| Figure::of(name, median(rounds.iter().map(value)));
    vec![
        beside("sends_per_s", |round| round.sends_per_s, |round| round.store.per_second).to_reach(RATE_RATIO),
        beside("cpu_us_per_message", |round| round.cpu_us, |round| round.store.cpu_us),
        beside("log_cpu_us_per_message", |round| round.log_cpu_us, |round| round.store.cpu_us),
        alone("group", |round| round.group),
        alone("log_core_percent", |round| round.log_core),
        alone("log_waiting_percent", |round| round.log_waiting),
        alone("log_asleep_percent", |round| (100.0 - round.log_core - round.log_waiting).max(0.0)),
        alone("commit_percent", |round| round.commit),
        alone("others_core_percent", |round| round.others_core),
        alone("load_core_percent", |round| round.load_core),
        alone("store_in_groups_of_64_per_s", |round| round.store_whole.per_second),
    ]
}

/// What server and load have used, and the server has counted.
struct Usage {
    log: ThreadTime,
    /// Processor time of the server's other threads.
    others: Duration,
    /// Processor time of the load.
    load: Duration,
    messages: u64,
    commits: u64,
    /// Time that passed in commits.
    committing: Duration,
}

impl Usage {
    fn of(server: &Server) -> Result<Self> {
        let (log, others): (Vec<_>, Vec<_>) =
            server.process().threads()?.into_iter().partition(|thread| thread.name == LOG);
        let text = server.metrics()?;
        let metric = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            line.map(str::trim).with_context(|| format!("no {name} in the metrics"))
        };
        Ok(Self {
            log: log.into_iter().next().context("the server has no thread of that name")?,
            others: others.iter().map(|thread| thread.ran).sum(),
            load: usage::own_thread_time()?,
            messages: metric("decentra_messages_total")?.parse()?,
            commits: metric("decentra_commit_seconds_count")?.parse()?,
            committing: Duration::try_from_secs_f64(metric("decentra_commit_seconds_sum")?.parse()?)?,
        })
    }

    fn since(self, before: &Self) -> Self {
        let log = ThreadTime {
            name: self.log.name,
            ran: self.log.ran.saturating_sub(before.log.ran),
            waited: self.log.waited.saturating_sub(before.log.waited),
        };
        Self {
            log,
            others: self.others.saturating_sub(before.others),
            load: self.load.saturating_sub(before.load),
            messages: self.messages - before.messages,
            commits: self.commits - before.commits,
            committing: self.committing.saturating_sub(before.committing),
        }
    }
}

/// What the store commits in groups, on a core of its own.
fn store_alone(setup: &Setup, group: usize) -> Result<Alone> {
    let home = home(&setup.server)?;
    let (core, window) = (setup.cores.subject, setup.effort.window);
    let folder = data_dir(&home);
    let working = thread::spawn(move || -> Result<Alone> {
        pin(core)?;
        std::fs::create_dir_all(&folder)?;
        let store = SqliteStore::open(&folder)?;
        commit_for(store, window, group)
    });
    working.join().map_err(|_| anyhow!("the store's thread panicked"))?
}

fn commit_for(mut store: SqliteStore, window: Duration, group: usize) -> Result<Alone> {
    let (channel, author, guild) = (Id::from_i64(7), Id::from_i64(8), Id::from_i64(9));
    let circle = Circle::Viewers(guild, channel);
    let told = Dispatch {
        name: "MESSAGE_CREATE".into(),
        audience: Audience::new(circle, Intents::GUILD_MESSAGES),
        body: vec![b' '; TOLD_BYTES].into(),
    };
    let mut last = None;
    let mut count = 0_u64;
    let (start, ran_before) = (Instant::now(), usage::own_thread_time()?);
    while start.elapsed() < window {
        store.begin()?;
        for _ in 0..group {
            let now = now();
            let id = Id::next(last, now);
            last = Some(id);
            let message = message(id, channel, author, now, CONTENT.to_owned());
            store.write(&Event::MessageCreated { message, nonce: None, dedupe: None })?;
            store.append(&told)?;
            count += 1;
        }
        store.commit()?;
    }
    let wall = start.elapsed();
    let ran = usage::own_thread_time()?.saturating_sub(ran_before);
    Ok(Alone {
        per_second: number(count) / wall.as_secs_f64(),
        cpu_us: ran.as_secs_f64() * 1e6 / number(count),
    })
}
