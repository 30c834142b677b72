//! `cargo xtask bench` and `torture`: `decentra-bench`, on programs as they are shipped.

use std::process::{Command, ExitCode};

use crate::step::{cargo, run};
use crate::target;

/// Measures `surface`, the lobby or the API; `arguments` are for `decentra-bench`.
pub(crate) fn bench_surface(surface: &str, arguments: &[String]) -> anyhow::Result<ExitCode> {
    run(bench(surface)?.args(arguments))?;
    Ok(ExitCode::SUCCESS)
}

/// Kills the server `rounds` times under load, and compares what it acknowledged with what it kept.
pub(crate) fn torture_crash(rounds: u32) -> anyhow::Result<ExitCode> {
    run(bench("crash")?.args(["--rounds", &rounds.to_string()]))?;
    Ok(ExitCode::SUCCESS)
}

/// `decentra-bench CASE` on the server, both just built.
fn bench(case: &str) -> anyhow::Result<Command> {
    run(&mut cargo(&["build", "--release", "--package", "decentra-server", "--package", "decentra-bench"]))?;
    let release = target().join("release");
    let mut bench = Command::new(release.join("decentra-bench"));
    bench.arg(case).arg("--server").arg(release.join("decentra-server"));
    Ok(bench)
}
