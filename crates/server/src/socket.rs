//! WebSockets, as all surfaces use them.
//!
//! 1. [`frame`]: frames to the wire; [`inbox`]: frames from the wire
//! 2. [`outlet`]: what waits for one socket; [`held`]: for all together
//! 3. [`stream`]: the socket itself; [`port`]: where connections come in

pub(crate) mod frame;
pub(crate) mod held;
pub(crate) mod inbox;
pub(crate) mod outlet;
pub(crate) mod port;
pub(crate) mod stream;
