//! What happened, as the database has it.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use anyhow::{Context, Result, ensure};

use super::event::{Event, Kind};
use crate::entry::Entry;

/// An entry of the database's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Its place.
    pub(super) position: i64,
    /// What it tells.
    pub(super) name: String,
    /// The same in JSON.
    pub(super) body: String,
}

/// All that ever happened to messages, in its order, and what of it was read.
#[derive(Debug, Default)]
pub(super) struct Truth {
    events: Vec<Event>,
    /// The messages by the text that they were posted with.
    posted: HashMap<String, i64>,
    deleted: HashSet<i64>,
    /// Where the posts in the lobby stand among the events.
    lobby: Vec<usize>,
    /// The entry of the log that was read last.
    last: Option<Row>,
}

impl Truth {
    /// The place of the entry that was read last, from which on the log is to be read.
    pub(super) fn position(&self) -> i64 {
        self.last.as_ref().map_or(0, |last| last.position)
    }

    /// Takes in the log from [`Truth::position`] on; `lobby` is the channel behind the lobby.
    ///
    /// What was read before must still be there. No message may come twice, or before one that is older.
    pub(super) fn extend(&mut self, rows: Vec<Row>, lobby: i64) -> Result<()> {
        let mut rows = rows.into_iter();
        if let Some(last) = &self.last {
            let again = rows.next();
            ensure!(again.as_ref() == Some(last), "lost: the log had {last:?}, and now has {again:?}");
        }
        for row in rows {
            let next = self.position() + 1;
            ensure!(
                self.last.is_none() || row.position == next,
                "lost: the log has no entry {next}, but has {}",
                row.position
            );
            if let Some(kind) = Kind::of(&row.name) {
                let body = serde_json::from_str(&row.body).with_context(|| format!("{row:?}"))?;
                self.add(kind.event(body)?, lobby)?;
            }
            self.last = Some(row);
        }
        Ok(())
    }

    fn add(&mut self, event: Event, lobby: i64) -> Result<()> {
        if event.kind == Kind::Created {
            let newest = self.events.iter().rev().find(|event| event.kind == Kind::Created);
            ensure!(
                newest.is_none_or(|newest| newest.message < event.message),
                "out of order: {event:?} comes after {newest:?}"
            );
            let doubled = self.posted.insert(event.words.clone(), event.message);
            ensure!(doubled.is_none(), "doubled: {event:?} was posted as {doubled:?} before");
            if event.channel == lobby {
                self.lobby.push(self.events.len());
            }
        }
        if event.kind == Kind::Deleted {
            self.deleted.insert(event.message);
        }
        self.events.push(event);
        Ok(())
    }

    /// All that happened.
    pub(super) fn events(&self) -> &[Event] {
        &self.events
    }

    /// The posts alone.
    pub(super) fn posts(&self) -> Vec<Event> {
        self.events.iter().filter(|event| event.kind == Kind::Created).cloned().collect()
    }

    /// Checks that `entry`, which was acknowledged, was posted.
    pub(super) fn check_posted(&self, entry: &Entry) -> Result<()> {
        let id = self.posted.get(&entry.content);
        ensure!(id == Some(&entry.id), "lost: {entry:?} was acknowledged, and is stored as {id:?}");
        Ok(())
    }

    /// Checks that the posts in `gap` are among those that were `read` in the history, unless they were deleted.
    pub(super) fn check_caught_up(&self, gap: Range<usize>, read: &HashSet<i64>) -> Result<()> {
        let missing = self.events[gap].iter().find(|event| {
            event.kind == Kind::Created
                && !read.contains(&event.message)
                && !self.deleted.contains(&event.message)
        });
        ensure!(missing.is_none(), "lost: the history did not show {missing:?}");
        Ok(())
    }

    /// How many posts there are in the lobby.
    pub(super) fn lobby_posts(&self) -> usize {
        self.lobby.len()
    }

    /// Checks what a client of the lobby was shown: posts that follow one another, none left out. The first of them, as
    /// many as `history` says, came as history, and so reach up to the newest of the `known` posts or further.
    pub(super) fn check_shown(&self, shown: &[Entry], history: usize, known: usize) -> Result<()> {
        let post = |nth: usize| self.lobby.get(nth).map(|place| &self.events[*place]);
        let Some(first) = shown.first() else {
            ensure!(known == 0, "lost: the lobby shows nothing, and {known} posts were there");
            return Ok(());
        };
        let start = self.lobby.binary_search_by_key(&first.id, |place| self.events[*place].message);
        let start =
            start.ok().with_context(|| format!("lost: the lobby showed {first:?}, which is not stored"))?;
        for (nth, entry) in (start..).zip(shown) {
            let post = post(nth);
            let is_same = post.is_some_and(|post| post.message == entry.id && post.words == entry.content);
            ensure!(
                is_same,
                "lost, doubled or out of order: the lobby showed {entry:?} in place of {post:?}"
            );
        }
        let told = start + history;
        ensure!(told >= known, "lost: the history ends {} posts too early", known - told);
        Ok(())
    }

