//! Brings the web client into the program.
//!
//! A release build makes it with npm, from `web/`, unless `web/dist` was made of just these sources; where there is no
//! Node, it says so and goes on without. Every other build, and `cargo check` with it, takes `web/dist` as it lies there,
//! and asks nobody: `npm run build` in `web/` makes it. `DECENTRA_WEB_DIST` names a folder that is to be taken instead.

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What the web client is built from, in `web/`.
const SOURCES: [&str; 8] =
    ["index.html", "package.json", "package-lock.json", ".npmrc", "vite.config.ts", "src", "public", "build"];

/// Which sources `web/dist` was built from.
const STAMP: &str = ".stamp";

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=DECENTRA_WEB_DIST");
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web");
    let dist = match std::env::var_os("DECENTRA_WEB_DIST") {
        Some(dist) => Some(watched(PathBuf::from(dist))?),
        None if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") => built(&web)?,
        None => Some(watched(web.join("dist"))?),
    };
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    fs::write(out.join("files.rs"), embedded(dist.as_deref(), &out)?)?;
    Ok(())
}

/// `dist`, which is looked at again when it changes. It is made if it is not there: cargo would take it for changed each time.
fn watched(dist: PathBuf) -> Result<PathBuf> {
    fs::create_dir_all(&dist)?;
    println!("cargo::rerun-if-changed={}", dist.display());
    Ok(dist)
}

/// The folder of the web client, built anew where its sources have changed; `None`, where it cannot be built.
fn built(web: &Path) -> Result<Option<PathBuf>> {
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", web.join(source).display());
    }
    let dist = web.join("dist");
    let stamp = hash(web)?;
    if fs::read_to_string(dist.join(STAMP)).is_ok_and(|found| found == stamp) {
        return Ok(Some(dist));
    }
    if let Err(why) = install(web) {
        println!("cargo::rerun-if-env-changed=PATH");
        println!(
            "cargo::warning=The server is built without its web client, since {why}: with Node 20 or newer and npm, \
             build again."
        );
        return Ok(None);
    }
    npm(web, &["run", "build"])?;
    fs::write(dist.join(STAMP), stamp)?;
    Ok(Some(dist))
}

/// Fetches what the lock file names, unless it is there; else says why not, as the end of a sentence.
fn install(web: &Path) -> std::result::Result<(), String> {
    let wanted = fs::read(web.join("package-lock.json")).map_err(|_| "`web/` is not there".to_owned())?;
    // `cargo xtask test` goes by the same mark.
    let mark = web.join("node_modules/.installed");
    if fs::read(&mark).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    if !Command::new("node").arg("--version").output().is_ok_and(|node| node.status.success()) {
        return Err("there is no Node here".to_owned());
    }
    npm(web, &["ci", "--no-audit", "--no-fund"])
        .and_then(|()| Ok(fs::write(&mark, wanted)?))
        .map_err(|error| format!("npm did not get its packages ({})", error.to_string().replace('\n', " ")))
}

/// Runs npm in `web/`; what it prints is shown if it fails.
fn npm(web: &Path, arguments: &[&str]) -> Result<()> {
    let output = Command::new("npm").args(arguments).current_dir(web).output()?;
    if output.status.success() {
        return Ok(());
    }
    let printed = [output.stdout, output.stderr].concat();
    Err(format!("npm {}: {}\n{}", arguments.join(" "), output.status, String::from_utf8_lossy(&printed))
        .into())
}

/// A hash of all sources, with their names: FNV-1a, since nobody is to be fooled here.
fn hash(web: &Path) -> Result<String> {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for path in
        SOURCES.iter().map(|source| files(&web.join(source))).collect::<io::Result<Vec<_>>>()?.concat()
    {
        let name = path.strip_prefix(web)?.to_string_lossy().into_owned();
        for byte in name.bytes().chain(fs::read(&path)?) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    Ok(format!("{hash:016x}"))
}

/// The list of the files in `dist`, as an expression; each is copied into `out`, so that the program is made of what was
/// there at this moment.
fn embedded(dist: Option<&Path>, out: &Path) -> Result<String> {
    let mut list = "&[\n".to_owned();
    if let Some(dist) = dist {
        let all = files(dist)?;
        for (nth, path) in all.iter().enumerate() {
            let name = path.strip_prefix(dist)?.to_str().ok_or("a file of the web client has an odd name")?;
            let compressed = PathBuf::from(format!("{}.gz", path.display()));
            if name == STAMP || all.contains(&compressed) {
                continue;
            }
            fs::copy(path, out.join(format!("file-{nth}")))?;
            writeln!(list, "    ({name:?}, include_bytes!(\"file-{nth}\")),")?;
        }
    }
    list.push_str("]\n");
    Ok(list)
}

/// The files in `path`, in order; itself, if it is one; none, if there is nothing.
fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let mut entries = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries.iter().map(|entry| files(entry)).collect::<io::Result<Vec<_>>>()?.concat())
}
