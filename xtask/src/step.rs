//! Steps: commands that run one after the other, and how each ended.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

/// What has been run, for the summary.
#[derive(Default)]
pub(crate) struct Report {
    steps: Vec<Step>,
}

struct Step {
    name: &'static str,
    passed: bool,
    took: Duration,
}

impl Report {
    /// Runs `command` as the step `name`. A failure does not keep the next step from running.
    pub(crate) fn step(&mut self, name: &'static str, command: &mut Command) -> bool {
        self.task(name, || run(command))
    }

    /// Runs `task` as the step `name`; what it did not do is printed.
    pub(crate) fn task(&mut self, name: &'static str, task: impl FnOnce() -> anyhow::Result<()>) -> bool {
        eprintln!("\n── {name}");
        let start = Instant::now();
        let result = task();
        if let Err(error) = &result {
            eprintln!("{name}: {error:#}");
        }
        self.steps.push(Step { name, passed: result.is_ok(), took: start.elapsed() });
        result.is_ok()
    }

    /// Prints how the steps ended; a failure if one of them failed.
    pub(crate) fn close(self) -> ExitCode {
        let passed = self.steps.iter().filter(|step| step.passed).count();
        let failed = self.steps.len() - passed;
        println!();
        for step in &self.steps {
            let mark = if step.passed { "ok    " } else { "FAILED" };
            println!("{mark} {:<22} {:>6.1} s", step.name, step.took.as_secs_f64());
        }
        println!("steps: {passed} passed, {failed} failed");
        if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// Runs `command`, its output on ours; an error unless it exits with 0.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("cannot run {program}"))?;
    ensure!(status.success(), "{program}: {status}");
    Ok(())
}

/// Runs `command` without showing what it prints, unless it fails.
pub(crate) fn run_quietly(command: &mut Command) -> anyhow::Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("cannot run {program}"))?;
    let printed = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program}: {}\n{}", output.status, printed.trim_end());
    Ok(())
}

/// Whether `command` runs and exits with 0; it prints nothing.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// `cargo` with `arguments`, in the workspace.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(crate::root()).args(arguments);
    cargo
}
