//! All ways to call the API.

use super::messages;
use super::route::Route;

/// All routes.
pub(crate) fn routes() -> Vec<Route> {
    [messages::routes()].into_iter().flatten().collect()
}
