//! All ways to call the API.

use super::messages;
use super::openapi;
use super::route::Route;

/// All routes.
pub(crate) fn routes() -> Vec<Route> {
    [
        messages::routes(),
        openapi::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
