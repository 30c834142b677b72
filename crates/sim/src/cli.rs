//! The command line, and many runs at once.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::Parser;

use crate::run::{Outcome, Tally, note_panics, run};
use crate::template::Template;

/// Runs the server and its clients on a simulated machine, through as many fault schedules as there is time for
///
/// Each schedule follows from a seed. When one breaks a law, the seed, the law and what happened are printed, and the exit
/// code is 1; `--seed` runs it again.
#[derive(Debug, Parser)]
#[command(name = "decentra-sim", version)]
pub struct Cli {
    /// How many schedules
    #[arg(long, default_value_t = 3_000, conflicts_with = "minutes")]
    seeds: u64,
    /// For how many minutes
    #[arg(long)]
    minutes: Option<f64>,
    /// Only the schedule of this seed; with --seeds or --minutes, the first one
    #[arg(long)]
    seed: Option<u64>,
    /// Tell what happens in it
    #[arg(long)]
    trace: bool,
    /// How many at once; as many as there are processors, unless given
    #[arg(long)]
    threads: Option<usize>,
    /// Go on after a law was broken
    #[arg(long)]
    keep_going: bool,
}

impl Cli {
    /// Runs what was asked for; whether all laws held.
    pub fn run(&self) -> anyhow::Result<bool> {
        note_panics();
        let template = Template::make()?;
        match self.seed {
            Some(seed) if self.trace => Ok(tell(&run(&template, seed, true))),
            Some(seed)
                if self.minutes.is_none() && std::env::args().all(|one| !one.starts_with("--seeds")) =>
            {
                let outcome = run(&template, seed, false);
                println!("seed {seed}: {:?}, print {:016x}", outcome.tally, outcome.print);
                Ok(outcome.broken.is_none() || tell(&run(&template, seed, true)))
            }
            _ => self.run_many(&template),
        }
    }

    fn run_many(&self, template: &Template) -> anyhow::Result<bool> {
        let first = self.seed.unwrap_or_default();
        let (next, stop) = (AtomicU64::new(first), AtomicBool::new(false));
        let sum = Mutex::new(Tally::default());
        let broken = Mutex::new(Vec::new());
        let began = Instant::now();
        let is_over = |seed: u64| match self.minutes {
            Some(minutes) => began.elapsed() >= Duration::from_secs_f64(60.0 * minutes),
            None => seed >= first + self.seeds,
        };
        let threads = self.threads.map_or_else(std::thread::available_parallelism, |threads| {
            Ok(threads.try_into().unwrap_or(std::num::NonZero::<usize>::MIN))
        })?;
        std::thread::scope(|scope| {
            for _ in 0..threads.get() {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        let seed = next.fetch_add(1, Ordering::Relaxed);
                        if is_over(seed) {
                            next.fetch_sub(1, Ordering::Relaxed);
                            return;
                        }
                        let outcome = run(template, seed, false);
                        sum.lock().unwrap_or_else(PoisonError::into_inner).add(&outcome.tally);
                        if let Some(law) = outcome.broken {
                            println!("seed {seed}: {law}");
                            stop.store(!self.keep_going, Ordering::Relaxed);
                            broken.lock().unwrap_or_else(PoisonError::into_inner).push(seed);
                        }
                    }
                });
            }
        });
        let count = next.into_inner() - first;
        let took = began.elapsed().as_secs_f64();
        let tally = sum.into_inner().unwrap_or_else(PoisonError::into_inner);
        println!(
            "{count} schedules in {took:.1} s, {:.0} a minute: {} faults, {} sessions ({} could not resume), \
             {} dispatches heard, {} messages",
            60.0 * f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / took,
            tally.faults,
            tally.sessions,
            tally.refused,
            tally.heard,
            tally.messages,
        );
        let broken = broken.into_inner().unwrap_or_else(PoisonError::into_inner);
        match broken.iter().min() {
            None => Ok(true),
            Some(seed) => {
                println!("{} broke a law; the first of them again:", broken.len());
                Ok(tell(&run(template, *seed, true)))
            }
        }
    }
}

/// Prints what happened; whether all laws held.
fn tell(outcome: &Outcome) -> bool {
    for line in &outcome.lines {
        println!("{line}");
    }
    let seed = outcome.seed;
    if let Some(law) = &outcome.broken {
        println!("seed {seed}: {law}\nagain: cargo xtask torture sim --seed {seed}");
        return false;
    }
    println!("seed {seed}: all laws hold");
    true
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.faults += other.faults;
        self.sessions += other.sessions;
        self.refused += other.refused;
        self.heard += other.heard;
        self.messages += other.messages;
    }
}
