//! Our server, as a user would start it.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::cores::spawn_on;
use crate::port::free_address;
use crate::process::Process;

/// Time that the server has to become ready.
const READY_MAX: Duration = Duration::from_secs(10);

/// Time that it has to answer one request.
const ANSWER_MAX: Duration = Duration::from_secs(1);

/// Lines of a log that are told as somebody's last words.
const LAST_LINES: usize = 8;

/// A server that is ready.
#[derive(Debug)]
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    /// From just before it was started to its first `200` on `/readyz`.
    pub ready_after: Duration,
    process: Process,
    log: PathBuf,
}

impl Server {
    /// Starts `program` on `data_dir`, bound to `core` if there is one, and waits, spinning, until it is ready.
    ///
    /// What it prints goes into `server.log` beside the data folder.
    pub fn start(program: &Path, data_dir: &Path, core: Option<usize>) -> Result<Self> {
        Self::start_with(program, data_dir, core, |_| {})
    }

    /// The same, by a command that `change` has changed.
    pub fn start_with(
        program: &Path,
        data_dir: &Path,
        core: Option<usize>,
        change: impl FnOnce(&mut Command),
    ) -> Result<Self> {
        let address = free_address()?;
        let log = data_dir.with_file_name("server.log");
        let mut command = command(program, data_dir, address, &log)?;
        change(&mut command);
        let start = Instant::now();
        let child = match core {
            Some(core) => spawn_on(core, &mut command)?,
            None => command.spawn().with_context(|| format!("cannot start {}", program.display()))?,
        };
        let mut server = Self { address, ready_after: Duration::ZERO, process: Process::new(child), log };
        server.wait_until_ready(start).with_context(|| server.last_words())?;
        server.ready_after = start.elapsed();
        Ok(server)
    }

    /// Starts `program` on `data_dir` as [`Server::start`] does, and ends it `after` that at once, as a crash would,
    /// ready or not.
    pub fn kill_at_start(program: &Path, data_dir: &Path, after: Duration) -> Result<()> {
        let log = data_dir.with_file_name("server.log");
        let mut command = command(program, data_dir, free_address()?, &log)?;
        let child = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
        let process = Process::new(child);
        std::thread::sleep(after);
        process.kill().with_context(|| last_words("the server", &log))
    }

    /// The process.
    pub fn process(&self) -> &Process {
        &self.process
    }

    /// Asks it to stop; it must do so cleanly.
    pub fn stop(self) -> Result<()> {
        let last_words = self.last_words();
        self.process.stop().context(last_words)
    }

    /// Ends it at once, as a crash would.
    pub fn kill(self) -> Result<()> {
        let last_words = self.last_words();
        self.process.kill().context(last_words)
    }

    /// What the server printed last, for whoever looks for the reason of a failure.
    pub fn last_words(&self) -> String {
        last_words("the server", &self.log)
    }

    /// What it counts, as it tells it to programs on this machine.
    pub fn metrics(&self) -> Result<String> {
        let mut socket = TcpStream::connect(self.address)?;
        socket.set_read_timeout(Some(ANSWER_MAX))?;
        socket.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        socket.read_to_string(&mut answer)?;
        Ok(answer)
    }

    /// Asks again and again, without a pause, until the answer is yes.
    fn wait_until_ready(&mut self, start: Instant) -> Result<()> {
        while start.elapsed() < READY_MAX {
            if is_ready(self.address).unwrap_or(false) {
                return Ok(());
            }
            self.process.require_running()?;
        }
        bail!("it was not ready within {READY_MAX:?}")
    }
}

/// What somebody said last, by their log.
pub fn last_words(who: &str, log: &Path) -> String {
    let log = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    format!("{who}'s last words: {}", lines[lines.len().saturating_sub(LAST_LINES)..].join(" | "))
}

/// The command that starts the server.
fn command(program: &Path, data_dir: &Path, address: SocketAddr, log: &Path) -> Result<Command> {
    let log = File::options().create(true).append(true).open(log)?;
    let mut command = Command::new(program);
    command.arg("--listen").arg(address.to_string()).arg("--data-dir").arg(data_dir);
    // By variables, so that whoever changes the command may set them anew.
    command.env("DECENTRA_RATE_LIMITS", "off").env("DECENTRA_CONNECTIONS_PER_ADDRESS", "0");
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    Ok(command)
}

/// Whether the server at `address` answers that it can serve.
fn is_ready(address: SocketAddr) -> io::Result<bool> {
    let mut socket = TcpStream::connect(address)?;
    socket.set_read_timeout(Some(ANSWER_MAX))?;
    socket.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut status = [0; "HTTP/1.1 200".len()];
    socket.read_exact(&mut status)?;
    Ok(status == *b"HTTP/1.1 200")
}
