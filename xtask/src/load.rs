//! `cargo xtask bench` and `torture`: `decentra-bench`, on programs as they are shipped.

use std::process::{Command, ExitCode};

use crate::step::{self, cargo};
use crate::{root, target, tools};

/// `decentra-bench ARGUMENTS` on the server, both just built; what its bots need is installed if they are asked for.
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
    bench.args(arguments).env("DECENTRA_SERVER_BIN", release.join("decentra-server"));
    if arguments.iter().any(|argument| argument == "--bots") {
        tools::node(tools::NODE_PACKAGES)?;
        bench.env("DECENTRA_COMPAT", root().join(tools::NODE_PACKAGES));
        bench.env("DECENTRA_PYTHON", tools::python()?);
    }
    step::run(&mut bench)?;
    Ok(ExitCode::SUCCESS)
}
