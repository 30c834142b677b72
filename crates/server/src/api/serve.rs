//! From HTTP to a handler and back.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, any, on};
use bytes::Bytes;
use decentra_core::community::{Actor, Refusal};
use decentra_model::TokenHash;
use decentra_model::limits::{
    BODY_BYTES_MAX, BODY_TIMEOUT, DISCARDED_BYTES_MAX, REASON_CHARS_MAX, SKIP_TIMEOUT, SKIPPED_BYTES_MAX,
};
use futures_util::StreamExt;
use hyper::body::Body as _;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use tokio::sync::OwnedSemaphorePermit;

use super::body;
use super::call::Call;
use super::error::ApiError;
use super::limit::{Caller, Standing};
use super::route::{Access, Route};
use super::table::routes;
use crate::addresses::network;
use crate::app::App;
use crate::origin::Origin;
use crate::settings::OnOff;

/// The headers that a client on another origin may read.
const EXPOSED: &str = "Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, \
    X-RateLimit-Reset-After, X-RateLimit-Bucket, X-RateLimit-Global, X-RateLimit-Scope";

/// Where the API stands; the older addresses mean the same (DESIGN 2.2).
const PREFIXES: [&str; 3] = ["/api/v10", "/api/v9", "/api"];

/// The API, under all of its addresses. Whole paths are matched at once: to take a prefix off first costs each call more
/// than the table does.
pub(crate) fn router() -> Router<App> {
    let mut paths: BTreeMap<&'static str, MethodRouter<App>> = BTreeMap::new();
    for (number, route) in routes().into_iter().enumerate() {
        let filter = MethodFilter::try_from(route.method.clone()).expect("the methods are usual ones");
        let (path, route) = (route.path, Arc::new(route));
        let answer = move |State(app): State<App>, request: Request| serve(app, route, number, request);
        let methods = paths.remove(path).unwrap_or_default();
        paths.insert(path, methods.merge(on(filter, answer)));
    }
    let mut router = Router::new();
    for (path, methods) in paths {
        let refuse =
            |State(app): State<App>, request: Request| refuse(app, request, ApiError::MethodNotAllowed);
        let methods = methods.options(preflight).fallback(refuse);
        for prefix in PREFIXES {
            router = router.route(&format!("{prefix}{path}"), methods.clone());
        }
    }
    router.route("/api", any(unknown)).route("/api/{*rest}", any(unknown))
}

async fn unknown(State(app): State<App>, request: Request) -> Response {
    if *request.method() == Method::OPTIONS {
        return preflight().await;
    }
    refuse(app, request, ApiError::NotFound).await
}

/// Answers with an error.
async fn refuse(app: App, request: Request, error: ApiError) -> Response {
    skip(&app, request.into_body()).await;
    finished(error.into_response())
}

/// Takes a body that is not wanted, if it is short: without that, the connection could not be used again, and the
/// client might find it closed before it has read the answer.
async fn skip(app: &App, body: Body) {
    tokio::select! {
        biased;
        // However it ends, the answer follows.
        _ = to_bytes(body, SKIPPED_BYTES_MAX) => {}
        () = app.clock.sleep(SKIP_TIMEOUT) => {}
    }
}

/// What a browser is told that asks whether a page of another origin may call. Everyone may: who calls is told by the
/// token that they send, never by a cookie.
async fn preflight() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    let any = "GET, POST, PUT, PATCH, DELETE, OPTIONS";
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(any));
    let allowed = "Authorization, Content-Type, X-Audit-Log-Reason";
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(allowed));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    finished(response)
}

