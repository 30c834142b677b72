//! From HTTP to a WebSocket.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper_util::rt::TokioIo;
use tungstenite::handshake::server::create_response_with_body;

use crate::addresses::Place;
use crate::app::App;
use crate::gateway::upgrade;
use crate::listener::{Peer, Permit, is_trusted};
use crate::origin::{Origin, forwarded_for};
use crate::patience::Patient;
use crate::{gateway, lobby};

/// Lets a WebSocket into the gateway, if that is what it asks for, else into the lobby.
pub(super) fn take(app: App, mut request: Request) -> Response {
    let wish = upgrade::wish(request.uri().query().unwrap_or_default());
    let response = match handshake(&request) {
        Ok(response) => response,
        Err(refusal) => return *refusal,
    };
    let Ok(place) = place(&app, &request) else {
        app.metrics.connections_refused.inc();
        return (StatusCode::TOO_MANY_REQUESTS, "Too many connections from your address.\n").into_response();
    };
    let origin = Origin::from(&app, request.headers(), request.extensions());
    let gateway = Origin::gateway(&origin.host, origin.is_secure);
    let permit = request.extensions().get::<Arc<Permit>>().cloned();
    let upgrade = hyper::upgrade::on(&mut request);
    let tasks = app.tasks.clone();
    tasks.spawn(async move {
        let _held = (permit, place);
        let Ok(upgraded) = upgrade.await else { return };
        let parts = upgraded.downcast::<TokioIo<Patient>>().expect("the listener serves on nothing else");
        let stream = parts.io.into_inner().into_inner();
        let head = parts.read_buf;
        // Boxed, so that neither takes the room of the other.
        match wish {
            Some(wish) => Box::pin(gateway::connection::run(app, stream, head, wish, gateway)).await,
            None => Box::pin(lobby::connection::run(app, stream, head, &origin)).await,
        }
    });
    response
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
        Some(peer) if is_trusted(app, peer.0) => match forwarded_for(app, request.headers()) {
            Some(client) => app.addresses.admit(client).map(Some).ok_or(()),
            None => Ok(None),
        },
        _ => Ok(None),
    }
}
