//! The paths of the one port (DESIGN 2.2).

mod health;
mod metrics;
mod page;
mod pictures;
mod upgrade;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};

use crate::api::serve;
use crate::app::App;

/// All paths.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .merge(serve::router())
        .route("/", any(root))
        .route("/avatars/{owner}/{file}", get(pictures::show))
        .route("/icons/{owner}/{file}", get(pictures::show))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::text))
        .fallback(elsewhere)
        .with_state(app)
}

/// The lobby or the gateway for who asks for a WebSocket, the page for everyone else.
async fn root(State(app): State<App>, request: Request) -> Response {
    if request.headers().contains_key(header::UPGRADE) {
        return upgrade::take(app, request);
    }
    page::show(&app, &request)
}

/// The gateway, for libraries that add to its address what they like; else nothing.
async fn elsewhere(State(app): State<App>, request: Request) -> Response {
    let path = request.uri().path().trim_matches('/');
    if request.headers().contains_key(header::UPGRADE) && matches!(path, "" | "gateway") {
        return upgrade::take(app, request);
    }
    (StatusCode::NOT_FOUND, "There is nothing here. The chat is at /\n").into_response()
}
