//! The text that is being written.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::wrap::{columns_of, wrap};

/// Lines that were sent and can be fetched again, at most. More than one remembers.
const SENT_MAX: usize = 200;

/// Bytes that can be written, at most: far more than can be sent, and no more than a screen can work with.
const TEXT_BYTES_MAX: usize = 64 * 1024;

/// The text that is being written, with its cursor, and what was sent before.
#[derive(Debug, Clone, Default)]
pub struct Composer {
    text: String,
    /// In bytes; always between two graphemes.
    cursor: usize,
    sent: Vec<String>,
    /// Which of [`Composer::sent`] is looked at, and what was being written before.
    looking_at: Option<(usize, String)>,
}

impl Composer {
    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The rows of the text in `width` columns.
    pub fn rows(&self, width: usize) -> Vec<Range<usize>> {
        wrap(&self.text, width)
    }

    /// Where the cursor stands in `width` columns: the row, and the column.
    pub fn cursor(&self, width: usize) -> (usize, usize) {
        let rows = self.rows(width);
        let row = rows.iter().rposition(|row| row.start <= self.cursor).unwrap_or(0);
        (row, columns_of(&self.text[rows[row].start..self.cursor]).min(width))
    }

    /// Writes `text` at the cursor. Line feeds and tabs stay; other control characters are left out.
    pub fn insert(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let kept: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        if self.text.len() + kept.len() > TEXT_BYTES_MAX {
            return;
        }
        self.text.insert_str(self.cursor, &kept.replace('\t', "    "));
        self.cursor += kept.replace('\t', "    ").len();
        // A combining mark may have become one with what stands after it.
        self.cursor = self.boundary_at_or_after(self.cursor);
    }

    /// Takes the text out, to send it, and remembers it.
    pub fn take(&mut self) -> String {
        let text = std::mem::take(&mut self.text);
        self.cursor = 0;
        self.looking_at = None;
        if !text.trim().is_empty() && self.sent.last() != Some(&text) {
            self.sent.push(text.clone());
            if self.sent.len() > SENT_MAX {
                self.sent.remove(0);
            }
        }
        text
    }

    /// Puts `text` back, so that nothing typed is lost when it could not be sent.
    pub fn put_back(&mut self, text: String) {
        self.set(text);
    }

    /// One grapheme to the left.
    pub fn left(&mut self) {
        self.cursor = self.before();
    }

    /// One grapheme to the right.
    pub fn right(&mut self) {
        self.cursor = self.after();
    }

    /// To the start of the word on the left.
    pub fn word_left(&mut self) {
        self.cursor = self.word_start();
    }

    /// To the end of the word on the right.
    pub fn word_right(&mut self) {
        let words = self.text[self.cursor..].unicode_word_indices();
        let end = words.map(|(start, word)| start + word.len()).next();
        self.cursor = end.map_or(self.text.len(), |end| self.cursor + end);
    }

    /// To the start of the line.
    pub fn line_start(&mut self) {
        self.cursor = self.line().start;
    }

    /// To the end of the line.
    pub fn line_end(&mut self) {
        self.cursor = self.line().end;
    }

    /// One row up in `width` columns; from the first row, to what was sent before.
    pub fn up(&mut self, width: usize) {
        let (row, column) = self.cursor(width);
        if row > 0 {
            self.go_to(row - 1, column, width);
        } else {
            let newest = self.looking_at.as_ref().map_or(self.sent.len(), |(index, _)| *index);
            if let Some(index) = newest.checked_sub(1) {
                self.look_at(index);
            }
        }
    }

    /// One row down in `width` columns; from the last row, to what was sent after, and to what was being written.
    pub fn down(&mut self, width: usize) {
        let (row, column) = self.cursor(width);
        if row + 1 < self.rows(width).len() {
            self.go_to(row + 1, column, width);
        } else if let Some((index, draft)) = self.looking_at.take() {
            if index + 1 < self.sent.len() {
                self.looking_at = Some((index, draft));
                self.look_at(index + 1);
            } else {
                self.set(draft);
            }
        }
    }

    /// Deletes the grapheme on the left.
    pub fn delete_left(&mut self) {
        self.delete(self.before()..self.cursor);
    }

    /// Deletes the grapheme on the right.
    pub fn delete_right(&mut self) {
        self.delete(self.cursor..self.after());
    }

    /// Deletes the word on the left.
    pub fn delete_word(&mut self) {
        self.delete(self.word_start()..self.cursor);
    }

    /// Deletes from the start of the line to the cursor.
    pub fn delete_to_start(&mut self) {
        self.delete(self.line().start..self.cursor);
    }

    /// Deletes from the cursor to the end of the line; at the end, the line feed.
    pub fn delete_to_end(&mut self) {
        let end = self.line().end;
        self.delete(self.cursor..if end == self.cursor { self.after() } else { end });
    }

    fn delete(&mut self, range: Range<usize>) {
        self.cursor = range.start;
        self.text.drain(range);
        self.cursor = self.boundary_at_or_after(self.cursor);
    }

    fn set(&mut self, text: String) {
        self.text = text;
        self.cursor = self.text.len();
    }

    fn look_at(&mut self, index: usize) {
        let draft = self.looking_at.take().map_or_else(|| self.text.clone(), |(_, draft)| draft);
        self.set(self.sent[index].clone());
        self.looking_at = Some((index, draft));
    }

    /// Puts the cursor into `row`, at `column` or what is nearest on its left.
    fn go_to(&mut self, row: usize, column: usize, width: usize) {
        let rows = self.rows(width);
        let range = rows[row].clone();
        let mut used = 0;
        let fits = |(_, grapheme): &(usize, &str)| {
            used += columns_of(grapheme);
            used <= column
        };
        let shown = self.text[range.clone()].grapheme_indices(true).take_while(fits);
        let end = shown.last().map_or(0, |(index, grapheme)| index + grapheme.len());
        self.cursor = range.start + end;
        // The end of a wrapped row is the start of the next one.
        if rows.get(row + 1).is_some_and(|next| next.start == self.cursor) {
            self.cursor = self.before();
        }
    }

