//! What the tests need beside Rust, found or installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use crate::step::{cargo, run_quietly, succeeds};

/// The packages that the tests in Python import, with their versions.
const REQUIREMENTS: &str = "tests/requirements.txt";

/// Where the packages of npm lie that the tests need, and the bots in JavaScript and Python.
pub(crate) const NODE_PACKAGES: &str = "tests/compat";

/// Whether `cargo NAME` is there.
pub(crate) fn has_cargo(name: &str) -> bool {
    succeeds(&mut cargo(&[name, "--version"]))
}

/// A Python that has the packages of [`REQUIREMENTS`], in an environment of the project's own.
pub(crate) fn python() -> anyhow::Result<PathBuf> {
    let environment = crate::target().join("python");
    let python = environment.join("bin/python");
    let requirements = crate::root().join(REQUIREMENTS);
    let wanted = fs::read(&requirements).with_context(|| format!("cannot read {REQUIREMENTS}"))?;
    let installed = environment.join("installed.txt");
    if fs::read(&installed).is_ok_and(|found| found == wanted)
        && succeeds(Command::new(&python).arg("--version"))
    {
        return Ok(python);
    }
    make_environment(&environment)?;
    eprintln!("installing {REQUIREMENTS} from PyPI into {}", environment.display());
    let pip = ["-m", "pip", "install", "--disable-pip-version-check", "--requirement"];
    run_quietly(Command::new(&python).args(pip).arg(&requirements))?;
    fs::write(installed, wanted)?;
    Ok(python)
}

/// Where the web client lies.
pub(crate) const WEB: &str = "web";

/// Makes sure that Node has the packages that the lock file in `project` names.
pub(crate) fn node(project: &str) -> anyhow::Result<()> {
    let folder = crate::root().join(project);
    let wanted = fs::read(folder.join("package-lock.json"))?;
    let installed = folder.join("node_modules/.installed");
    if fs::read(&installed).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    eprintln!("installing what {project}/package-lock.json names from npm");
    run_quietly(Command::new("npm").current_dir(&folder).args(["ci", "--no-audit", "--no-fund"]))?;
    Ok(fs::write(installed, wanted)?)
}

/// Makes sure that there is a compiler for C++, in which libFuzzer is written.
pub(crate) fn cpp() -> anyhow::Result<()> {
    let program = std::env::var_os("CXX").unwrap_or_else(|| "c++".into());
    let works = || succeeds(Command::new(&program).arg("--version"));
    if works() {
        return Ok(());
    }
    install_from_debian(&["g++"], "there is no compiler for C++ here")
}

/// Makes sure that there is a Chromium, and a font that has emojis.
pub(crate) fn chromium() -> anyhow::Result<()> {
    if succeeds(Command::new("chromium").arg("--version")) {
        return Ok(());
    }
    install_from_debian(&["chromium", "fonts-noto-color-emoji"], "there is no Chromium here")
}

/// Makes an empty Python environment in `folder`; Debian packs the module for it apart from Python.
fn make_environment(folder: &Path) -> anyhow::Result<()> {
    let make = || succeeds(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder));
    if make() {
        return Ok(());
    }
    install_from_debian(&["python3-venv"], "`python3 -m venv` does not work here")?;
    run_quietly(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))
}

fn install_from_debian(packages: &[&str], why: &str) -> anyhow::Result<()> {
    let names = packages.join(" and ");
    eprintln!("installing {names} from Debian, since {why}");
    let apt = |arguments: &[&str]| run_quietly(as_root("apt-get").args(arguments));
    let install = [&["install", "--yes", "--no-install-recommends"], packages].concat();
    apt(&["update"])
        .and_then(|()| apt(&install))
        .with_context(|| format!("{names} is needed here: install it by hand"))
}

/// `program`, through `sudo` unless we are root.
fn as_root(program: &str) -> Command {
    let id = Command::new("id").arg("-u").output();
    if id.is_ok_and(|id| id.stdout == b"0\n") {
        return Command::new(program);
    }
    let mut sudo = Command::new("sudo");
    sudo.arg(program);
    sudo
}

/// Why Docker cannot be tried here, or `None` where it can.
pub(crate) fn docker_is_missing() -> Option<&'static str> {
    let docker = |arguments: &[&str]| succeeds(Command::new("docker").args(arguments));
    if !docker(&["info"]) {
        Some("no engine here")
    } else if !docker(&["compose", "version"]) {
        Some("no `docker compose` here")
    } else {
        None
    }
}
