//! The gateway's sessions, and the fan-out to them.
//!
//! The log's thread owns it. What was committed goes to each session that may see it, in the log's order: the body is
//! encoded once for all, and what waits for a session at the end of a batch leaves in one write. Nothing here waits for
//! a socket.

mod members;
pub(super) mod shared;
mod sight;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use decentra_core::community::Community;
use decentra_core::gateway::replay::is_told;
use decentra_core::wire::guild::GuildWish;
use decentra_model::close::gateway as close;
use decentra_model::limits::{LOG_KEPT, RESUME_WINDOW, SESSION_NOTES_MAX, SESSIONS_PER_USER_MAX};
use decentra_model::{Audience, Circle, Dispatch, Event, GatewaySession, Id, Intents, Position};
use indexmap::IndexMap;
use serde_json::json;

use super::encoded::Encoded;
use super::sheet::Sheets;
use super::way::Way;
use crate::clock::Clock;
use crate::log::{Attached, Attachment, Command, Note, Step};
use crate::metrics::Metrics;
use crate::recent::Entry;
use crate::socket::outlet::Pace;
use crate::state::State;

/// Tells live sessions apart.
pub(crate) type SessionKey = u64;

/// Dispatches for which each session keeps room between batches.
const BATCH_KEPT: usize = 4;

/// Audiences whose sessions are kept ready, at most.
const READY_MAX: usize = 4_096;

/// The sessions.
pub(crate) struct Hub {
    state: State,
    live: IndexMap<SessionKey, Live>,
    /// The live sessions of each user.
    keys: HashMap<Id, HashSet<SessionKey>>,
    /// The sessions that each user left.
    left: HashMap<Id, HashMap<String, Left>>,
    /// The live sessions in the order in which it is their turn to be noted, and some that are gone.
    round: VecDeque<SessionKey>,
    /// Where the log stood when sessions were last noted.
    noted: Position,
    /// The places in `live` of who is told of what has an audience: kept until anyone comes or goes, or sees otherwise.
    ready: HashMap<ReadyKey, Arc<[usize]>>,
    /// What sessions are told in this batch.
    encoded: Vec<Encoded>,
    /// The same, laid out for those who are told the same.
    sheets: Sheets,
    /// The places in `live` of the sessions that are told something.
    waiting: Vec<usize>,
    clock: Clock,
    metrics: Arc<Metrics>,
}

/// An audience as far as it tells sessions apart.
type ReadyKey = (Circle, u64, Option<Id>, Option<Id>);

/// A session that may come back.
struct Left {
    session: GatewaySession,
    /// When it is forgotten, by the clock that only goes forward: what the wall says may be an hour off.
    until: Duration,
}

/// A session with a connection.
struct Live {
    session: GatewaySession,
    way: Arc<Way>,
    /// What is to be sent at the end of the batch, by its places among what is told. Its sequences end with the mark's.
    batch: Vec<usize>,
    /// Whether it went on since it was last noted.
    is_noted: bool,
}

impl Hub {
    pub(crate) fn new(state: State, left: Vec<GatewaySession>, clock: Clock, metrics: Arc<Metrics>) -> Self {
        let noted = state.read().position;
        // They could not come while the server was away, so their time begins now.
        let until = clock.elapsed() + RESUME_WINDOW;
        let mut of_users: HashMap<Id, HashMap<String, Left>> = HashMap::new();
        for session in left {
            of_users.entry(session.user_id).or_default().insert(session.id.clone(), Left { session, until });
        }
        Self {
            state,
            live: IndexMap::new(),
            keys: HashMap::new(),
            left: of_users,
            round: VecDeque::new(),
            noted,
            ready: HashMap::new(),
            encoded: Vec::new(),
            sheets: Sheets::default(),
            waiting: Vec::new(),
            clock,
            metrics,
        }
    }

