//! The rules of Decentra: plain functions over plain data.
//!
//! No sockets, no databases, no clocks, no dice: what is needed is an argument. `tests/purity.rs` holds the
//! dependency tree to it.
//!
//! 1. [`lobby`]: the server's side: what a connection may do, who is in the room, what is sent to whom
//! 2. [`community`]: accounts, guilds, channels, messages: who may do what, and what follows
//! 3. [`wire`]: all that in the form of Discord's API
//! 4. [`client`]: the client's side: what is known, what is still to be sent

pub mod client;
pub mod community;
pub mod gateway;
mod incoming;
pub mod lobby;
pub mod rate;
pub mod wire;

pub use incoming::Incoming;
