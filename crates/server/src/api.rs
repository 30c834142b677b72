//! The HTTP API: Discord's, version 10.
//!
//! 1. [`route`]: a way to call it: method, path, who may, what it takes; [`table`]: all of them
//! 2. [`call`]: a request, as the handlers see it; [`reply`]: what they answer; [`error`]: what goes wrong
//! 3. [`limit`]: how fast one may call; [`serve`]: from HTTP to a handler and back
//! 4. [`openapi`]: the description of all that
//! 5. the handlers, one file a noun

mod applications;
mod audit;
mod auth;
mod bans;
pub(crate) mod body;
pub(crate) mod call;
mod channels;
mod directs;
pub(crate) mod error;
mod guilds;
mod instance;
mod invites;
pub(crate) mod limit;
mod members;
mod messages;
mod openapi;
mod pins;
mod reactions;
mod reads;
mod relationships;
pub(crate) mod reply;
mod roles;
pub(crate) mod route;
mod search;
pub(crate) mod serve;
pub(crate) mod table;
mod users;
