//! A whole server inside a test: on loopback, with a database in a folder of its own, and a clock to turn.
//!
//! 1. [`World`]: the server, its data and its clock
//! 2. [`Client`]: someone in the lobby, over a WebSocket library that is not the server's
//! 3. [`Rest`]: someone who calls the HTTP API; [`Gateway`]: a session of the gateway
//! 4. [`Garden`]: a guild to try things in
//! 5. [`Link`]: a network to cut
//! 6. [`process`]: the server's binary, for what only a process of its own can show

mod client;
mod garden;
mod gateway;
mod link;
pub mod process;
mod rest;
mod world;

pub use client::{Client, Raw};
pub use garden::Garden;
pub use gateway::Gateway;
pub use link::Link;
pub use rest::{Answer, Rest};
pub use world::World;

use std::time::Duration;

/// Time after which a test that waits for something gives up. An event that comes at all comes far sooner.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Waits for `event`.
///
/// # Panics
/// When it does not come within [`PATIENCE`].
pub async fn soon<T>(what: &str, event: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, event).await.unwrap_or_else(|late| panic!("{what} did not happen: {late}"))
}
