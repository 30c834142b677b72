//! `decentra-bench crash`: an acknowledged message outlives a `kill -9` at any moment (DESIGN 2.5).
//!
//! In each round, writers send at full speed, each message with a nonce, until the server is killed. A message counts
//! as acknowledged once anyone received it. The next server, on the same data folder, must show it in its history;
//! what was not acknowledged is sent again with the same nonce. At the end everything acknowledged must be in the
//! database exactly once, in the order in which it was received.

pub(crate) mod random;
pub(crate) mod record;
pub(crate) mod table;
pub(crate) mod writers;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use decentra_model::limits::LOBBY_HISTORY_MAX;

use crate::server::Server;
use crate::setup::{data_dir, home};
use random::Random;
use record::Record;
use writers::Writers;

/// How long a server is written to, at most, before it is killed.
const LIFE_MAX: Duration = Duration::from_millis(600);

/// Kills `program` `rounds` times, at moments that follow from `seed`, and fails unless nothing is lost.
pub fn run(program: &Path, rounds: u32, seed: Option<u64>) -> Result<()> {
    let mut random = Random::new(seed);
    println!("seed {}", random.seed());
    let home = home(program)?;
    let mut record = Record::default();
    let mut writers = Writers::default();
    for round in 1..=rounds {
        let life = random.up_to(LIFE_MAX);
        one_life(program, &data_dir(&home), life, &mut writers, &mut record)
            .with_context(|| format!("round {round}, killed after {life:?}"))?;
    }
    let server = Server::start(program, &data_dir(&home), None)?;
    writers.enter(server.address, &record)?;
    server.stop()?;
    let rows = table::rows(&data_dir(&home))?;
    let newest = &rows[rows.len().saturating_sub(LOBBY_HISTORY_MAX)..];
    ensure!(
        writers.histories().all(|shown| shown == newest),
        "the history is not the newest of what is stored"
    );
    let verdict = record.compare(&rows);
    println!("{rounds} rounds, {verdict}");
    ensure!(verdict.is_clean(), "an acknowledged message must outlive a crash, once, in its place");
    Ok(())
}

/// Starts the server, checks what it remembers, writes to it for as long as its `life`, and kills it.
fn one_life(
    program: &Path,
    data_dir: &Path,
    life: Duration,
    writers: &mut Writers,
    record: &mut Record,
) -> Result<()> {
    let server = Server::start(program, data_dir, None)?;
    writers.enter(server.address, record).with_context(|| server.last_words())?;
    writers.write(life, |_| Ok(())).with_context(|| server.last_words())?;
    server.kill()?;
    record.add(&writers.leave()?)
}
