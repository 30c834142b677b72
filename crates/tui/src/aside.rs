//! What the program says beside the chat, on standard error.

use std::io::{self, Write};

use decentra_core::client::text;

/// Says `lines`, made safe to show. Nobody has to listen: where `eprintln!` would panic, this goes on.
pub fn say(lines: &str) {
    let mut errors = io::stderr().lock();
    for line in text::lines(lines) {
        let _ = writeln!(errors, "{line}");
    }
}
