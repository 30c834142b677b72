//! What came in over a WebSocket.

/// A message of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// A text.
    Text(Vec<u8>),
    /// Bytes.
    Binary(Vec<u8>),
    /// One that is longer than may be; nothing of it was kept.
    TooLong,
}
