//! Entities in the form of Discord's API: what REST answers and the gateway dispatches.
//!
//! Source: Discord's documentation and its `OpenAPI` description. Keys that our entities have no use for yet carry what
//! Discord sends where a thing is not there, since libraries need them.
//!
//! 1. [`user`], [`guild`], [`role`], [`channel`], [`direct`], [`member`], [`message`], [`invite`], [`audit`], [`application`]:
//!    one file an entity; [`person`], [`read`]: what people have for themselves
//! 2. [`mod@dispatch`]: which dispatches an event causes, and who is told
//! 3. [`ready`]: what a session is told first

pub mod application;
pub mod audit;
pub mod channel;
pub mod direct;
pub mod dispatch;
pub mod guild;
pub mod invite;
pub mod member;
pub mod message;
pub mod person;
pub mod read;
pub mod ready;
pub mod role;
pub mod user;
