//! `cargo xtask fuzz`: what reads bytes from outside, fed with what nobody would send.
//!
//! The targets lie in `fuzz/`, as cargo-fuzz has it. It is not needed here: a stable compiler can count what is reached
//! as well, and our code is without `unsafe`, so no sanitizer would find more.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Context, bail, ensure};

use crate::step::{cargo, run_quietly};
use crate::{root, target, tools};

/// What cargo-fuzz gives a stable compiler: libFuzzer is told what is reached, and what is compared with what.
const FLAGS: [&str; 7] = [
    "--cfg=fuzzing",
    "-Cdebug-assertions",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// Time that one input may take, in seconds, also on a busy machine; and memory of the whole process, in MiB.
const LIMITS: [&str; 2] = ["-timeout=60", "-rss_limit_mb=1024"];

/// What is asked for.
#[derive(Debug, clap::Args)]
pub(crate) struct Fuzz {
    /// Seconds that each target is fuzzed [default: 600, or 4 with --quick]; with 0, the kept inputs are tried, and no
    /// others
    #[arg(long)]
    seconds: Option<u64>,
    /// A first look, as CI takes it: built in a fraction of the time, and a few seconds for each target
    #[arg(long)]
    quick: bool,
    /// Targets that are fuzzed at once [default: one for each processor]
    #[arg(long)]
    jobs: Option<usize>,
    /// Add to the kept inputs what was found, and keep as few of all as reach as much
    #[arg(long)]
    keep: bool,
    /// The targets, by their names in `fuzz/fuzz_targets`; all, where none is named
    targets: Vec<String>,
}

impl Fuzz {
    fn seconds(&self) -> u64 {
        self.seconds.unwrap_or(if self.quick { 4 } else { 600 })
    }

    /// The profile of `fuzz/Cargo.toml` that the targets are built with.
    fn profile(&self) -> &'static str {
        if self.quick { "quick" } else { "release" }
    }
}

