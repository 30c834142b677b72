//! One core for whom we measure, another one for the load.

use std::io;
use std::process::{Child, Command};

use anyhow::{Context, Result, bail};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// The numbers of the two cores.
#[derive(Debug, Clone, Copy)]
pub struct Cores {
    /// For the server, or the floor.
    pub subject: usize,
    /// For the load.
    pub load: usize,
}

impl Cores {
    /// The first two cores that this process may use.
    pub fn pick() -> Result<Self> {
        let usable = sched_getaffinity(None)?;
        let mut cores = (0..CpuSet::MAX_CPU).filter(|core| usable.is_set(*core));
        match (cores.next(), cores.next()) {
            (Some(subject), Some(load)) => Ok(Self { subject, load }),
            _ => bail!("two cores are needed: one for the server, one for the load"),
        }
    }
}

/// Binds this thread to `core`.
pub fn pin(core: usize) -> io::Result<()> {
    let mut set = CpuSet::new();
    set.set(core);
    Ok(sched_setaffinity(None, &set)?)
}

/// Lets this thread, and what it starts, run on both cores.
pub fn spread(cores: &Cores) -> io::Result<()> {
    let mut set = CpuSet::new();
    set.set(cores.subject);
    set.set(cores.load);
    Ok(sched_setaffinity(None, &set)?)
}

/// Starts `command` bound to `core`. It inherits that from this thread, so its runtime sees one core from the start.
pub fn spawn_on(core: usize, command: &mut Command) -> Result<Child> {
    let own = sched_getaffinity(None)?;
    pin(core)?;
    let child = command.spawn();
    sched_setaffinity(None, &own)?;
    child.with_context(|| format!("cannot start {}", command.get_program().display()))
}

/// Raises the limit of open files as far as it goes: each connection takes one.
pub fn raise_file_limit() -> Result<()> {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    Ok(setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })?)
}
