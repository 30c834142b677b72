//! What is measured, where, and for how long.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::cores::Cores;

/// Everything that the cases need to know.
#[derive(Debug)]
pub struct Setup {
    /// The program of our server.
    pub server: PathBuf,
    /// Where it, or the floor, and the load run.
    pub cores: Cores,
    /// How much is measured.
    pub effort: Effort,
}

/// How much is measured.
#[derive(Debug)]
pub struct Effort {
    /// How many receive a message: one room for each size.
    pub rooms: &'static [usize],
    /// How many connections are idle.
    pub idle: &'static [usize],
    /// How many messages the large database holds.
    pub messages: usize,
    /// How often each measurement is made, ours and the floors' in turn; the median counts.
    pub rounds: usize,
    /// How long one measurement is.
    pub window: Duration,
    /// How long the same is done before it, unmeasured.
    pub warm_up: Duration,
}

/// What the project's figures come from.
pub const FULL: Effort = Effort {
    rooms: &[100, 1_000, 5_000],
    idle: &[1_000, 10_000],
    messages: 1_000_000,
    rounds: 3,
    window: Duration::from_secs(3),
    warm_up: Duration::from_millis(300),
};

/// Enough to see that nothing is lost, doubled or out of order.
pub const QUICK: Effort = Effort {
    rooms: &[100, 1_000],
    idle: &[1_000],
    messages: 100_000,
    rounds: 1,
    window: Duration::from_millis(500),
    warm_up: Duration::from_millis(100),
};

/// A folder for one server, removed when this is dropped. The data folder lies in it, and the log beside that.
///
/// It is made beside `program`, that is in the target folder: on a disk, so that what is durable costs what it does.
pub fn home(program: &Path) -> Result<TempDir> {
    let target = program.parent().context("a program lies in a folder")?;
    tempfile::Builder::new().prefix("bench-").tempdir_in(target).context("cannot make a folder for the data")
}

/// The data folder in `home`.
pub fn data_dir(home: &TempDir) -> PathBuf {
    home.path().join("data")
}
