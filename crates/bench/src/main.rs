//! The binary: see the library for what is measured, and `--help` for how to run it.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;
use decentra_bench::cli::{Cli, Task};
use decentra_bench::cores::Cores;
use decentra_bench::crash::{Needs, Trial};
use decentra_bench::setup::{FULL, QUICK, Setup};
use decentra_bench::{api, crash, floor, lobby, overload, page, power, rivals, search, slow, storm};

fn main() -> ExitCode {
    match run(Cli::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    match task {
        Task::Lobby { server, quick, only } => lobby::run(&setup(&server, quick)?, &only),
        Task::Api { server, quick, only } => api::run(&setup(&server, quick)?, &only),
        Task::Search { server, quick } => search::run(&setup(&server, quick)?),
        Task::Slow { server, quick, readers } => {
            let plan = slow::Plan {
                quick: if quick { 200 } else { 1_000 },
                slow: readers.unwrap_or(if quick { 1_000 } else { 10_000 }),
                alone: Duration::from_secs(if quick { 3 } else { 10 }),
            };
            slow::run(&setup(&server, quick)?, &plan)
        }
        Task::Storm { server, quick, sessions, older } => {
            let count = sessions.unwrap_or(if quick { 500 } else { 10_000 });
            let older =
                older.map(|older| older.canonicalize().context("no such older server")).transpose()?;
            storm::run(&setup(&server, quick)?, older.as_deref(), count)
        }
        Task::Overload { server, quick, seconds } => {
            let seconds = seconds.unwrap_or(if quick { 15 } else { 600 });
            let before = Duration::from_secs(if quick { 2 } else { 5 });
            let plan = overload::Plan { overload: Duration::from_secs(seconds), before };
            overload::run(&setup(&server, quick)?, &plan)
        }
        Task::Rivals { server, quick, only, beside } => rivals::run(&setup(&server, quick)?, &only, &beside),
        Task::Floor { port, gather, frame_bytes } => floor::serve(port, gather, frame_bytes),
        Task::Page { port, body } => page::serve(port, &body),
        Task::Crash { server, older, rounds, seed, bots, compat, python } => crash::run(&Trial {
            server: server.canonicalize().context("no such server")?,
            older: older.map(|older| older.canonicalize().context("no such older server")).transpose()?,
            rounds,
            seed,
            bots: bots.then_some(Needs { folder: compat, python }),
        }),
        Task::Power { server, rounds, failures, seed, lying_disk } => {
            let server = server.canonicalize().context("no such server")?;
            power::run(&server, &power::Plan { rounds, failures, lying_disk }, seed)
        }
    }
}

/// The server, the cores, and how much is measured.
fn setup(server: &Path, quick: bool) -> Result<Setup> {
    let server = server.canonicalize().context("no such server")?;
    Ok(Setup { server, cores: Cores::pick()?, effort: if quick { QUICK } else { FULL } })
}
