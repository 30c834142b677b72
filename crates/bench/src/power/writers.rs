//! Those who write until the server dies.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use decentra_model::limits::LOBBY_HISTORY_MAX;
use decentra_model::lobby::{History, PostedFrame, ServerFrame};

use super::record::Record;
use crate::entry::{self, Entry, lobby_frame};
use crate::inbox::Piece;
use crate::join::join_frame;
use crate::swarm::{Reading, Swarm, Wait};
use crate::websocket::{LOBBY, is_accepted};

/// How many write.
const WRITERS: usize = 8;
/// Messages that each keeps under way.
const IN_FLIGHT: usize = 8;
/// How long to wait for the socket before looking at the clock.
const LOOK: Duration = Duration::from_millis(1);
/// Time that everyone has to get in, and to notice the end.
const PATIENCE: Duration = Duration::from_secs(10);

/// All writers, through all lives of the server.
#[derive(Default)]
pub(super) struct Writers {
    writers: Vec<Writer>,
    swarm: Option<Swarm>,
}

/// One writer.
#[derive(Debug, Default)]
struct Writer {
    number: usize,
    /// The serial number of the next new message.
    next: u64,
    /// Serial numbers of what is not acknowledged yet, oldest first.
    pending: VecDeque<u64>,
    /// The history that this life of the server began with.
    remembered: Vec<Entry>,
    /// What was received in this life of the server, beyond that.
    received: Vec<Entry>,
    entered: bool,
}

impl Writers {
    /// Lets all writers in, and checks the history that each is shown.
    pub(super) fn enter(&mut self, address: SocketAddr, record: &Record) -> Result<()> {
        let mut swarm = Swarm::new()?;
        self.writers.resize_with(WRITERS, Writer::default);
        for (number, writer) in self.writers.iter_mut().enumerate() {
            (writer.number, writer.entered) = (number, false);
            swarm.connect(address, LOBBY)?;
        }
        let start = Instant::now();
        while !self.writers.iter().all(|writer| writer.entered) {
            ensure!(start.elapsed() < PATIENCE, "the writers do not get in");
            for nth in 0..swarm.poll(Wait::Sleep(LOOK))? {
                let writer = &mut self.writers[swarm.ready(nth)];
                writer.come_in(&mut swarm, record)?;
            }
        }
        self.swarm = Some(swarm);
        Ok(())
    }

    /// Writes for as long as `time`. What an earlier life of the server left unacknowledged is sent first.
    ///
    /// Whenever someone has read, `each` is told how many messages this life has acknowledged by then.
    pub(super) fn write(&mut self, time: Duration, mut each: impl FnMut(usize) -> Result<()>) -> Result<()> {
        let swarm = self.swarm.as_mut().context("the writers are in")?;
        let start = Instant::now();
        for writer in &mut self.writers {
            writer.send_pending(swarm)?;
            writer.fill(swarm)?;
        }
        while start.elapsed() < time {
            for nth in 0..swarm.poll(Wait::Sleep(LOOK))? {
                let writer = &mut self.writers[swarm.ready(nth)];
                let reading = writer.read(swarm)?;
                ensure!(reading == Reading::Drained, "the server ended a connection");
                each(writer.received.len())?;
                writer.fill(swarm)?;
            }
        }
        Ok(())
    }

    /// After the server has died: reads what had been on its way, and hands over what each writer received.
    pub(super) fn leave(&mut self) -> Result<Vec<Vec<Entry>>> {
        let mut swarm = self.swarm.take().context("the writers are in")?;
        let start = Instant::now();
        for writer in &mut self.writers {
            while writer.read(&mut swarm)? != Reading::Ended {
                ensure!(start.elapsed() < PATIENCE, "the connections outlive the server");
            }
        }
        Ok(self.writers.iter_mut().map(|writer| std::mem::take(&mut writer.received)).collect())
    }
}

impl Writer {
    /// Takes the next step towards being in.
    fn come_in(&mut self, swarm: &mut Swarm, record: &Record) -> Result<()> {
        let mut upgraded = false;
        swarm.read(self.number, |piece| {
            match piece {
                Piece::Head(head) => upgraded = is_accepted(head),
                Piece::Frame(frame) => {
                    if let ServerFrame::History(history) = lobby_frame(&frame)? {
                        self.remembered = check(&history, record)?;
                        self.entered = true;
                    }
                }
            }
            Ok(())
        })?;
        if upgraded { swarm.send(self.number, &join_frame(&entry::name(self.number))) } else { Ok(()) }
    }

    /// Sends again what is not acknowledged.
    fn send_pending(&self, swarm: &Swarm) -> Result<()> {
        self.pending.iter().try_for_each(|serial| swarm.send(self.number, &entry::post(self.number, *serial)))
    }

    /// Sends new messages until enough are under way.
    fn fill(&mut self, swarm: &Swarm) -> Result<()> {
        while self.pending.len() < IN_FLIGHT {
            swarm.send(self.number, &entry::post(self.number, self.next))?;
            self.pending.push_back(self.next);
            self.next += 1;
        }
        Ok(())
    }

    /// Reads what is there.
    fn read(&mut self, swarm: &mut Swarm) -> Result<Reading> {
        swarm.read(self.number, |piece| match piece {
            Piece::Head(_) => Ok(()),
            Piece::Frame(frame) => match lobby_frame(&frame)? {
                ServerFrame::Message(posted) => self.receive(&posted),
                ServerFrame::System(system) if system.error.is_some() => bail!("refused: {}", system.content),
                _ => Ok(()),
            },
        })
    }

    /// Notes a message. One that is older than the history's newest was stored before the crash; it is sent again
    /// to whoever repeats it, and has its place already.
    fn receive(&mut self, posted: &PostedFrame) -> Result<()> {
        let entry = Entry::of(posted)?;
        if self.pending.front().is_some_and(|serial| entry.content == entry::content(self.number, *serial)) {
            self.pending.pop_front();
        } else {
            ensure!(
                !entry.content.starts_with(&entry::prefix(self.number)),
                "writer {} got {entry:?}, while it waits for {:?}",
                self.number,
                self.pending
            );
        }
        if self.remembered.last().is_none_or(|newest| entry.id > newest.id) {
            self.received.push(entry);
        }
        Ok(())
    }
}

/// Checks `history` against `record`; returns what is in it.
fn check(history: &History, record: &Record) -> Result<Vec<Entry>> {
    let entries = Entry::all_of(history)?;
    record.check_history(&entries, entries.len() == LOBBY_HISTORY_MAX)?;
    Ok(entries)
}
