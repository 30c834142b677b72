//! Bots on unmodified libraries, which read and write through all lives of the server.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::event::{Event, Kind};
use super::follower::{Follower, Heard};
use super::place::Place;
use super::relay::Relay;
use super::stage::{LOOK, Stage};
use super::truth::Truth;
use crate::entry::Entry;
use crate::process::Process;
use crate::server::last_words;

/// Time that a bot has to come back and to hear all it missed: some libraries pause for long between attempts.
const RETURN_MAX: Duration = Duration::from_mins(5);

/// The programs of the bots, in their folder.
const PROGRAMS: [(&str, &str); 2] =
    [("discord.js", "discordjs/witness.mjs"), ("discord.py", "discordpy/witness.py")];

/// What the bots need.
#[derive(Debug)]
pub struct Needs {
    /// The folder with their programs.
    pub folder: PathBuf,
    /// A Python that has discord.py.
    pub python: PathBuf,
}

/// All bots, and the door through which they reach the server.
#[derive(Debug)]
pub(super) struct Bots {
    relay: Relay,
    bots: Vec<Bot>,
}

/// One bot.
#[derive(Debug)]
struct Bot {
    name: &'static str,
    process: Process,
    said: Arc<Mutex<Vec<Said>>>,
    /// Where it writes its errors.
    errors: PathBuf,
}

/// What a bot says.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    /// Its library has a new session.
    Ready,
    /// Its library goes on with its session.
    Resumed,
    /// It was told of a message.
    Told(Entry),
    /// What it posted was acknowledged.
    Posted(Entry),
}

/// What became of a bot.
#[derive(Debug)]
pub(super) struct Account {
    name: &'static str,
    told: usize,
    posted: usize,
    resumed: usize,
    /// Sessions that its library began beyond the first: it had been told that it could not go on.
    anew: usize,
    /// Posts that it was not told of, since they fell between two sessions.
    missed: usize,
}

impl Bots {
    /// Starts them; they come in as soon as [`Bots::lead_to`] names a server. What they say of errors goes into files in
    /// `home`.
    pub(super) fn start(needs: &Needs, stage: &Stage, place: &Place, home: &Path) -> Result<Self> {
        let relay = Relay::open()?;
        let bots = PROGRAMS.into_iter().map(|(name, program)| {
            let token = place.bring_bot(stage.address, name)?;
            let runner = if name == "discord.js" { Path::new("node") } else { &needs.python };
            let mut command = Command::new(runner);
            command.arg(needs.folder.join(program));
            command.env("DECENTRA_URL", format!("http://{}", relay.address));
            command.env("BOT_TOKEN", token).env("CHANNEL_ID", &place.talk);
            // Some libraries would ask the proxy that the environment names for this machine's own address.
            command.env("NO_PROXY", "127.0.0.1").env("no_proxy", "127.0.0.1");
            Bot::start(name, &mut command, home)
        });
        Ok(Self { bots: bots.collect::<Result<_>>()?, relay })
    }

    /// Shows them where the server is, or that there is none; none of them may have given up.
    pub(super) fn lead_to(&mut self, stage: Option<&Stage>) -> Result<()> {
        self.relay.lead_to(stage.map(|stage| stage.address));
        let mut bots = self.bots.iter_mut();
        bots.try_for_each(|bot| {
            bot.process.require_running().with_context(|| last_words(bot.name, &bot.errors))
        })
    }

    /// How much each has said so far.
    pub(super) fn said(&self) -> Vec<usize> {
        self.bots.iter().map(|bot| bot.said().len()).collect()
    }

    /// Waits until each has a session, new or resumed, since it had said so much.
    ///
    /// Who must begin anew needs a long life of the server for it: discord.py waits 5 s on its connection before it
    /// identifies.
    pub(super) fn wait_for_return(&self, since: Vec<usize>) -> Result<()> {
        self.wait(since, "a session", |said| matches!(said, Said::Ready | Said::Resumed))
    }

    /// Waits until each was told of the message `last`; or, if its session begins only then, of what the bots post after
    /// it.
    pub(super) fn wait_for_last(&self, last: i64) -> Result<()> {
        let is_last = |said: &Said| matches!(said, Said::Told(entry) if entry.id >= last);
        self.wait(vec![0; self.bots.len()], "the last messages", is_last)
    }

    fn wait(&self, since: Vec<usize>, what: &str, is_it: impl Fn(&Said) -> bool) -> Result<()> {
        let start = Instant::now();
        for (bot, mut known) in self.bots.iter().zip(since) {
            while !bot.has_said(&mut known, &is_it) {
                ensure!(
                    start.elapsed() < RETURN_MAX,
                    "{} did not get {what} within {RETURN_MAX:?}",
                    bot.name
                );
                thread::sleep(LOOK);
            }
        }
        Ok(())
    }

    /// Ends them, and compares what each saw with what happened.
    pub(super) fn account(self, truth: &Truth) -> Result<Vec<Account>> {
        let posts = truth.posts();
        let bots = self.bots.into_iter();
        bots.map(|bot| Account::of(bot.name, &bot.said(), &posts, truth).context(bot.name)).collect()
    }
}

