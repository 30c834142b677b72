//! The lobby client: it connects, reconnects, and says what is to be said once.
//!
//! The rules are in [`decentra_core::client`]; here are the socket, the clock and the dice that they need. A task owns
//! the connection; [`Command`]s go in and [`Event`](decentra_core::client::Event)s come out over bounded channels.
//!
//! 1. [`client`]: what a program uses
//! 2. [`address`]: where the server is; [`error`]: why there is no connection
//! 3. `stay`: the task; `dial`: one connection; `tls`: whom it trusts
//! 4. [`clock`], `dice` and `world`: the time, random numbers, and what a simulation has in their place

pub mod address;
pub mod client;
pub mod clock;
mod dial;
mod dice;
pub mod error;
mod stay;
mod timing;
mod tls;
mod world;

pub use address::ServerAddress;
pub use client::{Client, Command, Options};
pub use error::ClientError;
pub use timing::Timing;
pub use world::World;
