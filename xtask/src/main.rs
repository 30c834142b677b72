//! The daily commands of Decentra: `cargo xtask test`, `check`, `bench`, `torture`.
//!
//! In reading order: [`step`] runs one command and remembers how it ended; [`tools`] finds what a step needs and
//! installs what is missing; [`mod@test`], [`check`] and [`load`] are the commands.

mod check;
mod load;
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
    /// Measure the server, beside the floors of the same run
    Bench {
        #[command(subcommand)]
        bench: Bench,
    },
    /// Mistreat the server, and see that it keeps its word
    Torture {
        #[command(subcommand)]
        torture: Torture,
    },
}

#[derive(Subcommand)]
enum Bench {
    /// The lobby: fan-out, latency, idle connections, a storm of joins
    Lobby {
        /// Arguments for `decentra-bench lobby`, such as --quick
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// The API and the gateway: fan-out, durable posts, history, READY, idle sessions
    Api {
        /// Arguments for `decentra-bench api`, such as --quick
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

#[derive(Subcommand)]
enum Torture {
    /// Write under load, kill -9, start again, compare: nothing that was acknowledged may be lost
    Crash {
        /// How often
        #[arg(long, default_value_t = 50)]
        rounds: u32,
    },
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
        Command::Bench { bench: Bench::Lobby { arguments } } => load::bench_surface("lobby", &arguments)?,
        Command::Bench { bench: Bench::Api { arguments } } => load::bench_surface("api", &arguments)?,
        Command::Torture { torture: Torture::Crash { rounds } } => load::torture_crash(rounds)?,
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
