//! The Decentra server.
//!
//! A map, in the order in which a newcomer may read it:
//!
//! 1. [`settings`]: what can be set; [`clock`]: where the time comes from
//! 2. [`server`]: start and stop
//! 3. `listener`, `routes`: from a socket to a request, and what stands at which path
//! 4. `lobby`: the first surface: connections, and the fan-out to them
//! 5. `log`: the one path of every change
//! 6. `app`, `addresses`, `metrics`: what all of them share
//!
//! The rules are not here but in `decentra-core`.

pub mod banner;
pub mod clock;
pub mod health;
pub mod server;
pub mod settings;

mod addresses;
mod app;
mod listener;
mod lobby;
mod log;
mod metrics;
mod routes;

pub use clock::Clock;
pub use server::Server;
pub use settings::Settings;
