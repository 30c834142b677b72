//! A door that stays where it is, whichever server is behind it: as a reverse proxy has it.
//!
//! A client that comes while no server is there waits. So libraries reconnect at once rather than after a pause that
//! grows with each refusal, and are there in most lives of the server.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

/// Bytes that are passed on at once.
const PIECE_BYTES: usize = 16 * 1024;

/// The door. What came through it ends with the program.
#[derive(Debug)]
pub(super) struct Relay {
    /// Where it is.
    pub(super) address: SocketAddr,
    behind: Arc<Behind>,
}

/// Who is behind it.
#[derive(Debug, Default)]
struct Behind {
    server: Mutex<Option<SocketAddr>>,
    changed: Condvar,
}

impl Relay {
    /// A door with nobody behind it.
    pub(super) fn open() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let behind = Arc::<Behind>::default();
        let of_all = Arc::clone(&behind);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let behind = Arc::clone(&of_all);
                // Who cannot be served any further notices by themselves.
                thread::spawn(move || drop(serve(client, &behind)));
            }
        });
        Ok(Self { address, behind })
    }

    /// Leads to `server` from now on; to nobody, if it is `None`.
    pub(super) fn lead_to(&self, server: Option<SocketAddr>) {
        *self.behind.server.lock().unwrap_or_else(PoisonError::into_inner) = server;
        self.behind.changed.notify_all();
    }
}

impl Behind {
    /// A connection to the server, as soon as there is one.
    fn connect(&self) -> TcpStream {
        let mut server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(connection) = server.and_then(|address| TcpStream::connect(address).ok()) {
                return connection;
            }
            server = self.changed.wait(server).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Passes on what `client` and the server say to each other, until one of them ends it.
fn serve(mut client: TcpStream, behind: &Behind) -> io::Result<()> {
    let mut first = vec![0; PIECE_BYTES];
    let count = client.read(&mut first)?;
    first.truncate(count);
    client.set_nodelay(true)?;
    let server = if first.starts_with(b"GET ") {
        let (server, answer) = ask(&first, behind);
        client.write_all(&answer)?;
        server
    } else {
        let mut server = behind.connect();
        server.write_all(&first)?;
        server
    };
    server.set_nodelay(true)?;
    let (from, to) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || pass(from, to));
    pass(client, server);
    Ok(())
}

/// Asks a question, and gives the server that answers, and the begin of its answer. If one server dies over it, the next
/// is asked: a question changes nothing.
fn ask(question: &[u8], behind: &Behind) -> (TcpStream, Vec<u8>) {
    loop {
        let mut server = behind.connect();
        let mut answer = vec![0; PIECE_BYTES];
        let answered = server.write_all(question).and_then(|()| server.read(&mut answer));
        if let Ok(count @ 1..) = answered {
            answer.truncate(count);
            return (server, answer);
        }
    }
}

/// Passes on what comes `from` one end, and then ends both.
fn pass(mut from: TcpStream, mut to: TcpStream) {
    // However it ends, the other direction is told.
    let _ = io::copy(&mut from, &mut to);
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
