//! Figures for Prometheus, and who may see them.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;

use crate::app::App;
use crate::listener::Peer;

/// What a proxy adds: then the caller is not on this machine, even if the proxy is.
const PROXY_HEADERS: [&str; 3] = ["x-forwarded-for", "forwarded", "via"];

/// The figures.
pub(super) async fn text(State(app): State<App>, request: Request) -> Response {
    if !may_see(&app, &request) {
        let why = "Metrics are for this machine only, unless a token is configured (--metrics-token).\n";
        return (StatusCode::FORBIDDEN, why).into_response();
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], app.metrics.to_text()).into_response()
}

fn may_see(app: &App, request: &Request) -> bool {
    if let Some(token) = &app.settings.metrics_token {
        return bearer(request.headers())
            .is_some_and(|given| given.as_bytes().ct_eq(token.as_bytes()).into());
    }
    let is_local = request.extensions().get::<Peer>().is_some_and(|peer| peer.0.to_canonical().is_loopback());
    is_local && !PROXY_HEADERS.iter().any(|header| request.headers().contains_key(*header))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}
