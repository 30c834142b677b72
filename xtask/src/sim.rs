//! `cargo xtask sim`: `decentra-sim`, built as what is shipped is built, since what counts is how many schedules there are.

use std::process::{Command, ExitCode};

use crate::step::{self, cargo};
use crate::target;

/// `decentra-sim ARGUMENTS`, just built. A failure if a law was broken: the program has said which.
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<ExitCode> {
    step::run(&mut cargo(&["build", "--locked", "--release", "--package", "decentra-sim"]))?;
    let mut sim = Command::new(target().join("release/decentra-sim"));
    step::run(sim.args(arguments))?;
    Ok(ExitCode::SUCCESS)
}
