//! The time, and waiting for it.

use std::pin::Pin;
use std::sync::Arc;
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
    Hands(watch::Receiver<Duration>),
}

/// What turns a manual [`Clock`].
#[derive(Debug, Clone)]
pub struct Hands(Arc<watch::Sender<Duration>>);

/// The moment at which a manual clock starts: 2026-01-31T12:00:00Z.
const MANUAL_START: Timestamp = Timestamp::from_unix_micros(1_769_860_800_000_000);

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self { started: Instant::now(), source: Source::System }
    }

    /// A clock that stands still until its hands are turned.
    pub fn manual() -> (Self, Hands) {
        let (sender, receiver) = watch::channel(Duration::ZERO);
        (Self { started: Instant::now(), source: Source::Hands(receiver) }, Hands(Arc::new(sender)))
    }

    /// What a calendar and a watch on the wall say.
    #[expect(clippy::disallowed_methods, reason = "the one place where the system's time is read")]
    pub fn now(&self) -> Timestamp {
        let micros = match &self.source {
            Source::System => SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros(),
            Source::Hands(turned) => {
                turned.borrow().as_micros() + u128::from(MANUAL_START.unix_micros().unsigned_abs())
            }
        };
        Timestamp::from_unix_micros(i64::try_from(micros).unwrap_or(i64::MAX))
    }

    /// Time since the clock was made. Never goes back.
    pub fn elapsed(&self) -> Duration {
        match &self.source {
            Source::System => self.started.elapsed(),
            Source::Hands(turned) => *turned.borrow(),
        }
    }

    /// Waits until `duration` has passed.
    #[expect(clippy::disallowed_methods, reason = "the one place that waits for the system's time")]
    pub async fn sleep(&self, duration: Duration) {
        match &self.source {
            Source::System => tokio::time::sleep(duration).await,
            Source::Hands(turned) => {
                let until = self.elapsed() + duration;
                let reached = turned.clone().wait_for(|turned| *turned >= until).await.is_ok();
                if !reached {
                    // The hands are gone: this clock stands still for ever.
                    std::future::pending::<()>().await;
                }
            }
        }
    }
}

impl Hands {
    /// Turns the clock forward.
    pub fn advance(&self, by: Duration) {
        self.0.send_modify(|turned| *turned += by);
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
