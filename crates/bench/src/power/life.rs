//! One life of the server, on a disk that keeps a journal.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use decentra_disk::Disk;

use super::record::Record;
use super::writers::Writers;
use crate::entry::Entry;
use crate::random::Random;
use crate::server::Server;

/// How long a server is written to, at most, before it is killed.
const LIFE_MAX: Duration = Duration::from_millis(300);

/// What happened in it.
#[derive(Debug)]
pub(super) struct Life {
    /// When the server was ready, and when it was killed, by the journal's clock.
    ready: u64,
    end: u64,
    /// How many messages were acknowledged at which moment, at the latest.
    acknowledged: Vec<(usize, u64)>,
    /// The messages, as each writer received them.
    received: Vec<Vec<Entry>>,
}

impl Life {
    /// Starts `program` on `disk`, in its `folder`, has `writers` write to it for a time, and kills it.
    pub(super) fn live(
        program: &Path,
        disk: &Disk,
        folder: &Path,
        writers: &mut Writers,
        record: &Record,
        random: &mut Random,
    ) -> Result<Self> {
        let server = Server::start_with(program, &folder.join("data"), None, |command| {
            disk.carry(command);
        })?;
        let ready = disk.moment()?;
        writers.enter(server.address, record).with_context(|| server.last_words())?;
        let mut acknowledged = vec![(0, 0)];
        let mut most = 0;
        let written = writers.write(random.up_to(LIFE_MAX), |count| {
            if count > most {
                most = count;
                acknowledged.push((count, disk.moment()?));
            }
            Ok(())
        });
        written.with_context(|| server.last_words())?;
        server.kill()?;
        let received = writers.leave()?;
        Ok(Self { ready, end: disk.moment()?, acknowledged, received })
    }

    /// A moment of it: of its start, of the rest, or just when something had been acknowledged.
    pub(super) fn moment(&self, random: &mut Random) -> u64 {
        match random.below(4) {
            0 => random.below(self.ready),
            1 => self.acknowledged[random.index(self.acknowledged.len())].1,
            _ => random.below(self.end),
        }
    }

    /// When the server was killed.
    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// Adds to `record` what had been acknowledged by `moment`.
    pub(super) fn record_until(&self, moment: u64, record: &mut Record) -> Result<()> {
        let after = self.acknowledged.partition_point(|(_, at)| *at <= moment);
        let count = if moment >= self.end {
            usize::MAX
        } else {
            self.acknowledged[..after].last().map_or(0, |last| last.0)
        };
        let received: Vec<_> =
            self.received.iter().map(|list| list[..list.len().min(count)].to_vec()).collect();
        record.add(&received)
    }
}
