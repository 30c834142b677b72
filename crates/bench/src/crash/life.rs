//! One life of the server, and all who take part in it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::bots::{Account, Bots};
use super::keeper::Keeper;
use super::lobby::Guests;
use super::place::Place;
use super::posters::{self, Done, Poster};
use super::readers::Readers;
use super::stage::Stage;
use super::table;
use super::truth::Truth;
use crate::random::Random;
use crate::server::Server;

/// How long a server is written to, at most, before its life ends.
const LIFE_MAX: Duration = Duration::from_millis(600);

/// How long after the start of its process a server is killed, at most, that is to die early.
const START_MAX: Duration = Duration::from_millis(100);

/// In one of so many lives someone changes what members may do.
const CHANGE_ONE_IN: u64 = 24;

/// How a life ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// By SIGKILL, under load.
    Crash,
    /// By SIGKILL, while the server starts.
    EarlyCrash,
    /// By SIGTERM, under load, when all sessions are open.
    Upgrade,
}

/// Everyone, and what they know of what happened.
pub(super) struct Cast {
    place: Place,
    posters: Vec<Poster>,
    guests: Guests,
    readers: Readers,
    keeper: Keeper,
    bots: Option<Bots>,
    truth: Truth,
    /// Whether what members may do was changed in the last life, so that the bots have to begin anew.
    has_changed: bool,
    /// Posts in the lobby that the guests must have been shown in their last life.
    known: usize,
    random: Random,
    data_dir: PathBuf,
}

/// What came of all lives.
#[derive(Debug)]
pub(super) struct Outcome {
    /// What the members were acknowledged.
    pub(super) done: Done,
    /// Posts of guests that were echoed.
    pub(super) echoed: u64,
    /// How often a session went on, how often one was told that it could not, how many events all were told of.
    pub(super) sessions: [u64; 3],
    /// How often what members may do was changed.
    pub(super) keeping: u64,
    /// What became of the bots.
    pub(super) bots: Vec<Account>,
}

impl Ending {
    /// How the life number `round` ends, from 1 on.
    pub(super) fn of(round: u32) -> Self {
        [Self::Crash, Self::Upgrade, Self::EarlyCrash, Self::Crash][(round - 1) as usize % 4]
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Crash => "a crash",
            Self::EarlyCrash => "a crash at the start",
            Self::Upgrade => "an upgrade",
        })
    }
}

impl Cast {
    /// All who take part in the server on `data_dir`, in which `place` was founded.
    pub(super) fn new(place: Place, bots: Option<Bots>, random: Random, data_dir: PathBuf) -> Self {
        Self {
            posters: Poster::all(&place, &random),
            guests: Guests::new(),
            readers: Readers::new(&place, random.fork(0)),
            keeper: Keeper::default(),
            bots,
            truth: Truth::default(),
            has_changed: true,
            known: 0,
            random,
            place,
            data_dir,
        }
    }

    /// Lets `program` live, and brings about its `ending`.
    pub(super) fn live(&mut self, program: &Path, ending: Ending) -> Result<()> {
        if ending == Ending::EarlyCrash {
            let after = self.random.up_to(START_MAX);
            return Server::kill_at_start(program, &self.data_dir, after)
                .with_context(|| format!("after {after:?}"));
        }
        let (before, after) = (self.random.up_to(LIFE_MAX / 2), self.random.up_to(LIFE_MAX / 2));
        let changes = self.random.one_in(CHANGE_ONE_IN);
        let said = self.bots.as_ref().map(Bots::said);
        let (server, stage) = self.start(program)?;
        let sessions = self.readers.count();
        if let (true, Some(bots), Some(said)) = (self.has_changed, &self.bots, said) {
            // Nobody else writes meanwhile: in a life so long, the log would not keep all that happens.
            bots.wait_for_return(said).with_context(|| server.last_words())?;
        }
        self.has_changed = changes;
        let play = |stage: &Stage, place: &Place, keeper: &mut Keeper| {
            thread::sleep(before);
            if changes {
                keeper.change(stage, place)?;
            }
            thread::sleep(after);
            if ending == Ending::Upgrade {
                stage.wait_for_open(sessions)?;
            }
            Ok(())
        };
        let end = |server: Server| if ending == Ending::Upgrade { server.stop() } else { server.kill() };
        self.perform(server, &stage, play, end).with_context(|| format!("after {before:?} and {after:?}"))?;
        self.lead_bots_to(None)?;
        if ending == Ending::Upgrade { self.readers.check_seen_off() } else { Ok(()) }
    }

