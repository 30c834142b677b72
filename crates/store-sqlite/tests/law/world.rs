//! A community, its store, and what holds after every command.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};

use decentra_core::community::{Actor, Archive, ArchiveError, Command, Community, Desk, GuildState};
use decentra_model::message::{Anchor, Page};
use decentra_model::{Event, Id, Message, Timestamp, TokenHash};
use decentra_store::{Reader, Store, StoreError};
use decentra_store_sqlite::SqliteStore;
use tempfile::TempDir;

use crate::deeds::{DEEDS, FIRST, Step};

/// An id that nothing has.
const NOTHING: Id = Id::from_i64(1);

/// A community in memory and in a store.
pub(crate) struct World {
    pub(crate) community: Community,
    store: SqliteStore,
    _data: TempDir,
    last_id: Option<Id>,
    now: Timestamp,
    turn: u64,
    users: Vec<Id>,
    applications: Vec<Id>,
}

impl World {
    /// An instance with a few accounts.
    pub(crate) fn new() -> Self {
        let data = TempDir::new().unwrap();
        let mut world = Self {
            community: Community::default(),
            store: SqliteStore::open(data.path()).unwrap(),
            _data: data,
            last_id: None,
            now: Timestamp::from_unix_micros(1_700_000_000_000_000),
            turn: 0,
            users: Vec::new(),
            applications: Vec::new(),
        };
        for step in FIRST {
            world.take(step);
        }
        world
    }

    /// Does what `step` says.
    pub(crate) fn take(&mut self, step: Step) {
        self.pass(1);
        let (_, deed) = DEEDS.iter().find(|(name, _)| *name == step.deed).unwrap();
        deed(self, step);
    }

    /// Lets time pass.
    pub(crate) fn pass(&mut self, secs: i64) {
        self.now = self.now.plus_secs(secs);
    }

    /// Decides `command`, and looks at what became of it.
    pub(crate) fn run(&mut self, command: impl Command) {
        self.turn += 1;
        let before = self.community.clone();
        let mut happened = Vec::new();
        let mut archive = StoreArchive(&mut self.store);
        let turn = self.turn;
        let random = || turn;
        let mut desk =
            Desk::new(&mut self.community, &mut archive, self.now, &random, &mut self.last_id, &mut happened);
        let is_refused = command.decide(&mut desk).is_err();
        let events: Vec<Event> = happened.into_iter().map(|happened| happened.event).collect();
        assert!(!is_refused || events.is_empty(), "refused, and yet: {events:?}");
        let mut after = before;
        for event in &events {
            after.apply(event);
        }
        assert_same(&self.community, &after);
        self.write(&events);
    }

    fn write(&mut self, events: &[Event]) {
        self.store.begin().unwrap();
        for event in events {
            self.store.write(event).unwrap();
            match event {
                Event::UserCreated(user) => self.users.push(user.id),
                Event::ApplicationSet(of) if !self.applications.contains(&of.id) => {
                    self.applications.push(of.id);
                }
                _ => {}
            }
        }
        if let Some(last) = self.last_id {
            self.store.put_last_id(last).unwrap();
        }
        self.store.commit().unwrap();
    }

    /// Looks whether a server that starts now would find what there is.
    pub(crate) fn is_what_is_stored(&mut self) {
        let loaded = self.store.load().unwrap();
        assert_same(&self.community, &Community::load(&loaded.events, loaded.last_messages));
    }

    /// Forgets what is in memory, and loads it again.
    pub(crate) fn restart(&mut self) {
        self.is_what_is_stored();
        let loaded = self.store.load().unwrap();
        self.community = Community::load(&loaded.events, loaded.last_messages);
        self.last_id = loaded.last_id;
    }

    /// An account, deleted or not.
    pub(crate) fn user(&self, nth: usize) -> Id {
        pick(&self.users, nth)
    }

