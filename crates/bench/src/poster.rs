//! One who posts messages over HTTP, on a connection that stays.

use std::io::ErrorKind;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use anyhow::{Context, Result, ensure};

/// What a post says after its content: as much as makes a frame of the gateway 1 KB long, with all that is in it about the
/// message and its author.
pub const MORE: &str =
    " And it goes on for a while, since what is measured are frames of one kilobyte: that long is this one.";

/// What every answer begins with that says that all is well.
const WELL: &[u8] = b"HTTP/1.1 200 ";

/// What every answer begins with.
const ANSWER: &[u8] = b"HTTP/1.1 ";

/// One who posts.
#[derive(Debug)]
pub struct Poster {
    address: SocketAddr,
    socket: TcpStream,
    /// The request up to the length of its body.
    head: String,
    request: Vec<u8>,
    answers: Vec<u8>,
}

impl Poster {
    /// One who posts in `channel` of the server at `address`, by this `token`.
    pub fn connect(address: SocketAddr, channel: &str, token: &str) -> Result<Self> {
        let socket = connect(address)?;
        Ok(Self {
            address,
            socket,
            head: head(channel, token),
            request: Vec::new(),
            answers: vec![0; 16 * 1024],
        })
    }

    /// Posts `content`, and some filler. Whether the last one was taken is checked first; that it was is known from the room.
    pub fn post(&mut self, content: &str) -> Result<()> {
        self.check_answers()?;
        self.request.clear();
        put_request(&self.head, &[content, MORE].concat(), &mut self.request);
        self.socket.write_all(&self.request).context("posting to the server")
    }

    fn check_answers(&mut self) -> Result<()> {
        match self.socket.read(&mut self.answers) {
            // It was idle for so long that the server let it go, as servers do.
            Ok(0) => {
                self.socket = connect(self.address)?;
                Ok(())
            }
            Ok(bytes) => {
                let answers = &self.answers[..bytes];
                let is_well = !answers.starts_with(ANSWER) || answers.starts_with(WELL);
                ensure!(is_well, "a post was refused: {}", String::from_utf8_lossy(answers));
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn connect(address: SocketAddr) -> Result<TcpStream> {
    let socket = TcpStream::connect(address).with_context(|| format!("no connection to {address}"))?;
    socket.set_nonblocking(true)?;
    socket.set_nodelay(true)?;
    Ok(socket)
}

/// A request that posts in `channel`, up to the length of its body.
pub fn head(channel: &str, token: &str) -> String {
    format!(
        "POST /api/v10/channels/{channel}/messages HTTP/1.1\r\nHost: localhost\r\nAuthorization: {token}\r\n\
        Content-Type: application/json\r\nContent-Length: "
    )
}

/// Appends the request that posts `content`.
pub fn put_request(head: &str, content: &str, request: &mut Vec<u8>) {
    let body = format!(r#"{{"content":"{content}"}}"#);
    request.extend_from_slice(head.as_bytes());
    request.extend_from_slice(format!("{}\r\n\r\n{body}", body.len()).as_bytes());
}
