//! The pictures of accounts, guilds and groups.

use crate::app::App;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use decentra_model::Id;
use decentra_model::limits::IMAGE_SIDES;

/// A picture never changes: another one has another hash. Whatever it holds, no browser runs it.
const HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_TYPE, "image/png"),
    (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
];

/// The picture at `/avatars/{id}/{hash}.png`, `/icons/…` or `/channel-icons/…`. Whatever the name ends with, it is PNG.
pub(super) async fn show(
    State(app): State<App>,
    Path((owner, file)): Path<(String, String)>,
    uri: Uri,
) -> Response {
    let side = wanted(uri.query().unwrap_or_default()).unwrap_or(IMAGE_SIDES[1]);
    let hash = file.split('.').next().unwrap_or_default().to_owned();
    let Ok(owner) = owner.parse::<Id>() else { return missing() };
    match app.readers.ask(move |reader| reader.picture(owner, &hash, side)).await {
        Ok(Some(bytes)) => (HEADERS, Body::from(bytes)).into_response(),
        Ok(None) => missing(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "The picture could not be read.\n").into_response(),
    }
}

/// The size that a query asks for.
fn wanted(query: &str) -> Option<u32> {
    query.split('&').find_map(|pair| pair.strip_prefix("size=")?.parse().ok())
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, "There is no such picture.\n").into_response()
}
