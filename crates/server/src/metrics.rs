//! What the server counts.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

/// The counters, and the text that Prometheus reads.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    /// Open TCP connections.
    pub(crate) connections: Gauge,
    /// Connections that were turned away for a limit.
    pub(crate) connections_refused: Counter,
    /// People in the lobby.
    pub(crate) lobby_members: Gauge,
    /// Gateway sessions with a connection.
    pub(crate) gateway_sessions: Gauge,
    /// Messages stored.
    pub(crate) messages: Counter,
    /// Messages that could not be stored.
    pub(crate) messages_not_stored: Counter,
    /// Frames handed to connections.
    pub(crate) deliveries: Counter,
    /// Connections cut off for reading too slowly.
    pub(crate) slow_readers: Counter,
    /// Connections that have not taken yet what they were sent.
    pub(crate) readers_waiting: Gauge,
    /// Changes that were turned down, since too many waited.
    pub(crate) changes_refused: Counter,
    /// Changes that may wait now.
    pub(crate) changes_waiting_max: Gauge,
    /// How long transactions take.
    pub(crate) commit_seconds: Histogram,
    /// How long the log takes for all that waited: what a change waits for, at most, before its own turn.
    pub(crate) turn_seconds: Histogram,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("decentra"),
            connections: Gauge::default(),
            connections_refused: Counter::default(),
            lobby_members: Gauge::default(),
            gateway_sessions: Gauge::default(),
            messages: Counter::default(),
            messages_not_stored: Counter::default(),
            deliveries: Counter::default(),
            slow_readers: Counter::default(),
            readers_waiting: Gauge::default(),
            changes_refused: Counter::default(),
            changes_waiting_max: Gauge::default(),
            commit_seconds: Histogram::new(exponential_buckets(0.000_1, 2.0, 16)),
            turn_seconds: Histogram::new(exponential_buckets(0.000_1, 2.0, 16)),
        };
        metrics.register();
        metrics
    }

    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register("connections", "Open connections", self.connections.clone());
        let refused = "Connections turned away for a limit";
        registry.register("connections_refused", refused, self.connections_refused.clone());
        registry.register("lobby_members", "People in the lobby", self.lobby_members.clone());
        registry.register("messages", "Messages stored", self.messages.clone());
        let not_stored = "Messages that could not be stored";
        registry.register("messages_not_stored", not_stored, self.messages_not_stored.clone());
        registry.register("deliveries", "Frames handed to connections", self.deliveries.clone());
        let slow = "Connections cut off for reading too slowly";
        registry.register("slow_readers", slow, self.slow_readers.clone());
        let waiting = "Connections that have not taken yet what they were sent";
        registry.register("readers_waiting", waiting, self.readers_waiting.clone());
        let shed = "Changes turned down since too many waited";
        registry.register("changes_refused", shed, self.changes_refused.clone());
        let room = "Changes that may wait for the log now";
        registry.register("changes_waiting_max", room, self.changes_waiting_max.clone());
        registry.register("commit_seconds", "Duration of transactions", self.commit_seconds.clone());
        let turn = "Duration of turns of the log: all that waited is decided, stored and told";
        registry.register("turn_seconds", turn, self.turn_seconds.clone());
    }

    /// All of it, in the OpenMetrics text format.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)
            .expect("a String takes any text");
        text
    }
}
