//! All ways to call the API.

use super::route::Route;
use super::{
    applications, audit, auth, bans, channels, directs, guilds, instance, invites, members, messages,
    openapi, pins, reactions, reads, relationships, roles, search, users,
};

/// All routes.
pub(crate) fn routes() -> Vec<Route> {
    [
        auth::routes(),
        users::routes(),
        relationships::routes(),
        reads::routes(),
        applications::routes(),
        instance::routes(),
        guilds::routes(),
        channels::routes(),
        directs::routes(),
        roles::routes(),
        members::routes(),
        bans::routes(),
        invites::routes(),
        audit::routes(),
        messages::routes(),
        reactions::routes(),
        pins::routes(),
        search::routes(),
        openapi::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
