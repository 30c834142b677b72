//! How the disk behaves, as both sides see it.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Bytes of the file; where in it each part lies. The same as `struct control` in `shim/disk.c`.
const BYTES: u64 = 24;
const ROOM: u64 = 0;
const REFUSAL: u64 = 8;
const DELAY_MS: u64 = 12;
const LIES: u64 = 16;

/// The file that the shim has mapped.
#[derive(Debug)]
pub(crate) struct Control(File);

impl Control {
    /// Makes the file: a disk that is well.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let file = File::create_new(path)?;
        file.set_len(BYTES)?;
        let control = Self(file);
        control.set_room(-1)?;
        Ok(control)
    }

    /// Bytes by which files may still grow; less than zero: without end.
    pub(crate) fn set_room(&self, bytes: i64) -> io::Result<()> {
        self.0.write_all_at(&bytes.to_ne_bytes(), ROOM)
    }

    /// The number of the error with which every change is refused; 0 for none.
    pub(crate) fn set_refusal(&self, errno: i32) -> io::Result<()> {
        self.0.write_all_at(&errno.to_ne_bytes(), REFUSAL)
    }

    /// How long every write and every sync takes.
    pub(crate) fn set_delay_ms(&self, ms: i32) -> io::Result<()> {
        self.0.write_all_at(&ms.to_ne_bytes(), DELAY_MS)
    }

    /// Whether a sync does nothing, and says that it did.
    pub(crate) fn set_lies(&self, lies: bool) -> io::Result<()> {
        self.0.write_all_at(&i32::from(lies).to_ne_bytes(), LIES)
    }
}
