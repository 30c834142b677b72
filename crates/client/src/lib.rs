//! The lobby client: it connects, reconnects, and says what is to be said once.
//!
//! The rules are in [`decentra_core::client`]; here are the socket, the clock and the dice that they need. A task owns
//! the connection; [`Command`]s go in and [`Event`](decentra_core::client::Event)s come out over bounded channels.
//!
//! 1. [`client`]: what a program uses
//! 2. [`address`]: where the server is; [`error`]: why there is no connection
//! 3. `stay`: the task; `dial`: one connection; `tls`: whom it trusts
//! 4. [`clock`] and `dice`: the time, and random numbers

pub mod address;
pub mod client;
pub mod clock;
mod dial;
mod dice;
pub mod error;
mod stay;
mod timing;
mod tls;

pub use address::ServerAddress;
pub use client::{Client, Command, Options};
pub use error::ClientError;
pub use timing::Timing;
