//! All ways to call the API.

use super::audit;
use super::bans;
use super::channels;
use super::guilds;
use super::invites;
use super::members;
use super::messages;
use super::openapi;
use super::roles;
use super::route::Route;

/// All routes.
pub(crate) fn routes() -> Vec<Route> {
    [
        messages::routes(),
        openapi::routes(),
        guilds::routes(),
        channels::routes(),
        roles::routes(),
        members::routes(),
        bans::routes(),
        invites::routes(),
        audit::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