    /// Starts `program`; everything of the lives before it must be there.
    fn start(&mut self, program: &Path) -> Result<(Server, Stage)> {
        let server = Server::start(program, &self.data_dir, None)?;
        let stage = Stage::new(server.address);
        self.check()?;
        self.keeper.check(&stage, &self.place)?;
        self.lead_bots_to(Some(&stage))?;
        Ok((server, stage))
    }

    /// Lets everyone write and listen while `play` goes on, and then until the `end` of the server.
    fn perform<T>(
        &mut self,
        server: Server,
        stage: &Stage,
        play: impl FnOnce(&Stage, &Place, &mut Keeper) -> Result<T>,
        end: impl FnOnce(Server) -> Result<()>,
    ) -> Result<T> {
        let Self { place, posters, guests, readers, keeper, .. } = self;
        let place = &*place;
        thread::scope(|scope| {
            let mut parts = Vec::new();
            for poster in posters {
                parts.push(scope.spawn(|| stage.leave_after(|| poster.live(stage))));
            }
            parts.push(scope.spawn(|| stage.leave_after(|| guests.live(stage))));
            parts.push(scope.spawn(|| stage.leave_after(|| readers.live(stage, place))));
            let played = play(stage, place, keeper);
            stage.end();
            let ended = end(server);
            let parts: Vec<_> = parts.into_iter().map(thread::ScopedJoinHandle::join).collect();
            let lived: Result<()> =
                parts.into_iter().try_for_each(|part| part.unwrap_or_else(|_| bail!("a part panicked")));
            // What those on the stage saw says more than that nobody came to its end.
            lived.and(ended).and(played)
        })
    }

    fn lead_bots_to(&mut self, stage: Option<&Stage>) -> Result<()> {
        self.bots.as_mut().map_or(Ok(()), |bots| bots.lead_to(stage))
    }

    /// Checks all that was seen since the last time.
    fn check(&mut self) -> Result<()> {
        let database = table::open(&self.data_dir)?;
        let rows = table::log(&database, self.truth.position())?;
        self.truth.extend(rows, self.place.lobby.parse()?)?;
        for poster in &mut self.posters {
            poster.check(&self.truth, &database)?;
        }
        self.guests.check(&self.truth, self.known)?;
        self.known = self.truth.lobby_posts();
        self.readers.check(&self.truth)
    }

    /// Lets `program` live until everything that was begun is done, and everyone knows everything.
    pub(super) fn conclude(mut self, program: &Path) -> Result<Outcome> {
        let (server, stage) = self.start(program)?;
        let (sessions, writers) = (self.readers.count(), self.posters.len() + 1);
        let bots = self.bots.take();
        let play = |stage: &Stage, place: &Place, _: &mut Keeper| {
            stage.wait_for_open(sessions)?;
            stage.close();
            stage.wait_for_left(writers)?;
            let last = posters::post(stage.address, place, "the last message")?;
            stage.wait_for_last(last);
            stage.wait_for_left(writers + 1)?;
            bots.as_ref().map_or(Ok(()), |bots| bots.wait_for_last(last))
        };
        self.perform(server, &stage, play, Server::stop)?;
        self.check()?;
        let database = table::open(&self.data_dir)?;
        table::check(&database)?;
        for poster in &mut self.posters {
            poster.check_all(&self.truth, &database)?;
        }
        ensure!(
            table::messages(&database)? == self.truth.rest(),
            "lost: the messages are not what the log says"
        );
        let mut done = Done::default();
        self.posters.iter().for_each(|poster| done += poster.done());
        let bots = bots.map_or(Ok(Vec::new()), |bots| bots.account(&self.truth))?;
        Ok(Outcome {
            done,
            echoed: self.guests.done(),
            sessions: self.readers.counts(),
            keeping: self.keeper.changes(),
            bots,
        })
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { done: Done { posts, changes }, echoed, sessions, keeping, bots } = self;
        let [resumed, refused, told] = sessions;
        write!(f, "acknowledged: {posts} posts, {changes} edits, reactions and deletions over REST, ")?;
        writeln!(f, "{echoed} posts in the lobby, {keeping} changes of permissions")?;
        writeln!(
            f,
            "sessions: {told} events; resumed {resumed} times, told {refused} times that they could not"
        )?;
        bots.iter().try_for_each(|bot| writeln!(f, "{bot}"))?;
        write!(f, "nothing was lost, doubled or out of order")
    }
}
