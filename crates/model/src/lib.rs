//! The words of Decentra: plain data that every other crate speaks, and the limits it obeys.
//!
//! No I/O, no clock, no randomness. Read in this order:
//!
//! 1. [`limits`]: every bound, in one place
//! 2. [`id`] and [`timestamp`]: what identifies a thing, and when it happened
//! 3. [`name`] and [`body`]: text from outside, parsed once; [`text`]: what could act on a terminal
//! 4. [`user`], [`guild`], [`channel`], [`direct`], [`permission`]: accounts, and the places they meet in
//! 5. [`person`]: what is between people; [`read`]: how far they have read; [`message`], [`embed`]: what was posted; [`search`]: how it is found; [`presence`]: how someone appears; [`application`], [`audit`]
//! 6. [`event`]: what happened; [`dispatch`], [`intents`] and [`session`]: who is told of it
//! 7. [`lobby`]: the frames of the lobby protocol, and [`close`] how a connection ends

pub mod application;
pub mod audit;
pub mod body;
pub mod channel;
pub mod close;
pub mod direct;
pub mod dispatch;
pub mod embed;
pub mod event;
pub mod guild;
pub mod id;
pub mod intents;
pub mod limits;
pub mod lobby;
pub mod message;
pub mod name;
pub mod nonce;
pub mod permission;
pub mod person;
pub mod picture;
pub mod presence;
pub mod read;
pub mod search;
pub mod session;
pub mod text;
pub mod timestamp;
pub mod user;

pub use application::Application;
pub use audit::{AuditChange, AuditEntry};
pub use body::Body;
pub use channel::{Channel, ChannelKind, Overwrite, OverwriteKind};
pub use direct::{Direct, DirectChange, DirectKind};
pub use dispatch::{Audience, Circle, Dispatch, Position};
pub use embed::Embed;
pub use event::{Event, Instance, ReactionMark};
pub use guild::{Ban, Guild, Invite, Member, Role};
pub use id::Id;
pub use intents::Intents;
pub use message::{Author, Message};
pub use name::Name;
pub use nonce::Nonce;
pub use permission::Permissions;
pub use picture::Picture;
pub use presence::Presence;
pub use session::GatewaySession;
pub use timestamp::Timestamp;
pub use user::{Login, TokenHash, User};
