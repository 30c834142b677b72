//! The server's side of the lobby.
//!
//! 1. [`session`]: what one connection may do, frame by frame
//! 2. [`room`]: who is there, what was said lately, and the words that announce it

pub mod room;
pub mod session;

pub use room::{Joined, Room};
pub use session::{Action, Policy, Session, too_fast};