    /// The line in which the cursor stands, without its line feed.
    fn line(&self) -> Range<usize> {
        let start = self.text[..self.cursor].rfind('\n').map_or(0, |index| index + 1);
        let end = self.text[self.cursor..].find('\n').map_or(self.text.len(), |index| self.cursor + index);
        start..end
    }

    fn before(&self) -> usize {
        self.text[..self.cursor].grapheme_indices(true).next_back().map_or(0, |(index, _)| index)
    }

    fn after(&self) -> usize {
        self.cursor + self.text[self.cursor..].graphemes(true).next().map_or(0, str::len)
    }

    fn word_start(&self) -> usize {
        self.text[..self.cursor].unicode_word_indices().next_back().map_or(0, |(index, _)| index)
    }

    fn boundary_at_or_after(&self, at: usize) -> usize {
        let ends = self.text.grapheme_indices(true).map(|(index, grapheme)| index + grapheme.len());
        std::iter::once(0).chain(ends).find(|end| *end >= at).unwrap_or(self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Columns in which the tests write.
    const WIDTH: usize = 10;

    /// Does what the letters say: see [`act`]. Text stands in quotes.
    fn written(steps: &str) -> String {
        let mut composer = Composer::default();
        for (number, part) in steps.split('"').enumerate() {
            if number % 2 == 1 {
                composer.insert(part);
            } else {
                part.chars().for_each(|step| act(&mut composer, step));
            }
        }
        let (before, after) = composer.text.split_at(composer.cursor);
        format!("{before}|{after}")
    }

    fn act(composer: &mut Composer, step: char) {
        match step {
            'l' => composer.left(),
            'r' => composer.right(),
            'b' => composer.word_left(),
            'w' => composer.word_right(),
            'A' => composer.line_start(),
            'E' => composer.line_end(),
            'U' => composer.up(WIDTH),
            'D' => composer.down(WIDTH),
            'h' => composer.delete_left(),
            'x' => composer.delete_right(),
            'W' => composer.delete_word(),
            'u' => composer.delete_to_start(),
            'k' => composer.delete_to_end(),
            's' => drop(composer.take()),
            ' ' => {}
            _ => panic!("no step {step}"),
        }
    }

    #[test]
    fn text_is_edited_by_grapheme_word_and_line() {
        for (steps, result) in [
            (r#""abc" ll "X""#, "aX|bc"),
            (r#""a👩‍🚀e\u{301}" h"#.replace("\\u{301}", "\u{301}").as_str(), "a👩‍🚀|"),
            (r#""a👩‍🚀" h"#, "a|"),
            (r#""a👩‍🚀b" llx"#, "a|b"),
            (r#""one two  three" bb "#, "one |two  three"),
            (r#""one two  three" bbbw "#, "one| two  three"),
            (r#""one two  three" W"#, "one two  |"),
            (r#""one two  three" WW"#, "one |"),
            (r#""one two" bu"#, "|two"),
            (r#""one two" bk"#, "one |"),
            ("\"a\nb\" A k k", "a\n|"),
            ("\"a\nb\" lk", "a\n|"),
            ("\"a\nb\" llk", "a|b"),
            ("\"a\nb\" llA x r E", "\nb|"),
            (r"h x W u k l r b w", "|"),
        ] {
            assert_eq!(written(steps), result, "{steps}");
        }
    }

    #[test]
    fn control_characters_are_left_out_and_line_ends_are_line_feeds() {
        assert_eq!(written("\"a\u{1b}[31mb\r\nc\rd\te\""), "a[31mb\nc\nd    e|");
    }

    #[test]
    fn up_and_down_move_by_rows_and_then_through_what_was_sent() {
        for (steps, result) in [
            (r#""one" s "two" s "draft" U"#, "two|"),
            (r#""one" s "two" s "draft" UU"#, "one|"),
            (r#""one" s "two" s "draft" UUUU"#, "one|"),
            (r#""one" s "two" s "draft" UUD"#, "two|"),
            (r#""one" s "two" s "draft" UUDD"#, "draft|"),
            (r#""one" s "one" s "  " s UU"#, "one|"),
            ("\"abc\nde\" U", "ab|c\nde"),
            ("\"abc\nde\" UD", "abc\nde|"),
            (r#""hello wonderful world" U"#, "hello wonde|rful world"),
            ("U D", "|"),
        ] {
            assert_eq!(written(steps), result, "{steps}");
        }
    }

    #[test]
    fn the_cursor_stands_where_the_text_goes_on() {
        let mut composer = Composer::default();
        composer.insert("日本 wonderful");
        assert_eq!(composer.cursor(10), (1, 9));
        composer.insert("\n");
        assert_eq!(composer.cursor(10), (2, 0));
    }

    proptest! {
        #[test]
        fn no_key_breaks_the_text(parts in proptest::collection::vec("[lrbwAEUDhxWuks]{0,4}|[a b\n👩‍🚀\u{301}🇩🇪\u{200d}]{1,6}", 0..20)) {
            let mut composer = Composer::default();
            for part in parts {
                if part.chars().all(|c| "lrbwAEUDhxWuks".contains(c)) {
                    part.chars().for_each(|step| act(&mut composer, step));
                } else {
                    composer.insert(&part);
                }
                prop_assert!(composer.text.is_char_boundary(composer.cursor));
                prop_assert!(composer.cursor <= composer.text.len());
                composer.cursor(WIDTH);
            }
        }
    }
}
