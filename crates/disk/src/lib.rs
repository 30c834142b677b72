//! A bad disk beneath the real server: full, read-only, slow, failing, or without power.
//!
//! A [`Disk`] lies between a program and the C library: a shim of a page of C (`shim/disk.c`), which the dynamic linker
//! loads into the unchanged binary (`LD_PRELOAD`), stands in for the calls that change files. SQLite and Rust's library
//! both make them through libc, so nothing goes past it. It can be told at any time how the disk is to behave, and keeps
//! a [`Journal`] from which a [`Platter`] is made: what a power failure at any moment may leave on the disk.
//!
//! Why so: it runs wherever a C compiler does, and that the bundled SQLite needs anyway. A FUSE file system needs
//! `/dev/fuse`, and `dm-flakey` root; containers have neither. A VFS within SQLite would need a changed server, and would
//! not see what the server does to files by itself. The price: it works on Linux with a dynamically linked libc only, and
//! does not see what is written through a mapping: SQLite's `-shm`, which is made anew after a crash.

mod control;
mod disk;
mod journal;
mod platter;
mod torn;

pub use disk::Disk;
pub use journal::{Journal, Record};
pub use platter::{Loss, Platter};
pub use torn::Chance;
