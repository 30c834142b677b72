//! `cargo xtask check`: what must hold before a change lands.

use std::process::ExitCode;

use crate::step::{Report, cargo};
use crate::{test, tools};

/// Runs every check, then the tests.
pub(crate) fn run() -> ExitCode {
    let mut report = Report::default();
    report.step("format", &mut cargo(&["fmt", "--all", "--check"]));
    report.step("lints", &mut cargo(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]));
    report.step("docs", cargo(&["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "--deny warnings"));
    if tools::has_cargo("deny") {
        report.step("dependencies", &mut cargo(&["deny", "check", "bans", "licenses", "sources"]));
    } else {
        eprintln!("\ndependencies: no cargo-deny here, deny.toml was not tried");
    }
    test::add_to(&mut report, &[]);
    report.close()
}
