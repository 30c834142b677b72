//! What every request and connection may use.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::addresses::Addresses;
use crate::clock::Clock;
use crate::lobby::hub::ConnectionId;
use crate::log::Commands;
use crate::metrics::Metrics;
use crate::settings::Settings;

/// The running server's parts. Cheap to clone.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

pub(crate) struct Parts {
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) addresses: Addresses,
    /// The way into the log.
    pub(crate) commands: Commands,
    /// Cancelled when the server is to stop.
    pub(crate) stopping: CancellationToken,
    /// Every task that works for a connection.
    pub(crate) tasks: TaskTracker,
    pub(crate) connections: AtomicU64,
}

impl App {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// A number that no connection had before.
    pub(crate) fn next_connection(&self) -> ConnectionId {
        self.connections.fetch_add(1, Ordering::Relaxed)
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
