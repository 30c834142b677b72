//! How long things may take.

use std::time::Duration;

use decentra_model::limits;

/// How long things may take; tests make it shorter.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// See [`limits::CONNECT_TIMEOUT`].
    pub connect: Duration,
    /// See [`limits::ENTRY_TIMEOUT`].
    pub entry: Duration,
    /// See [`limits::ECHO_TIMEOUT`].
    pub echo: Duration,
    /// See [`limits::CLIENT_PING_INTERVAL`].
    pub ping: Duration,
    /// See [`limits::SERVER_SILENCE_MAX`].
    pub silence: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            connect: limits::CONNECT_TIMEOUT,
            entry: limits::ENTRY_TIMEOUT,
            echo: limits::ECHO_TIMEOUT,
            ping: limits::CLIENT_PING_INTERVAL,
            silence: limits::SERVER_SILENCE_MAX,
        }
    }
}
