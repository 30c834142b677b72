//! The end of the log, kept in memory, so that ten thousand sessions that come back at once need not each read it from
//! the disk.
//!
//! A session is told little of the log, and asks for that alone: entries are kept in lanes, by who may hear them, and a
//! session reads the lanes that may concern it. Whether it is told of an entry is asked afterwards.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use decentra_model::limits::{RECENT_BYTES_MAX, RECENT_MAX};
use decentra_model::{Circle, Dispatch, GatewaySession, Id, Position};
use decentra_store::Logged;
use tokio::sync::OnceCell;

use crate::readers::Readers;

/// Entries of the log that are read at once.
pub(crate) const PAGE: u32 = 512;

/// The end of the log. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Recent(Arc<Kept>);

struct Kept {
    entries: RwLock<Entries>,
    /// Whether what stood in the log when the server started was fetched.
    fetched: OnceCell<()>,
}

/// An entry, shared by all who read it.
pub(crate) type Entry = Arc<Logged>;

/// A stretch of the log, as far as it may concern one session.
#[derive(Debug, Default)]
pub(crate) struct Stretch {
    /// What may concern it.
    pub(crate) entries: Vec<Entry>,
    /// Up to here, or down to here, nothing else may.
    pub(crate) end: Position,
}

impl Stretch {
    /// What was read of the disk, in its order; nothing, if that is all.
    pub(crate) fn read(page: impl IntoIterator<Item = Logged>) -> Option<Self> {
        let entries: Vec<Entry> = page.into_iter().map(Arc::new).collect();
        let end = entries.last()?.0;
        Some(Self { entries, end })
    }
}

/// Who may hear an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Lane {
    /// Those with one of these intents; all, if they are all.
    Intents(u64),
    /// One user.
    User(Id),
}

#[derive(Debug)]
struct Entries {
    /// What stands in the log after this is here.
    since: Position,
    /// Up to this.
    end: Position,
    all: VecDeque<Entry>,
    bytes: usize,
    /// What those may hear who have one of these intents.
    shared: HashMap<u64, VecDeque<Entry>>,
    /// What one user may hear.
    own: HashMap<Id, VecDeque<Entry>>,
}

impl Recent {
    /// An empty end of a log that has come to `position`.
    pub(crate) fn new(position: Position) -> Self {
        let entries = Entries {
            since: position,
            end: position,
            all: VecDeque::new(),
            bytes: 0,
            shared: HashMap::new(),
            own: HashMap::new(),
        };
        Self(Arc::new(Kept { entries: RwLock::new(entries), fetched: OnceCell::new() }))
    }

    /// Adds what was committed, in its order.
    pub(crate) fn add(&self, entries: impl IntoIterator<Item = Entry>) {
        let mut kept = self.write();
        entries.into_iter().for_each(|entry| kept.push(entry));
    }

    /// What stands after `position` and may concern `session`, oldest first; `None`, if that is not here any more.
    pub(crate) fn after(&self, position: Position, session: &GatewaySession) -> Option<Stretch> {
        let kept = self.read();
        if position < kept.since {
            return None;
        }
        let mut found = Vec::new();
        for lane in kept.lanes_of(session) {
            let begin = lane.partition_point(|entry| entry.0 <= position);
            found.extend(lane.range(begin..).take(PAGE as usize).cloned());
        }
        found.sort_unstable_by_key(|entry| entry.0);
        found.dedup_by_key(|entry| entry.0);
        let end = cut(&mut found).unwrap_or(kept.end.max(position));
        Some(Stretch { entries: found, end })
    }