    /// Takes in what happened, and tells those who may see it.
    pub(crate) fn take(&mut self, step: &Step) {
        let position = step.told.last().map(|entry| entry.0);
        let change = step.told.iter().find_map(|entry| entry.1.audience.changes_sight);
        let state = self.state.clone();
        if let Event::LoginEnded(hash) = &step.event {
            self.end_login(hash);
        }
        let Some((change, guild_id)) = change.and_then(|change| Some((change, change.guild_id?))) else {
            state.apply(&step.event, position);
            let committed = state.read();
            step.told.iter().for_each(|entry| self.tell(&committed.community, entry));
            return;
        };
        let concerned = match &step.event {
            Event::GuildCreated { members, .. } => self.keys_of(members.iter().map(|member| member.user_id)),
            _ => self.concerned(change, guild_id),
        };
        let before = self.sights(&state.read().community, &concerned, guild_id);
        let is_removal = matches!(step.event, Event::ChannelDeleted(_) | Event::GuildDeleted(_));
        if is_removal {
            let committed = state.read();
            step.told.iter().for_each(|entry| self.tell(&committed.community, entry));
        }
        let was = match &step.event {
            Event::ChannelUpdated(channel) => {
                state.read().community.channel(channel.id).map(|(_, was)| was.clone())
            }
            _ => None,
        };
        state.apply(&step.event, position);
        self.ready.clear();
        let committed = state.read();
        let community = &committed.community;
        let after = self.sights(community, &concerned, guild_id);
        if !is_removal {
            self.show(community, guild_id, &concerned, &before, &after);
            step.told.iter().for_each(|entry| self.tell(community, entry));
            self.hide(community, guild_id, &concerned, &before, &after, was.as_ref());
        }
        // What was told before this cannot be told again: it may not be seen any more, or not yet have been.
        for key in concerned {
            if let Some(live) = self.live.get_mut(&key) {
                live.session.mark.floor = live.session.mark.sequence;
                live.session.mark.resumed.clear();
                live.session.mark.position = committed.position;
                live.is_noted = false;
            }
        }
    }

    /// Sends what the batch has for each session.
    pub(crate) fn flush(&mut self) {
        let mut deliveries = 0;
        for place in self.waiting.drain(..) {
            let live = &mut self.live[place];
            let count = live.batch.len() as u64;
            deliveries += count;
            let first = live.session.mark.sequence + 1 - count;
            if live.way.push_batch(&mut self.sheets, first, &live.batch, &self.encoded) == Pace::TooSlow {
                self.metrics.slow_readers.inc();
            }
            live.batch.clear();
            live.batch.shrink_to(BATCH_KEPT);
        }
        self.metrics.deliveries.inc_by(deliveries);
        self.encoded.clear();
        self.sheets.clear();
    }

    /// Tells a session what it missed, and from here on what happens.
    pub(crate) fn attach(&mut self, attached: Attached) {
        let Attached { attach, missed } = attached;
        let Some(missed) = missed else { return };
        let mut session = attach.session;
        let end = session.mark.sequence;
        session.mark.sequence -= missed.len() as u64 + u64::from(attach.resumes);
        let (key, user) = (attach.key, session.user_id);
        self.forget_left(user, &session.id);
        self.keys.entry(user).or_default().insert(key);
        self.round.push_back(key);
        self.live.insert(key, Live { session, way: attach.way, batch: Vec::new(), is_noted: true });
        self.ready.clear();
        for entry in &missed {
            let Some(live) = self.live.get(&key) else { continue };
            self.send_own(key, shared::replayed(&live.session, &entry.1));
        }
        if attach.resumes {
            self.send_own(key, Encoded::of("RESUMED", &json!({"_trace": []})));
        }
        debug_assert_eq!(self.live.get(&key).map(|live| live.session.mark.sequence), Some(end));
        self.count();
        // A connection that is gone by now says so itself.
        let _ = attach.reply.send(Attachment::Noted);
    }

    /// Carries out a command that needed no storing.
    pub(crate) fn carry_out(&mut self, command: Command) -> Vec<Note> {
        match command {
            Command::Claim { session_id, user_id, reply, .. } => {
                // Whoever asked may have gone; then the session is as it was.
                let _ = reply.send(self.claim(&session_id, user_id));
                Vec::new()
            }
            Command::Detach { key, over, reply } => {
                let (note, was_last) = self.detach(key, over);
                let _ = reply.send(was_last);
                note.into_iter().collect()
            }
            Command::Tick => self.notes(),
            _ => Vec::new(),
        }
    }

