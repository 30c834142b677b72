//! The room, and the fan-out to all in it.
//!
//! The log's thread owns both. What it has committed, batch by batch, becomes one piece of bytes that all connections
//! share: a frame is encoded once, and all that waits for a socket leaves in one write. Nothing here waits for a socket.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use decentra_core::community::Refusal;
use decentra_core::lobby::{Room, room};
use decentra_model::limits::SILENCE_MAX;
use decentra_model::lobby::{Draft, ErrorCode, Line, ServerFrame, SystemFrame};
use decentra_model::{Id, Name, TokenHash, close};
use indexmap::IndexMap;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::log::Command;
use crate::metrics::Metrics;
use crate::socket::frame;
use crate::socket::outlet::{Outlet, Pace};

/// Tells connections apart.
pub(crate) type ConnectionId = u64;

/// The room and who is in it.
pub(crate) struct Hub {
    room: Room,
    members: IndexMap<ConnectionId, Member>,
    /// The frames of this batch, for all.
    batch: BytesMut,
    /// How many they are.
    batch_frames: usize,
    clock: Clock,
    metrics: Arc<Metrics>,
    /// When the server is being stopped: nobody wants to hear that everybody leaves.
    stopping: CancellationToken,
}

/// The account of someone in the room.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Account {
    pub(crate) user_id: Id,
    /// The login by which they came.
    pub(crate) login: TokenHash,
}

/// Someone in the room.
struct Member {
    name: Name,
    /// The account they joined with; none is a guest's.
    account: Option<Account>,
    outlet: Arc<Outlet>,
    /// Where in the batch the frames begin that are for them: 0, unless they came in the middle of it.
    since: usize,
}

impl Hub {
    pub(crate) fn new(
        lines: &[Line],
        clock: Clock,
        metrics: Arc<Metrics>,
        stopping: CancellationToken,
    ) -> Self {
        Self {
            room: Room::new(lines),
            members: IndexMap::new(),
            batch: BytesMut::new(),
            batch_frames: 0,
            clock,
            metrics,
            stopping,
        }
    }

    /// Tells everyone what was said.
    pub(crate) fn say(&mut self, line: &Line) {
        let frame = self.room.say(line);
        self.announce(&frame);
    }

    /// Notes that a message was edited.
    pub(crate) fn edit(&mut self, line: &Line) {
        self.room.edit(line);
    }

    /// Notes that messages are gone.
    pub(crate) fn forget(&mut self, ids: &[Id]) {
        self.room.forget(ids);
    }

    /// Tells one client again what was said before.
    pub(crate) fn repeat(&self, line: &Line, outlet: &Outlet) {
        self.tell(outlet, &[room::posted(line)]);
    }

    /// Tells one client why what they said was not taken.
    pub(crate) fn refuse(&self, draft: Draft, why: &Refusal, outlet: &Outlet) {
        self.tell(outlet, &[self.not_said(draft, why)]);
    }

    /// Carries out a command that needed no storing.
    pub(crate) fn carry_out(&mut self, command: Command) {
        match command {
            Command::Join { id, wish, account, outlet, reply } => {
                self.join(id, &wish, account, outlet, reply);
            }
            Command::Leave { id, done } => {
                self.leave(id);
                drop(done);
            }
            Command::Who { outlet } => self.tell(&outlet, &[self.room.who()]),
            Command::Sweep => self.sweep(),
            _ => {}
        }
    }

    fn join(
        &mut self,
        id: ConnectionId,
        wish: &Name,
        account: Option<Account>,
        outlet: Arc<Outlet>,
        reply: oneshot::Sender<Name>,
    ) {
        let joined = self.room.join(wish, account.is_some(), self.clock.now());
        self.tell(&outlet, &joined.to_them);
        self.announce(&joined.to_others);
        let since = self.batch.len();
        self.members.insert(id, Member { name: joined.name.clone(), account, outlet, since });
        self.count_members();
        // A connection that is gone by now says so itself, with a `Leave`.
        let _ = reply.send(joined.name);
    }

