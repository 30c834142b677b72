//! The rules of a community: who may do what, and what follows from it.
//!
//! A [`Command`] is decided at a [`Desk`]: it looks at the [`Community`], and either is turned down with a
//! [`Refusal`] or gives events. Events are the only way in which anything changes.
//!
//! 1. [`state`]: what there is; [`person`]: what each has for themselves; `apply`: what an event makes of it
//! 2. [`sight`]: what a member may see and do, the one rule that every surface asks; [`venue`]: where people write,
//!    in a guild or not; [`reach`]: who may write to whom
//! 3. [`desk`]: how a command is decided; [`refusal`]: why it is turned down; [`form`]: what fields must be
//! 4. the commands, one file a noun

mod apply;
pub mod desk;
pub mod form;
pub mod person;
pub mod reach;
pub mod refusal;
pub mod sight;
pub mod state;
pub mod venue;

pub mod account;
pub mod application;
pub mod audit;
pub mod ban;
pub mod channel;
pub mod deletion;
pub mod direct;
pub mod edit;
mod embed;
pub mod founding;
pub mod group;
pub mod guild;
pub mod invite;
pub mod login;
pub mod member;
pub mod mention;
pub mod message;
pub mod note;
pub mod notifications;
pub mod overwrite;
pub mod pin;
pub mod presence;
pub mod reaction;
pub mod read;
pub mod relationship;
pub mod role;
pub mod search;

pub use desk::{Actor, Archive, ArchiveError, Command, Desk, Happened};
pub use form::Form;
pub use person::Person;
pub use refusal::{FieldError, Refusal};
pub use state::{Community, GuildState};
pub use venue::Venue;
