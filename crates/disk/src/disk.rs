//! The disk, as a test sees it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::control::Control;
use crate::journal::Journal;

/// The shim, compiled.
const SHIM: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/disk.so"));

/// `EROFS` and `EIO`, as Linux numbers them.
const READ_ONLY: i32 = 30;
const FAILING: i32 = 5;

/// A disk that holds all below one folder, for the programs that are started on it.
#[derive(Debug)]
pub struct Disk {
    folder: PathBuf,
    control: Control,
    /// What the shim needs, apart from the folder.
    parts: TempDir,
    keeps_journal: bool,
}

impl Disk {
    /// A disk beneath `folder`, which is there. It is well until it is told otherwise.
    pub fn beneath(folder: &Path) -> io::Result<Self> {
        let parts = tempfile::Builder::new().prefix("disk-").tempdir()?;
        fs::write(parts.path().join("disk.so"), SHIM)?;
        let control = Control::create(&parts.path().join("control"))?;
        Ok(Self { folder: folder.canonicalize()?, control, parts, keeps_journal: false })
    }

    /// The same, which keeps a journal from here on.
    pub fn with_journal(folder: &Path) -> io::Result<Self> {
        let disk = Self::beneath(folder)?;
        fs::write(disk.journal_path(), "")?;
        Ok(Self { keeps_journal: true, ..disk })
    }

    /// Has the program that `command` starts use this disk.
    pub fn carry<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("LD_PRELOAD", self.parts.path().join("disk.so"));
        command.env("DISK_FOLDER", &self.folder).env("DISK_CONTROL", self.parts.path().join("control"));
        if self.keeps_journal {
            command.env("DISK_JOURNAL", self.journal_path());
        }
        command
    }

    /// Leaves no more room than this: files may grow by so many bytes, all together.
    pub fn fill_up_to(&self, bytes: u32) -> io::Result<()> {
        self.control.set_room(bytes.into())
    }

    /// Refuses every change, as a file system does that was mounted read-only, or was made so after an error.
    pub fn make_read_only(&self) -> io::Result<()> {
        self.control.set_refusal(READ_ONLY)
    }

    /// Has every write and every sync fail, as they do on a device that is broken.
    pub fn fail(&self) -> io::Result<()> {
        self.control.set_refusal(FAILING)
    }

    /// Has every write and every sync take this long.
    pub fn slow_down(&self, delay: Duration) -> io::Result<()> {
        self.control.set_delay_ms(delay.as_millis().try_into().unwrap_or(i32::MAX))
    }

    /// Has every sync do nothing, and say that it did, as devices have been known to.
    pub fn lie(&self) -> io::Result<()> {
        self.control.set_lies(true)
    }

    /// Makes it well.
    pub fn heal(&self) -> io::Result<()> {
        self.control.set_room(-1)?;
        self.control.set_refusal(0)?;
        self.control.set_delay_ms(0)?;
        self.control.set_lies(false)
    }

    /// The moment that it is, by the journal's clock: how many bytes it has.
    pub fn moment(&self) -> io::Result<u64> {
        Ok(fs::metadata(self.journal_path())?.len())
    }

    /// What was written and synced so far.
    pub fn journal(&self) -> io::Result<Journal> {
        Ok(Journal::new(fs::read(self.journal_path())?))
    }

    fn journal_path(&self) -> PathBuf {
        self.parts.path().join("journal")
    }
}
