//! Numbered messages, of which each must come once, and in order.

use anyhow::{Result, ensure};

/// Counts `word 1`, `word 2` and so on.
pub struct Roll {
    word: &'static str,
    count: usize,
    heard: usize,
}

impl Roll {
    /// Expects `word 1` to `word count`.
    pub fn new(word: &'static str, count: usize) -> Self {
        Self { word, count, heard: 0 }
    }

    /// What the messages have in common.
    pub fn word(&self) -> &'static str {
        self.word
    }

    /// Takes the next message; anything but the one whose turn it is, is an error.
    pub fn hear(&mut self, content: &str) -> Result<()> {
        ensure!(!self.is_complete(), "`{content}` came after {}", self.last());
        ensure!(content == self.numbered(self.heard + 1), "`{content}` came after {}", self.last());
        self.heard += 1;
        Ok(())
    }

    /// Whether all have come.
    pub fn is_complete(&self) -> bool {
        self.heard == self.count
    }

    /// How far it is, in words.
    pub fn last(&self) -> String {
        if self.heard == 0 { "the start".to_owned() } else { format!("`{}`", self.numbered(self.heard)) }
    }

    fn numbered(&self, number: usize) -> String {
        format!("{} {number}", self.word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The error at the first message that is wrong; else whether all have come.
    fn hear(contents: &[&str]) -> Result<bool, String> {
        let mut roll = Roll::new("m", 2);
        contents.iter().try_for_each(|content| roll.hear(content)).map_err(|error| error.to_string())?;
        Ok(roll.is_complete())
    }

    #[test]
    fn all_must_come() {
        assert_eq!(hear(&["m 1"]), Ok(false));
        assert_eq!(hear(&["m 1", "m 2"]), Ok(true));
    }

    #[test]
    fn a_gap_a_repeat_and_a_stranger_are_errors() {
        assert_eq!(hear(&["m 2"]), Err("`m 2` came after the start".to_owned()));
        assert_eq!(hear(&["m 1", "m 1"]), Err("`m 1` came after `m 1`".to_owned()));
        assert_eq!(hear(&["m 1", "m 2", "m 2"]), Err("`m 2` came after `m 2`".to_owned()));
        assert_eq!(hear(&["m 1", "n 2"]), Err("`n 2` came after `m 1`".to_owned()));
    }
}
