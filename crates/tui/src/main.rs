//! The binary `decentra`: chat in a terminal.

use std::process::ExitCode;

use clap::Parser;
use decentra_core::client::text;
use decentra_tui::Args;

fn main() -> ExitCode {
    match decentra_tui::run(Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in text::lines(&error.to_string()) {
                eprintln!("{line}");
            }
            ExitCode::FAILURE
        }
    }
}
