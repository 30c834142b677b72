//! How much the guests of one network may do in the lobby together, however many connections they open.

use std::net::IpAddr;
use std::time::Duration;

use decentra_model::limits::{
    GUEST_JOINS_BURST, GUEST_JOINS_REFILL, GUEST_MESSAGES_BURST, GUEST_MESSAGES_REFILL,
};

use crate::addresses::network;
use crate::rates::Rates;

/// Counts what guests do.
#[derive(Debug)]
pub(crate) struct Guests {
    joins: Rates<IpAddr>,
    messages: Rates<IpAddr>,
}

impl Default for Guests {
    fn default() -> Self {
        Self {
            joins: Rates::new(GUEST_JOINS_BURST, GUEST_JOINS_REFILL),
            messages: Rates::new(GUEST_MESSAGES_BURST, GUEST_MESSAGES_REFILL),
        }
    }
}

impl Guests {
    /// Counts that a guest at `address` joins at the time `now`, or tells how long to wait.
    pub(crate) fn join(&self, address: IpAddr, now: Duration) -> Result<(), Duration> {
        self.joins.take(network(address), now)
    }

    /// Counts a message of a guest at `address`, or tells how long to wait.
    pub(crate) fn say(&self, address: IpAddr, now: Duration) -> Result<(), Duration> {
        self.messages.take(network(address), now)
    }
}