    /// The messages that are there in the end, in their order.
    pub(super) fn rest(&self) -> Vec<Entry> {
        let mut words: HashMap<i64, &str> = HashMap::new();
        for event in self.events.iter().filter(|event| matches!(event.kind, Kind::Created | Kind::Edited)) {
            words.insert(event.message, &event.words);
        }
        let posts = self.events.iter().filter(|event| event.kind == Kind::Created);
        let kept = posts.filter(|event| !self.deleted.contains(&event.message));
        kept.map(|event| Entry { id: event.message, content: words[&event.message].to_owned() }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(position: i64, message: i64) -> Row {
        let body = format!(r#"{{"id":"{message}","channel_id":"1","content":"text {message}"}}"#);
        Row { position, name: "MESSAGE_CREATE".into(), body }
    }

    fn gone(position: i64, message: i64) -> Row {
        let body = format!(r#"{{"id":"{message}","channel_id":"1"}}"#);
        Row { position, name: "MESSAGE_DELETE".into(), body }
    }

    fn truth(rows: &[Row]) -> Truth {
        let mut truth = Truth::default();
        truth.extend(rows.to_vec(), 1).unwrap();
        truth
    }

    fn entry(id: i64) -> Entry {
        Entry { id, content: format!("text {id}") }
    }

    #[test]
    fn the_log_goes_on_where_it_was() {
        let mut truth = truth(&[row(4, 10), row(5, 11)]);
        truth.extend(vec![row(5, 11), row(6, 12)], 1).unwrap();
        assert_eq!(truth.lobby_posts(), 3);
        truth.check_posted(&entry(12)).unwrap();
        assert!(truth.check_posted(&entry(13)).is_err());
        assert!(truth.check_posted(&Entry { id: 12, content: "text 11".into() }).is_err());
    }

    #[test]
    fn a_log_that_forgot_or_repeats_is_found() {
        for (rows, fault) in [
            (vec![], "lost"),
            (vec![row(5, 12)], "lost"),
            (vec![row(5, 11), row(7, 12)], "lost"),
            (vec![row(5, 11), row(6, 9)], "out of order"),
            (vec![row(5, 11), row(6, 11)], "out of order"),
        ] {
            let error = truth(&[row(4, 10), row(5, 11)]).extend(rows, 1).unwrap_err().to_string();
            assert!(error.starts_with(fault), "{error}");
        }
        let again = Row { body: r#"{"id":"12","channel_id":"1","content":"text 10"}"#.into(), ..row(6, 12) };
        let error = truth(&[row(4, 10), row(5, 11)]).extend(vec![row(5, 11), again], 1).unwrap_err();
        assert!(error.to_string().starts_with("doubled"), "{error}");
    }

    #[test]
    fn a_gap_is_filled_by_what_the_history_shows() {
        let truth = truth(&[row(1, 10), row(2, 11), row(3, 12), gone(4, 11)]);
        truth.check_caught_up(0..3, &HashSet::from([10, 12])).unwrap();
        assert!(truth.check_caught_up(0..3, &HashSet::from([10])).is_err());
        assert_eq!(truth.rest(), [entry(10), entry(12)]);
    }

    #[test]
    fn the_lobby_shows_all_in_order() {
        let truth = truth(&[row(1, 10), row(2, 11), row(3, 12), row(4, 13)]);
        let check = |shown: &[i64], history, known| {
            let shown: Vec<Entry> = shown.iter().copied().map(entry).collect();
            truth.check_shown(&shown, history, known)
        };
        check(&[10, 11, 12, 13], 2, 2).unwrap();
        check(&[11, 12], 1, 2).unwrap();
        check(&[], 0, 0).unwrap();
        for (shown, history, known, fault) in [
            (&[10, 12][..], 2, 0, "11 is left out"),
            (&[11, 10], 0, 0, "out of order"),
            (&[12, 12], 0, 0, "doubled"),
            (&[13, 14], 0, 0, "not stored"),
            (&[10, 11], 1, 2, "the history lacks 11, which was there"),
            (&[], 0, 1, "the history is empty"),
        ] {
            assert!(check(shown, history, known).is_err(), "{fault}");
        }
    }
}
