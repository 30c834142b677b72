//! Questions to the database, off the threads that serve sockets.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use decentra_core::community::Refusal;
use decentra_model::limits::READS_WAITING_MAX;
use decentra_store::{Reader, StoreError};
use tokio::sync::Semaphore;

use crate::machine::Crew;

/// Questions that are asked at once. More would only wait for the disk, or for each other.
const READERS: usize = 4;

/// A few readers, taken in turn. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Readers {
    idle: Arc<Mutex<Vec<Box<dyn Reader>>>>,
    places: Arc<Semaphore>,
    /// Those who wait, of the ones that may be turned down.
    waiting: Arc<AtomicUsize>,
    /// Places for those that may not: so few that the others are not held up by them.
    patient: Arc<Semaphore>,
    crew: Crew,
}

/// One that waits, or is answered.
struct Waiting(Arc<AtomicUsize>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Readers {
    /// Readers that `open` opens.
    pub(crate) fn open(
        open: impl Fn() -> Result<Box<dyn Reader>, StoreError>,
        crew: Crew,
    ) -> Result<Self, StoreError> {
        let idle = (0..READERS).map(|_| open()).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            idle: Arc::new(Mutex::new(idle)),
            places: Arc::new(Semaphore::new(READERS)),
            waiting: Arc::default(),
            patient: Arc::new(Semaphore::new(READERS / 2)),
            crew,
        })
    }

    /// The answer to `ask`, when a reader is free. Turned down at once, if too many wait.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut dyn Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting(Arc::clone(&self.waiting));
        if before >= READS_WAITING_MAX {
            return Err(Refusal::Busy);
        }
        self.answer(ask).await
    }

    /// The same for what must be answered, however many wait: it waits with them.
    pub(crate) async fn ask_in_time<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut dyn Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let _place = self.patient.acquire().await.map_err(|_| Refusal::NotStored)?;
        self.answer(ask).await
    }

    async fn answer<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut dyn Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| Refusal::NotStored)?;
        let idle = Arc::clone(&self.idle);
        let answered = self.crew.block(move || {
            let _place = place;
            let reader = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(mut reader) = reader else { return Err(StoreError::Failed("no reader is left".into())) };
            let answer = ask(&mut *reader);
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
            answer
        });
        match answered.await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                tracing::error!(%error, "the database could not be read");
                Err(Refusal::NotStored)
            }
            Err(error) => {
                tracing::error!(%error, "a question to the database ended early");
                Err(Refusal::NotStored)
            }
        }
    }
}
