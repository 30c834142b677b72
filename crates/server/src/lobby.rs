//! The lobby over WebSocket.
//!
//! 1. [`frame`]: frames to the wire; [`inbox`]: frames from the wire
//! 2. [`outlet`]: what waits for one socket
//! 3. [`connection`]: one client, from its upgrade to its end
//! 4. [`hub`]: the room, and the fan-out to all in it

pub(crate) mod connection;
pub(crate) mod frame;
pub(crate) mod hub;
mod inbox;
pub(crate) mod outlet;
