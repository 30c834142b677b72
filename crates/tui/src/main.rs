//! The binary `decentra`: chat in a terminal.

use std::process::ExitCode;

use clap::Parser;
use decentra_tui::{Args, aside};

fn main() -> ExitCode {
    match decentra_tui::run(Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            aside::say(&error.to_string());
            ExitCode::FAILURE
        }
    }
}
