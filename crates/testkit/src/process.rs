//! The server's binary, as a process of its own.

use std::fs::File;
use std::io::Read;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Instant;

use crate::PATIENCE;

/// A running `decentra-server`; killed when it is dropped.
pub struct Process {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Process {
    /// Starts `command`, the binary with whatever else a test wants, on `data`, and waits until it takes connections.
    pub fn start(command: &mut Command, data: &Path) -> Self {
        Self::spawn(command.stderr(Stdio::piped()), data)
    }

    /// Starts it, and has it write what it logs to `log`, however much that is.
    pub fn start_with_log(command: &mut Command, data: &Path, log: File) -> Self {
        Self::spawn(command.stderr(log), data)
    }

    fn spawn(command: &mut Command, data: &Path) -> Self {
        let address = free_address();
        let child = command
            .args(["--listen", &address.to_string(), "--data-dir"])
            .arg(data)
            .stdout(Stdio::null())
            .spawn()
            .expect("the server's binary runs");
        let mut process = Self { child, address };
        process.wait_until_it_listens();
        process
    }

    fn wait_until_it_listens(&mut self) {
        let begun = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            let ended = self.child.try_wait().expect("a child can be asked");
            assert!(ended.is_none(), "the server ended at once: {}", self.log());
            assert!(begun.elapsed() < PATIENCE, "the server does not listen");
            std::thread::yield_now();
        }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as `kill -9` does.
    pub fn kill(mut self) {
        self.child.kill().expect("a child can be killed");
        self.child.wait().expect("a child can be waited for");
    }

    /// Ends it as `kill -9` does; what it wrote to standard error.
    pub fn kill_and_read_log(mut self) -> String {
        self.child.kill().expect("a child can be killed");
        self.child.wait().expect("a child can be waited for");
        self.log()
    }

    /// Sends it the signal of this name, such as `TERM`, and waits for it to end.
    pub fn end_by(mut self, signal: &str) -> ExitStatus {
        let sent = Command::new("kill").args([&format!("-{signal}"), &self.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
        self.child.wait().expect("a child can be waited for")
    }

    /// What it wrote to standard error, once it has ended.
    fn log(&mut self) -> String {
        let mut log = String::new();
        if let Some(stderr) = &mut self.child.stderr {
            // What cannot be read is no help to whoever reads this.
            let _ = stderr.read_to_string(&mut log);
        }
        log
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address of this machine on which nothing listens now.
pub fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    listener.local_addr().expect("a listener has an address")
}
