//! The server's side of the gateway: what a connection may do, and what a session is told again.
//!
//! Source: Discord's documentation, "Gateway".
//!
//! 1. [`payload`]: what clients send, and the frames that they are sent
//! 2. [`session`]: one connection, payload by payload
//! 3. [`replay`]: what a session is told of the log, and where it goes on

pub mod payload;
pub mod replay;
pub mod session;
