//! Guests who write in the lobby until the server dies, and read what everyone writes there.

use std::collections::VecDeque;

use anyhow::{Context, Result, bail, ensure};
use decentra_model::lobby::{ErrorCode, PostedFrame, ServerFrame, SystemFrame};

use super::line::unless_gone;
use super::stage::{LOOK, Stage};
use super::truth::Truth;
use crate::entry::{self, Entry, lobby_frame};
use crate::inbox::Piece;
use crate::join::join_frame;
use crate::swarm::{Reading, Swarm, Wait};
use crate::websocket::{Frame, LOBBY, Opcode, is_accepted};

/// How many write.
const GUESTS: usize = 4;
/// Messages that each keeps under way.
const IN_FLIGHT: usize = 4;

/// All guests, through all lives of the server.
#[derive(Debug)]
pub(super) struct Guests(Vec<Guest>);

/// One guest.
#[derive(Debug, Default)]
struct Guest {
    number: usize,
    /// The serial number of the next new message.
    next: u64,
    /// Serial numbers of what is not acknowledged yet, in the order in which it was sent.
    pending: VecDeque<u64>,
    /// How many of the last of these are to be sent again, since the server was busy.
    again: usize,
    /// What was shown in this life of the server, in its order: first the history.
    shown: Vec<Entry>,
    /// How much of that was history.
    history: usize,
    /// What was acknowledged in this life of the server.
    acknowledged: Vec<Entry>,
    /// Whether the history has come.
    is_in: bool,
    /// Whether its connection has ended.
    has_left: bool,
    /// How many messages were acknowledged in all.
    done: u64,
}

impl Guests {
    /// Guests who have not come yet.
    pub(super) fn new() -> Self {
        Self((0..GUESTS).map(|number| Guest { number, ..Guest::default() }).collect())
    }

    /// How many messages were acknowledged so far.
    pub(super) fn done(&self) -> u64 {
        self.0.iter().map(|guest| guest.done).sum()
    }

    /// Writes until the server is gone, or nothing new is wanted and all is acknowledged.
    pub(super) fn live(&mut self, stage: &Stage) -> Result<()> {
        let mut swarm = Swarm::new()?;
        for guest in &mut self.0 {
            (guest.is_in, guest.has_left, guest.again) = (false, false, 0);
            if unless_gone(swarm.connect(stage.address, LOBBY))?.is_none() {
                return Ok(());
            }
        }
        while !self.0.iter().all(|guest| guest.has_left) && !self.is_done(stage) {
            for nth in swarm.to_read(Wait::Sleep(LOOK), stage.is_ending())? {
                let guest = &mut self.0[nth];
                let read = guest.read(&mut swarm, stage).with_context(|| format!("guest {nth}"))?;
                guest.has_left |= read == Reading::Ended;
            }
        }
        Ok(())
    }

    fn is_done(&self, stage: &Stage) -> bool {
        stage.is_closing() && self.0.iter().all(|guest| guest.is_in && guest.pending.is_empty())
    }

    /// Checks what each was shown since the last time, when `known` posts were there before; and that what was
    /// acknowledged is stored.
    pub(super) fn check(&mut self, truth: &Truth, known: usize) -> Result<()> {
        for guest in &mut self.0 {
            guest.check(truth, known).with_context(|| format!("guest {}", guest.number))?;
        }
        Ok(())
    }
}

impl Guest {
    /// Takes what came, and sends what it may send then.
    fn read(&mut self, swarm: &mut Swarm, stage: &Stage) -> Result<Reading> {
        let (mut is_accepted_now, mut is_closed, was_in) = (false, false, self.is_in);
        let reading = swarm.read(self.number, |piece| {
            match piece {
                Piece::Head(head) => is_accepted_now = is_accepted(head),
                Piece::Frame(Frame { opcode: Opcode::Close, .. }) => is_closed = true,
                Piece::Frame(frame) => self.take(lobby_frame(&frame)?)?,
            }
            Ok(())
        })?;
        if is_closed || self.has_left {
            return Ok(Reading::Ended);
        }
        let mut frames = Vec::new();
        if is_accepted_now {
            frames.push(join_frame(&entry::name(self.number)));
        }
        if self.is_in {
            if !was_in {
                frames.extend(self.pending.iter().map(|serial| entry::post(self.number, *serial)));
            }
            let sent = self.pending.len() - std::mem::take(&mut self.again);
            if was_in {
                frames.extend(self.pending.range(sent..).map(|serial| entry::post(self.number, *serial)));
            }
            while self.pending.len() < IN_FLIGHT && !stage.is_closing() {
                frames.push(entry::post(self.number, self.next));
                self.pending.push_back(self.next);
                self.next += 1;
            }
        }
        unless_gone(frames.iter().try_for_each(|frame| swarm.send(self.number, frame)))?;
        Ok(reading)
    }

    fn take(&mut self, frame: ServerFrame) -> Result<()> {
        match frame {
            ServerFrame::History(history) => {
                self.shown = Entry::all_of(&history)?;
                self.history = self.shown.len();
                self.is_in = true;
                Ok(())
            }
            ServerFrame::Message(posted) => self.receive(&posted),
            ServerFrame::System(SystemFrame {
                error: Some(ErrorCode::TooFast), nonce: Some(nonce), ..
            }) => self.repeat(&nonce),
            ServerFrame::System(system) if system.error.is_some() => bail!("refused: {}", system.content),
            _ => Ok(()),
        }
    }

    /// Has that sent again, after all else, which was not taken.
    fn repeat(&mut self, nonce: &str) -> Result<()> {
        let place = self.pending.iter().position(|serial| entry::content(self.number, *serial) == nonce);
        let serial = place.and_then(|place| self.pending.remove(place));
        self.pending.push_back(serial.with_context(|| format!("{nonce} is refused, and was not sent"))?);
        self.again += 1;
        Ok(())
    }

    /// Notes a message. One that is older than the history's newest was stored before the crash; it is sent again
    /// to whoever repeats it, and has its place already.
    fn receive(&mut self, posted: &PostedFrame) -> Result<()> {
        let entry = Entry::of(posted)?;
        if self.pending.front().is_some_and(|serial| entry.content == entry::content(self.number, *serial)) {
            self.pending.pop_front();
            self.acknowledged.push(entry.clone());
            self.done += 1;
        } else {
            ensure!(
                !entry.content.starts_with(&entry::prefix(self.number)),
                "got {entry:?} while waiting for {:?}",
                self.pending
            );
        }
        let remembered = self.shown[..self.history].last();
        if remembered.is_none_or(|newest| entry.id > newest.id) {
            self.shown.push(entry);
        }
        Ok(())
    }

    fn check(&mut self, truth: &Truth, known: usize) -> Result<()> {
        for entry in self.acknowledged.drain(..) {
            truth.check_posted(&entry)?;
        }
        if std::mem::take(&mut self.is_in) {
            truth.check_shown(&self.shown, self.history, known)?;
        }
        Ok(())
    }
}
