//! What a process has used, as Linux tells it under `/proc`.

use std::fs::read_to_string;
use std::time::Duration;

use anyhow::{Context, Result};

/// Places of `utime` and `stime` after the name of the program in `/proc/PID/stat` (proc(5), fields 14 and 15).
const TIMES_AT: usize = 11;

/// The processor time of process `pid`, of all its threads, also those that have ended; user and system together.
///
/// It is told in steps of 10 ms each, so what lies between two calls should be a second or more.
pub fn processor_time(pid: u32) -> Result<Duration> {
    let stat = read_to_string(format!("/proc/{pid}/stat"))?;
    let ticks = ticks(&stat).with_context(|| format!("cannot read the processor times in {stat:?}"))?;
    let per_second = rustix::param::clock_ticks_per_second();
    Ok(Duration::from_millis(ticks * 1_000 / per_second))
}

/// The sum of both times in `stat`, in clock ticks.
fn ticks(stat: &str) -> Option<u64> {
    // The name stands in parentheses, and may hold spaces and parentheses itself.
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut times = after_name.split_whitespace().skip(TIMES_AT);
    Some(times.next()?.parse::<u64>().ok()? + times.next()?.parse::<u64>().ok()?)
}

/// The resident memory of process `pid`, in KiB.
pub fn resident_kib(pid: u32) -> Result<u32> {
    let status = read_to_string(format!("/proc/{pid}/status"))?;
    kib(&status, "VmRSS:").context("no VmRSS in /proc/PID/status")
}

/// The figure after `key` in `status`.
fn kib(status: &str, key: &str) -> Option<u32> {
    status.lines().find_map(|line| line.strip_prefix(key)?.trim().strip_suffix(" kB")?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_after_any_name() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194304 120 0 0 0 31 11 0 0 20 0 1 0 100 0 0";
        assert_eq!(ticks(stat), Some(42));
    }

    #[test]
    fn memory_is_found_by_its_key() {
        assert_eq!(kib("VmHWM:\t    9 kB\nVmRSS:\t  1234 kB\n", "VmRSS:"), Some(1_234));
    }

    #[test]
    fn our_own_process_is_there() {
        assert!(resident_kib(std::process::id()).unwrap() > 0);
        processor_time(std::process::id()).unwrap();
    }
}
