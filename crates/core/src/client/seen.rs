//! What was seen already, so that a history after a reconnect repeats nothing.

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use decentra_model::Id;
use decentra_model::limits::{LOBBY_HISTORY_MAX, SEEN_MAX};
use decentra_model::lobby::PostedFrame;

/// What tells one message from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// Its id.
    Id(Id),
    /// From a server that gives no ids: a print of its author, text and time. Two messages may share one.
    Print(u64),
}

/// The newest messages that were seen, at most [`SEEN_MAX`], in their order.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    marks: VecDeque<Mark>,
}

/// What a history holds beside what was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fresh {
    /// For each message of the history, whether it is new.
    pub is_new: Vec<bool>,
    /// Whether messages are missing between what was seen and what is new.
    pub gap: bool,
}

impl Mark {
    /// The mark of `post`.
    pub fn of(post: &PostedFrame) -> Self {
        if let Some(id) = post.id {
            return Self::Id(id);
        }
        let mut hasher = DefaultHasher::new();
        (&post.username, &post.content, &post.timestamp).hash(&mut hasher);
        Self::Print(hasher.finish())
    }
}

impl Seen {
    /// Whether a message with the id in `mark` was seen. Without an id one cannot know.
    pub fn knows(&self, mark: Mark) -> bool {
        matches!(mark, Mark::Id(_)) && self.marks.contains(&mark)
    }

    /// Remembers a message.
    pub fn note(&mut self, mark: Mark) {
        if self.marks.len() == SEEN_MAX {
            self.marks.pop_front();
        }
        self.marks.push_back(mark);
    }

    /// Compares a server's `history`, oldest first, with what was seen.
    pub fn compare(&self, history: &[Mark]) -> Fresh {
        let is_new = if history.iter().all(|mark| matches!(mark, Mark::Id(_))) {
            let known: HashSet<_> = self.marks.iter().collect();
            history.iter().map(|mark| !known.contains(mark)).collect::<Vec<_>>()
        } else {
            let known = self.overlap(history);
            (0..history.len()).map(|index| index >= known).collect()
        };
        let all_new = is_new.iter().all(|new| *new);
        Fresh { gap: all_new && !self.marks.is_empty() && history.len() >= LOBBY_HISTORY_MAX, is_new }
    }

    /// How many messages at the start of `history` are the last ones that were seen.
    fn overlap(&self, history: &[Mark]) -> usize {
        let longest = self.marks.len().min(history.len());
        (1..=longest)
            .rev()
            .find(|&len| self.marks.range(self.marks.len() - len..).eq(&history[..len]))
            .unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters are messages without ids, digits are messages with ids.
    fn marks(text: &str) -> Vec<Mark> {
        let mark = |c: char| match c.to_digit(10) {
            Some(digit) => Mark::Id(Id::from_i64(digit.into())),
            None => Mark::Print(u64::from(c)),
        };
        text.chars().map(mark).collect()
    }

    fn new_in(seen: &str, history: &str) -> String {
        let mut memory = Seen::default();
        for mark in marks(seen) {
            memory.note(mark);
        }
        let fresh = memory.compare(&marks(history));
        history.chars().zip(fresh.is_new).filter_map(|(c, new)| new.then_some(c)).collect()
    }

    #[test]
    fn only_what_is_new_is_new() {
        for (seen, history, new) in [
            ("", "abc", "abc"),
            ("abc", "abc", ""),
            ("abc", "bcd", "d"),
            ("abc", "", ""),
            ("abc", "xyz", "xyz"),
            ("aa", "aaa", "a"),
            ("ab", "abab", "ab"),
            ("", "123", "123"),
            ("123", "1234", "4"),
            ("123", "34", "4"),
            ("123", "145", "45"),
            ("12", "456", "456"),
        ] {
            assert_eq!(new_in(seen, history), new, "{seen} then {history}");
        }
    }

    #[test]
    fn a_full_history_without_a_known_message_leaves_a_gap() {
        let history: Vec<_> = (0..LOBBY_HISTORY_MAX as u64).map(Mark::Print).collect();
        let mut seen = Seen::default();
        assert!(!seen.compare(&history).gap, "a newcomer misses nothing");
        seen.note(Mark::Print(u64::MAX));
        assert!(seen.compare(&history).gap);
        assert!(!seen.compare(&history[1..]).gap, "a short history is all there is");
        seen.note(history[0]);
        assert!(!seen.compare(&history).gap);
    }

    #[test]
    fn memory_is_bounded() {
        let mut seen = Seen::default();
        (0..2 * SEEN_MAX as u64).for_each(|n| seen.note(Mark::Print(n)));
        assert_eq!(seen.marks.len(), SEEN_MAX);
    }
}
