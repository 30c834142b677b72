//! What every request and connection may use.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use decentra_core::community::login::{UseLogin, is_stale};
use decentra_core::community::{self, Actor, Refusal};
use decentra_core::rate::Rate;
use decentra_model::limits::{CALLERS_MAX, IDENTIFY_BURST, IDENTIFY_REFILL};
use decentra_model::{Id, TokenHash};

use crate::addresses::Addresses;
use crate::api::limit::Limits;
use crate::attempts::Attempts;
use crate::clock::Clock;
use crate::guests::Guests;
use crate::lobby::hub::ConnectionId;
use crate::log::{Command, Commands, task};
use crate::machine::{Dice, Tasks};
use crate::metrics::Metrics;
use crate::pages::Pages;
use crate::readers::Readers;
use crate::recent::Recent;
use crate::settings::{OnOff, Settings};
use crate::site::Site;
use crate::socket::held::Held;
use crate::state::State;
use crate::token;
use crate::work::Work;

/// The running server's parts. Cheap to clone.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

pub(crate) struct Parts {
    pub(crate) settings: Settings,
    /// The web client.
    pub(crate) site: Site,
    pub(crate) clock: Clock,
    pub(crate) dice: Dice,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) addresses: Addresses,
    /// What is committed.
    pub(crate) state: State,
    /// Questions to the database.
    pub(crate) readers: Readers,
    /// The end of the log.
    pub(crate) recent: Recent,
    /// What waits for slow readers.
    pub(crate) held: Arc<Held>,
    /// Pages of history that were read lately.
    pub(crate) pages: Pages,
    /// How fast one may call the API.
    pub(crate) limits: Limits,
    /// How often one may try to log in.
    pub(crate) attempts: Attempts,
    /// How much guests may do.
    pub(crate) guests: Guests,
    /// Where passwords are worked on.
    pub(crate) passwords: Work,
    /// Where pictures are: apart, so that nobody's pictures keep others from logging in.
    pub(crate) pictures: Work,
    /// Places for the bodies of requests that are long.
    pub(crate) long_bodies: Arc<Semaphore>,
    /// How fast each account opens sessions.
    pub(crate) identifies: Mutex<HashMap<Id, Rate>>,
    /// The way into the log.
    pub(crate) commands: Commands,
    /// Cancelled when the server is to stop.
    pub(crate) stopping: CancellationToken,
    /// Every task that works for a connection.
    pub(crate) tasks: Tasks,
    pub(crate) connections: AtomicU64,
}

impl App {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Has the community decide `command`; answers when what happened is stored, and all were told. Turned down at once,
    /// if too many wait.
    pub(crate) async fn run<C: community::Command>(&self, command: C) -> Result<C::Answer, Refusal> {
        let place = self.commands.admit()?;
        let (task, answer) = task(command);
        place.take(Command::Run(task)).map_err(|_| Refusal::NotStored)?;
        answer.await.map_err(|_| Refusal::NotStored)?
    }

    /// The same for what must be decided, however many wait: it waits with them.
    pub(crate) async fn run_in_time<C: community::Command>(&self, command: C) -> Result<C::Answer, Refusal> {
        let (task, answer) = task(command);
        self.commands.pass(Command::Run(task)).await.map_err(|_| Refusal::NotStored)?;
        answer.await.map_err(|_| Refusal::NotStored)?
    }

    /// Whose token it is.
    pub(crate) fn authenticate(&self, token: &str) -> Option<(Actor, TokenHash)> {
        let hash = token::hash(token);
        let committed = self.state.read();
        let login = committed.community.login(&hash)?;
        if is_stale(login, self.clock.now()) {
            let app = self.clone();
            // If it cannot be noted now, it will be the next time.
            self.tasks.spawn(async move { drop(app.run_in_time(UseLogin { hash }).await) });
        }
        let user = committed.community.user(login.user_id).filter(|user| !user.deleted)?;
        Some((Actor { user_id: user.id, is_bot: user.bot }, hash))
    }

    /// Whether an account may open a session now.
    pub(crate) fn may_identify(&self, user: Id) -> bool {
        if self.settings.rate_limits == OnOff::Off {
            return true;
        }
        let mut identifies = self.identifies.lock().unwrap_or_else(PoisonError::into_inner);
        if identifies.len() >= CALLERS_MAX {
            identifies.clear();
        }
        let rate = identifies.entry(user).or_insert_with(|| Rate::new(IDENTIFY_BURST, IDENTIFY_REFILL));
        rate.take(self.clock.elapsed()).is_ok()
    }

    /// A number that no connection had before.
    pub(crate) fn next_connection(&self) -> ConnectionId {
        self.connections.fetch_add(1, Ordering::Relaxed)
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
