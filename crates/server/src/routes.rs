//! The paths of the one port (DESIGN 2.2).

mod health;
mod metrics;
mod page;
mod upgrade;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};

use crate::app::App;

/// All paths.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/", any(root))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::text))
        .fallback(not_found)
        .with_state(app)
}

/// The lobby for who asks for a WebSocket, the page for everyone else.
async fn root(State(app): State<App>, request: Request) -> Response {
    if request.headers().contains_key(header::UPGRADE) {
        return upgrade::lobby(app, request);
    }
    page::show(&app, &request)
}

async fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "There is nothing here. The chat is at /\n").into_response()
}
