//! `decentra-bench power`: an acknowledged message outlives a loss of power at any moment (DESIGN 2.5).
//!
//! The server's files lie on a disk of [`decentra_disk`], which records every write and every sync. In each round writers
//! send at full speed until the server is killed. Then the power fails: at several moments of that life, drawn by
//! chance, from what the disk had been given. Of what was not synced then, all is lost, or nothing, or parts: sectors of
//! writes in any order, lengths, names. On each disk that is so left a server must start, show what was acknowledged by
//! that moment, and have it in a sound database, once and in its order. The next life goes on from the last of them.
//!
//! That it can fail is shown by a disk that lies: with syncs that do nothing it must find loss.

mod check;
mod life;
mod record;
mod writers;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use decentra_disk::{Disk, Loss, Platter};
use tempfile::TempDir;

use crate::random::Random;
use crate::setup::home;
use check::check;
use life::Life;
use record::Record;
use writers::Writers;

/// How much is done.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Lives of the server.
    pub rounds: u32,
    /// Moments in each at which the power fails.
    pub failures: u32,
    /// Whether the disk's syncs do nothing: then loss is what must be found.
    pub lying_disk: bool,
}

/// Cuts the power beneath `program`, at moments that follow from `seed`, and fails unless nothing is lost.
pub fn run(program: &Path, plan: &Plan, seed: Option<u64>) -> Result<()> {
    let mut random = Random::new(seed);
    println!("seed {}", random.seed());
    let mut torture = Torture::new(program, home(program)?)?;
    let found = torture.all_rounds(plan, &mut random);
    match (plan.lying_disk, found) {
        (false, Ok(())) => println!("{torture}"),
        // What fails before any power was lost is no loss.
        (true, Err(loss)) if torture.failures > 0 => println!("found, as it must be: {loss:#}"),
        (_, Err(loss)) => return Err(loss),
        (true, Ok(())) => bail!("a disk that lies lost nothing: this proves nothing"),
    }
    Ok(())
}

struct Torture<'a> {
    program: &'a Path,
    home: TempDir,
    writers: Writers,
    /// What all lives acknowledged so far.
    record: Record,
    /// Lives, and losses of power, so far.
    lives: u32,
    failures: u32,
    /// Acknowledged messages that were looked for, all together.
    looked_for: usize,
}

impl<'a> Torture<'a> {
    fn new(program: &'a Path, home: TempDir) -> Result<Self> {
        let (writers, record) = (Writers::default(), Record::default());
        let torture = Self { program, home, writers, record, lives: 0, failures: 0, looked_for: 0 };
        fs::create_dir(torture.folder())?;
        Ok(torture)
    }

    /// What lies on the disk.
    fn folder(&self) -> PathBuf {
        self.home.path().join("disk")
    }

    fn all_rounds(&mut self, plan: &Plan, random: &mut Random) -> Result<()> {
        for round in 1..=plan.rounds {
            self.round(plan, random).with_context(|| format!("round {round}"))?;
        }
        self.looked_for += check(self.program, &self.folder(), &self.record)?;
        Ok(())
    }

    /// One life, and the losses of power in it. The last is at its end, and leaves what the next life begins with.
    fn round(&mut self, plan: &Plan, random: &mut Random) -> Result<()> {
        let folder = self.folder();
        let mut platter = Platter::of(&folder)?;
        let disk = Disk::with_journal(&folder)?;
        if plan.lying_disk {
            disk.lie()?;
        }
        self.lives += 1;
        let life = Life::live(self.program, &disk, &folder, &mut self.writers, &self.record, random)?;
        let mut moments: Vec<u64> = (1..plan.failures).map(|_| life.moment(random)).collect();
        moments.sort_unstable();
        let mut moments = moments.into_iter().peekable();
        for record in disk.journal()?.records() {
            let record = record?;
            while let Some(moment) = moments.next_if(|moment| *moment < record.moment) {
                self.try_image(&platter, &life, moment, random)?;
            }
            platter.apply(&record)?;
        }
        life.record_until(u64::MAX, &mut self.record)?;
        fs::remove_dir_all(&folder)?;
        self.fail(&platter, &folder, random).map(drop)
    }

    /// The power fails at `moment`, and a server starts on what is left.
    fn try_image(&mut self, platter: &Platter, life: &Life, moment: u64, random: &mut Random) -> Result<()> {
        let image = self.home.path().join("image");
        let loss = self.fail(platter, &image, random)?;
        let mut record = self.record.clone();
        life.record_until(moment, &mut record)?;
        self.looked_for += check(self.program, &image, &record)
            .with_context(|| format!("power lost at {moment} of {}, and with it: {loss:?}", life.end()))?;
        Ok(fs::remove_dir_all(&image)?)
    }

    /// Writes into `target` what a loss of power leaves; what was lost.
    fn fail(&mut self, platter: &Platter, target: &Path, random: &mut Random) -> Result<Loss> {
        self.failures += 1;
        let loss = match random.below(4) {
            0 => Loss::Nothing,
            1 => Loss::Unsynced,
            _ => Loss::Parts,
        };
        platter.image(target, loss, &mut |end| random.below(end))?;
        Ok(loss)
    }
}

impl fmt::Display for Torture<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { record, lives, failures, looked_for, .. } = self;
        write!(f, "{lives} lives, {failures} losses of power, {} acknowledged, ", record.len())?;
        write!(f, "looked for {looked_for} times, 0 lost, 0 doubled, 0 out of order")
    }
}
