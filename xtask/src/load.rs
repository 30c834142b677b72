//! `cargo xtask bench` and `torture`: `decentra-bench`, on programs as they are shipped.

use std::process::{Command, ExitCode};

use crate::step::{self, cargo};
use crate::target;

/// `decentra-bench ARGUMENTS` on the server, both just built.
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<ExitCode> {
    step::run(&mut cargo(&[
        "build",
        "--release",
        "--package",
        "decentra-server",
        "--package",
        "decentra-bench",
    ]))?;
    let release = target().join("release");
    let mut bench = Command::new(release.join("decentra-bench"));
    step::run(bench.args(arguments).env("DECENTRA_SERVER_BIN", release.join("decentra-server")))?;
    Ok(ExitCode::SUCCESS)
}
