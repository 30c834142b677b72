//! From HTTP to a WebSocket.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tungstenite::handshake::server::create_response_with_body;

use crate::addresses::Place;
use crate::app::App;
use crate::listener::{Peer, Permit, is_trusted};
use crate::lobby::connection;

/// Lets a WebSocket into the lobby.
pub(super) fn lobby(app: App, mut request: Request) -> Response {
    if wants_gateway(&request) {
        return (StatusCode::NOT_FOUND, "The gateway is not part of this version yet.\n").into_response();
    }
    let response = match handshake(&request) {
        Ok(response) => response,
        Err(refusal) => return *refusal,
    };
    let Ok(place) = place(&app, &request) else {
        app.metrics.connections_refused.inc();
        return (StatusCode::TOO_MANY_REQUESTS, "Too many connections from your address.\n").into_response();
    };
    let permit = request.extensions().get::<Arc<Permit>>().cloned();
    let upgrade = hyper::upgrade::on(&mut request);
    let tasks = app.tasks.clone();
    tasks.spawn(async move {
        let _held = (permit, place);
        let Ok(upgraded) = upgrade.await else { return };
        let parts = upgraded.downcast::<TokioIo<TcpStream>>().expect("the listener serves on nothing else");
        connection::run(app, parts.io.into_inner(), parts.read_buf).await;
    });
    response
}

/// Whether it is the gateway that is asked for (DESIGN 2.2).
fn wants_gateway(request: &Request) -> bool {
    let query = request.uri().query().unwrap_or_default();
    query.split('&').any(|pair| pair == "v" || pair.starts_with("v="))
}

/// The answer that switches protocols, or the one that says what is wrong with the request.
fn handshake(request: &Request) -> Result<Response, Box<Response>> {
    let mut copy =
        http::Request::builder().method(request.method()).version(request.version()).uri(request.uri());
    copy.headers_mut().into_iter().for_each(|headers| headers.clone_from(request.headers()));
    let copy = copy.body(()).map_err(|_| Box::new(StatusCode::BAD_REQUEST.into_response()))?;
    create_response_with_body(&copy, Body::empty).map_err(|error| {
        let mut refusal = (StatusCode::BAD_REQUEST, format!("No WebSocket: {error}.\n")).into_response();
        let version = request.headers().get(header::SEC_WEBSOCKET_VERSION);
        if version.is_some_and(|version| version != "13") {
            *refusal.status_mut() = StatusCode::UPGRADE_REQUIRED;
            refusal.headers_mut().insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        }
        Box::new(refusal)
    })
}

/// A place for the client behind a trusted proxy; `None` for one that has its place already, an error for one too many.
fn place(app: &App, request: &Request) -> Result<Option<Place>, ()> {
    match request.extensions().get::<Peer>() {
        Some(peer) if is_trusted(app, peer.0) => match forwarded_for(app, request) {
            Some(client) => app.addresses.admit(client).map(Some).ok_or(()),
            None => Ok(None),
        },
        _ => Ok(None),
    }
}

/// The client as the trusted proxies name it: the last address in the chain that is none of them.
fn forwarded_for(app: &App, request: &Request) -> Option<IpAddr> {
    let chain = request.headers().get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let mut hops: Vec<IpAddr> =
        chain.flat_map(|value| value.split(',')).filter_map(|hop| hop.trim().parse().ok()).collect();
    hops.reverse();
    hops.into_iter().find(|hop| !is_trusted(app, *hop))
}
