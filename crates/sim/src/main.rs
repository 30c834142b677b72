//! The binary: see the library for what is simulated, and `--help` for how to run it.

use std::process::ExitCode;

use clap::Parser;
use decentra_sim::cli::Cli;

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
