//! `cargo xtask test`: every test there is.

use std::path::Path;
use std::process::{Command, ExitCode};

use crate::step::{Report, cargo};
use crate::{root, target, tools};

/// Runs the tests; `runner` are arguments for the runner of the Rust tests, and where there are some, only those run.
pub(crate) fn run(runner: &[String]) -> ExitCode {
    let mut report = Report::default();
    add_to(&mut report, runner);
    report.close()
}

/// Runs the tests as steps of `report`.
pub(crate) fn add_to(report: &mut Report, runner: &[String]) {
    if !report.step("build", &mut cargo(&["build", "--workspace", "--all-targets"])) {
        return;
    }
    rust(report, runner);
    if runner.is_empty() {
        python(report);
    } else {
        eprintln!("\nonly the Rust tests: they were given arguments");
    }
}

fn rust(report: &mut Report, runner: &[String]) {
    if !tools::has_cargo("nextest") {
        report.step("Rust tests", cargo(&["test", "--workspace", "--no-fail-fast"]).args(runner));
        return;
    }
    report.step("Rust tests", cargo(&["nextest", "run", "--workspace"]).args(runner));
    if runner.is_empty() {
        report.step("doc tests", &mut cargo(&["test", "--workspace", "--doc"]));
    }
}

/// The tests that look at the finished programs from outside.
fn python(report: &mut Report) {
    let mut python = None;
    let prepared = report.task("Python environment", || {
        python = Some(tools::python()?);
        Ok(())
    });
    let Some(python) = python.filter(|_| prepared) else { return };
    report.step("interop tests", &mut pytest(&python, "tests/interop"));
    if let Some(reason) = tools::docker_is_missing() {
        eprintln!("\ndocker: {reason}, the compose file was not tried");
    } else {
        report.step("docker test", &mut pytest(&python, "tests/docker"));
    }
}

/// pytest on `folder`, told where the programs lie that were just built.
fn pytest(python: &Path, folder: &str) -> Command {
    let mut pytest = Command::new(python);
    pytest
        .current_dir(root().join(folder))
        .args(["-m", "pytest"])
        .env("DECENTRA_SERVER_BIN", target().join("debug/decentra-server"))
        .env("DECENTRA_BIN", target().join("debug/decentra"));
    pytest
}
