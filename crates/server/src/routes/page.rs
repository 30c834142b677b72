//! The page that a browser is shown by a server that was built without the web client.

use axum::extract::Request;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};

use crate::app::App;

const PAGE: &str = include_str!("../../assets/page.html");

/// Nothing is loaded from anywhere, and nothing runs.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

/// Says what this is and how to connect.
pub(super) fn show(app: &App, request: &Request) -> Response {
    let (host, port) = reached(request).unwrap_or_else(|| ("localhost".into(), app.settings.listen.port()));
    let page = PAGE
        .replace("{{name}}", &escape(&app.settings.name))
        .replace("{{host}}", &escape(&host))
        .replace("{{port}}", &port.to_string());
    ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(page)).into_response()
}

/// The host and port by which the caller reached the server.
fn reached(request: &Request) -> Option<(String, u16)> {
    let authority: http::uri::Authority = request.headers().get(header::HOST)?.to_str().ok()?.parse().ok()?;
    Some((authority.host().to_owned(), authority.port_u16().unwrap_or(80)))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
