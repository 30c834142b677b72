//! The binary: see the library for what is measured, and `--help` for how to run it.

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use decentra_bench::cli::{Cli, Task};
use decentra_bench::cores::Cores;
use decentra_bench::crash::{Needs, Trial};
use decentra_bench::setup::{FULL, QUICK, Setup};
use decentra_bench::{api, crash, floor, lobby, page, power, rivals};

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
        Task::Lobby { server, quick, only } => {
            let server = server.canonicalize().context("no such server")?;
            let effort = if quick { QUICK } else { FULL };
            lobby::run(&Setup { server, cores: Cores::pick()?, effort }, &only)
        }
        Task::Api { server, quick, only } => {
            let server = server.canonicalize().context("no such server")?;
            let effort = if quick { QUICK } else { FULL };
            api::run(&Setup { server, cores: Cores::pick()?, effort }, &only)
        }
        Task::Rivals { server, quick, only, beside } => {
            let server = server.canonicalize().context("no such server")?;
            let effort = if quick { QUICK } else { FULL };
            rivals::run(&Setup { server, cores: Cores::pick()?, effort }, &only, &beside)
        }
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
