//! What happened, as rows of the list.

use std::ops::Range;

use decentra_core::client::replica::Waiting;
use decentra_core::client::{Entry, What, text};
use jiff::civil::{Date, DateTime};

use super::columns::Columns;
use super::wrap::{fitted, wrap};

/// One row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Time, mark and name, in the first row of an entry.
    pub head: Option<Head>,
    /// What stands in the text column, or in the name column if it is not a message.
    pub text: String,
    /// What it is.
    pub look: Look,
}

/// What stands before the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// `12:34`; empty while it is not known.
    pub time: String,
    /// What kind it is, for those who see no colours.
    pub mark: &'static str,
    /// Who; empty if nobody said it.
    pub name: String,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// A new day begins.
    Day,
    /// One's own message.
    Own,
    /// Someone else's message.
    Other,
    /// Nobody said it.
    System,
    /// Something went wrong.
    Trouble,
    /// One's own message, not confirmed yet.
    Waiting,
    /// One's own message, which will not be said.
    Failed,
    /// Why a message of one's own waits, or failed.
    Why,
}

impl Look {
    /// Whether the row belongs to a message.
    pub fn is_message(self) -> bool {
        matches!(self, Self::Own | Self::Other | Self::Waiting | Self::Failed | Self::Why)
    }
}

/// The row that says which day begins.
pub fn day(date: Date) -> Row {
    Row { head: None, text: date.strftime("%A, %-d %B %Y").to_string(), look: Look::Day }
}

/// The rows of `entry`, which happened at `time`; `me` is one's own name.
pub fn entry(entry: &Entry, time: DateTime, me: &str, columns: &Columns) -> Vec<Row> {
    let part = |mark, name: &str, text: &str, look| {
        let head = Head { time: time.strftime("%H:%M").to_string(), mark, name: one_line(name) };
        rows(head, text, look, columns)
    };
    match &entry.what {
        What::Said { by, text, mine: true } => part("›", by, text, Look::Own),
        What::Said { by, text, mine: false } => part(" ", by, text, Look::Other),
        What::Joined(text) => part("→", "", text, Look::System),
        What::Left(text) => part("←", "", text, Look::System),
        What::Note(text) => part("·", "", text, Look::System),
        What::Trouble(text) => part("!", "", text, Look::Trouble),
        What::Failed { text, why } => {
            let mut rows = part("×", me, text, Look::Failed);
            rows.extend(reason(&format!("not sent: {why} (Up fetches it again)"), columns));
            rows
        }
    }
}

/// The rows of a message of one's own that is not confirmed yet.
pub fn waiting(waiting: &Waiting, me: &str, columns: &Columns) -> Vec<Row> {
    let head = Head { time: String::new(), mark: "…", name: one_line(me) };
    let mut rows = rows(head, &waiting.pending.text, Look::Waiting, columns);
    if let Some(why) = &waiting.why {
        rows.extend(reason(&format!("waits: {why}"), columns));
    }
    rows
}

fn rows(head: Head, text: &str, look: Look, columns: &Columns) -> Vec<Row> {
    let lines: Vec<_> = text::lines(text).collect();
    let text = columns.text_of(&head.name, &lines.join("\n"));
    let head = Head { name: fitted(&head.name, columns.name_width), ..head };
    let mut rows = cut(&text, look, columns);
    rows[0].head = Some(head);
    rows
}

fn reason(why: &str, columns: &Columns) -> Vec<Row> {
    cut(&one_line(why), Look::Why, columns)
}

fn cut(text: &str, look: Look, columns: &Columns) -> Vec<Row> {
    let width = if look.is_message() { columns.text_width } else { columns.note_width };
    let row = |range: Range<usize>| Row { head: None, text: text[range].trim_end().to_owned(), look };
    wrap(text, width).into_iter().map(row).collect()
}

fn one_line(text: &str) -> String {
    text::visible(text).into_owned()
}
