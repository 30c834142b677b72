//! The paths of the one port (DESIGN 2.2).

mod client;
mod health;
mod metrics;
mod page;
mod pictures;
mod upgrade;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{any, get};

use crate::api::serve;
use crate::app::App;

/// What answers have, unless they say otherwise.
const GUARDS: [(HeaderName, &str); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
];

/// All paths.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/", any(root))
        .route("/avatars/{owner}/{file}", get(pictures::show))
        .route("/icons/{owner}/{file}", get(pictures::show))
        .route("/channel-icons/{owner}/{file}", get(pictures::show))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::text))
        .fallback(elsewhere)
        .layer(map_response(guarded))
        .merge(serve::router())
        .with_state(app)
}

/// Adds what no browser should be without, whatever is answered: it guesses no types, runs nothing, shows nothing within
/// other pages, and tells nobody where it was. The API says what it needs of it itself.
async fn guarded(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in GUARDS {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

/// The lobby or the gateway for who asks for a WebSocket, the web client for everyone else.
async fn root(State(app): State<App>, request: Request) -> Response {
    if request.headers().contains_key(header::UPGRADE) {
        return upgrade::take(app, request);
    }
    client::show(&app, &request)
}

/// The gateway, for libraries that add to its address what they like; else the web client, as far as it knows the place.
async fn elsewhere(State(app): State<App>, request: Request) -> Response {
    let path = request.uri().path().trim_matches('/');
    if request.headers().contains_key(header::UPGRADE) && matches!(path, "" | "gateway") {
        return upgrade::take(app, request);
    }
    client::show(&app, &request)
}
