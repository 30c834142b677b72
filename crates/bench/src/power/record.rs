//! What was acknowledged, and how that compares with what is there.

use std::collections::{HashMap, HashSet};
use std::fmt;

use anyhow::{Result, ensure};

use crate::entry::Entry;

/// All that was acknowledged so far, in the order in which it was.
#[derive(Debug, Default, Clone)]
pub(super) struct Record(Vec<Entry>);

/// What became of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    acknowledged: usize,
    lost: usize,
    doubled: usize,
    out_of_order: usize,
}

impl Record {
    /// Adds what the writers received in one life of the server: one list for each.
    ///
    /// All received the same in the same order; whose connection was cut first has less of it.
    pub(super) fn add(&mut self, received: &[Vec<Entry>]) -> Result<()> {
        let Some(longest) = received.iter().max_by_key(|list| list.len()).cloned() else { return Ok(()) };
        let differs = received.iter().position(|list| !longest.starts_with(list));
        ensure!(differs.is_none(), "writer {differs:?} received other messages, or in another order");
        self.0.extend(longest);
        Ok(())
    }

    /// How many messages that is.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Checks a history: the acknowledged messages of its time are in it, once, in their order.
    ///
    /// It may hold more: messages that were stored, while their echo was lost with the server.
    pub(super) fn check_history(&self, history: &[Entry], full: bool) -> Result<()> {
        let oldest = history.first().filter(|_| full).map_or(i64::MIN, |entry| entry.id);
        let due: Vec<&Entry> = self.0.iter().filter(|entry| entry.id >= oldest).collect();
        let wanted: HashSet<&Entry> = due.iter().copied().collect();
        let found: Vec<&Entry> = history.iter().filter(|entry| wanted.contains(entry)).collect();
        let missing = due.iter().find(|entry| !found.contains(entry));
        ensure!(missing.is_none(), "lost: {missing:?} was acknowledged, and is not in the history");
        ensure!(found == due, "the history shows what was acknowledged doubled, or in another order");
        Ok(())
    }

    /// Compares with all `rows` that are there, in their order.
    pub(super) fn compare(&self, rows: &[Entry]) -> Verdict {
        let places: HashMap<&Entry, usize> = rows.iter().zip(0..).collect();
        let contents: HashSet<&str> = rows.iter().map(|row| row.content.as_str()).collect();
        let found: Vec<usize> = self.0.iter().filter_map(|entry| places.get(entry).copied()).collect();
        Verdict {
            acknowledged: self.0.len(),
            lost: self.0.len() - found.len(),
            doubled: rows.len() - contents.len(),
            out_of_order: found.windows(2).filter(|pair| pair[0] >= pair[1]).count(),
        }
    }
}

impl Verdict {
    /// Whether nothing was lost, doubled or put out of order.
    pub(super) fn is_clean(&self) -> bool {
        *self == Self { acknowledged: self.acknowledged, ..Self::default() }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { acknowledged, lost, doubled, out_of_order } = self;
        write!(f, "{acknowledged} acknowledged, {lost} lost, {doubled} doubled, {out_of_order} out of order")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(list: &[(i64, &str)]) -> Vec<Entry> {
        list.iter().map(|&(id, content)| Entry { id, content: content.into() }).collect()
    }

    #[test]
    fn each_fault_is_counted() {
        let record = Record(entries(&[(1, "a"), (2, "b"), (3, "c")]));
        for (rows, verdict) in [
            (&[(1, "a"), (2, "b"), (3, "c"), (4, "unacknowledged")][..], [0, 0, 0]),
            (&[(1, "a"), (3, "c")], [1, 0, 0]),
            (&[(1, "a"), (2, "b"), (3, "c"), (4, "c")], [0, 1, 0]),
            (&[(2, "b"), (1, "a"), (3, "c")], [0, 0, 1]),
            (&[(1, "a"), (2, "c"), (3, "b")], [2, 0, 0]),
        ] {
            let [lost, doubled, out_of_order] = verdict;
            let expected = Verdict { acknowledged: 3, lost, doubled, out_of_order };
            assert_eq!(record.compare(&entries(rows)), expected, "{rows:?}");
        }
    }

    #[test]
    fn a_history_shows_what_was_acknowledged_of_its_time() {
        let record = Record(entries(&[(1, "a"), (2, "b"), (4, "d")]));
        let check = |history: &[(i64, &str)], full| record.check_history(&entries(history), full).is_ok();
        assert!(check(&[(1, "a"), (2, "b"), (3, "unacknowledged"), (4, "d")], false));
        assert!(check(&[(2, "b"), (4, "d"), (5, "unacknowledged")], true));
        assert!(!check(&[(2, "b"), (4, "d")], false), "a is lost");
        assert!(!check(&[(2, "b"), (5, "e")], true), "d is lost");
        assert!(!check(&[(2, "b"), (2, "b"), (4, "d")], true), "b is doubled");
    }

    #[test]
    fn lists_that_were_cut_early_agree() {
        let mut record = Record::default();
        record.add(&[entries(&[(1, "a")]), entries(&[(1, "a"), (2, "b")]), Vec::new()]).unwrap();
        assert_eq!(record.0, entries(&[(1, "a"), (2, "b")]));
        assert!(record.add(&[entries(&[(3, "c")]), entries(&[(4, "d"), (3, "c")])]).is_err());
    }
}
