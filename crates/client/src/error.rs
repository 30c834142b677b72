//! Why there is no connection.

use std::io;

use decentra_core::client::HangUp;
use decentra_model::close;

/// Why there is no connection, as a sentence for people; [`ClientError::may_return`] is for programs.
///
/// A sentence may hold text from the server: show it through [`decentra_core::client::text::visible`].
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The name of the host has no address.
    #[error("No host named '{host}' was found ({}). Is the name right, and are you online?", plain(why))]
    UnknownHost {
        /// The name.
        host: String,
        /// What the resolver said.
        why: io::Error,
    },
    /// Nothing answers there.
    #[error("Nothing answers at {server} ({}). Is the server running, and is the port right?", plain(why))]
    Unreachable {
        /// Where.
        server: String,
        /// What the operating system said.
        why: io::Error,
    },
    /// It took longer than [`crate::Timing::connect`].
    #[error("{server} did not answer in time. Is the address right?")]
    TimedOut {
        /// Where.
        server: String,
    },
    /// No trusted, encrypted connection could be made.
    #[error("No safe connection to {server}: {why}.")]
    Tls {
        /// Where.
        server: String,
        /// What TLS said.
        why: String,
    },
    /// Something answers, but does not speak WebSocket.
    #[error("{server} answers, but not as a Decentra server does ({why}).")]
    NotALobby {
        /// Where.
        server: String,
        /// What it did instead.
        why: String,
    },
    /// The file named by `SSL_CERT_FILE` cannot be used.
    #[error("The certificates in {path} (SSL_CERT_FILE) cannot be read: {why}.")]
    Certificates {
        /// The file.
        path: String,
        /// Why not.
        why: String,
    },
    /// The server closed the connection, and said so.
    #[error("{sentence}")]
    Closed {
        /// The code; see [`close`].
        code: u16,
        /// Why, in a sentence.
        sentence: String,
    },
    /// The connection broke.
    #[error("The connection broke ({0}).")]
    Broken(String),
    /// The server sent nothing any more, not even answers to pings.
    #[error("The server fell silent.")]
    Silent,
    /// The server sent more than [`decentra_model::limits::SERVER_FRAME_BYTES_MAX`] at once.
    #[error("The server sends more at once than a lobby ever does; this client does not take it.")]
    TooMuch,
    /// The server does not keep to the protocol.
    #[error("{0}")]
    HungUp(#[from] HangUp),
}

/// What the operating system said, without its number.
pub(crate) fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}

impl ClientError {
    /// Whether trying again by itself makes sense.
    pub fn may_return(&self) -> bool {
        match self {
            Self::Closed { code, .. } => close::may_return(*code),
            Self::TooMuch | Self::Certificates { .. } => false,
            _ => true,
        }
    }
}
