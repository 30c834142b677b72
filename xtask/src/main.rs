//! The daily commands of Decentra: `cargo xtask test`, `check`, `bench`, `torture`, `sim`,
//! `fuzz`.
//!
//! In reading order: [`step`] runs one command and remembers how it ended; [`tools`] finds what a step needs and
//! installs what is missing; [`mod@test`], [`check`], [`load`], [`sim`] and [`fuzz`] are the commands.

mod check;
mod fuzz;
mod load;
mod sim;
mod step;
mod test;
mod tools;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The daily commands of Decentra.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run all tests: Rust, the interop tests in Python, and Docker where there is an engine
    ///
    /// What the tests need beside Rust (a Python environment, with pinned packages, under target/) is installed when it
    /// is missing, and said. With arguments after `--`, only the Rust tests run, and get them.
    Test {
        /// Arguments for the Rust test runner: cargo-nextest, or else `cargo test`
        #[arg(last = true)]
        runner: Vec<String>,
    },
    /// Everything that must hold before a change lands: format, lints, docs, dependencies, then the tests
    Check,
    /// Measure the server, beside the floors of the same run, or beside others: `bench lobby`, `bench api`, `bench rivals`;
    /// `bench help` lists all
    Bench {
        /// Arguments for `decentra-bench`, such as `lobby --quick`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        arguments: Vec<String>,
    },
    /// Mistreat the server, and see that it keeps its word: `torture crash`, `power`, `overload`, `slow`, `storm`;
    /// `torture help` lists all
    Torture {
        /// Arguments for `decentra-bench`, such as `crash --rounds 50`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        arguments: Vec<String>,
    },
    /// Run the server and its clients on a simulated machine, through thousands of fault schedules, and check that the server
    /// keeps its word
    ///
    /// A schedule that breaks a law ends with 1, and its seed is printed; `sim --seed SEED --trace` tells what happens in it.
    Sim {
        /// Arguments for `decentra-sim`, such as `--minutes 10`; `-- --help` lists all
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Feed what reads bytes from outside with what nobody would send, and tell what breaks
    ///
    /// A finding ends with 1, and says how to see it again.
    Fuzz(fuzz::Fuzz),
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    Ok(match command {
        Command::Test { runner } => test::run(&runner),
        Command::Check => check::run(),
        Command::Bench { arguments } | Command::Torture { arguments } => load::run(&arguments)?,
        Command::Sim { arguments } => sim::run(&arguments)?,
        Command::Fuzz(fuzz) => fuzz::run(&fuzz)?,
    })
}

/// The folder of the workspace.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace")
}

/// The folder that cargo builds into.
fn target() -> PathBuf {
    root().join(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}