/// Fuzzes what is asked for. A failure if there was a finding.
pub(crate) fn run(fuzz: &Fuzz) -> anyhow::Result<ExitCode> {
    let targets = chosen(&fuzz.targets)?;
    tools::cpp()?;
    let programs = build(&targets, fuzz.profile())?;
    println!("{:<12} {:>11} {:>9} {:>7} {:>7}", "target", "executions", "per s", "corpus", "reached");
    let jobs = fuzz.jobs.or_else(|| thread::available_parallelism().ok().map(Into::into)).unwrap_or(1);
    let waiting = Mutex::new(targets.iter());
    let findings = Mutex::new(0);
    thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                while let Some(name) = { waiting.lock().unwrap_or_else(PoisonError::into_inner).next() } {
                    let found = Target::new(name, &programs).and_then(|target| target.fuzz(fuzz));
                    if let Err(error) = found {
                        println!("{name:<12} {error:#}");
                        *findings.lock().unwrap_or_else(PoisonError::into_inner) += 1;
                    }
                }
            });
        }
    });
    let findings = findings.into_inner().unwrap_or_else(PoisonError::into_inner);
    println!("targets: {}, with findings: {findings}", targets.len());
    Ok(if findings == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The targets that are named, or all.
fn chosen(named: &[String]) -> anyhow::Result<Vec<String>> {
    let mut all = Vec::new();
    for file in fs::read_dir(root().join("fuzz/fuzz_targets"))? {
        all.extend(file?.path().file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    all.sort_unstable();
    if let Some(unknown) = named.iter().find(|name| !all.contains(name)) {
        bail!("there is no target {unknown}: there are {}", all.join(", "));
    }
    Ok(if named.is_empty() { all } else { named.to_vec() })
}

/// Builds the targets; the folder that they are built into.
fn build(targets: &[String], profile: &str) -> anyhow::Result<PathBuf> {
    let folder = target().join("fuzz");
    let host = host()?;
    let mut build = cargo(&["build", "--locked", "--profile", profile, "--manifest-path", "fuzz/Cargo.toml"]);
    // With a target named, what runs while building is left as it is.
    build.args(["--target", &host]).env("CARGO_TARGET_DIR", &folder).env("RUSTFLAGS", FLAGS.join(" "));
    for target in targets {
        build.args(["--bin", target]);
    }
    crate::step::run(&mut build)?;
    Ok(folder.join(host).join(profile))
}

/// What the compiler calls this machine.
fn host() -> anyhow::Result<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("-vV").output().context("cannot run rustc")?;
    let printed = String::from_utf8(output.stdout)?;
    let host = printed.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc does not say what this machine is")
}

/// A target that was built, and its folders.
struct Target<'a> {
    name: &'a str,
    program: PathBuf,
    /// The inputs that are kept.
    kept: PathBuf,
    /// Those that were found on this machine.
    found: PathBuf,
    /// Where findings are put.
    findings: PathBuf,
    log: PathBuf,
}

impl<'a> Target<'a> {
    fn new(name: &'a str, programs: &Path) -> anyhow::Result<Self> {
        let own = target().join("fuzz");
        let target = Self {
            name,
            program: programs.join(name),
            kept: root().join("fuzz/corpus").join(name),
            found: own.join("corpus").join(name),
            findings: own.join("findings").join(name),
            log: own.join(format!("{name}.log")),
        };
        for folder in [&target.kept, &target.found, &target.findings] {
            fs::create_dir_all(folder)?;
        }
        Ok(target)
    }

    /// Fuzzes it, and prints a line; an error for a finding.
    fn fuzz(&self, fuzz: &Fuzz) -> anyhow::Result<()> {
        let log = File::create(&self.log)?;
        // What was kept is tried first, however long that takes.
        let time = match fuzz.seconds() {
            0 => "-runs=0".to_owned(),
            seconds => format!("-max_total_time={seconds}"),
        };
        let mut run = self.program(&[&time, "-print_final_stats=1", "-reload=0"]);
        run.args(LIMITS).arg(format!("-dict={}", root().join("fuzz/words.dict").display()));
        run.arg(&self.found).arg(&self.kept).stdout(log.try_clone()?).stderr(log);
        let passed =
            run.status().with_context(|| format!("cannot run {}", self.program.display()))?.success();
        let printed = String::from_utf8_lossy(&fs::read(&self.log)?).into_owned();
        ensure!(passed, "FINDING\n{}", self.replay(&printed));
        let figure = |name| figure(&printed, name).unwrap_or_else(|| "?".into());
        println!(
            "{:<12} {:>11} {:>9} {:>7} {:>7}",
            self.name,
            figure("stat::number_of_executed_units:"),
            figure("stat::average_exec_per_sec:"),
            figure("corp:"),
            figure("cov:")
        );
        if fuzz.keep { self.keep() } else { Ok(()) }
    }

    fn program(&self, arguments: &[&str]) -> Command {
        let mut program = Command::new(&self.program);
        program.current_dir(root()).args(arguments).env("RUST_BACKTRACE", "1");
        program.arg(format!("-artifact_prefix={}/", self.findings.display()));
        program
    }

    /// What was found, and how to see it again.
    fn replay(&self, printed: &str) -> String {
        let what =
            printed.lines().skip_while(|line| !line.contains("panicked at") && !line.contains("ERROR:"));
        let what: Vec<&str> = what.take(3).collect();
        let input =
            printed.lines().find_map(|line| line.split_once("Test unit written to ")).map(|line| line.1);
        let replay = input.map_or_else(
            || "no input was written".to_owned(),
            |input| format!("again: {} {input}", self.program.display()),
        );
        format!("{}\nall of it: {}\n{replay}", what.join("\n"), self.log.display())
    }

    /// Replaces the kept inputs by as few of all as reach as much.
    fn keep(&self) -> anyhow::Result<()> {
        let fewer = self.kept.with_extension("new");
        fs::create_dir_all(&fewer)?;
        // How often a place is reached is left out of account: many more inputs would tell little more.
        let mut merge = self.program(&["-set_cover_merge=1", "-use_counters=0"]);
        run_quietly(merge.args(LIMITS).arg(&fewer).arg(&self.kept).arg(&self.found))?;
        fs::remove_dir_all(&self.kept)?;
        Ok(fs::rename(fewer, &self.kept)?)
    }
}

/// The last word that follows `name` in what libFuzzer printed.
fn figure(printed: &str, name: &str) -> Option<String> {
    let after = &printed[printed.rfind(name)? + name.len()..];
    after.split_whitespace().next().map(|word| word.split('/').next().unwrap_or(word).to_owned())
}
