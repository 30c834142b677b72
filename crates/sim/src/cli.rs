//! The command line.

use std::time::Duration;

use clap::Parser;

use crate::many::Many;
use crate::run::{Order, Outcome, note_panics, run};
use crate::template::Template;

/// Schedules of which a run consists that is not told how many.
const SEEDS: u64 = 3_000;

/// Runs the server and its clients on a simulated machine, through as many fault schedules as there is time for
///
/// Each schedule follows from a seed. When one breaks a law, the seed, the law and what happened are printed, and the exit
/// code is 1; `--seed` runs it again.
#[derive(Debug, Parser)]
#[command(name = "decentra-sim", version)]
pub struct Cli {
    /// How many schedules [default: 3000; with --seed, that one]
    #[arg(long, conflicts_with = "minutes")]
    seeds: Option<u64>,
    /// For how many minutes
    #[arg(long)]
    minutes: Option<f64>,
    /// The first seed [default: 0]
    #[arg(long, conflicts_with = "random")]
    seed: Option<u64>,
    /// Begin at a seed that chance decides
    #[arg(long)]
    random: bool,
    /// Tell what happens; of one schedule only
    #[arg(long, requires = "seed", conflicts_with_all = ["seeds", "minutes"])]
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
            Some(seed) if self.seeds.is_none() && self.minutes.is_none() => {
                Ok(run_one(&template, seed, self.trace))
            }
            _ => self.run_many(&template),
        }
    }

    fn run_many(&self, template: &Template) -> anyhow::Result<bool> {
        // Small enough to be typed.
        let first = if self.random { fastrand::u64(..1_000_000_000) } else { self.seed.unwrap_or_default() };
        println!("the first seed is {first}");
        let threads =
            self.threads.map_or_else(|| std::thread::available_parallelism().map(Into::into), Ok)?;
        let many = Many {
            first,
            count: self.minutes.is_none().then(|| self.seeds.unwrap_or(SEEDS)),
            time: self.minutes.map(|minutes| Duration::from_secs_f64(60.0 * minutes)),
            threads,
            keep_going: self.keep_going,
        };
        let sum = many.run(template);
        println!("{sum}");
        let Some(seed) = sum.broken.iter().min() else { return Ok(true) };
        println!("{} broke a law; the first of them again:", sum.broken.len());
        Ok(tell(&run(template, &Order { is_told: true, ..Order::of(*seed) })))
    }
}

/// Runs one schedule, and tells what happened if it `is_traced` or a law was broken; whether all laws held.
fn run_one(template: &Template, seed: u64, is_traced: bool) -> bool {
    if !is_traced {
        let outcome = run(template, &Order::of(seed));
        println!("seed {seed}: {:?}, print {:016x}", outcome.tally, outcome.print);
        if outcome.broken.is_none() {
            return true;
        }
    }
    tell(&run(template, &Order { is_told: true, ..Order::of(seed) }))
}

/// Prints what happened; whether all laws held.
fn tell(outcome: &Outcome) -> bool {
    for line in &outcome.lines {
        println!("{line}");
    }
    let seed = outcome.seed;
    if let Some(law) = &outcome.broken {
        println!("seed {seed}: {law}\nagain: cargo xtask sim --seed {seed}");
        return false;
    }
    println!("seed {seed}: all laws hold");
    true
}