    /// Takes a session from where it was left, or from a connection that has not noticed yet that it is dead.
    fn claim(&mut self, session_id: &str, user: Id) -> Option<GatewaySession> {
        let keys = self.keys.get(&user).into_iter().flatten();
        let live =
            keys.copied().find(|key| self.live.get(key).is_some_and(|live| live.session.id == session_id));
        if let Some(key) = live {
            self.flush();
            let live = self.live.get(&key)?;
            live.way.outlet().cut(close::UNKNOWN_ERROR, "The session went on elsewhere.");
            self.detach(key, false);
        }
        Some(self.left.get(&user)?.get(session_id)?.session.clone())
    }

    fn detach(&mut self, key: SessionKey, over: bool) -> (Option<Note>, bool) {
        let Some(live) = self.take_out(key) else { return (None, false) };
        let mut session = live.session;
        session.mark.position = self.state.read().position;
        let was_last = self.forget_key(session.user_id, key);
        self.count();
        if over {
            return (Some(Note::Over(session.id)), was_last);
        }
        let until = self.clock.elapsed() + RESUME_WINDOW;
        let of_user = self.left.entry(session.user_id).or_default();
        of_user.insert(session.id.clone(), Left { session: session.clone(), until });
        if of_user.len() > SESSIONS_PER_USER_MAX
            && let Some(id) =
                of_user.values().min_by_key(|left| left.until).map(|left| left.session.id.clone())
        {
            of_user.remove(&id);
            return (Some(Note::Over(id)), was_last);
        }
        (Some(Note::Stands(session)), was_last)
    }

    /// Takes a live session out. The last one takes its place.
    fn take_out(&mut self, key: SessionKey) -> Option<Live> {
        let last = self.live.len().checked_sub(1)?;
        let (place, _, live) = self.live.swap_remove_full(&key)?;
        self.ready.clear();
        self.waiting.retain(|waiting| *waiting != place);
        if let Some(moved) = self.waiting.iter_mut().find(|waiting| **waiting == last) {
            *moved = place;
        }
        Some(live)
    }

    /// Forgets a session that was left.
    fn forget_left(&mut self, user: Id, session_id: &str) {
        let Some(of_user) = self.left.get_mut(&user) else { return };
        of_user.remove(session_id);
        if of_user.is_empty() {
            self.left.remove(&user);
        }
    }

    /// Forgets a live session; whether it was its user's last.
    fn forget_key(&mut self, user: Id, key: SessionKey) -> bool {
        let Some(keys) = self.keys.get_mut(&user) else { return true };
        keys.remove(&key);
        if keys.is_empty() {
            self.keys.remove(&user);
            return true;
        }
        false
    }

    /// Ends the sessions of a login that has ended.
    fn end_login(&mut self, hash: &decentra_model::TokenHash) {
        self.left.values_mut().for_each(|of_user| of_user.retain(|_, left| left.session.login != *hash));
        self.left.retain(|_, of_user| !of_user.is_empty());
        for live in self.live.values().filter(|live| live.session.login == *hash) {
            live.way.outlet().cut(close::AUTHENTICATION_FAILED, "The token was revoked.");
        }
    }

    /// What is to be noted: where sessions stand that went on, and which were left for too long.
    ///
    /// A few at a time, since what comes next waits for them. Where a session stood long ago does as well, as long as the
    /// log goes back so far: so many are noted that all are by the time that a quarter of it has passed.
    fn notes(&mut self) -> Vec<Note> {
        let mut notes: Vec<Note> = self.forget_stale().into_iter().map(Note::Over).collect();
        let position = self.state.read().position;
        let passed = position - std::mem::replace(&mut self.noted, position);
        let share = usize::try_from(passed).unwrap_or_default() * self.live.len();
        let mut room = SESSION_NOTES_MAX.max(share / usize::try_from(LOG_KEPT / 4).unwrap_or(1) + 1);
        for _ in 0..self.round.len() {
            if room == 0 {
                break;
            }
            let Some(key) = self.round.pop_front() else { break };
            let Some(live) = self.live.get_mut(&key) else { continue };
            self.round.push_back(key);
            // If it was told nothing, it need not be noted each time.
            let is_far = position - live.session.mark.position > LOG_KEPT / 8;
            if live.is_noted && !is_far {
                continue;
            }
            // It was told all there was for it up to here.
            live.session.mark.position = position;
            live.is_noted = true;
            notes.push(Note::Stands(live.session.clone()));
            room -= 1;
        }
        notes
    }

