//! The gateway: events to sessions, each from where it was left.
//!
//! 1. [`way`]: the way out to one session; `sheet`: a batch as it leaves plain; `packed`: as it leaves compressed
//! 2. [`hub`]: the sessions, and the fan-out to them
//! 3. [`connection`]: one client, from its upgrade to its end; `opening`: how its session begins; `resumption`: how it
//!    goes on where it was left
//! 4. [`encoded`]: a dispatch as it is sent
//! 5. [`upgrade`]: what a client asks for in its address

pub(crate) mod connection;
pub(crate) mod encoded;
pub(crate) mod hub;
mod opening;
pub(crate) mod packed;
mod resumption;
mod sheet;
pub(crate) mod upgrade;
pub(crate) mod way;
