//! The simulated machine and its network, and the server's lives on it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{fs, io};

use decentra_server::clock::Wall;
use decentra_server::machine::{Crew, Dice, Machine};
use decentra_server::settings::{OnOff, Registration};
use decentra_server::{Clock, Server, Settings};
use decentra_store_sqlite::{DATABASE_FILE, SqliteStore};
use fastrand::Rng;
use tempfile::TempDir;

use crate::disk::{Disk, Fallible};
use crate::network::{Network, Weather};
use crate::trace::Trace;
use crate::turns::{Gang, Group, Turns};

/// The tasks that are not the server's.
pub const PEOPLE: Group = 0;

/// Where data lies in memory, on a machine that has such a folder.
const MEMORY: &str = "/dev/shm";

/// How a machine is.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// How its network is.
    pub weather: Weather,
    /// How long its disk takes, at most.
    pub pause_max: Duration,
    /// Whether clients are told to be slower.
    pub rate_limits: OnOff,
    /// Whether the disk says that it has kept what a kill then takes away.
    pub disk_lies: bool,
}

impl Manner {
    /// Nothing takes any time.
    pub const CALM: Self =
        Self { weather: Weather::CALM, pause_max: Duration::ZERO, rate_limits: OnOff::Off, disk_lies: false };
}

/// The simulated machine and its network. Cheap to clone.
#[derive(Clone)]
pub struct World(Arc<Parts>);

/// What is in a world.
pub struct Parts {
    /// Who does all work.
    pub turns: Arc<Turns>,
    /// What connects clients and server.
    pub network: Network,
    /// What the server's clock shows.
    pub wall: Wall,
    /// What the server writes to.
    pub disk: Disk,
    /// What happened.
    pub trace: Trace,
    broken: Mutex<Option<String>>,
    manner: Manner,
    chance: Mutex<Rng>,
    folder: TempDir,
    lives: AtomicU64,
    server: Mutex<Option<Server>>,
}

impl std::ops::Deref for World {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl World {
    /// A machine on which no server runs yet, whose data are `database`, if there are any.
    pub fn new(manner: Manner, seed: u64, database: Option<&[u8]>, is_told: bool) -> anyhow::Result<Self> {
        let mut chance = Rng::with_seed(seed);
        let folder = if Path::new(MEMORY).is_dir() { TempDir::new_in(MEMORY)? } else { TempDir::new()? };
        let parts = Parts {
            turns: Turns::new(chance.fork()),
            network: Network::new(manner.weather, chance.fork()),
            wall: Wall::new(),
            disk: Disk::new(manner.pause_max, chance.fork()),
            trace: Trace::new(is_told),
            broken: Mutex::default(),
            manner,
            chance: Mutex::new(chance),
            folder,
            lives: AtomicU64::default(),
            server: Mutex::default(),
        };
        let world = Self(Arc::new(parts));
        fs::create_dir(world.data(1))?;
        if let Some(database) = database {
            fs::write(world.data(1).join(DATABASE_FILE), database)?;
        }
        Ok(world)
    }

    /// Chance for someone, who then has it alone.
    pub fn chance(&self) -> Rng {
        self.chance.lock().unwrap_or_else(PoisonError::into_inner).fork()
    }

    /// Does `task` beside all else.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.turns.spawn(PEOPLE, Box::pin(task));
    }

    /// Notes that the server broke a law. The first one counts.
    pub fn broken(&self, law: String) {
        self.trace.does("law", &law);
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(law);
    }

    /// The law that the server broke, if it did.
    pub fn verdict(&self) -> Option<String> {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Starts a server on what the last one left.
    pub fn start(&self) -> anyhow::Result<()> {
        let life = self.lives.fetch_add(1, Ordering::Relaxed) + 1;
        self.trace.does("server", format_args!("starts life {life}"));
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 8765));
        let settings = Settings {
            listen: address,
            data_dir: self.data(life),
            registration: Registration::Open,
            rate_limits: self.manner.rate_limits,
            connections_per_address: 0,
            ..Settings::default()
        };
        let gang = Gang::new(Arc::clone(&self.turns), life, self.disk.clone(), self.chance());
        let dice = Mutex::new(self.chance());
        let machine = Machine {
            clock: Clock::simulated(self.wall.clone()),
            dice: Dice::Simulated(Arc::new(move |bytes| {
                dice.lock().unwrap_or_else(PoisonError::into_inner).fill(bytes);
            })),
            crew: Crew::Simulated(Arc::new(gang)),
        };
        let mut store = Fallible::new(self.disk.clone(), SqliteStore::open(&settings.data_dir)?);
        if self.manner.disk_lies {
            store = store.that_keeps(self.data(life), self.kept(life));
        }
        let port = self.network.listen(address);
        *self.server() = Some(Server::start_on(machine, settings, store, port)?);
        Ok(())
    }

    /// Ends the server as `kill -9` does: wherever each of its tasks is, nothing more is done, and the files stay as they
    /// are at this moment.
    pub fn kill(&self) -> anyhow::Result<()> {
        let Some(server) = self.server().take() else { return Ok(()) };
        self.trace.does("server", "is killed");
        let life = self.life();
        let left = [self.kept(life), self.data(life)].into_iter().find(|folder| folder.exists());
        copy(&left.unwrap_or_default(), &self.data(life + 1))?;
        self.network.close();
        self.turns.kill(life);
        drop(server);
        Ok(())
    }

    /// Stops the server as SIGTERM does.
    pub async fn stop(&self) -> anyhow::Result<()> {
        let server = self.server().take();
        let Some(server) = server else { return Ok(()) };
        self.trace.does("server", "is stopped");
        let life = self.life();
        server.stop().await?;
        self.network.close();
        let left = self.turns.count(life);
        anyhow::ensure!(left == 0, "the server has stopped, and {left} of its tasks have not ended");
        self.trace.does("server", "has stopped");
        Ok(copy(&self.data(life), &self.data(life + 1))?)
    }

    /// Where the data lie that the next server starts on, once the last has ended.
    pub fn left_data(&self) -> PathBuf {
        self.data(self.life() + 1)
    }

    fn life(&self) -> u64 {
        self.lives.load(Ordering::Relaxed)
    }

    fn data(&self, life: u64) -> PathBuf {
        self.folder.path().join(life.to_string())
    }

    /// What a disk that lies has kept of a life.
    fn kept(&self, life: u64) -> PathBuf {
        self.data(life).join("kept")
    }

    fn server(&self) -> MutexGuard<'_, Option<Server>> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Copies the database in `from`, and what belongs to it, to the new folder `to`.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    for name in [DATABASE_FILE.to_owned(), format!("{DATABASE_FILE}-wal")] {
        if from.join(&name).exists() {
            fs::copy(from.join(&name), to.join(&name))?;
        }
    }
    Ok(())
}
