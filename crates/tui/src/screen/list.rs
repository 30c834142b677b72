//! The messages, and where one reads in them.

use std::collections::HashMap;
use std::rc::Rc;

use decentra_core::client::{Replica, What};

use super::columns::Columns;
use super::keys::Move;
use super::row::{self, Row};
use crate::zone::Zone;

/// Wrapped entries that are kept, at most: many screens full, so that scrolling wraps each entry once.
const WRAPPED_MAX: usize = 2_048;

/// The list of messages: where one reads in it. What it shows is in the [`Replica`].
///
/// The place is kept as the row at the bottom edge, not as a distance from the end: so the list never jumps while one
/// reads, and no more than what is on the screen is ever wrapped.
#[derive(Debug, Default)]
pub struct MessageList {
    /// The row at the bottom; none if one follows what is new.
    bottom: Option<Spot>,
    /// What came after this place, came while one was reading further up.
    new_from: u64,
    wrapped: Wrapped,
}

/// A row of the list: the place of its entry, and its number within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    place: u64,
    row: usize,
}

/// Entries that were cut into rows for a certain width.
#[derive(Debug, Default)]
struct Wrapped {
    columns: Option<Columns>,
    rows: HashMap<u64, Rc<[Row]>>,
}

/// What is needed to lay the list out.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// What is to be shown.
    pub replica: &'a Replica,
    /// The zone of the times.
    pub zone: &'a Zone,
    /// One's own name.
    pub me: &'a str,
    /// How wide the list is.
    pub width: usize,
    /// How many rows it has.
    pub height: usize,
}

impl MessageList {
    /// Follows what is new.
    pub fn follow(&mut self) {
        self.bottom = None;
    }

    /// Whether one reads further up.
    pub fn is_scrolled(&self) -> bool {
        self.bottom.is_some()
    }

    /// How many messages came while one was reading further up, and are still below.
    pub fn new_below(&self, replica: &Replica) -> usize {
        let Some(bottom) = self.bottom else { return 0 };
        let from = self.new_from.max(bottom.place + 1);
        let new = replica.scrollback.iter().rev().take_while(|entry| entry.place >= from);
        new.filter(|entry| matches!(entry.what, What::Said { .. })).count()
    }

    /// Scrolls.
    pub fn scroll(&mut self, by: Move, setting: Setting<'_>) {
        let page = setting.height.saturating_sub(1).max(1);
        let bottom = self.bottom;
        let mut items = self.items(setting);
        let Some((highest, newest)) = items.bounds() else { return };
        let from = items.bottom(bottom, highest, newest);
        let to = match by {
            Move::PageUp => items.up(from, page),
            Move::PageDown => items.down(from, page),
            Move::Up(rows) => items.up(from, rows),
            Move::Down(rows) => items.down(from, rows),
            Move::Oldest => highest,
            Move::Newest => newest,
        };
        let to = to.clamp(highest, newest);
        if self.bottom.is_none() {
            self.new_from = setting.replica.scrollback.end();
        }
        self.bottom = (to < newest).then_some(to);
    }

    /// The rows that are on the screen, the oldest first; fewer than its height if there are no more.
    pub fn visible(&mut self, setting: Setting<'_>) -> Vec<Row> {
        let bottom = self.bottom;
        let mut items = self.items(setting);
        let Some((highest, newest)) = items.bounds() else { return Vec::new() };
        let mut spot = items.bottom(bottom, highest, newest);
        let mut shown = Vec::new();
        while shown.len() < setting.height {
            shown.push(items.rows(spot.place)[spot.row].clone());
            let above = items.up(spot, 1);
            if above == spot {
                break;
            }
            spot = above;
        }
        shown.reverse();
        shown
    }