    /// Who asks for `step`: for every second the owner of the place, so that much succeeds.
    pub(crate) fn actor(&self, step: Step) -> Actor {
        let owner = self.state(step).and_then(|state| state.guild.owner_id);
        self.owner_or_anyone(step, owner)
    }

    /// Anyone whose account was not deleted.
    pub(crate) fn anyone(&self, step: Step) -> Actor {
        self.owner_or_anyone(step, None)
    }

    fn owner_or_anyone(&self, step: Step, owner: Option<Id>) -> Actor {
        let of = |id: &Id| self.community.user(*id).filter(|user| !user.deleted);
        let alive: Vec<Id> = self.users.iter().copied().filter(|id| of(id).is_some()).collect();
        let owner = owner.filter(|id| step.who.is_multiple_of(2) && alive.contains(id));
        let user_id = owner.unwrap_or_else(|| pick(&alive, step.who / 2));
        Actor { user_id, is_bot: of(&user_id).is_some_and(|user| user.bot) }
    }

    /// An application, and who asks for it: for every second who made it.
    pub(crate) fn application(&self, step: Step) -> (Actor, Id) {
        let id = pick(&self.applications, step.whom);
        let owner = self.community.application(id).map(|application| application.owner_id);
        (self.owner_or_anyone(step, owner), id)
    }

    fn state(&self, step: Step) -> Option<&GuildState> {
        let mut guilds: Vec<&GuildState> = self.community.guilds().collect();
        guilds.sort_by_key(|state| state.guild.id);
        guilds.get(step.place % guilds.len().max(1)).copied()
    }

    /// What the place holds of one kind, by their ids.
    fn held<'a, T: 'a>(&'a self, step: Step, of: impl Fn(&'a GuildState) -> &'a BTreeMap<Id, T>) -> Vec<Id> {
        self.state(step).map(|state| of(state).keys().copied().collect()).unwrap_or_default()
    }

    pub(crate) fn guild(&self, step: Step) -> Id {
        self.state(step).map_or(NOTHING, |state| state.guild.id)
    }

    /// The `nth` channel of the place.
    pub(crate) fn channel(&self, step: Step, nth: usize) -> Id {
        pick(&self.held(step, |state| &state.channels), nth)
    }

    /// The `nth` role of the place.
    pub(crate) fn role(&self, step: Step, nth: usize) -> Id {
        pick(&self.held(step, |state| &state.roles), nth)
    }

    /// The `nth` member of the place.
    pub(crate) fn member(&self, step: Step, nth: usize) -> Id {
        pick(&self.held(step, |state| &state.members), nth)
    }

    /// The `nth` of those who may not come back to the place.
    pub(crate) fn banned(&self, step: Step, nth: usize) -> Id {
        pick(&self.held(step, |state| &state.bans), nth)
    }

    /// A code into the place.
    pub(crate) fn code(&self, step: Step) -> String {
        let mut codes: Vec<&str> =
            self.community.invites_to(self.guild(step)).map(|invite| invite.code.as_str()).collect();
        codes.sort_unstable();
        codes.get(step.what % codes.len().max(1)).copied().unwrap_or("none").to_owned()
    }

    /// A channel of the place that has messages, if there is one, a message in it, and another.
    pub(crate) fn messages(&mut self, step: Step) -> (Id, Id, Id) {
        let mut channels = self.held(step, |state| &state.channels);
        let nth = step.what % channels.len().max(1);
        channels.rotate_left(nth);
        for channel in channels {
            let ids = self.newest(channel);
            if !ids.is_empty() {
                return (channel, pick(&ids, step.whom), pick(&ids, step.whom + 1));
            }
        }
        (NOTHING, NOTHING, NOTHING)
    }

    /// The newest messages of a channel.
    fn newest(&mut self, channel: Id) -> Vec<Id> {
        let page = Page { anchor: Anchor::Newest, limit: 6 };
        self.store.messages(channel, page, None).unwrap().iter().map(|message| message.id).collect()
    }

    /// A direct channel, and who asks: mostly someone who is in it.
    pub(crate) fn direct(&self, step: Step) -> (Actor, Id) {
        let mut directs: Vec<Id> = self
            .users
            .iter()
            .flat_map(|user| self.community.directs_of(*user))
            .map(|direct| direct.id)
            .collect();
        directs.sort_unstable();
        directs.dedup();
        let id = pick(&directs, step.what);
        let members = self.community.direct(id).map(|direct| direct.members.clone()).unwrap_or_default();
        (self.owner_or_anyone(step, members.get(step.whom % members.len().max(1)).copied()), id)
    }

    /// A message in a direct channel, and who asks.
    pub(crate) fn direct_message(&mut self, step: Step) -> (Actor, Id, Id) {
        let (actor, channel) = self.direct(step);
        (actor, channel, pick(&self.newest(channel), step.whom))
    }

    /// A login of `user`.
    pub(crate) fn login(&self, user: Id) -> TokenHash {
        self.community.logins_of(user).map(|login| login.hash).min().unwrap_or(TokenHash([0; 32]))
    }

    pub(crate) fn password(&self, user: Id) -> Option<String> {
        self.community.password(user).map(str::to_owned)
    }
}

