//! The lobby over WebSocket.
//!
//! 1. [`connection`]: one client, from its upgrade to its end
//! 2. [`hub`]: the room, and the fan-out to all in it

pub(crate) mod connection;
pub(crate) mod hub;
