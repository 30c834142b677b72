//! `decentra-bench crash`: what was acknowledged outlives a `kill -9` at any moment, and an upgrade (DESIGN 2.5).
//!
//! The server lives many short lives on one data folder. In each, members write over REST and guests in the lobby, all
//! as fast as they can, and sessions of the gateway listen; then it is killed, or asked to stop and followed by another
//! program. What was not acknowledged is sent again in the next life, with the same nonce; the sessions resume, and who
//! is told that it cannot (op 9) begins anew and reads the history. Some lives end before they have quite begun.
//!
//! After each life, what everyone was told is compared with the database, which is read without the server's code:
//!
//! - what was acknowledged is there, once, and in the order in which it was: posts, edits, reactions, deletions
//! - each session was told of everything once, in the order of the log, with contiguous sequences
//! - each client of the lobby was shown posts that follow one another, none left out
//!
//! `life` is one life, `stage` what those in it share, `place` where it happens. `posters` (with `message` and `line`),
//! `lobby`, `readers` (with `session`), `keeper` and `bots` (with `relay`) take part in it; `truth`, `table`, `event` and
//! `follower` judge what they saw.

mod bots;
mod event;
mod follower;
mod keeper;
mod life;
mod line;
mod lobby;
mod message;
mod place;
mod posters;
mod readers;
mod relay;
mod session;
mod stage;
pub(crate) mod table;
mod truth;

use std::path::PathBuf;

use anyhow::{Context, Result};

use self::bots::Bots;
pub use self::bots::Needs;
use self::life::{Cast, Ending};
use self::place::Place;
use self::stage::Stage;
use crate::random::Random;
use crate::server::Server;
use crate::setup::{data_dir, home};

/// What is to be tried.
#[derive(Debug)]
pub struct Trial {
    /// The program of the server.
    pub server: PathBuf,
    /// Another one, with which it takes turns at each upgrade. It makes the database.
    pub older: Option<PathBuf>,
    /// How many lives there are.
    pub rounds: u32,
    /// What the moments follow from.
    pub seed: Option<u64>,
    /// What the bots need, if they are to take part.
    pub bots: Option<Needs>,
}

/// Lets the server live as often as `trial` says, and fails unless nothing is lost, doubled or out of order.
pub fn run(trial: &Trial) -> Result<()> {
    let random = Random::new(trial.seed);
    println!("seed {}", random.seed());
    let home = home(&trial.server)?;
    let data_dir = data_dir(&home);
    let mut programs = [trial.older.as_ref().unwrap_or(&trial.server), &trial.server];

    let server = Server::start(programs[0], &data_dir, None)?;
    let place = Place::found(server.address).with_context(|| server.last_words())?;
    let mut bots = None;
    if let Some(needs) = &trial.bots {
        let stage = Stage::new(server.address);
        let mut came = Bots::start(needs, &stage, &place, home.path())?;
        came.lead_to(Some(&stage))?;
        came.wait_for_return(vec![0; came.said().len()]).with_context(|| server.last_words())?;
        came.lead_to(None)?;
        bots = Some(came);
    }
    server.kill()?;

    let mut cast = Cast::new(place, bots, random, data_dir.clone());
    for round in 1..=trial.rounds {
        let ending = Ending::of(round);
        let life = cast.live(programs[0], ending);
        life.with_context(|| format!("round {round}, {ending}"))?;
        if ending == Ending::Upgrade {
            programs.swap(0, 1);
        }
    }
    let outcome = cast.conclude(programs[0]).context("after the last round")?;
    let count = |ending| (1..=trial.rounds).filter(|round| Ending::of(*round) == ending).count();
    let (crashes, upgrades) = (count(Ending::Crash), count(Ending::Upgrade));
    let early = count(Ending::EarlyCrash);
    println!("{} rounds: {crashes} crashes, {early} crashes at the start, {upgrades} upgrades", trial.rounds);
    println!("{outcome}");
    Ok(())
}
