//! The Decentra server.
//!
//! A map, in the order in which a newcomer may read it:
//!
//! 1. [`settings`]: what can be set; [`machine`], [`clock`]: where time, chance and work come from
//! 2. [`server`]: start and stop
//! 3. `listener`, `routes`: from a socket to a request, and what stands at which path; `site`: the web client
//! 4. `api`, `gateway`, `lobby`: the surfaces; `socket`: WebSockets, as they use them
//! 5. `log`: the one path of every change; `state`: what is committed; `readers`: questions to the database;
//!    `pages`: answers that were given lately;
//!    `delivery`: from the log to the surfaces
//! 6. `app`, `addresses`, `rates`, `attempts`, `guests`, `patience`, `origin`, `token`, `password`, `picture`, `work`,
//!    `metrics`: what all of them share
//!
//! The rules are not here but in `decentra-core`. With `--cfg fuzzing` there is `fuzzing`, the fuzzer's ways in.

pub mod banner;
pub mod clock;
#[cfg(fuzzing)]
pub mod fuzzing;
pub mod health;
pub mod machine;
pub mod server;
pub mod settings;

mod addresses;
mod api;
mod app;
mod attempts;
mod delivery;
mod founding;
mod gateway;
mod guests;
mod listener;
mod lobby;
mod log;
mod metrics;
mod origin;
mod pages;
mod password;
mod patience;
mod picture;
mod rates;
mod readers;
mod recent;
mod routes;
mod site;
mod socket;
mod state;
mod token;
mod work;

pub use clock::Clock;
pub use machine::Machine;
pub use server::Server;
pub use settings::Settings;
pub use socket::port::Port;
pub use socket::stream::{Pipe, Stream};
