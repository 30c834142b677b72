//! The client's side of the lobby: what is known, what is still to be sent.
//!
//! The edge (`decentra-client`) owns the socket, the clock and the dice; it tells a [`Session`] what happened and does
//! what the session asks for. What comes out for people is a row of [`Event`]s; a [`Replica`] makes of them what a
//! screen shows. Read in this order:
//!
//! 1. [`event`]: what happens, for people to see
//! 2. [`replica`]: what a screen shows, with its [`scrollback`] and its [`roster`]
//! 3. [`session`]: one's stay in the lobby, across connections
//! 4. [`outbox`]: what was said and is not confirmed yet; [`seen`]: what need not be shown again
//! 5. [`when`], [`text`], [`backoff`]: times, text that is safe to show, pauses

pub mod backoff;
pub mod event;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod law;
pub mod outbox;
pub mod replica;
pub mod roster;
pub mod scrollback;
pub mod seen;
pub mod session;
pub mod text;
pub mod when;

pub use backoff::Backoff;
pub use event::{Entered, Event, Failure, Notice, Pending, Said, Tone};
pub use outbox::Outbox;
pub use replica::{Link, Replica};
pub use roster::Roster;
pub use scrollback::{Entry, Scrollback, What};
pub use session::{HangUp, Output, Session, Wait};
pub use when::When;