    fn leave(&mut self, id: ConnectionId) {
        let Some(member) = self.members.swap_remove(&id) else { return };
        // What was said before they left is theirs to hear.
        self.push(&member.outlet, &Bytes::copy_from_slice(&self.batch[member.since..]));
        let frame = self.room.leave(&member.name, self.clock.now());
        self.count_members();
        if !self.stopping.is_cancelled() {
            self.announce(&frame);
        }
    }

    /// Adds a frame to what all are sent.
    fn announce(&mut self, frame: &str) {
        frame::put_text(&mut self.batch, frame);
        self.batch_frames += 1;
    }

    /// Sends frames to one client alone.
    fn tell(&self, outlet: &Outlet, frames: &[String]) {
        let mut bytes = BytesMut::new();
        for frame in frames {
            frame::put_text(&mut bytes, frame);
        }
        self.push(outlet, &bytes.freeze());
    }

    fn not_said(&self, draft: Draft, why: &Refusal) -> String {
        let (content, error) = match why {
            Refusal::NotStored => (
                "The server could not store that message. Nothing was sent; try again later.".into(),
                ErrorCode::NotStored,
            ),
            why => (format!("That was not taken: {why}."), ErrorCode::Refused),
        };
        ServerFrame::System(SystemFrame {
            content,
            timestamp: self.clock.now().to_string(),
            error: Some(error),
            nonce: draft.nonce.map(|nonce| nonce.as_str().to_owned()),
            ..SystemFrame::default()
        })
        .to_json()
    }

    /// Hands the batch to everyone, and begins the next.
    pub(crate) fn flush(&mut self) {
        let batch = self.batch.split().freeze();
        if batch.is_empty() {
            return;
        }
        self.metrics.deliveries.inc_by((self.batch_frames * self.members.len()) as u64);
        self.batch_frames = 0;
        for nth in 0..self.members.len() {
            let Member { since, outlet, .. } = &self.members[nth];
            let pace = outlet.push_shared(&if *since == 0 { batch.clone() } else { batch.slice(since..) });
            self.count(pace);
            if *since > 0 {
                self.members[nth].since = 0;
            }
        }
    }

    fn push(&self, outlet: &Outlet, bytes: &Bytes) {
        self.count(outlet.push(bytes));
    }

    fn count(&self, pace: Pace) {
        if pace == Pace::TooSlow {
            self.metrics.slow_readers.inc();
        }
    }

    /// Asks everyone for a sign of life, and cuts off who has not given one for too long.
    fn sweep(&mut self) {
        let now: Duration = self.clock.elapsed();
        for member in self.members.values().filter(|member| member.outlet.silence(now) > SILENCE_MAX) {
            member.outlet.cut(close::SILENT, "Nothing was heard from you for too long.");
        }
        frame::put_ping(&mut self.batch);
    }

    /// Cuts off those who may see the lobby no more.
    pub(crate) fn keep(&self, may_see: impl Fn(Option<Id>) -> bool) {
        let is_out = |member: &&Member| !may_see(member.account.map(|account| account.user_id));
        for member in self.members.values().filter(is_out) {
            member.outlet.cut(close::NAME_REFUSED, "You may not see the lobby any more.");
        }
    }

    /// Cuts off the guest who goes by a name that is an account's from now on.
    pub(crate) fn reserve(&self, name: &Name) {
        let is_out = |member: &&Member| member.account.is_none() && member.name.resembles(name);
        for member in self.members.values().filter(is_out) {
            member.outlet.cut(close::NAME_REFUSED, "This is the name of a member now.");
        }
    }

    /// Cuts off those who came by a login that has ended.
    pub(crate) fn end_login(&self, hash: &TokenHash) {
        let is_out = |member: &&Member| member.account.is_some_and(|account| account.login == *hash);
        for member in self.members.values().filter(is_out) {
            member.outlet.cut(close::NAME_REFUSED, "You are logged out.");
        }
    }

    fn count_members(&self) {
        self.metrics.lobby_members.set(i64::try_from(self.members.len()).unwrap_or(i64::MAX));
    }
}
