//! One run: a world, a server, people, and what befalls them, all decided by one seed.

use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use anyhow::Context;
use decentra_server::settings::OnOff;
use decentra_store_sqlite::SqliteStore;
use fastrand::Rng;
use serde_json::json;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::faults::{self, Planned};
use crate::network::Weather;
use crate::record::{Entries, Record};
use crate::session::Attendee;
use crate::template::Template;
use crate::world::{Manner, World};
use crate::writer::{self, Writer, settle};
use crate::{guest, law, session, time};

/// Every intent; and those of a client that does not care who comes and goes, and who types.
const INTENTS: [u64; 2] = [0x0331_ffff, 0x0000_8603];

/// The clients of the gateway.
const CLIENTS: [&str; 4] = ["olga", "mia", "mia-2", "ned"];

/// Time after the last fault in which all calls must be answered.
const PATIENCE: Duration = Duration::from_mins(5);

/// Rounds in which something is said last, and how long each is: in the end, longer than the longest pauses of clients.
const ROUNDS: u32 = 10;

/// See [`ROUNDS`].
const ROUND: Duration = Duration::from_secs(30);

/// Time of the instance between its making and a run, in seconds.
const REST: i64 = 3_600;

thread_local! {
    /// What the last panic of this thread said.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What is to be run.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// All follows from it.
    pub seed: u64,
    /// Whether a text of what happened is wanted.
    pub is_told: bool,
    /// Whether the disk says that it has kept what a `kill -9` then takes away. No server can keep its word on such a disk:
    /// this is how the laws are tried.
    pub disk_lies: bool,
}

impl Order {
    /// A run of `seed`, on an honest disk.
    pub fn of(seed: u64) -> Self {
        Self { seed, is_told: false, disk_lies: false }
    }
}

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    /// What it followed from.
    pub seed: u64,
    /// The law that was broken, if one was.
    pub broken: Option<String>,
    /// Two runs of one seed have the same.
    pub print: u64,
    /// What happened, where it was wanted.
    pub lines: Vec<String>,
    /// How much happened.
    pub tally: Tally,
}

/// How much happened.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    /// Faults that came.
    pub faults: usize,
    /// Sessions of the gateway.
    pub sessions: usize,
    /// Those that could not be resumed.
    pub refused: usize,
    /// Dispatches that they heard.
    pub heard: usize,
    /// Messages, by calls and in the lobby.
    pub messages: usize,
}

/// A runtime of one thread, whose time stands still until nobody has anything to do.
pub fn runtime() -> anyhow::Result<Runtime> {
    Ok(Builder::new_current_thread().enable_time().start_paused(true).build()?)
}

/// Notes panics rather than printing them: a run tells of its own.
pub fn note_panics() {
    std::panic::set_hook(Box::new(|panic| PANIC.set(Some(panic.to_string()))));
}

/// Runs what is ordered.
pub fn run(template: &Template, order: &Order) -> Outcome {
    PANIC.set(None);
    let seed = order.seed;
    let ran = std::panic::catch_unwind(AssertUnwindSafe(|| attempt(template, order)));
    let failed =
        |why| Outcome { seed, broken: Some(why), print: 0, lines: Vec::new(), tally: Tally::default() };
    let mut outcome = match ran {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(error)) => failed(format!("{error:#}")),
        Err(_) => failed("something panicked".into()),
    };
    if let Some(panic) = PANIC.take() {
        outcome.broken = Some(panic);
    }
    outcome
}

fn attempt(template: &Template, order: &Order) -> anyhow::Result<Outcome> {
    let Order { seed, is_told, disk_lies } = *order;
    runtime()?.block_on(async {
        let mut chance = Rng::with_seed(seed);
        let manner = Manner { disk_lies, ..manner(&mut chance) };
        let world = World::new(manner, chance.u64(..), Some(&template.database), is_told)?;
        let record = Record::default();
        let span = Duration::from_millis(chance.u64(4_000..20_000));
        let plan = faults::plan(&mut chance, span);
        world.trace.does("plan", format_args!("{manner:?} {plan:?}"));
        let ran = tokio::select! {
            biased;
            ran = play(&world, &record, template, &mut chance, (span, &plan)) => ran,
            () = world.turns.run() => unreachable!("turns are given for ever"),
            () = world.network.deliver() => unreachable!("a network delivers for ever"),
        };
        if let Err(error) = ran {
            world.broken(format!("{error:#}"));
        }
        let tally = tally(&record.entries(), &plan);
        let (print, lines) = (world.trace.print(), world.trace.lines());
        Ok(Outcome { seed, broken: world.verdict(), print, lines, tally })
    })
}

fn manner(chance: &mut Rng) -> Manner {
    let delay = [0, 20, 200, 1_500][chance.usize(..4)];
    let room = [1 << 10, 1 << 12, 1 << 16][chance.usize(..3)];
    let grain = [40, 1_000, 1 << 16][chance.usize(..3)];
    let pause = [0, 5, 100][chance.usize(..3)];
    Manner {
        weather: Weather { delay_max: Duration::from_millis(delay), room, grain },
        pause_max: Duration::from_millis(pause),
        rate_limits: if chance.bool() { OnOff::On } else { OnOff::Off },
        disk_lies: false,
    }
}