    /// Forgets the sessions that were left for too long; which they were.
    fn forget_stale(&mut self) -> Vec<String> {
        let now = self.clock.elapsed();
        let mut stale = Vec::new();
        for of_user in self.left.values_mut() {
            stale.extend(of_user.extract_if(|_, left| left.until < now).map(|(id, _)| id));
        }
        self.left.retain(|_, of_user| !of_user.is_empty());
        stale
    }

    /// Tells all who may see it of a dispatch.
    fn tell(&mut self, community: &Community, entry: &Entry) {
        let (position, dispatch) = &**entry;
        let (mut whole, mut textless) = (None, None);
        for place in self.told(community, dispatch).iter() {
            let live = &mut self.live[*place];
            let (encoded, encode): (_, fn(&Dispatch) -> Encoded) =
                if shared::may_read(&dispatch.audience, &live.session) {
                    (&mut whole, shared::whole)
                } else {
                    (&mut textless, shared::textless)
                };
            let nth = *encoded.get_or_insert_with(|| {
                self.encoded.push(encode(dispatch));
                self.encoded.len() - 1
            });
            if live.add(nth) {
                self.waiting.push(*place);
            }
            live.session.mark.position = *position;
        }
    }

    /// The places in `live` of the sessions that are told of a dispatch.
    fn told(&mut self, community: &Community, dispatch: &Dispatch) -> Arc<[usize]> {
        if let Some(users) = few(&dispatch.audience) {
            let keys = self.keys_of(users.iter().copied()).into_iter();
            let told = keys.filter_map(|key| self.live.get_full(&key));
            let told = told.filter(|(_, _, live)| is_told(community, &live.session, dispatch));
            return told.map(|(place, ..)| place).collect();
        }
        let Audience { circle, intents, subject, except, .. } = &dispatch.audience;
        let ready_key = (*circle, *intents, *subject, *except);
        if let Some(ready) = self.ready.get(&ready_key) {
            return Arc::clone(ready);
        }
        if self.ready.len() >= READY_MAX {
            self.ready.clear();
        }
        let told = self.live.values().enumerate();
        let told = told.filter(|(_, live)| is_told(community, &live.session, dispatch));
        let told: Arc<[usize]> = told.map(|(place, _)| place).collect();
        self.ready.insert(ready_key, Arc::clone(&told));
        told
    }

    /// Sends a dispatch to one session alone.
    fn send_own(&mut self, key: SessionKey, encoded: Encoded) {
        let Some((place, _, live)) = self.live.get_full_mut(&key) else { return };
        self.encoded.push(encoded);
        if live.add(self.encoded.len() - 1) {
            self.waiting.push(place);
        }
    }

    /// The live sessions of these users.
    fn keys_of(&self, users: impl IntoIterator<Item = Id>) -> Vec<SessionKey> {
        users.into_iter().filter_map(|user| self.keys.get(&user)).flatten().copied().collect()
    }

    fn count(&self) {
        self.metrics.gateway_sessions.set(i64::try_from(self.live.len()).unwrap_or(i64::MAX));
    }
}

/// The users who may be told, if the audience names them: they are found without a look at all others.
fn few(audience: &Audience) -> Option<&[Id]> {
    match &audience.circle {
        _ if !audience.among.is_empty() => Some(&audience.among),
        Circle::User(user) => Some(std::slice::from_ref(user)),
        _ => None,
    }
}

impl Live {
    /// Adds to the batch what has the place `nth` among what is told; whether it is the first.
    fn add(&mut self, nth: usize) -> bool {
        self.session.mark.sequence += 1;
        self.is_noted = false;
        self.batch.push(nth);
        self.batch.len() == 1
    }
}

/// What a session wants of the guilds that it is told of.
pub(super) fn wish_of(session: &GatewaySession) -> GuildWish {
    let has = |intent: Intents| session.intents & intent.bits() != 0;
    GuildWish {
        large_threshold: session.large_threshold,
        members: has(Intents::GUILD_MEMBERS),
        presences: has(Intents::GUILD_PRESENCES),
    }
}
