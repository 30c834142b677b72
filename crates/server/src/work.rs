//! Work that takes long: a little at a time, off the threads that serve sockets.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use decentra_core::community::Refusal;
use decentra_model::limits::{WORKS_AT_ONCE, WORKS_WAITING_MAX};
use tokio::sync::Semaphore;

use crate::machine::Crew;

/// The places where work is done. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Work {
    places: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    crew: Crew,
}

impl Work {
    pub(crate) fn new(crew: Crew) -> Self {
        Self { places: Arc::new(Semaphore::new(WORKS_AT_ONCE)), waiting: Arc::default(), crew }
    }

    /// What `work` gives, when there was a place for it.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let _waiting = Waiting::enter(&self.waiting)?;
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| Refusal::Busy)?;
        let worked = self.crew.block(move || {
            let _place = place;
            work()
        });
        worked.await.map_err(|error| {
            tracing::error!(%error, "a piece of work ended early");
            Refusal::Busy
        })
    }
}

/// One that waits, or is at it.
struct Waiting(Arc<AtomicUsize>);

impl Waiting {
    fn enter(waiting: &Arc<AtomicUsize>) -> Result<Self, Refusal> {
        let one = Self(Arc::clone(waiting));
        if waiting.fetch_add(1, Ordering::Relaxed) < WORKS_WAITING_MAX { Ok(one) } else { Err(Refusal::Busy) }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