impl Bot {
    fn start(name: &'static str, command: &mut Command, home: &Path) -> Result<Self> {
        let errors = home.join(format!("{name}.log"));
        let child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(&errors)?).spawn();
        let mut child = child.with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let output = child.stdout.take().context("its output is piped")?;
        let said = Arc::<Mutex<Vec<Said>>>::default();
        let heard = Arc::clone(&said);
        thread::spawn(move || listen(output, &heard));
        Ok(Self { name, process: Process::new(child), said, errors })
    }

    /// Whether it said something after the first `known`, which is moved on to all that there is.
    fn has_said(&self, known: &mut usize, is_it: impl Fn(&Said) -> bool) -> bool {
        let said = self.said();
        let has_said = said[*known..].iter().any(is_it);
        *known = said.len();
        has_said
    }

    /// What it said so far.
    fn said(&self) -> MutexGuard<'_, Vec<Said>> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes down what a bot says, until it ends.
fn listen(output: impl Read, said: &Mutex<Vec<Said>>) {
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        said.lock().unwrap_or_else(PoisonError::into_inner).extend(Said::parse(&line));
    }
}

impl Said {
    /// What a line says; what a library prints by itself says nothing.
    fn parse(line: &str) -> Option<Self> {
        let entry = |rest: &str| {
            let (id, content) = rest.split_once(' ')?;
            Some(Entry { id: id.parse().ok()?, content: content.to_owned() })
        };
        match line.split_once(' ') {
            None if line == "ready" => Some(Self::Ready),
            None if line == "resumed" => Some(Self::Resumed),
            Some(("told", rest)) => entry(rest).map(Self::Told),
            Some(("posted", rest)) => entry(rest).map(Self::Posted),
            _ => None,
        }
    }
}

impl Account {
    fn of(name: &'static str, said: &[Said], posts: &[Event], truth: &Truth) -> Result<Self> {
        let channels: HashMap<i64, i64> = posts.iter().map(|post| (post.message, post.channel)).collect();
        let mut follower = Follower::default();
        let mut account = Self { name, told: 0, posted: 0, resumed: 0, anew: 0, missed: 0 };
        let mut heard = Vec::new();
        for said in said {
            match said {
                Said::Ready => {
                    account.anew += usize::from(heard.contains(&Heard::Began));
                    heard.push(Heard::Began);
                }
                Said::Resumed => account.resumed += 1,
                Said::Told(Entry { id, content }) => {
                    account.told += 1;
                    let channel = channels.get(id).copied().unwrap_or_default();
                    let words = content.clone();
                    heard.push(Heard::Told(Event { kind: Kind::Created, channel, message: *id, words }));
                }
                Said::Posted(entry) => {
                    truth.check_posted(entry)?;
                    account.posted += 1;
                }
            }
        }
        follower.follow(posts, &heard)?;
        account.missed = follower.take_gaps().into_iter().map(|gap| gap.len()).sum();
        Ok(account)
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, told, posted, resumed, anew, missed } = self;
        write!(
            f,
            "{name}: told of {told} messages, posted {posted}; resumed {resumed} times, began anew {anew} times, "
        )?;
        write!(f, "which cost it {missed} messages")
    }
}

#[cfg(test)]
mod tests {
    use super::super::event::created;
    use super::*;

    #[test]
    fn what_a_bot_says_is_understood() {
        let entry = Entry { id: 7, content: "text 7".into() };
        assert_eq!(Said::parse("told 7 text 7"), Some(Said::Told(entry.clone())));
        assert_eq!(Said::parse("posted 7 text 7"), Some(Said::Posted(entry)));
        assert_eq!(Said::parse("ready"), Some(Said::Ready));
        assert_eq!(Said::parse("something else"), None);
    }

    #[test]
    fn only_what_falls_between_two_sessions_may_be_missing() {
        let posts: Vec<Event> = (1..=6).map(created).collect();
        let account = |lines: &[&str]| {
            let said: Vec<Said> = lines.iter().filter_map(|line| Said::parse(line)).collect();
            Account::of("bot", &said, &posts, &Truth::default())
        };
        let fine = account(&["ready", "told 1 text 1", "resumed", "told 2 text 2", "ready", "told 5 text 5"])
            .unwrap();
        assert_eq!((fine.told, fine.resumed, fine.anew, fine.missed), (3, 1, 1, 2));
        for (fault, lines) in [
            ("a gap", &["ready", "told 1 text 1", "resumed", "told 3 text 3"][..]),
            ("doubled", &["ready", "told 1 text 1", "resumed", "told 1 text 1"]),
            ("out of order", &["ready", "told 2 text 2", "told 1 text 1"]),
            ("doubled over two sessions", &["ready", "told 1 text 1", "ready", "told 1 text 1"]),
            ("other words", &["ready", "told 1 text 2"]),
            ("never posted", &["ready", "posted 7 text 7"]),
        ] {
            assert!(account(lines).is_err(), "{fault}");
        }
    }
}
