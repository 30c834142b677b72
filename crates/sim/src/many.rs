//! Many runs at once, each on a thread of its own from its beginning to its end.

use std::fmt::{self, Display, Formatter};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::run::{Order, Tally, run};
use crate::template::Template;

/// Which runs.
#[derive(Debug, Clone, Copy)]
pub struct Many {
    /// The first seed; the others follow it.
    pub first: u64,
    /// How many, at most.
    pub count: Option<u64>,
    /// How long new ones are begun, at most.
    pub time: Option<Duration>,
    /// How many at once.
    pub threads: usize,
    /// Whether it goes on after a law was broken.
    pub keep_going: bool,
}

/// What came of them.
#[derive(Debug, Default)]
pub struct Sum {
    /// How many there were.
    pub count: u32,
    /// How long it took.
    pub took: Duration,
    /// How much happened in all of them.
    pub tally: Tally,
    /// The seeds that broke a law.
    pub broken: Vec<u64>,
}

impl Many {
    /// Runs them, and prints each law that is broken at once.
    pub fn run(&self, template: &Template) -> Sum {
        let (next, stop) = (AtomicU64::new(self.first), AtomicBool::new(false));
        let sum = Mutex::new(Sum::default());
        let began = Instant::now();
        let is_over = |seed: u64| {
            self.count.is_some_and(|count| seed - self.first >= count)
                || self.time.is_some_and(|time| began.elapsed() >= time)
        };
        let work = || {
            while !stop.load(Ordering::Relaxed) {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if is_over(seed) {
                    return;
                }
                let outcome = run(template, &Order::of(seed));
                let mut sum = sum.lock().unwrap_or_else(PoisonError::into_inner);
                sum.count += 1;
                sum.tally.add(&outcome.tally);
                if let Some(law) = outcome.broken {
                    println!("seed {seed}: {law}");
                    stop.store(!self.keep_going, Ordering::Relaxed);
                    sum.broken.push(seed);
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..self.threads.max(1) {
                scope.spawn(work);
            }
        });
        let sum = sum.into_inner().unwrap_or_else(PoisonError::into_inner);
        Sum { took: began.elapsed(), ..sum }
    }
}

impl Display for Sum {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let seconds = self.took.as_secs_f64();
        let Tally { faults, sessions, refused, heard, messages } = self.tally;
        write!(
            formatter,
            "{} schedules in {seconds:.1} s, {:.0} a minute: {faults} faults, {sessions} sessions ({refused} could not \
             resume), {heard} dispatches heard, {messages} messages",
            self.count,
            60.0 * f64::from(self.count) / seconds,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_says_how_many_there_were_a_minute() {
        let sum = Sum { count: 30, took: Duration::from_secs(15), ..Sum::default() };
        assert!(sum.to_string().starts_with("30 schedules in 15.0 s, 120 a minute: 0 faults,"), "{sum}");
    }
}
