//! The time, and waiting for it.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use decentra_model::Timestamp;
use tokio::sync::watch;

/// Where the server takes the time from: the system, or a test's hands. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Clock {
    started: Instant,
    source: Source,
}

#[derive(Debug, Clone)]
enum Source {
    System,
    Hands(watch::Receiver<Turned>),
    Wall(tokio::time::Instant, Wall),
}

/// How far a manual clock was turned.
#[derive(Debug, Clone, Copy, Default)]
struct Turned {
    /// Time that has passed.
    passed: Duration,
    /// Microseconds by which the calendar was set forward, or back.
    set_by_micros: i64,
}

/// What turns a manual [`Clock`].
#[derive(Debug, Clone)]
pub struct Hands(Arc<watch::Sender<Turned>>);

/// What a simulation's clocks show to people. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Wall {
    began: tokio::time::Instant,
    moved_micros: Arc<AtomicI64>,
}

/// The moment at which a manual clock starts: 2026-01-31T12:00:00Z.
const MANUAL_START: Timestamp = Timestamp::from_unix_micros(1_769_860_800_000_000);

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self { started: Instant::now(), source: Source::System }
    }

    /// A clock that stands still until its hands are turned.
    pub fn manual() -> (Self, Hands) {
        let (sender, receiver) = watch::channel(Turned::default());
        (Self { started: Instant::now(), source: Source::Hands(receiver) }, Hands(Arc::new(sender)))
    }

    /// A clock that goes as the runtime's does, which can be paused, and shows what is on `wall`.
    pub fn simulated(wall: Wall) -> Self {
        Self { started: Instant::now(), source: Source::Wall(tokio::time::Instant::now(), wall) }
    }

    /// What a calendar and a watch on the wall say.
    #[expect(clippy::disallowed_methods, reason = "the one place where the system's time is read")]
    pub fn now(&self) -> Timestamp {
        let micros = |duration: Duration| i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Timestamp::from_unix_micros(match &self.source {
            Source::System => micros(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()),
            Source::Hands(turned) => {
                let Turned { passed, set_by_micros } = *turned.borrow();
                MANUAL_START.unix_micros() + micros(passed) + set_by_micros
            }
            Source::Wall(_, wall) => return wall.now(),
        })
    }

    /// Time since the clock was made. Never goes back.
    pub fn elapsed(&self) -> Duration {
        match &self.source {
            Source::System => self.started.elapsed(),
            Source::Hands(turned) => turned.borrow().passed,
            Source::Wall(since, _) => since.elapsed(),
        }
    }

    /// Waits until `duration` has passed.
    #[expect(clippy::disallowed_methods, reason = "the one place that waits for the system's time")]
    pub async fn sleep(&self, duration: Duration) {
        match &self.source {
            Source::System | Source::Wall(..) => tokio::time::sleep(duration).await,
            Source::Hands(turned) => {
                let until = self.elapsed() + duration;
                let reached = turned.clone().wait_for(|turned| turned.passed >= until).await.is_ok();
                if !reached {
                    // The hands are gone: this clock stands still for ever.
                    std::future::pending::<()>().await;
                }
            }
        }
    }
}

impl Wall {
    /// A wall that shows the moment at which manual clocks start, too.
    #[expect(clippy::new_without_default, reason = "it begins to go now, which no default should")]
    pub fn new() -> Self {
        Self { began: tokio::time::Instant::now(), moved_micros: Arc::default() }
    }

    /// What is on it.
    pub fn now(&self) -> Timestamp {
        let passed = i64::try_from(self.began.elapsed().as_micros()).unwrap_or(i64::MAX);
        let moved = self.moved_micros.load(Ordering::Relaxed);
        Timestamp::from_unix_micros(MANUAL_START.unix_micros() + passed + moved)
    }

    /// Moves it forward, or back.
    pub fn jump(&self, seconds: i64) {
        self.moved_micros.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }
}

impl Hands {
    /// Turns the clock forward.
    pub fn advance(&self, by: Duration) {
        self.0.send_modify(|turned| turned.passed += by);
    }

    /// Sets the calendar forward, or back, as someone does whose machine had the wrong time. No time passes.
    pub fn set_by_secs(&self, secs: i64) {
        self.0.send_modify(|turned| turned.set_by_micros += secs * 1_000_000);
    }
}

/// So that hyper's timeouts follow the same clock.
impl hyper::rt::Timer for Clock {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn hyper::rt::Sleep>> {
        let clock = self.clone();
        Box::pin(Sleeping(Box::pin(async move { Self::sleep(&clock, duration).await })))
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn hyper::rt::Sleep>> {
        hyper::rt::Timer::sleep(self, deadline.saturating_duration_since(hyper::rt::Timer::now(self)))
    }

    fn now(&self) -> Instant {
        self.started + self.elapsed()
    }
}

struct Sleeping(Pin<Box<dyn Future<Output = ()> + Send + Sync>>);

impl Future for Sleeping {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().poll(context)
    }
}

impl hyper::rt::Sleep for Sleeping {}
