//! The words of Decentra: plain data that every other crate speaks, and the limits it obeys.
//!
//! No I/O, no clock, no randomness. Read in this order:
//!
//! 1. [`limits`]: every bound, in one place
//! 2. [`id`] and [`timestamp`]: what identifies a thing, and when it happened
//! 3. [`name`] and [`body`]: text from outside, parsed once; [`text`]: what could act on a terminal
//! 4. [`message`]: what was posted
//! 5. [`lobby`]: the frames of the lobby protocol, and [`close`] how a connection ends

pub mod body;
pub mod close;
pub mod id;
pub mod limits;
pub mod lobby;
pub mod message;
pub mod name;
pub mod nonce;
pub mod text;
pub mod timestamp;

pub use body::Body;
pub use id::Id;
pub use message::{Draft, Message};
pub use name::Name;
pub use nonce::Nonce;
pub use timestamp::Timestamp;
