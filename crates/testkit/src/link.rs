//! A network to cut, between clients and a server.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How a network carries what is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weather {
    /// As it comes.
    Clear,
    /// Each byte by itself.
    Drops,
    /// Not at all, until it clears up.
    Stalled,
    /// Of what each client sends from here on, so many bytes; then the connection is gone.
    CutAfter(usize),
}

/// A network between clients and a server, which carries their connections; gone when it is dropped.
#[derive(Debug)]
pub struct Link {
    /// Where clients find the server through it.
    pub address: SocketAddr,
    weather: watch::Sender<Weather>,
    carrying: JoinHandle<()>,
}

impl Link {
    /// A network to `server`, on which all is well.
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let (weather, forecast) = watch::channel(Weather::Clear);
        let carrying = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, server, forecast.clone()));
            }
        });
        Self { address, weather, carrying }
    }

    /// Carries all as it comes.
    pub fn clear(&self) {
        self.weather.send_replace(Weather::Clear);
    }

    /// Carries each byte by itself.
    pub fn drip(&self) {
        self.weather.send_replace(Weather::Drops);
    }

    /// Carries nothing, either way, and nobody is told: a black hole.
    pub fn stall(&self) {
        self.weather.send_replace(Weather::Stalled);
    }

    /// Carries so many bytes more from each client, and cuts the connection then.
    pub fn cut_after(&self, bytes: usize) {
        self.weather.send_replace(Weather::CutAfter(bytes));
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.carrying.abort();
    }
}

/// Carries one connection, until either side ends it or the network does.
async fn carry(client: TcpStream, server: SocketAddr, weather: watch::Receiver<Weather>) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    for stream in [&client, &server] {
        stream.set_nodelay(true).expect("a socket takes options");
    }
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    // When either way is cut, so is the other.
    tokio::select! {
        () = carry_up(from_client, to_server, weather.clone()) => {}
        () = carry_down(from_server, to_client, weather) => {}
    }
}

/// What the client sends.
async fn carry_up(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut weather: watch::Receiver<Weather>) {
    let mut buffer = [0; 4_096];
    let mut left = None;
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let mut bytes = &buffer[..read];
        let now = settled(&mut weather).await;
        if let Weather::CutAfter(more) = now {
            let left = left.get_or_insert(more);
            bytes = &bytes[..bytes.len().min(*left)];
            *left -= bytes.len();
        }
        if pass(bytes, &mut to, now).await.is_err() || left == Some(0) {
            return;
        }
    }
    // The client has said all: the server is told so, and may still answer.
    let _ = to.shutdown().await;
    std::future::pending::<()>().await;
}

/// What the server sends.
async fn carry_down(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut weather: watch::Receiver<Weather>) {
    let mut buffer = [0; 4_096];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let now = settled(&mut weather).await;
        if pass(&buffer[..read], &mut to, now).await.is_err() {
            return;
        }
    }
}

/// The weather, once it is such that anything is carried.
async fn settled(weather: &mut watch::Receiver<Weather>) -> Weather {
    let settled = weather.wait_for(|weather| *weather != Weather::Stalled).await;
    settled.map_or(Weather::Clear, |weather| *weather)
}

async fn pass(bytes: &[u8], to: &mut OwnedWriteHalf, weather: Weather) -> std::io::Result<()> {
    if weather != Weather::Drops {
        return to.write_all(bytes).await;
    }
    for byte in bytes {
        to.write_all(&[*byte]).await?;
        tokio::task::yield_now().await;
    }
    Ok(())
}
