//! `cargo xtask test`: every test there is.

use std::fs;
use std::path::{Path, PathBuf};
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
    if !runner.is_empty() {
        rust(report, runner);
        eprintln!("\nonly the Rust tests: they were given arguments");
        return;
    }
    if !report.task("folder for answers", empty_answers) {
        return;
    }
    rust(report, runner);
    let has_bots = report.step("bots", &mut build_bots());
    let has_node = report.task("Node packages", || tools::node(tools::NODE_PACKAGES));
    python(report, has_bots && has_node);
    if has_node {
        let mut validate = Command::new("node");
        validate.current_dir(root()).arg("tests/compat/validate.mjs").arg(answers());
        report.step("answers as described", &mut validate);
    }
    web(report);
}

/// The tests of the web client: of what needs no browser, and its journeys in a real one, with the real server.
fn web(report: &mut Report) {
    let npm = |script: &str| {
        let mut npm = Command::new("npm");
        npm.current_dir(root().join(tools::WEB))
            .args(["run", "--silent", script])
            .env("DECENTRA_SERVER_BIN", target().join("debug/decentra-server"));
        npm
    };
    if !report.task("web packages", || tools::node(tools::WEB)) {
        return;
    }
    report.step("web types", &mut npm("check"));
    report.step("web tests", &mut npm("test"));
    let is_built = report.step("web build", &mut npm("build"));
    if report.task("Chromium", tools::chromium) && is_built {
        report.step("web journeys", &mut npm("e2e"));
    }
}

/// Where the tests keep what the API answered, to be compared with Discord's description when all have run.
fn answers() -> PathBuf {
    target().join("answers")
}

fn empty_answers() -> anyhow::Result<()> {
    let folder = answers();
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    Ok(fs::create_dir_all(folder)?)
}

/// The folder that the bots on serenity and twilight are built into, apart from our own programs.
fn bots() -> PathBuf {
    target().join("bots")
}

/// Builds them: a workspace of their own, so that what they depend on is not what we depend on.
fn build_bots() -> Command {
    let mut build = cargo(&["build", "--locked", "--manifest-path", "tests/bots/Cargo.toml"]);
    build.env("CARGO_TARGET_DIR", bots());
    build
}

fn rust(report: &mut Report, runner: &[String]) {
    if !tools::has_cargo("nextest") {
        report.step("Rust tests", cargo(&["test", "--workspace", "--no-fail-fast"]).args(runner));
        return;
    }
    report.step(
        "Rust tests",
        cargo(&["nextest", "run", "--workspace"]).env("DECENTRA_ANSWERS", answers()).args(runner),
    );
    if runner.is_empty() {
        report.step("doc tests", &mut cargo(&["test", "--workspace", "--doc"]));
    }
}

/// The tests that look at the finished programs from outside.
fn python(report: &mut Report, has_bots: bool) {
    let mut python = None;
    let prepared = report.task("Python environment", || {
        python = Some(tools::python()?);
        Ok(())
    });
    let Some(python) = python.filter(|_| prepared) else { return };
    report.step("interop tests", &mut pytest(&python, "tests/interop"));
    if has_bots {
        report.step("real clients", &mut pytest(&python, "tests/compat"));
    }
    report.step("rule of sight", &mut pytest(&python, "tests/oracle"));
    report.step("OpenAPI document", &mut pytest(&python, "tests/schema"));
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
        .env("DECENTRA_BIN", target().join("debug/decentra"))
        .env("DECENTRA_ANSWERS", answers())
        .env("DECENTRA_SERENITY_BOT", bots().join("debug/serenity-bot"))
        .env("DECENTRA_TWILIGHT_BOT", bots().join("debug/twilight-bot"));
    pytest
}