    fn items<'a>(&'a mut self, setting: Setting<'a>) -> Items<'a> {
        let columns = Columns::of(setting.width);
        if self.wrapped.columns != Some(columns) || self.wrapped.rows.len() > WRAPPED_MAX {
            self.wrapped = Wrapped { columns: Some(columns), rows: HashMap::new() };
        }
        Items { setting, columns, wrapped: &mut self.wrapped.rows }
    }
}

/// Entries and waiting messages, one after the other, as rows.
struct Items<'a> {
    setting: Setting<'a>,
    columns: Columns,
    wrapped: &'a mut HashMap<u64, Rc<[Row]>>,
}

impl Items<'_> {
    fn first(&self) -> u64 {
        self.setting.replica.scrollback.first()
    }

    fn end(&self) -> u64 {
        self.setting.replica.scrollback.end() + self.setting.replica.waiting.len() as u64
    }

    /// The highest and the newest row that may be at the bottom; none in an empty list.
    fn bounds(&mut self) -> Option<(Spot, Spot)> {
        let last = self.end().checked_sub(1).filter(|last| *last >= self.first())?;
        let newest = Spot { place: last, row: self.rows(last).len() - 1 };
        let top = Spot { place: self.first(), row: 0 };
        let highest = self.down(top, self.setting.height.saturating_sub(1));
        Some((highest, newest))
    }

    /// The row at the bottom, which may have been dropped or wrapped anew meanwhile.
    fn bottom(&mut self, wanted: Option<Spot>, highest: Spot, newest: Spot) -> Spot {
        let Some(wanted) = wanted else { return newest };
        let spot = wanted.clamp(highest, newest);
        Spot { row: spot.row.min(self.rows(spot.place).len() - 1), ..spot }
    }

    fn up(&mut self, mut spot: Spot, mut rows: usize) -> Spot {
        while rows > spot.row {
            if spot.place == self.first() {
                return Spot { row: 0, ..spot };
            }
            rows -= spot.row + 1;
            spot.place -= 1;
            spot.row = self.rows(spot.place).len() - 1;
        }
        Spot { row: spot.row - rows, ..spot }
    }

    fn down(&mut self, mut spot: Spot, mut rows: usize) -> Spot {
        loop {
            let below = self.rows(spot.place).len() - 1 - spot.row;
            if rows <= below {
                return Spot { row: spot.row + rows, ..spot };
            }
            if spot.place + 1 >= self.end() {
                return Spot { row: spot.row + below, ..spot };
            }
            rows -= below + 1;
            spot = Spot { place: spot.place + 1, row: 0 };
        }
    }

    /// The rows of what is at `place`, never none.
    fn rows(&mut self, place: u64) -> Rc<[Row]> {
        if let Some(rows) = self.wrapped.get(&place) {
            return Rc::clone(rows);
        }
        let Setting { replica, zone, me, .. } = self.setting;
        let Some(entry) = replica.scrollback.entry(place) else { return self.waiting_rows(place) };
        let time = zone.civil(entry.when);
        let before = place.checked_sub(1).and_then(|before| replica.scrollback.entry(before));
        let new_day = before.is_none_or(|before| zone.civil(before.when).date() != time.date());
        let day = new_day.then(|| row::day(time.date()));
        let rows: Rc<[Row]> = day.into_iter().chain(row::entry(entry, time, me, &self.columns)).collect();
        self.wrapped.insert(place, Rc::clone(&rows));
        rows
    }

    fn waiting_rows(&self, place: u64) -> Rc<[Row]> {
        let Setting { replica, me, .. } = self.setting;
        let index = usize::try_from(place - replica.scrollback.end()).expect("few messages wait");
        row::waiting(&replica.waiting[index], me, &self.columns).into()
    }
}

#[cfg(test)]
mod tests {
    use decentra_core::client::{Event, Said, When};
    use decentra_model::Timestamp;
    use decentra_model::limits::SCROLLBACK_MAX;

    use super::*;

    const HEIGHT: usize = 4;

    struct Reader {
        replica: Replica,
        list: MessageList,
        width: usize,
    }