fn pick(ids: &[Id], nth: usize) -> Id {
    ids.get(nth % ids.len().max(1)).copied().unwrap_or(NOTHING)
}

/// A token that is like no other.
pub(crate) fn mint(_: Id, _: Timestamp) -> (String, TokenHash) {
    static COUNT: AtomicI64 = AtomicI64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&count.to_be_bytes());
    (count.to_string(), TokenHash(hash))
}

/// The same but for presences, which are not stored, and never set here. What differs is shown line by line.
fn assert_same(is: &Community, should_be: &Community) {
    if is == should_be {
        return;
    }
    let (is, should_be) = (format!("{is:#?}"), format!("{should_be:#?}"));
    let only = |these: &str, those: &str| -> Vec<String> {
        these.lines().filter(|line| !those.lines().any(|other| other == *line)).map(str::to_owned).collect()
    };
    panic!("only in memory: {:#?}\nonly from events: {:#?}", only(&is, &should_be), only(&should_be, &is));
}

/// The store, as the rules see it.
struct StoreArchive<'a>(&'a mut SqliteStore);

impl Archive for StoreArchive<'_> {
    fn message(&mut self, channel: Id, id: Id, viewer: Option<Id>) -> Result<Option<Message>, ArchiveError> {
        self.0.message(channel, id, viewer).map_err(|error| failed(&error))
    }

    fn messages(
        &mut self,
        channel: Id,
        page: Page,
        viewer: Option<Id>,
    ) -> Result<Vec<Message>, ArchiveError> {
        self.0.messages(channel, page, viewer).map_err(|error| failed(&error))
    }

    fn message_with(&mut self, dedupe: &str) -> Result<Option<Message>, ArchiveError> {
        self.0.message_with(dedupe).map_err(|error| failed(&error))
    }

    fn has_reacted(&mut self, channel: Id, message: Id, emoji: &str, user: Id) -> Result<bool, ArchiveError> {
        self.0.has_reacted(channel, message, emoji, user).map_err(|error| failed(&error))
    }

    fn pin_count(&mut self, channel: Id) -> Result<usize, ArchiveError> {
        self.0.pin_count(channel).map_err(|error| failed(&error))
    }

    fn written_by(
        &mut self,
        channel: Id,
        authors: &[Id],
        after: Id,
        limit: usize,
    ) -> Result<Vec<Id>, ArchiveError> {
        self.0.written_by(channel, authors, after, limit).map_err(|error| failed(&error))
    }

    fn last_written(
        &mut self,
        channel: Id,
        author: Id,
        after: Id,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, ArchiveError> {
        self.0.last_written(channel, author, after, now).map_err(|error| failed(&error))
    }
}

fn failed(error: &StoreError) -> ArchiveError {
    panic!("{error}")
}
