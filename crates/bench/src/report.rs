//! Prints what was found: a JSON line for each case as soon as it is known, and a table of all at the end.

use std::io::{self, Write};

use anyhow::{Result, ensure};
use serde::Serialize;

use crate::figure::{Case, Figure};

/// All cases so far.
#[derive(Debug, Default)]
pub struct Report(Vec<Entry>);

/// One case.
#[derive(Debug, Serialize)]
struct Entry {
    /// Whom it compares us with, if it is not a floor.
    #[serde(skip_serializing_if = "Option::is_none")]
    rival: Option<&'static str>,
    #[serde(flatten)]
    case: Case,
}

impl Report {
    /// Adds `case`, and prints its line.
    pub fn add(&mut self, case: Case) -> io::Result<()> {
        self.enter(Entry { rival: None, case })
    }

    /// The same, for a case that compares us with `rival`.
    pub fn add_beside(&mut self, rival: &'static str, case: Case) -> io::Result<()> {
        self.enter(Entry { rival: Some(rival), case })
    }

    fn enter(&mut self, entry: Entry) -> io::Result<()> {
        let mut out = io::stdout().lock();
        serde_json::to_writer(&mut out, &entry)?;
        writeln!(out)?;
        self.0.push(entry);
        out.flush()
    }

    /// Fails if any figure misses its target.
    pub fn require_targets(&self) -> Result<()> {
        let missed = |entry: &&Entry| entry.case.figures.iter().any(|figure| figure.passes() == Some(false));
        let missed: Vec<&str> = self.0.iter().filter(missed).map(|entry| entry.case.name).collect();
        ensure!(missed.is_empty(), "targets were missed: {}", missed.join(", "));
        Ok(())
    }

    /// Prints the table.
    pub fn print_table(&self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out)?;
        row(&mut out, ["", "", "ours", "beside", "ratio", "target", ""])?;
        for Entry { rival, case } in &self.0 {
            let connections = case.connections.map(|connections| format!(", {connections} connections"));
            let rival = rival.map(|rival| format!(", beside {rival}"));
            writeln!(out, "{}{}{}", case.name, connections.unwrap_or_default(), rival.unwrap_or_default())?;
            case.figures.iter().try_for_each(|figure| figure_row(&mut out, figure))?;
        }
        Ok(())
    }
}

/// Prints one figure as a row.
fn figure_row(out: &mut impl Write, figure: &Figure) -> io::Result<()> {
    let value = |value: Option<f64>| value.map(readable).unwrap_or_default();
    let mark = match figure.passes() {
        Some(true) => "pass",
        Some(false) => "FAIL",
        None => "",
    };
    let target = figure.target.map(|target| target.to_string()).unwrap_or_default();
    let [ours, beside] = [Some(figure.ours), figure.beside].map(value);
    let ratio = figure.ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
    row(out, ["", figure.name, &ours, &beside, &ratio, &target, mark])
}

/// Prints one row.
fn row(out: &mut impl Write, [indent, name, ours, beside, ratio, target, mark]: [&str; 7]) -> io::Result<()> {
    let line = format!("{indent:2}{name:40} {ours:>12} {beside:>12} {ratio:>8}  {target:8} {mark}");
    writeln!(out, "{}", line.trim_end())
}

/// `value` with as many places as its size deserves, and its thousands apart.
fn readable(value: f64) -> String {
    match value.abs() {
        1_000.0.. => thousands(&format!("{value:.0}")),
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// `digits` with a comma after each three from the end.
fn thousands(digits: &str) -> String {
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_readable_at_any_size() {
        for (value, text) in [
            (0.256, "0.26"),
            (12.34, "12.3"),
            (999.4, "999"),
            (1_234_567.8, "1,234,568"),
            (10_000.0, "10,000"),
        ] {
            assert_eq!(readable(value), text);
        }
    }
}
