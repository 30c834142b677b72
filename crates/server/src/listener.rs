//! Taking connections, and serving HTTP on them.

use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use decentra_model::limits::{CLOSE_TIMEOUT, REQUEST_HEAD_BYTES_MAX, REQUEST_HEAD_TIMEOUT};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use socket2::{SockRef, TcpKeepalive};
use tokio::sync::Semaphore;
use tower_service::Service;

use crate::addresses::Place;
use crate::app::App;
use crate::patience::Patient;
use crate::socket::port::Port;
use crate::socket::stream::Stream;

/// Pause after a connection could not be taken: most likely there are no more file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Silence after which the kernel asks whether a connection still lives, how often it asks again, and how many times.
const KEEPALIVE: (Duration, Duration, u32) = (Duration::from_mins(1), Duration::from_secs(15), 4);

/// Who is at the other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// What a connection holds as long as it is open.
#[derive(Debug)]
pub(crate) struct Permit {
    _one_of_all: tokio::sync::OwnedSemaphorePermit,
    _one_of_address: Option<Place>,
    open: prometheus_client::metrics::gauge::Gauge,
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.open.dec();
    }
}

/// Takes connections until the server stops.
pub(crate) async fn run(app: App, mut port: Port, router: Router) {
    let places = Arc::new(Semaphore::new(app.settings.connections_max));
    let mut stopping = pin!(app.stopping.cancelled());
    let mut failing = false;
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut stopping => return,
            accepted = port.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                failing = false;
                take(&app, &places, &router, stream, peer.ip());
            }
            Err(error) => {
                if !failing {
                    tracing::warn!(%error, "connections could not be taken; trying on");
                }
                failing = true;
                app.clock.sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn take(app: &App, places: &Arc<Semaphore>, router: &Router, stream: Stream, peer: IpAddr) {
    let Some(permit) = admit(app, places, peer) else {
        app.metrics.connections_refused.inc();
        turn_away(&stream);
        return;
    };
    if let Err(error) = tune(&stream) {
        tracing::debug!(%error, "a connection was gone at once");
        return;
    }
    app.tasks.spawn(serve(app.clone(), router.clone(), stream, peer, Arc::new(permit)));
}

fn admit(app: &App, places: &Arc<Semaphore>, peer: IpAddr) -> Option<Permit> {
    let one_of_all = Arc::clone(places).try_acquire_owned().ok()?;
    // Behind a trusted proxy are many people; they are counted when it has told who they are.
    let is_proxy = is_trusted(app, peer);
    let one_of_address = if is_proxy { None } else { Some(app.addresses.admit(peer)?) };
    app.metrics.connections.inc();
    let open = app.metrics.connections.clone();
    Some(Permit { _one_of_all: one_of_all, _one_of_address: one_of_address, open })
}

/// Whether `peer` is a proxy whose word is taken.
pub(crate) fn is_trusted(app: &App, peer: IpAddr) -> bool {
    app.settings.trusted_proxies.iter().any(|network| network.contains(&peer.to_canonical()))
}

/// Says why, as far as the socket takes it at once: whoever opens too many gets no more work out of us.
fn turn_away(stream: &Stream) {
    let body = "Too many connections. Try again soon.\n";
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain\r\nretry-after: 30\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    // Gone or not, nothing more is done for it.
    let _ = stream.try_write(answer.as_bytes());
}

fn tune(stream: &Stream) -> io::Result<()> {
    let Stream::Tcp(stream) = stream else { return Ok(()) };
    stream.set_nodelay(true)?;
    let (after, interval, retries) = KEEPALIVE;
    let keepalive = TcpKeepalive::new().with_time(after).with_interval(interval).with_retries(retries);
    SockRef::from(stream).set_tcp_keepalive(&keepalive)
}

async fn serve(app: App, router: Router, stream: Stream, peer: IpAddr, permit: Arc<Permit>) {
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        // An upgraded connection outlives this task, and takes the permit along.
        request.extensions_mut().insert(Arc::clone(&permit));
        router.clone().call(request.map(Body::new))
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(app.clock.clone())
            .header_read_timeout(REQUEST_HEAD_TIMEOUT)
            .max_buf_size(REQUEST_HEAD_BYTES_MAX)
            .serve_connection(TokioIo::new(Patient::new(stream, app.clock.clone())), service)
            .with_upgrades()
    );
    let served = tokio::select! {
        biased;
        served = connection.as_mut() => served,
        () = app.stopping.cancelled() => {
            connection.as_mut().graceful_shutdown();
            // Half a request would otherwise hold up the stop for as long as it may take to come in.
            tokio::select! {
                biased;
                served = connection => served,
                () = app.clock.sleep(CLOSE_TIMEOUT) => Ok(()),
            }
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended early");
    }
}
