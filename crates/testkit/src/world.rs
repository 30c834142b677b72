//! The server, its data and its clock.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use decentra_server::clock::Hands;
use decentra_server::settings::{OnOff, Registration};
use decentra_server::{Clock, Server, Settings};
use tempfile::TempDir;

use crate::{Client, Raw, Rest, soon};

/// A server inside the test.
pub struct World {
    server: Server,
    settings: Settings,
    hands: Hands,
    data: TempDir,
}

impl World {
    /// A fresh server with the usual settings.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// A fresh server where everyone may register, and nobody is told to be slower.
    pub async fn open() -> Self {
        Self::with(|settings| {
            settings.registration = Registration::Open;
            settings.rate_limits = OnOff::Off;
        })
        .await
    }

    /// These people, who register in this order: the first account owns the instance.
    pub async fn people<const COUNT: usize>(&self, names: [&str; COUNT]) -> [Rest; COUNT] {
        let mut people = Vec::with_capacity(COUNT);
        for name in names {
            people.push(Rest::register(self.address(), name).await);
        }
        people.try_into().expect("there are as many people as names")
    }

    /// A fresh server whose settings `change` has changed.
    #[expect(
        clippy::unused_async,
        reason = "a server starts within a runtime, and what it does there may come to wait"
    )]
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let data = TempDir::new().expect("a folder for a test can be made");
        let mut settings = Settings {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data_dir: data.path().to_owned(),
            ..Settings::default()
        };
        change(&mut settings);
        let (clock, hands) = Clock::manual();
        let server = Server::start(settings.clone(), clock).expect("the server starts");
        Self { server, settings, hands, data }
    }

    /// Stops the server and starts it again on the same data.
    pub async fn restart(self) -> Self {
        let Self { server, settings, data, .. } = self;
        soon("the stop", server.stop()).await.expect("the server stops");
        let (clock, hands) = Clock::manual();
        let server = Server::start(settings.clone(), clock).expect("the server starts again");
        Self { server, settings, hands, data }
    }

    /// Stops the server.
    pub async fn stop(self) {
        soon("the stop", self.server.stop()).await.expect("the server stops");
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Turns the server's clock forward.
    pub fn advance(&self, by: Duration) {
        self.hands.advance(by);
    }

    /// Sets the server's calendar forward, or back; no time passes.
    pub fn set_clock_by_secs(&self, secs: i64) {
        self.hands.set_by_secs(secs);
    }

    /// Turns the clock, second by second, until `event` comes. For events whose timer may not have been set yet.
    pub async fn advance_until<T>(&self, what: &str, event: impl Future<Output = T>) -> T {
        self.advance_by_steps_until(Duration::from_secs(1), what, event).await
    }

    /// As [`World::advance_until`], in steps of `step`.
    pub async fn advance_by_steps_until<T>(
        &self,
        step: Duration,
        what: &str,
        event: impl Future<Output = T>,
    ) -> T {
        let turning = async {
            loop {
                self.advance(step);
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            value = soon(what, event) => value,
            () = turning => unreachable!("the clock is turned for ever"),
        }
    }

    /// Someone who has opened a WebSocket and said nothing yet.
    pub async fn connect(&self) -> Client {
        Client::connect(self.address()).await
    }

    /// Someone in the lobby.
    pub async fn join(&self, name: &str) -> Client {
        let mut client = self.connect().await;
        client.join(name).await;
        client
    }

    /// A bare TCP connection.
    pub async fn raw(&self) -> Raw {
        Raw::connect(self.address()).await
    }
}
