//! What one can scroll back to.

use std::collections::VecDeque;

use decentra_model::limits::{SCROLLBACK_BYTES_MAX, SCROLLBACK_MAX};

use super::When;

/// One thing in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place: each entry's is one more than that of the entry before, and stays when older ones are dropped.
    pub place: u64,
    /// When it happened.
    pub when: When,
    /// What it is.
    pub what: What,
}

/// What an [`Entry`] shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A message.
    Said {
        /// Who said it.
        by: String,
        /// What was said.
        text: String,
        /// Whether it is one's own.
        mine: bool,
    },
    /// Someone came.
    Joined(String),
    /// Someone went.
    Left(String),
    /// Good to know.
    Note(String),
    /// Something went wrong.
    Trouble(String),
    /// A message of one's own that will not be said.
    Failed {
        /// What was to be said.
        text: String,
        /// Why it was not.
        why: String,
    },
}

/// The newest entries, oldest first: at most [`SCROLLBACK_MAX`], with at most [`SCROLLBACK_BYTES_MAX`] bytes of text,
/// but never less than one.
#[derive(Debug, Clone, Default)]
pub struct Scrollback {
    entries: VecDeque<Entry>,
    next: u64,
    bytes: usize,
}

impl Scrollback {
    /// Adds an entry after all others.
    pub fn push(&mut self, when: When, what: What) {
        self.bytes += bytes(&what);
        self.entries.push_back(Entry { place: self.next, when, what });
        self.next += 1;
        while self.entries.len() > SCROLLBACK_MAX
            || (self.bytes > SCROLLBACK_BYTES_MAX && self.entries.len() > 1)
        {
            let dropped = self.entries.pop_front().expect("there is more than one");
            self.bytes -= bytes(&dropped.what);
        }
    }

    /// Forgets all entries.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.bytes = 0;
    }

    /// The entry at `place`, unless it was dropped or is still to come.
    pub fn entry(&self, place: u64) -> Option<&Entry> {
        let index = place.checked_sub(self.first())?;
        self.entries.get(usize::try_from(index).ok()?)
    }

    /// The place of the oldest entry; that of the next one if there is none.
    pub fn first(&self) -> u64 {
        self.entries.front().map_or(self.next, |entry| entry.place)
    }

    /// The place of the entry that comes next.
    pub fn end(&self) -> u64 {
        self.next
    }

    /// All entries, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter()
    }
}

/// Bytes of text in `what`.
fn bytes(what: &What) -> usize {
    match what {
        What::Said { by, text, .. } => by.len() + text.len(),
        What::Joined(text) | What::Left(text) | What::Note(text) | What::Trouble(text) => text.len(),
        What::Failed { text, why } => text.len() + why.len(),
    }
}

#[cfg(test)]
mod tests {
    use decentra_model::Timestamp;

    use super::*;

    const NOW: When = When::At(Timestamp::from_unix_micros(0));

    #[test]
    fn entries_keep_their_place_when_older_ones_go() {
        let mut list = Scrollback::default();
        (0..SCROLLBACK_MAX + 5).for_each(|n| list.push(NOW, What::Note(n.to_string())));
        assert_eq!((list.first(), list.end()), (5, SCROLLBACK_MAX as u64 + 5));
        assert_eq!(list.entry(4), None);
        assert_eq!(list.entry(5).unwrap().what, What::Note("5".into()));
        list.clear();
        assert_eq!((list.first(), list.end()), (SCROLLBACK_MAX as u64 + 5, SCROLLBACK_MAX as u64 + 5));
    }

    #[test]
    fn huge_texts_push_the_others_out() {
        let mut list = Scrollback::default();
        (0..10).for_each(|_| list.push(NOW, What::Note("x".repeat(SCROLLBACK_BYTES_MAX / 4))));
        assert_eq!(list.iter().count(), 4);
        list.push(NOW, What::Note("x".repeat(2 * SCROLLBACK_BYTES_MAX)));
        assert_eq!(list.iter().count(), 1);
    }
}
