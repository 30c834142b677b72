//! The rivals' programs: as Debian ships them, but unpacked into a folder of ours.
//!
//! Nothing is installed: packages are downloaded, with what they need and this machine does not have, and unpacked below
//! the target folder. So nobody has to be root, no service is started, and nothing is left behind but that folder.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, DirBuilder};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

/// The packages.
const PACKAGES: [&str; 4] = ["nats-server", "ngircd", "inspircd", "mosquitto"];

/// Where their programs lie.
const PROGRAMS: [&str; 2] = ["usr/sbin", "usr/bin"];

/// What is said where it cannot be done.
const BY_HAND: &str = "the rivals are Debian's nats-server, ngircd, inspircd and mosquitto; where they cannot be \
    downloaded (`apt-get update` may be needed first), install them by hand, and see that their services do not run";

/// The folder into which the packages are unpacked, beside `server`; they are downloaded when one is missing.
pub(super) fn unpacked(server: &Path) -> Result<PathBuf> {
    let folder = server.parent().context("a program lies in a folder")?.join("rivals");
    let root = folder.join("root");
    if PACKAGES.iter().all(|package| program(&root, package).is_some()) {
        return Ok(root);
    }
    eprintln!("unpacking {} from Debian into {}", PACKAGES.join(", "), root.display());
    unpack(&folder, &root).context(BY_HAND)?;
    let missing = PACKAGES.iter().find(|package| program(&root, package).is_none());
    ensure!(missing.is_none(), "{missing:?} is not in its package: {BY_HAND}");
    Ok(root)
}

/// The command that starts the program of `package`.
pub(super) fn command(root: &Path, package: &str) -> Result<Command> {
    let program = program(root, package).with_context(|| format!("no {package}: {BY_HAND}"))?;
    let mut command = Command::new(program);
    command.env("LD_LIBRARY_PATH", env::join_paths(libraries(root)?)?);
    Ok(command)
}

/// The version of `package`, which is unpacked.
pub(super) fn version(root: &Path, package: &str) -> Result<String> {
    let archives = fs::read_dir(archives(root.parent().context("the folder of the archives")?))?;
    for archive in archives.filter_map(Result::ok) {
        let name = archive.file_name().to_string_lossy().into_owned();
        let after = name.strip_prefix(package).and_then(|rest| rest.strip_prefix('_'));
        if let Some((version, _)) = after.and_then(|rest| rest.split_once('_')) {
            return Ok(version.to_owned());
        }
    }
    bail!("no archive of {package}")
}

/// Where the program of `package` is, if it is unpacked.
fn program(root: &Path, package: &str) -> Option<PathBuf> {
    PROGRAMS.iter().map(|folder| root.join(folder).join(package)).find(|program| program.is_file())
}

/// Downloads and unpacks all packages, also those that are installed.
fn unpack(folder: &Path, root: &Path) -> Result<()> {
    let archives = archives(folder);
    DirBuilder::new().recursive(true).create(archives.join("partial"))?;
    fs::create_dir_all(root)?;
    let mut cache = OsStr::new("Dir::Cache::archives=").to_owned();
    cache.push(fs::canonicalize(&archives)?);
    let mut download = Command::new("apt-get");
    download.args(["install", "--download-only", "--reinstall", "--yes", "--no-install-recommends"]);
    download.args(["-o", "Debug::NoLocking=1", "-o"]).arg(cache).args(PACKAGES);
    run(&mut download)?;
    for archive in fs::read_dir(&archives)? {
        let archive = archive?.path();
        if archive.extension() == Some(OsStr::new("deb")) {
            run(Command::new("dpkg-deb").arg("--extract").arg(archive).arg(root))?;
        }
    }
    Ok(())
}

/// Where downloaded packages lie.
fn archives(folder: &Path) -> PathBuf {
    folder.join("archives")
}

/// Runs `command`, and fails with what it said if it fails.
fn run(command: &mut Command) -> Result<()> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot run {command:?}"))?;
    let words = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?} failed: {}", words.trim());
    Ok(())
}

/// The folders with libraries: one for each kind of machine, of which there is one.
fn libraries(root: &Path) -> Result<Vec<PathBuf>> {
    let folders = fs::read_dir(root.join("usr/lib"))?.map(|entry| Ok(entry?.path()));
    let folders: Result<Vec<PathBuf>> = folders.collect();
    Ok(folders?.into_iter().filter(|folder| folder.to_string_lossy().contains("-linux-")).collect())
}