    impl Reader {
        fn of(count: usize) -> Self {
            let mut reader = Self { replica: Replica::default(), list: MessageList::default(), width: 80 };
            (0..count).for_each(|number| reader.hear(&number.to_string()));
            reader
        }

        fn hear(&mut self, text: &str) {
            let now = Timestamp::from_unix_micros(0);
            let (by, text) = ("Ben".to_owned(), text.to_owned());
            let said = Said { by, text, when: When::At(now), mine: false, confirms: None };
            self.replica.apply(Event::Said(said), now);
        }

        fn scroll(&mut self, by: Move) {
            let zone = Zone::utc();
            let setting =
                Setting { replica: &self.replica, zone: &zone, me: "Ana", width: self.width, height: HEIGHT };
            self.list.scroll(by, setting);
        }

        fn shows(&mut self) -> Vec<String> {
            let zone = Zone::utc();
            let setting =
                Setting { replica: &self.replica, zone: &zone, me: "Ana", width: self.width, height: HEIGHT };
            self.list.visible(setting).into_iter().map(|row| row.text).collect()
        }
    }

    #[test]
    fn it_follows_what_is_new() {
        let mut reader = Reader::of(0);
        assert!(reader.shows().is_empty());
        reader.hear("a");
        assert_eq!(reader.shows(), ["Thursday, 1 January 1970", "a"]);
        for text in ["b", "c", "d"] {
            reader.hear(text);
        }
        assert_eq!(reader.shows(), ["a", "b", "c", "d"]);
    }

    #[test]
    fn it_does_not_move_while_one_reads() {
        let mut reader = Reader::of(20);
        reader.scroll(Move::PageUp);
        let read = reader.shows();
        assert_eq!(read, ["13", "14", "15", "16"]);
        assert_eq!(reader.list.new_below(&reader.replica), 0);
        reader.hear("new");
        reader.hear("newer");
        assert_eq!(reader.shows(), read);
        assert_eq!(reader.list.new_below(&reader.replica), 2);
        reader.scroll(Move::Down(4));
        assert_eq!(
            (reader.shows().last().unwrap().as_str(), reader.list.new_below(&reader.replica)),
            ("new", 1)
        );
        reader.scroll(Move::Down(9));
        assert!(!reader.list.is_scrolled());
        assert_eq!(reader.shows(), ["18", "19", "new", "newer"]);
    }

    #[test]
    fn both_ends_are_ends() {
        let mut reader = Reader::of(6);
        reader.scroll(Move::Oldest);
        assert_eq!(reader.shows(), ["Thursday, 1 January 1970", "0", "1", "2"]);
        reader.scroll(Move::Up(1));
        assert_eq!(reader.shows()[1], "0");
        reader.scroll(Move::Newest);
        assert!(!reader.list.is_scrolled());
        let mut short = Reader::of(2);
        short.scroll(Move::PageUp);
        assert!(!short.list.is_scrolled(), "all of it is on the screen");
    }

    #[test]
    fn it_stays_near_when_the_width_changes_or_old_entries_go() {
        let mut reader = Reader::of(3);
        reader.hear(&"word ".repeat(100));
        reader.width = 20;
        reader.scroll(Move::Up(3));
        reader.width = 200;
        assert_eq!(reader.shows().len(), HEIGHT);
        reader.scroll(Move::Oldest);
        (0..=SCROLLBACK_MAX).for_each(|number| reader.hear(&format!("later {number}")));
        assert_eq!(reader.shows()[1], "later 1");
        reader.replica.scrollback.clear();
        assert!(reader.shows().is_empty());
    }

    #[test]
    fn ten_thousand_entries_cost_no_more_than_a_screen() {
        let mut reader = Reader::of(SCROLLBACK_MAX);
        reader.scroll(Move::PageUp);
        reader.shows();
        assert!(reader.list.wrapped.rows.len() < 4 * HEIGHT);
    }
}
