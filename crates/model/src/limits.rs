//! Every bound of the program, with its unit and its reason. Nothing is unbounded (DESIGN 2.5).

mod account;
mod api;
mod client;
mod connection;
mod gateway;
mod guild;
mod lobby;
mod log;
mod message;
mod people;
mod search;

pub use self::account::*;
pub use self::api::*;
pub use self::client::*;
pub use self::connection::*;
pub use self::gateway::*;
pub use self::guild::*;
pub use self::lobby::*;
pub use self::log::*;
pub use self::message::*;
pub use self::people::*;
pub use self::search::*;
