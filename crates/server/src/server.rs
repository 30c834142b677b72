//! A running server, from its start to its end.

use std::net::SocketAddr;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context;
use decentra_core::community::presence::EndStatuses;
use decentra_model::limits::{
    INDEX_PAUSE, LOBBY_HISTORY_MAX, LONG_BODIES_AT_ONCE, PING_INTERVAL, SESSION_NOTE_INTERVAL,
    STATUS_INTERVAL, STOP_TIMEOUT,
};
use decentra_model::message::{Anchor, Page};
use decentra_store::Store;
use decentra_store_sqlite::SqliteStore;
use tokio::sync::{Semaphore, oneshot};
use tokio_util::sync::CancellationToken;

use crate::addresses::Addresses;
use crate::api::limit::Limits;
use crate::app::{App, Parts};
use crate::attempts::Attempts;
use crate::clock::Clock;
use crate::delivery::Delivery;
use crate::founding::Loaded;
use crate::guests::Guests;
use crate::log::Command;
use crate::machine::{Machine, Tasks};
use crate::metrics::Metrics;
use crate::pages::Pages;
use crate::readers::Readers;
use crate::recent::Recent;
use crate::settings::Settings;
use crate::site::Site;
use crate::socket::held::Held;
use crate::socket::port::Port;
use crate::work::Work;
use crate::{founding, listener, log, routes};

/// A server that takes connections. Dropping it ends it without a word to anyone; [`Server::stop`] ends it well.
pub struct Server {
    app: App,
    address: SocketAddr,
    clock: Clock,
    listening: oneshot::Receiver<()>,
    log_end: oneshot::Receiver<()>,
    /// What stands at which path.
    #[cfg(fuzzing)]
    pub(crate) router: axum::Router,
}

impl Server {
    /// Opens the data, takes the port, and serves.
    ///
    /// # Errors
    /// The data folder or the port cannot be had; the error says it in a sentence for the person who runs the server.
    pub fn start(settings: Settings, clock: Clock) -> anyhow::Result<Self> {
        let store = SqliteStore::open(&settings.data_dir)?;
        let port = Port::bind(settings.listen).with_context(|| not_listening(settings.listen))?;
        Self::start_on(Machine::with(clock), settings, store, port)
    }

    /// Serves whom `port` brings, from `store`, on a machine that need not be a real one.
    pub fn start_on(
        machine: Machine,
        settings: Settings,
        mut store: impl Store,
        port: Port,
    ) -> anyhow::Result<Self> {
        let address = port.address()?;
        let Machine { clock, dice, crew } = machine.clone();
        let Loaded { state, lobby_id, sessions, last_id } =
            founding::load(&mut store, &settings.name, &clock)?;
        let readers = Readers::open(|| store.reader(), crew.clone())?;
        let page = Page { anchor: Anchor::Newest, limit: LOBBY_HISTORY_MAX.try_into()? };
        let history = store.messages(lobby_id, page, None)?;
        let metrics = Arc::new(Metrics::new());
        let stopping = CancellationToken::new();
        let delivery = Delivery::new(
            state.clone(),
            lobby_id,
            &history,
            sessions,
            clock.clone(),
            Arc::clone(&metrics),
            stopping.clone(),
        );
        let recent = Recent::new(state.read().position);
        let known = (state.clone(), recent.clone(), last_id);
        let (commands, log_end) = log::start(store, known, machine, Arc::clone(&metrics), delivery)?;
        let addresses = Addresses::new(settings.connections_per_address);
        let held = Arc::new(Held::new(metrics.readers_waiting.clone()));
        let tasks = Tasks::new(crew.clone());
        let connections = AtomicU64::default();
        let site = Site::open(settings.web_dir.as_deref())?;
        let parts = Parts {
            settings,
            site,
            clock: clock.clone(),
            dice,
            metrics,
            addresses,
            state,
            readers,
            recent,
            held,
            pages: Pages::default(),
            limits: Limits::default(),
            attempts: Attempts::default(),
            guests: Guests::default(),
            passwords: Work::new(crew.clone()),
            pictures: Work::new(crew.clone()),
            long_bodies: Arc::new(Semaphore::new(LONG_BODIES_AT_ONCE)),
            identifies: Mutex::default(),
            commands,
            stopping,
            tasks,
            connections,
        };
        let app = App::new(parts);
        app.tasks.spawn(repeat(app.clone(), PING_INTERVAL, || Command::Sweep));
        app.tasks.spawn(repeat(app.clone(), SESSION_NOTE_INTERVAL, || Command::Tick));
        app.tasks.spawn(end_statuses(app.clone()));
        app.tasks.spawn(index_older(app.clone()));
        let router = routes::router(app.clone());
        let (listens, listening) = oneshot::channel();
        let listen = listener::run(app.clone(), port, router.clone());
        crew.spawn(async move {
            let _listens: oneshot::Sender<()> = listens;
            listen.await;
        });
        Ok(Self {
            app,
            address,
            clock,
            listening,
            log_end,
            #[cfg(fuzzing)]
            router,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until the server can go on no longer, which only a fault in the program brings about.
    pub async fn failed(&mut self) {
        tokio::select! {
            biased;
            _ = &mut self.log_end => {}
            _ = &mut self.listening => {}
        }
    }

    /// Takes no more connections, tells all clients, and returns when everything they said is stored and sent.
    ///
    /// # Errors
    /// That took longer than [`STOP_TIMEOUT`]. What was acknowledged is stored all the same.
    pub async fn stop(self) -> anyhow::Result<()> {
        let Self { app, clock, listening, log_end, .. } = self;
        app.stopping.cancel();
        let all = async {
            let _ = listening.await;
            app.tasks.ended().await;
            // With this the last way into the log is gone, and it ends.
            drop(app);
            let _ = log_end.await;
        };
        tokio::select! {
            biased;
            () = all => Ok(()),
            () = clock.sleep(STOP_TIMEOUT) => anyhow::bail!("some connections did not end in time"),
        }
    }
}

/// Ends custom statuses when their time has come.
async fn end_statuses(app: App) {
    loop {
        tokio::select! {
            biased;
            () = app.stopping.cancelled() => return,
            () = app.clock.sleep(STATUS_INTERVAL) => {}
        }
        let has_ended = app.state.read().community.ended_statuses(app.clock.now()).next().is_some();
        if has_ended {
            // If it cannot be stored now, it will be the next time.
            let _ = app.run_in_time(EndStatuses).await;
        }
    }
}

/// Takes what an older version has stored into the index of searches, little by little, so that nobody waits for it.
async fn index_older(app: App) {
    loop {
        let (reply, is_more) = oneshot::channel();
        let passed = app.commands.pass(Command::IndexOlder { reply }).await;
        if passed.is_err() || !is_more.await.unwrap_or_default() {
            return;
        }
        tokio::select! {
            biased;
            () = app.stopping.cancelled() => return,
            () = app.clock.sleep(INDEX_PAUSE) => {}
        }
    }
}

/// Gives the log the same command again and again, until the server stops.
async fn repeat(app: App, every: Duration, command: impl Fn() -> Command) {
    loop {
        tokio::select! {
            biased;
            () = app.stopping.cancelled() => return,
            () = app.clock.sleep(every) => {}
        }
        if app.commands.pass(command()).await.is_err() {
            return;
        }
    }
}

fn not_listening(address: SocketAddr) -> String {
    let port = address.port();
    format!("cannot listen on {address}: is something else using port {port}? Choose another with --listen")
}
