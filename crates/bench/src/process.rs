//! A process that we started, and that never outlives us.

use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};

use crate::usage::{self, ThreadTime};

/// Time that a process has to stop when it is asked to. Our server promises 10 s (DESIGN 2.1).
const STOP_MAX: Duration = Duration::from_secs(15);

/// Pause between two looks at a process that is stopping.
const STOP_LOOK: Duration = Duration::from_millis(1);

/// A running process. It is killed when this is dropped.
#[derive(Debug)]
pub struct Process(Child);

impl Process {
    /// Takes charge of `child`.
    pub fn new(child: Child) -> Self {
        Self(child)
    }

    /// Its processor time so far: see [`usage::processor_time`].
    pub fn processor_time(&self) -> Result<Duration> {
        usage::processor_time(self.0.id())
    }

    /// What each of its threads has used so far: see [`usage::threads`].
    pub fn threads(&self) -> Result<Vec<ThreadTime>> {
        usage::threads(self.0.id())
    }

    /// Its resident memory, in KiB.
    pub fn resident_kib(&self) -> Result<u32> {
        usage::resident_kib(self.0.id())
    }

    /// The most memory that was ever resident, in KiB.
    pub fn peak_kib(&self) -> Result<u32> {
        usage::peak_kib(self.0.id())
    }

    /// Fails if it has ended by itself.
    pub fn require_running(&mut self) -> Result<()> {
        match self.0.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("it ended by itself: {status}"),
        }
    }

    /// Asks it to stop (SIGTERM).
    pub fn ask_to_stop(&self) -> Result<()> {
        Ok(kill_process(Pid::from_child(&self.0), Signal::TERM)?)
    }

    /// Asks it to stop (SIGTERM), and fails unless it does so in time, with exit code 0.
    pub fn stop(mut self) -> Result<()> {
        self.ask_to_stop()?;
        let status = self.wait()?;
        ensure!(status.success(), "it did not stop cleanly: {status}");
        Ok(())
    }

    /// Ends it at once (SIGKILL), as a crash would.
    pub fn kill(mut self) -> Result<()> {
        self.require_running()?;
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }

    /// Waits until it has ended, at most for [`STOP_MAX`].
    fn wait(&mut self) -> Result<ExitStatus> {
        let asked = Instant::now();
        while asked.elapsed() < STOP_MAX {
            if let Some(status) = self.0.try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(STOP_LOOK);
        }
        bail!("it did not stop within {STOP_MAX:?}")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only when it has ended already, and then there is nothing to do.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
