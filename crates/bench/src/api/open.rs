//! From start to ready on a database with many messages, and how much room they take on disk.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::figure::{Case, Figure, Target, median, number};
use crate::seed::Seed;
use crate::server::Server;
use crate::setup::{Setup, data_dir, home};

/// How often it is started. What it reads lies in the memory of the kernel by then.
const STARTS: usize = 7;

/// People who wrote the messages.
const MEMBERS: usize = 100;

/// Milliseconds from start to ready, at most (issue 4).
const READY_MS: Target = Target::AtMost(200.0);

/// Measures starts on a database of [`crate::setup::Effort::messages`]; and what each message adds to the data folder of a
/// server that has stopped.
pub(super) fn measure(setup: &Setup) -> Result<Case> {
    let messages = setup.effort.messages;
    let (_, empty_bytes) = starts(setup, 0, 1)?;
    let (ready_ms, bytes) = starts(setup, messages, STARTS)?;
    let figures = vec![
        Figure::of("start_to_ready_ms", ready_ms).to_reach(READY_MS),
        Figure::of("messages", number(messages as u64)),
        Figure::of("data_mib", number(bytes) / 1024.0 / 1024.0),
        Figure::of("bytes_per_message", (number(bytes) - number(empty_bytes)) / number(messages as u64)),
    ];
    Ok(Case { name: "start with many messages", connections: None, figures })
}

/// Starts the server so often on a database with so many `messages`: the median time to ready, in milliseconds, and bytes
/// of the data folder after the last stop.
fn starts(setup: &Setup, messages: usize, count: usize) -> Result<(f64, u64)> {
    let home = home(&setup.server)?;
    let folder = data_dir(&home);
    Seed { members: MEMBERS, guilds: 1, messages }.sow(&folder)?;
    let mut ready = Vec::new();
    for _ in 0..count {
        let server = Server::start(&setup.server, &folder, Some(setup.cores.subject))?;
        ready.push(server.ready_after.as_secs_f64() * 1e3);
        server.stop()?;
    }
    Ok((median(ready.into_iter()), folder_bytes(&folder)?))
}

/// Bytes of all files in `folder`.
fn folder_bytes(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        bytes += if metadata.is_dir() { folder_bytes(&entry.path())? } else { metadata.len() };
    }
    Ok(bytes)
}
