//! What the tests of the program share: a room to chat in, and a terminal to look at.

pub(crate) mod room;
pub(crate) mod terminal;

use std::time::Duration;

/// How long a test waits for what must come. It comes at once, but a machine may be busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The program.
pub(crate) const DECENTRA: &str = env!("CARGO_BIN_EXE_decentra");

/// Variables of the machine that would change what the program does.
pub(crate) const VARIABLES: [&str; 11] = [
    "DECENTRA_NAME",
    "DECENTRA_SERVER",
    "DECENTRA_PLAIN",
    "DECENTRA_NO_MOUSE",
    "DECENTRA_TIMEOUT",
    "SERVER_HOST",
    "SERVER_PORT",
    "SSL_CERT_FILE",
    "NO_COLOR",
    "TZ",
    "TERM",
];