/// Adds what all answers have.
fn finished(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    // Without it, some libraries take a 429 for a ban by a proxy.
    headers.insert(header::VIA, HeaderValue::from_static("1.1 decentra"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

async fn serve(app: App, route: Arc<Route>, number: usize, request: Request) -> Response {
    // Before any work is done for it: a flood is to cost as little as it can.
    if *request.method() != Method::GET && !app.commands.have_room() {
        return refuse(app, request, Refusal::Busy.into()).await;
    }
    let (mut parts, body) = request.into_parts();
    let params = params(&mut parts, &app).await;
    let caller = authenticate(&app, &parts.headers);
    let origin = Origin::of(&app, &parts);
    let standing = match take(&app, number, caller, &params, &origin) {
        Ok(standing) => standing,
        Err((error, standing)) => {
            skip(&app, body).await;
            return with_standing(&app, finished(error.into_response()), standing);
        }
    };
    let answered = answer(&app, &route, parts, body, params, caller, origin).await;
    let response = finished(answered.unwrap_or_else(IntoResponse::into_response));
    with_standing(&app, response, standing)
}

/// Adds how the bucket stands, if calls are counted.
fn with_standing(app: &App, mut response: Response, standing: Option<Standing>) -> Response {
    if let Some(standing) = standing {
        standing.write(response.headers_mut(), app.clock.now());
    }
    response
}

/// Counts the call, if calls are counted.
fn take(
    app: &App,
    number: usize,
    caller: Option<(Actor, TokenHash)>,
    params: &BTreeMap<&'static str, String>,
    origin: &Origin,
) -> Result<Option<Standing>, (ApiError, Option<Standing>)> {
    if app.settings.rate_limits == OnOff::Off {
        return Ok(None);
    }
    let stranger = Caller::Network(network(origin.address));
    let who = caller.map_or(stranger, |(actor, _)| Caller::User(actor.user_id));
    let major = ["channel_id", "guild_id", "webhook_id"].iter().find_map(|name| params.get(name));
    let major = major.and_then(|id| id.parse().ok());
    let standing = app.limits.take(who, (number, major), app.clock.elapsed())?;
    Ok(Some(standing))
}

async fn answer(
    app: &App,
    route: &Route,
    parts: Parts,
    body: Body,
    params: BTreeMap<&'static str, String>,
    caller: Option<(Actor, TokenHash)>,
    origin: Origin,
) -> Result<Response, ApiError> {
    if let Err(error) = admit(route.access, caller) {
        skip(app, body).await;
        return Err(error);
    }
    let (body, _place) = read(app, route, &parts.headers, body).await?;
    let header = |name: &HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let device = header(&header::USER_AGENT).map(|device| device.chars().take(REASON_CHARS_MAX).collect());
    let call = Call {
        app: app.clone(),
        caller,
        params,
        query: query(parts.uri.query().unwrap_or_default()),
        body,
        reason: reason(&parts.headers),
        host: origin.host,
        is_secure: origin.is_secure,
        is_foreign: origin.is_foreign,
        address: origin.address,
        device,
    };
    Ok((route.handler)(call).await?.into_response())
}

fn admit(access: Access, caller: Option<(Actor, TokenHash)>) -> Result<(), ApiError> {
    match (access, caller) {
        (Access::User | Access::Person, None) => Err(Refusal::Unauthorized.into()),
        (Access::Person, Some((actor, _))) if actor.is_bot => Err(Refusal::NotForBots.into()),
        (Access::Anyone, _) | (Access::User | Access::Person, Some(_)) => Ok(()),
    }
}

fn authenticate(app: &App, headers: &HeaderMap) -> Option<(Actor, TokenHash)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?.trim();
    let token = value.strip_prefix("Bot ").or_else(|| value.strip_prefix("Bearer ")).unwrap_or(value);
    app.authenticate(token.trim())
}

async fn params(parts: &mut Parts, app: &App) -> BTreeMap<&'static str, String> {
    let Ok(found) = RawPathParams::from_request_parts(parts, app).await else { return BTreeMap::new() };
    found.iter().filter_map(|(name, value)| Some((known(name)?, value.to_owned()))).collect()
}

/// The names of parameters in paths.
fn known(name: &str) -> Option<&'static str> {
    const NAMES: [&str; 12] = [
        "channel_id",
        "guild_id",
        "message_id",
        "user_id",
        "role_id",
        "overwrite_id",
        "application_id",
        "code",
        "emoji_name",
        "webhook_id",
        "session_id",
        "hash",
    ];
    NAMES.into_iter().find(|known| *known == name)
}

/// The query as an object of texts, with a list of them where a key stands more than once; an empty pair is none.
pub(crate) fn query(query: &str) -> Value {
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut query = Map::new();
    for (key, value) in pairs {
        let (key, value) = (decoded(key), Value::String(decoded(value)));
        match query.get_mut(&key) {
            Some(Value::Array(values)) => values.push(value),
            Some(before) => *before = Value::Array(vec![before.take(), value]),
            None => drop(query.insert(key, value)),
        }
    }
    Value::Object(query)
}

fn reason(headers: &HeaderMap) -> Option<String> {
    let reason = percent_decode_str(headers.get("x-audit-log-reason")?.to_str().ok()?).decode_utf8_lossy();
    let reason: String = reason.trim().chars().take(REASON_CHARS_MAX).collect();
    (!reason.is_empty()).then_some(reason)
}

/// A place among the bodies that are long, for as long as the call takes; none is needed for one that is short.
type Place = Option<OwnedSemaphorePermit>;

/// The body as JSON; null, if there is none.
async fn read(app: &App, route: &Route, headers: &HeaderMap, body: Body) -> Result<(Value, Place), ApiError> {
    tokio::select! {
        biased;
        read = read_patiently(app, route, headers, body) => read,
        () = app.clock.sleep(BODY_TIMEOUT) => Err(ApiError::InvalidJson("it did not come in time".into())),
    }
}

async fn read_patiently(
    app: &App,
    route: &Route,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Value, Place), ApiError> {
    let bytes_max = route.body_bytes_max();
    // Of one that comes in pieces, it is not known.
    let bytes_at_most = body.size_hint().upper().and_then(|bytes| usize::try_from(bytes).ok());
    if bytes_at_most.is_some_and(|bytes| bytes > bytes_max) {
        discard(body).await;
        return Err(ApiError::TooLarge);
    }
    let place = if bytes_at_most.unwrap_or(bytes_max).min(bytes_max) > BODY_BYTES_MAX {
        let place = Arc::clone(&app.long_bodies).acquire_owned().await;
        Some(place.map_err(|_| Refusal::Busy)?)
    } else {
        None
    };
    let bytes: Bytes = to_bytes(body, bytes_max).await.map_err(|_| ApiError::TooLarge)?;
    Ok((body::parse(headers, bytes).await?, place))
}

/// Takes a body that is too long, and keeps none of it.
async fn discard(body: Body) {
    let mut taken = 0;
    let mut pieces = body.into_data_stream();
    while let Some(Ok(piece)) = pieces.next().await {
        taken += piece.len();
        if taken > DISCARDED_BYTES_MAX {
            return;
        }
    }
}

/// Where a call comes from when nothing is known: this machine.
pub(crate) const NOWHERE: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
