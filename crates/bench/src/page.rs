//! The floor for HTTP: a bare axum handler that answers the same bytes to every call.

use std::env;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::body::Body;
use axum::http::header;
use axum::routing::any;
use bytes::Bytes;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustix::process::{Signal, set_parent_process_death_signal};
use tokio::net::TcpListener;
use tower_service::Service;

use crate::cores::spawn_on;
use crate::port::free_address;
use crate::process::Process;

/// Time that the handler has to listen.
const LISTEN_MAX: Duration = Duration::from_secs(5);

/// Starts the handler, which is this very program, on `core` or on all; it answers what the file at `body` holds.
pub fn start(core: Option<usize>, body: &Path) -> Result<(Process, SocketAddr)> {
    let address = free_address()?;
    let mut command = Command::new(env::current_exe()?);
    command.args(["page", "--port", &address.port().to_string(), "--body"]).arg(body).stdin(Stdio::null());
    let child = match core {
        Some(core) => spawn_on(core, &mut command)?,
        None => command.spawn().context("cannot start the bare handler")?,
    };
    let process = Process::new(child);
    let start = Instant::now();
    while TcpStream::connect(address).is_err() {
        ensure!(start.elapsed() < LISTEN_MAX, "the bare handler does not listen");
    }
    Ok((process, address))
}

/// Serves what the file at `body` holds, at `port` of this machine, until the process is ended.
pub fn serve(port: u16, body: &Path) -> Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    let body = Bytes::from(std::fs::read(body)?);
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(listen(port, body))
}

async fn listen(port: u16, body: Bytes) -> Result<()> {
    let answer = move || async move { ([(header::CONTENT_TYPE, "application/json")], body) };
    let router: Router = Router::new().route("/api/v10/channels/{channel_id}/messages", any(answer));
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let router = router.clone();
        tokio::spawn(async move {
            let service =
                service_fn(move |request: hyper::Request<_>| router.clone().call(request.map(Body::new)));
            // Whoever hung up needs nothing more.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}
