//! What a process has used, as Linux tells it under `/proc`.

use std::fs::{read_dir, read_to_string};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::figure::number;

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

/// What one thread has used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadTime {
    /// What it calls itself.
    pub name: String,
    /// Its processor time.
    pub ran: Duration,
    /// Time in which it could have run, but had no core.
    pub waited: Duration,
}

/// What each thread of process `pid` has used so far. Those that have ended are not among them.
pub fn threads(pid: u32) -> Result<Vec<ThreadTime>> {
    let mut threads = Vec::new();
    for task in read_dir(format!("/proc/{pid}/task"))? {
        let task = task?.path();
        // One that ends just now has no files any more.
        let Ok(name) = read_to_string(task.join("comm")) else { continue };
        let Ok(times) = read_to_string(task.join("schedstat")) else { continue };
        let (ran, waited) = scheduled(&times).context("cannot read /proc/PID/task/TID/schedstat")?;
        threads.push(ThreadTime { name: name.trim().to_owned(), ran, waited });
    }
    Ok(threads)
}

/// The processor time of the thread that asks.
pub fn own_thread_time() -> Result<Duration> {
    let times = read_to_string("/proc/thread-self/schedstat")?;
    Ok(scheduled(&times).context("cannot read /proc/thread-self/schedstat")?.0)
}

/// The time that a thread ran, and the time that it waited for a core: the first two numbers in `times`, in nanoseconds.
fn scheduled(times: &str) -> Option<(Duration, Duration)> {
    let mut numbers = times.split_whitespace().map(|number| number.parse().ok().map(Duration::from_nanos));
    Some((numbers.next()??, numbers.next()??))
}

/// The resident memory of process `pid`, in KiB.
pub fn resident_kib(pid: u32) -> Result<u32> {
    let status = read_to_string(format!("/proc/{pid}/status"))?;
    kib(&status, "VmRSS:").context("no VmRSS in /proc/PID/status")
}

/// The most memory of process `pid` that was ever resident, in KiB.
pub fn peak_kib(pid: u32) -> Result<u32> {
    let status = read_to_string(format!("/proc/{pid}/status"))?;
    kib(&status, "VmHWM:").context("no VmHWM in /proc/PID/status")
}

/// What the kernel holds for TCP sockets, of all programs, in MiB.
pub fn kernel_socket_mib() -> Result<f64> {
    let sockets = read_to_string("/proc/net/sockstat")?;
    let pages = sockets
        .lines()
        .find_map(|line| line.strip_prefix("TCP:")?.split(" mem ").nth(1)?.trim().parse().ok());
    let pages: u32 = pages.context("no TCP in /proc/net/sockstat")?;
    Ok(f64::from(pages) * number(rustix::param::page_size() as u64) / 1024.0 / 1024.0)
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
    fn the_times_of_a_thread_are_its_first_numbers() {
        let times = (Duration::from_nanos(12_345), Duration::from_nanos(678));
        assert_eq!(scheduled("12345 678 9\n"), Some(times));
        assert_eq!(scheduled("12345"), None);
    }

    #[test]
    fn our_own_process_is_there() {
        assert!(resident_kib(std::process::id()).unwrap() > 0);
        processor_time(std::process::id()).unwrap();
        assert!(!threads(std::process::id()).unwrap().is_empty());
        assert!(own_thread_time().unwrap() > Duration::ZERO);
        assert!(kernel_socket_mib().unwrap() >= 0.0);
        assert!(peak_kib(std::process::id()).unwrap() > 0);
    }
}
