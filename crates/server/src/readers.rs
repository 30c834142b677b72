//! Questions to the database, off the threads that serve sockets.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use decentra_core::community::Refusal;
use decentra_model::limits::{LONG_READS_WAITING_MAX, READS_TIME_MAX, READS_WAITING_MAX, READS_WAITING_MIN};
use decentra_store::{Reader, StoreError};
use tokio::sync::Semaphore;

use crate::machine::Crew;

/// Questions that are asked at once, at least and at most: one for each processor. Fewer would wait for the disk when the
/// processor does not, and more for each other, and they would hold up who has the answers to give.
const READERS: [usize; 2] = [2, 4];

/// A few readers, taken in turn. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Readers {
    idle: Arc<Mutex<Vec<Box<dyn Reader>>>>,
    places: Arc<Semaphore>,
    /// Those who wait, of the ones that may be turned down.
    waiting: Arc<AtomicUsize>,
    /// How many readers there are.
    count: usize,
    /// What a question cost lately, in nanoseconds; 0 on a simulated machine, where work takes no time.
    cost: Arc<AtomicU64>,
    /// Places for those that may not: so few that the others are not held up by them.
    patient: Arc<Semaphore>,
    /// Places for those that take long: so few that the others are not held up by them.
    long: Arc<Semaphore>,
    /// Those who wait for these.
    long_waiting: Arc<AtomicUsize>,
    crew: Crew,
}

/// What a question costs, to those who ask others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cost {
    /// As much as most.
    Usual,
    /// Much more.
    Long,
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
        let [least, most] = READERS;
        let count = available_parallelism().map_or(least, |count| count.get().clamp(least, most));
        let idle = (0..count).map(|_| open()).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            idle: Arc::new(Mutex::new(idle)),
            places: Arc::new(Semaphore::new(count)),
            waiting: Arc::default(),
            count,
            cost: Arc::default(),
            patient: Arc::new(Semaphore::new(count / 2)),
            long: Arc::new(Semaphore::new(count / 2)),
            long_waiting: Arc::default(),
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
        if before >= room(self.cost.load(Ordering::Relaxed), self.count) {
            return Err(Refusal::Busy);
        }
        self.answer(ask, Cost::Usual).await
    }

    /// The same for what may take long: few of them are asked at once, and what they take says nothing of the others.
    pub(crate) async fn ask_long<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut dyn Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let before = self.long_waiting.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting(Arc::clone(&self.long_waiting));
        if before >= LONG_READS_WAITING_MAX {
            return Err(Refusal::Busy);
        }
        let _place = self.long.acquire().await.map_err(|_| Refusal::NotStored)?;
        self.answer(ask, Cost::Long).await
    }

    /// The same for what must be answered, however many wait: it waits with them.
    pub(crate) async fn ask_in_time<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut dyn Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let _place = self.patient.acquire().await.map_err(|_| Refusal::NotStored)?;
        self.answer(ask, Cost::Usual).await
    }

    async fn answer<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut dyn Reader) -> Result<T, StoreError> + Send + 'static,
        sort: Cost,
    ) -> Result<T, Refusal> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| Refusal::NotStored)?;
        let idle = Arc::clone(&self.idle);
        let is_noted = sort == Cost::Usual && matches!(self.crew, Crew::Runtime);
        let cost = is_noted.then(|| Arc::clone(&self.cost));
        let answered = self.crew.block(move || {
            let _place = place;
            let reader = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(mut reader) = reader else { return Err(StoreError::Failed("no reader is left".into())) };
            let begun = Instant::now();
            let answer = ask(&mut *reader);
            if let Some(cost) = cost {
                note(&cost, begun.elapsed());
            }
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

/// Notes that a question took so long. One that takes very long says little of the next.
fn note(cost: &AtomicU64, took: Duration) {
    let took = u64::try_from(took.min(READS_TIME_MAX).as_nanos()).unwrap_or(u64::MAX);
    let before = cost.load(Ordering::Relaxed);
    // If another is noted at the same moment, one of both is enough.
    cost.store(before - before / 8 + took / 8, Ordering::Relaxed);
}

/// How many may wait for `readers`, if each costs so many nanoseconds: as many as are answered in [`READS_TIME_MAX`].
fn room(cost: u64, readers: usize) -> usize {
    let fit = READS_TIME_MAX.as_nanos().checked_div(u128::from(cost)).unwrap_or(u128::MAX);
    let fit = usize::try_from(fit).unwrap_or(usize::MAX).saturating_mul(readers);
    fit.clamp(READS_WAITING_MIN, READS_WAITING_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many may wait for two readers after so many questions that each took so long.
    fn room_after(count: usize, took: Duration) -> usize {
        let cost = AtomicU64::new(0);
        (0..count).for_each(|_| note(&cost, took));
        room(cost.load(Ordering::Relaxed), 2)
    }

    #[test]
    fn as_many_may_wait_as_are_answered_in_time() {
        assert_eq!(room_after(0, Duration::ZERO), READS_WAITING_MAX);
        assert_eq!(room_after(100, READS_TIME_MAX / 10_000), READS_WAITING_MAX);
        let waiting = room_after(200, READS_TIME_MAX / 50);
        assert!((100..=104).contains(&waiting), "{waiting}");
        assert_eq!(room_after(100, READS_TIME_MAX * 100), READS_WAITING_MIN);
    }
}
