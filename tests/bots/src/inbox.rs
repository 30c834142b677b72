//! The events of a library on their way to the steps that wait for them.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use anyhow::{Context, Error, Result, anyhow};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::timeout,
};

use crate::protocol::WAIT_MAX;

/// A way for events from the library, and the inbox it leads to.
///
/// Without a bound: what happens in a small guild within a few minutes is little.
pub fn open<E>() -> (Feed<E>, Inbox<E>) {
    let (sender, receiver) = unbounded_channel();
    (Feed { events: sender, has_session: Arc::default() }, Inbox { events: receiver })
}

/// Where events come in.
#[derive(Clone)]
pub struct Feed<E> {
    events: UnboundedSender<Result<E>>,
    has_session: Arc<AtomicBool>,
}

impl<E> Feed<E> {
    /// Passes an event on.
    pub fn push(&self, event: E) {
        self.deliver(Ok(event));
    }

    /// Passes READY on. A second one fails the step under way: the library gave up the first session.
    pub fn push_ready(&self, event: E) {
        let is_second = self.has_session.swap(true, Ordering::Relaxed);
        self.deliver(if is_second {
            Err(anyhow!("a second READY: the session was not resumed"))
        } else {
            Ok(event)
        });
    }

    /// Whether READY has come.
    pub fn has_session(&self) -> bool {
        self.has_session.load(Ordering::Relaxed)
    }

    /// Fails the step under way.
    pub fn fail(&self, reason: Error) {
        self.deliver(Err(reason));
    }

    fn deliver(&self, event: Result<E>) {
        // Nobody is there any more once the last step has been taken.
        let _ = self.events.send(event);
    }
}

/// The events that no step has looked at yet, oldest first.
pub struct Inbox<E> {
    events: UnboundedReceiver<Result<E>>,
}

impl<E> Inbox<E> {
    /// Waits for the first event that `pick` takes something from; those before it are let go.
    ///
    /// `what` is waited for, in words.
    pub async fn pick<T>(&mut self, what: &str, pick: impl Fn(&E) -> Option<T>) -> Result<T> {
        timeout(WAIT_MAX, self.first(pick))
            .await
            .map_err(|_| anyhow!("nothing came within {} s", WAIT_MAX.as_secs()))
            .flatten()
            .with_context(|| format!("while waiting for {what}"))
    }

    async fn first<T>(&mut self, pick: impl Fn(&E) -> Option<T>) -> Result<T> {
        loop {
            let event = self.events.recv().await.context("the library has ended")??;
            if let Some(found) = pick(&event) {
                return Ok(found);
            }
        }
    }
}