async fn play(
    world: &World,
    record: &Record,
    template: &Template,
    chance: &mut Rng,
    (span, plan): (Duration, &[Planned]),
) -> anyhow::Result<()> {
    world.wall.jump(REST);
    world.start()?;
    let until = Instant::now() + span;
    for name in ["Ana", "Ben"] {
        world.spawn(guest::stay(world.clone(), record.clone(), name, chance.usize(..8), until));
    }
    let [olga, mia, ned] = &template.accounts;
    for (name, account) in CLIENTS.into_iter().zip([olga, mia, mia, ned]) {
        let intents = INTENTS[usize::from(name == "mia-2")];
        let who = Attendee { name, account: account.clone(), intents, until };
        world.spawn(session::attend(world.clone(), record.clone(), template.clone(), who));
    }
    let mut tasks = Vec::new();
    for account in &template.accounts {
        let who = Writer { account: account.clone(), count: chance.usize(1..8), until };
        let (world, record, template) = (world.clone(), record.clone(), template.clone());
        tasks.push(begin(&world.clone(), async move {
            writer::write(&world, &record, &template, who).await;
        }));
    }
    let (there, own, deeds) = (world.clone(), template.clone(), chance.usize(1..6));
    tasks.push(begin(world, async move { writer::rule(&there, &own, deeds, until).await }));
    faults::befall(world, plan, until).await?;
    for task in tasks {
        let ended = time::within(PATIENCE, task).await;
        ended
            .context("someone waits for an answer for ever")?
            .context("someone was gone before they were done")?;
    }
    rest(world, record, template).await?;
    let pages = law::pages(world, template).await?;
    world.stop().await?;
    let mut store = SqliteStore::open(&world.left_data())?;
    let mut case = law::Case { template, entries: &record.entries(), pages: &pages, store: &mut store, plan };
    case.judge()
}

/// Starts `task` in the world, and tells when it ends.
fn begin(world: &World, task: impl Future<Output = ()> + Send + 'static) -> oneshot::Receiver<()> {
    let (done, ended) = oneshot::channel();
    world.spawn(async move {
        task.await;
        // Whoever waited may have given up.
        let _ = done.send(());
    });
    ended
}

/// Says something last, again and again, until all have heard it who are there to the end.
async fn rest(world: &World, record: &Record, template: &Template) -> anyhow::Result<()> {
    for round in 0..ROUNDS {
        let last = format!("the end {round}");
        for channel in &template.channels[..2] {
            let path = format!("/channels/{channel}/messages");
            settle(world, &template.accounts[0], ("POST", &path), Some(&json!({"content": last}))).await;
        }
        let began = Instant::now();
        while began.elapsed() < ROUND {
            if world.verdict().is_some() || waits(&record.entries(), template, &last).is_none() {
                return Ok(());
            }
            time::sleep(Duration::from_millis(200)).await;
        }
    }
    let last = format!("the end {}", ROUNDS - 1);
    match waits(&record.entries(), template, &last) {
        Some(who) => anyhow::bail!("{who} does not hear the last that is said"),
        None => Ok(()),
    }
}

/// Someone who has not heard the last yet.
fn waits(entries: &Entries, template: &Template, last: &str) -> Option<String> {
    if let Some(guest) = entries.guests.iter().find(|guest| !guest::has_settled(guest, last)) {
        return Some(guest.name.clone());
    }
    let channel = format!("\"channel_id\":\"{}\"", template.channels[1]);
    let text = format!("\"{last}\"");
    let is_last = |(name, body): &(String, String)| {
        name == "MESSAGE_CREATE" && body.contains(&text) && body.contains(&channel)
    };
    let has_heard = |client: &str| {
        let live = entries.sessions.iter().rev().find(|session| session.client == client && session.is_live);
        live.is_some_and(|session| session.heard.iter().rev().any(is_last))
    };
    CLIENTS.into_iter().find(|client| !has_heard(client)).map(str::to_owned)
}

fn tally(entries: &Entries, plan: &[Planned]) -> Tally {
    let said: usize = entries.guests.iter().map(|guest| guest.said.len()).sum();
    Tally {
        faults: plan.len(),
        sessions: entries.sessions.len(),
        refused: entries.sessions.iter().filter(|session| session.refused).count(),
        heard: entries.sessions.iter().map(|session| session.heard.len()).sum(),
        messages: entries.posts.len() + said,
    }
}

impl Tally {
    /// Adds what happened in another run.
    pub fn add(&mut self, other: &Self) {
        self.faults += other.faults;
        self.sessions += other.sessions;
        self.refused += other.refused;
        self.heard += other.heard;
        self.messages += other.messages;
    }
}
