//! The machine on which it all ran. Told on standard error, since figures without it mean little.

use std::fs::{File, read_to_string};
use std::io::Write;
use std::time::Instant;

use anyhow::Result;

use crate::figure::{Case, Figure, median};
use crate::setup::{Setup, home};

/// How often the disk is asked to sync.
const SYNCS: usize = 200;

/// Bytes written before each sync: a page, about what one small transaction appends to SQLite's log.
const WRITTEN: [u8; 4_096] = [0; 4_096];

/// Tells what the machine is, and measures how long its disk takes for what every durable message waits for.
pub fn measure(setup: &Setup) -> Result<Case> {
    let kernel = read_to_string("/proc/sys/kernel/osrelease")?;
    eprintln!("{}, Linux {}", processors()?, kernel.trim());
    let home = home(&setup.server)?;
    let mut file = File::create(home.path().join("sync"))?;
    let syncs = (0..SYNCS).map(|_| sync_us(&mut file)).collect::<Result<Vec<_>>>()?;
    let figures = vec![Figure::of("disk_sync_p50_us", median(syncs.into_iter()))];
    Ok(Case { name: "machine", connections: None, figures })
}

/// How many processors there are, and what they call themselves.
fn processors() -> Result<String> {
    let info = read_to_string("/proc/cpuinfo")?;
    let names: Vec<_> = info.lines().filter_map(|line| line.strip_prefix("model name")).collect();
    let name = names.first().and_then(|line| line.split_once(": ")).map_or("unknown", |(_, name)| name);
    Ok(format!("{} × {name}", names.len()))
}

/// Microseconds that it takes to append [`WRITTEN`] to `file` durably.
fn sync_us(file: &mut File) -> Result<f64> {
    let start = Instant::now();
    file.write_all(&WRITTEN)?;
    file.sync_data()?;
    Ok(start.elapsed().as_secs_f64() * 1e6)
}
