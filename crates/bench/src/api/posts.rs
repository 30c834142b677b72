//! Messages posted over HTTP, each on disk before it is answered; beside what the store alone commits.
//!
//! The server has one thread that stores, and others that serve sockets. So that they can work beside one another, it is
//! bound to no core here, and the load, which shares the cores with it, sleeps while it waits. What HTTP alone takes is told
//! beside it: a bare axum handler that answers as many bytes, on the same cores, and stores nothing.
//!
//! The store alone commits in the same groups as the server did: as many messages at once as came together in it. What it
//! would do in groups of all that can be under way is told, too.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use decentra_model::{Audience, Circle, Dispatch, Event, Id, Intents};
use decentra_store::Store;
use decentra_store_sqlite::SqliteStore;

use crate::calls::Calls;
use crate::cores::{pin, spread};
use crate::figure::{Case, Figure, Target, median, number};
use crate::page;
use crate::poster::{head, put_request};
use crate::seed::{Seed, message, now};
use crate::server::Server;
use crate::setup::{Setup, data_dir, home};
use crate::swarm::Wait;

/// Connections, each with one message under way.
const CALLERS: usize = 64;

/// The share of the store's rate that is to be reached.
const RATE_RATIO: Target = Target::RatioAtLeast(0.5);

/// Bytes of the answer to a post.
const ANSWER_BYTES: usize = 700;

/// Bytes of what is told of a message, in the log.
const TOLD_BYTES: usize = 900;

/// What a message says.
const CONTENT: &str = "a message of sixty characters, which is what most people type";

/// How the load waits for answers.
const WAIT: Wait = Wait::Sleep(Duration::from_secs(1));

/// Measures our server and the store in turn.
pub(super) fn measure(setup: &Setup) -> Result<Case> {
    spread(&setup.cores)?;
    let measured = measure_spread(setup);
    pin(setup.cores.load)?;
    measured
}

fn measure_spread(setup: &Setup) -> Result<Case> {
    let home = home(&setup.server)?;
    let place = Seed { members: CALLERS, guilds: 1, messages: 0 }.sow(&data_dir(&home))?;
    let server = Server::start(&setup.server, &data_dir(&home), None)?;
    let heads: Vec<String> = (0..CALLERS).map(|nth| head(&place.channel, &place.token(nth))).collect();
    let mut calls = Calls::connect(server.address, CALLERS)?;
    let mut request = |nth: usize, bytes: &mut Vec<u8>| put_request(&heads[nth], CONTENT, bytes);
    let body = home.path().join("message.json");
    std::fs::write(&body, vec![b' '; ANSWER_BYTES])?;
    let (bare, address) = page::start(None, &body)?;
    let mut bare_calls = Calls::connect(address, CALLERS)?;
    let mut rounds = Vec::new();
    let mut busy = Vec::new();
    let (mut http, mut groups, mut whole) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..setup.effort.rounds {
        calls.drive(setup.effort.warm_up, WAIT, &mut request)?;
        let before = (server.process().processor_time()?, Counts::of(&server)?);
        let driven = calls.drive(setup.effort.window, WAIT, &mut request)?;
        let taken = server.process().processor_time()?.saturating_sub(before.0);
        let group = Counts::of(&server)?.group_since(&before.1);
        groups.push(number(group as u64));
        busy.push(taken.as_secs_f64() * 1e6 / number(driven.calls));
        bare_calls.drive(setup.effort.warm_up, WAIT, &mut request)?;
        http.push(bare_calls.drive(setup.effort.window, WAIT, &mut request)?.per_second());
        rounds.push((driven.per_second(), store_alone(setup, group)?));
        whole.push(store_alone(setup, CALLERS)?);
    }
    drop((calls, bare_calls));
    server.stop()?;
    bare.kill()?;
    let figures = vec![
        Figure::beside("posts_per_s", &rounds).to_reach(RATE_RATIO),
        Figure::of("cpu_us_per_post", median(busy.into_iter())),
        Figure::of("group", median(groups.into_iter())),
        Figure::of("store_in_groups_of_64_per_s", median(whole.into_iter())),
        Figure::of("bare_http_per_s", median(http.into_iter())),
    ];
    Ok(Case { name: "durable posts, 64 under way", connections: Some(CALLERS), figures })
}

/// What the server has counted.
struct Counts {
    messages: u64,
    commits: u64,
}

impl Counts {
    fn of(server: &Server) -> Result<Self> {
        let text = server.metrics()?;
        let count = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            line.and_then(|count| count.trim().parse().ok())
                .with_context(|| format!("no {name} in the metrics"))
        };
        Ok(Self {
            messages: count("decentra_messages_total")?,
            commits: count("decentra_commit_seconds_count")?,
        })
    }

    /// Messages in each transaction since `before`.
    fn group_since(&self, before: &Self) -> usize {
        let commits = (self.commits - before.commits).max(1);
        usize::try_from((self.messages - before.messages) / commits).unwrap_or(usize::MAX).max(1)
    }
}

/// Messages a second that the store commits, in groups, on a core of its own.
fn store_alone(setup: &Setup, group: usize) -> Result<f64> {
    let home = home(&setup.server)?;
    let (core, window) = (setup.cores.subject, setup.effort.window);
    let folder = data_dir(&home);
    let working = thread::spawn(move || -> Result<f64> {
        pin(core)?;
        std::fs::create_dir_all(&folder)?;
        let store = SqliteStore::open(&folder)?;
        commit_for(store, window, group)
    });
    working.join().map_err(|_| anyhow!("the store's thread panicked"))?
}

fn commit_for(mut store: SqliteStore, window: Duration, group: usize) -> Result<f64> {
    let (channel, author, guild) = (Id::from_i64(7), Id::from_i64(8), Id::from_i64(9));
    let circle = Circle::Viewers(guild, channel);
    let told = Dispatch {
        name: "MESSAGE_CREATE".into(),
        audience: Audience::new(circle, Intents::GUILD_MESSAGES),
        body: vec![b' '; TOLD_BYTES].into(),
    };
    let mut last = None;
    let mut count = 0_u64;
    let start = Instant::now();
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
    Ok(number(count) / start.elapsed().as_secs_f64())
}