    /// What stands up to `position` and may concern `session`, newest first; `None`, if nothing of it is here any more.
    pub(crate) fn until(&self, position: Position, session: &GatewaySession) -> Option<Stretch> {
        let kept = self.read();
        if position <= kept.since {
            return None;
        }
        let mut found = Vec::new();
        for lane in kept.lanes_of(session) {
            let end = lane.partition_point(|entry| entry.0 <= position);
            found.extend(lane.range(..end).rev().take(PAGE as usize).cloned());
        }
        found.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.0));
        found.dedup_by_key(|entry| entry.0);
        let end = cut(&mut found).unwrap_or(kept.since + 1);
        Some(Stretch { entries: found, end })
    }

    /// Fetches what stood in the log when the server started, the first time that somebody asks.
    pub(crate) async fn fetch(&self, readers: &Readers) {
        self.0.fetched.get_or_init(|| self.fetch_all(readers)).await;
    }

    async fn fetch_all(&self, readers: &Readers) {
        loop {
            let since = self.read().since;
            // What cannot be read now is read by whoever needs it.
            let asked = readers.ask_in_time(move |reader| reader.log_until(since, PAGE)).await;
            let Ok(page) = asked else { return };
            if page.is_empty() || !self.write().put_before(since, page) {
                return;
            }
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, Entries> {
        self.0.entries.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Entries> {
        self.0.entries.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Cuts `found` to one page; the position of its last entry, if more may stand behind that.
fn cut(found: &mut Vec<Entry>) -> Option<Position> {
    let last = found.get(PAGE as usize - 1)?.0;
    found.truncate(PAGE as usize);
    Some(last)
}

impl Entries {
    fn lanes_of(&self, session: &GatewaySession) -> impl Iterator<Item = &VecDeque<Entry>> {
        let shared = self
            .shared
            .iter()
            .filter(move |(wanted, _)| **wanted == u64::MAX || *wanted & session.intents != 0);
        shared.map(|(_, entries)| entries).chain(self.own.get(&session.user_id))
    }

    fn lane(&mut self, lane: Lane) -> &mut VecDeque<Entry> {
        match lane {
            Lane::Intents(intents) => self.shared.entry(intents).or_default(),
            Lane::User(user) => self.own.entry(user).or_default(),
        }
    }

    fn push(&mut self, entry: Entry) {
        self.end = entry.0;
        self.bytes += bytes_of(&entry);
        for lane in lanes(&entry.1) {
            self.lane(lane).push_back(Arc::clone(&entry));
        }
        self.all.push_back(entry);
        while self.is_full() {
            self.drop_oldest();
        }
    }

    /// Puts `page`, which stands before `since`, newest first, before all others; whether there may be room for more.
    fn put_before(&mut self, since: Position, page: Vec<Logged>) -> bool {
        if self.since != since {
            return false;
        }
        for logged in page {
            if self.is_full() {
                return false;
            }
            let entry = Arc::new(logged);
            self.bytes += bytes_of(&entry);
            for lane in lanes(&entry.1) {
                self.lane(lane).push_front(Arc::clone(&entry));
            }
            self.since = entry.0 - 1;
            self.all.push_front(entry);
        }
        true
    }

    fn is_full(&self) -> bool {
        self.all.len() > RECENT_MAX || self.bytes > RECENT_BYTES_MAX
    }

    fn drop_oldest(&mut self) {
        let Some(oldest) = self.all.pop_front() else { return };
        self.since = oldest.0;
        self.bytes -= bytes_of(&oldest);
        for lane in lanes(&oldest.1) {
            self.lane(lane).pop_front();
            match lane {
                Lane::User(user) if self.lane(lane).is_empty() => drop(self.own.remove(&user)),
                _ => {}
            }
        }
    }
}

/// Bytes that an entry takes, about.
fn bytes_of(entry: &Logged) -> usize {
    const ITSELF: usize = 256;
    entry.1.body.len() + ITSELF
}

/// The lanes of `dispatch`. Nobody hears of it who reads none of them.
fn lanes(dispatch: &Dispatch) -> impl Iterator<Item = Lane> {
    let audience = &dispatch.audience;
    let one = |user: Option<Id>| user.map(Lane::User);
    let changes = audience.changes_sight;
    let changes_all = changes.is_some_and(|change| change.user_id.is_none());
    let many = match audience.circle {
        _ if changes_all => Some(Lane::Intents(u64::MAX)),
        Circle::Nobody => None,
        Circle::User(id) => one(Some(id)),
        _ if !audience.among.is_empty() => None,
        _ if audience.intents == 0 => Some(Lane::Intents(u64::MAX)),
        _ => Some(Lane::Intents(audience.intents)),
    };
    let whose = one(changes.and_then(|change| change.user_id)).filter(|lane| many != Some(*lane));
    let subject = one(audience.subject).filter(|lane| many != Some(*lane) && whose != Some(*lane));
    let among = audience.among.iter().copied().map(Lane::User);
    let among = among.filter(move |lane| whose != Some(*lane) && subject != Some(*lane));
    [many, whose, subject].into_iter().flatten().chain(among)
}
