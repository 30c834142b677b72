//! The web client: its files, and its page at every place that it knows.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::page;
use crate::app::App;
use crate::site::Sent;

/// Only what comes from here is loaded, and nothing of a page's text runs. Pictures that were chosen and not sent yet are
/// shown from memory.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
                      img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; \
                      worker-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

/// Where the client's own routes begin; `web/src/app/router.ts` has the same.
const PLACES: [&str; 7] = ["", "channels", "invite", "lobby", "login", "register", "welcome"];

/// The page, a file of the client, or nothing.
pub(super) fn show(app: &App, request: &Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if let Some(file) = app.site.file(path, request.headers()) {
        return read_only(request).unwrap_or_else(|| answer(file));
    }
    if !PLACES.contains(&path.split('/').next().unwrap_or_default()) {
        return (StatusCode::NOT_FOUND, "There is nothing here. The chat is at /\n").into_response();
    }
    read_only(request).unwrap_or_else(|| match app.site.index(request.headers()) {
        Some(index) => answer(index),
        None => page::show(app, request),
    })
}

/// The refusal of a method that changes something.
fn read_only(request: &Request) -> Option<Response> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    (!reads).then(|| (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response())
}

fn answer(file: Sent) -> Response {
    let keep = if file.is_immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = Body::from(file.bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = file.encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if file.kind.starts_with("text/html") || file.kind.starts_with("text/javascript") {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    }
    response
}
