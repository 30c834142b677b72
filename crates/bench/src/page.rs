//! The floor for pages of history: a bare axum handler that answers the same bytes to every call.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use anyhow::Result;
use axum::Router;
use axum::body::Body;
use axum::http::header;
use axum::routing::get;
use bytes::Bytes;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustix::process::{Signal, set_parent_process_death_signal};
use tokio::net::TcpListener;
use tower_service::Service;

/// Serves what the file at `body` holds, at `port` of this machine, until the process is ended.
pub fn serve(port: u16, body: &Path) -> Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    let body = Bytes::from(std::fs::read(body)?);
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(listen(port, body))
}

async fn listen(port: u16, body: Bytes) -> Result<()> {
    let answer = move || async move { ([(header::CONTENT_TYPE, "application/json")], body) };
    let router: Router = Router::new().route("/api/v10/channels/{channel_id}/messages", get(answer));
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
