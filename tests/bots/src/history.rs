//! What the pages of a channel's history must hold.

use anyhow::{Result, ensure};

use crate::{protocol::HISTORY_COUNT, roll::Roll};

const WORD: &str = "history";

/// A message of the channel, as far as its place in the history goes.
#[derive(Clone)]
pub struct Line {
    /// The message's id.
    pub id: u64,
    /// The message's text.
    pub content: String,
}

/// Checks `lines`, oldest first: ids that rise, and all that the driver posted before the bot started.
pub fn check(lines: &[Line]) -> Result<()> {
    ensure!(lines.is_sorted_by(|older, newer| older.id < newer.id), "the pages are not in order, or repeat");
    let mut roll = Roll::new(WORD, HISTORY_COUNT);
    for line in lines.iter().filter(|line| line.content.starts_with(WORD)) {
        roll.hear(&line.content)?;
    }
    ensure!(roll.is_complete(), "the pages end with {} of {HISTORY_COUNT}", roll.last());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Vec<Line> {
        (1..=120).map(|number| Line { id: number, content: format!("history {number}") }).collect()
    }

    fn complaint(lines: &[Line]) -> String {
        check(lines).err().map_or_else(String::new, |error| error.to_string())
    }

    #[test]
    fn other_messages_may_stand_between() {
        let mut lines = whole();
        lines.push(Line { id: 121, content: "ping".to_owned() });
        assert_eq!(complaint(&lines), "");
    }

    #[test]
    fn a_repeated_page_and_a_missing_one_are_errors() {
        let mut lines = whole();
        assert_eq!(complaint(&lines[..100]), "the pages end with `history 100` of 120");
        lines.insert(1, lines[0].clone());
        assert_eq!(complaint(&lines), "the pages are not in order, or repeat");
    }
}
