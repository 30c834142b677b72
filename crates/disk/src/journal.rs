//! What happened to the files, in its order.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use anyhow::{Result, bail};

/// Bytes before the data of a record. The same as `struct record` in `shim/disk.c`.
const HEAD_BYTES: usize = 24;

/// Flags of an open.
const CREATED: u64 = 1;
const EMPTIED: u64 = 2;

/// The journal of a disk.
#[derive(Debug)]
pub struct Journal(Vec<u8>);

/// One change, or one sync. A moment is the place in the journal.
#[derive(Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// When it had happened.
    pub moment: u64,
    pub(crate) deed: Deed<'a>,
}

/// What happened. Paths are relative to the disk's folder, and empty for that folder itself.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Deed<'a> {
    /// A file or folder was opened, and perhaps made or emptied by that.
    Opened { inode: u64, path: PathBuf, created: bool, emptied: bool },
    /// Bytes were written.
    Written { inode: u64, offset: u64, bytes: &'a [u8] },
    /// A file was given this length.
    Cut { inode: u64, length: u64 },
    /// What had happened to a file, or to the names in a folder, is on disk.
    Synced { inode: u64 },
    /// A file's name was removed.
    Unlinked { path: PathBuf },
    /// A folder was made.
    FolderMade { path: PathBuf },
}

impl Journal {
    /// A journal as the shim writes it. It may end within a record, if the program was killed.
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Everything in it. What the last record lacks was not on its way to the disk yet.
    pub fn records(&self) -> impl Iterator<Item = Result<Record<'_>>> {
        let mut place = 0;
        std::iter::from_fn(move || {
            let (head, rest) = self.0[place..].split_at_checked(HEAD_BYTES)?;
            let bytes = u32::from_ne_bytes(head[4..8].try_into().expect("four bytes")) as usize;
            let data = rest.get(..bytes)?;
            place += HEAD_BYTES + bytes;
            Some(deed(head, data).map(|deed| Record { moment: place as u64, deed }))
        })
    }
}

fn deed<'a>(head: &[u8], data: &'a [u8]) -> Result<Deed<'a>> {
    let number = |at: usize| u64::from_ne_bytes(head[at..at + 8].try_into().expect("eight bytes"));
    let (inode, number) = (number(8), number(16));
    let path = || PathBuf::from(OsStr::from_bytes(data));
    Ok(match u32::from_ne_bytes(head[..4].try_into().expect("four bytes")) {
        1 => Deed::Opened {
            inode,
            path: path(),
            created: number & CREATED != 0,
            emptied: number & EMPTIED != 0,
        },
        2 => Deed::Written { inode, offset: number, bytes: data },
        3 => Deed::Cut { inode, length: number },
        4 => Deed::Synced { inode },
        5 => Deed::Unlinked { path: path() },
        6 => Deed::FolderMade { path: path() },
        kind => bail!("a record of the unknown kind {kind}"),
    })
}
