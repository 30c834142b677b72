//! The rules of Decentra: plain functions over plain data.
//!
//! No sockets, no databases, no clocks, no dice: what is needed is an argument. `tests/purity.rs` holds the
//! dependency tree to it.
//!
//! 1. [`lobby`]: the server's side: what a connection may do, who is in the room, what is sent to whom
//! 2. [`client`]: the client's side: what is known, what is still to be sent

pub mod client;
pub mod lobby;
