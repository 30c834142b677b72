//! Text cut into rows of a terminal.

use std::ops::Range;

use ratatui::buffer::CellWidth;
use unicode_segmentation::UnicodeSegmentation;

/// The rows of `text`, as ranges of bytes, each at most `width` columns wide but for spaces at its end.
///
/// Breaks at line feeds, then after spaces and wide characters, then anywhere between graphemes; a grapheme that is
/// wider than `width` has a row of its own. Never none.
pub fn wrap(text: &str, width: usize) -> Vec<Range<usize>> {
    let mut rows = Vec::new();
    let mut offset = 0;
    for line in text.split('\n') {
        wrap_line(line, offset, width.max(1), &mut rows);
        offset += line.len() + 1;
    }
    rows
}

fn wrap_line(line: &str, offset: usize, width: usize, rows: &mut Vec<Range<usize>>) {
    let (mut start, mut used, mut break_at) = (0, 0, 0);
    for (index, grapheme) in line.grapheme_indices(true) {
        let columns = columns(grapheme);
        let is_space = grapheme.chars().all(|c| c.is_whitespace() && c != '\u{a0}');
        while used + columns > width && index > start && !is_space {
            let end = if break_at > start { break_at } else { index };
            rows.push(offset + start..offset + end);
            start = end;
            used = columns_of(&line[start..index]);
        }
        used += columns;
        if is_space || columns > 1 {
            break_at = index + grapheme.len();
        }
    }
    rows.push(offset + start..offset + line.len());
}

/// Columns that `text` takes on a terminal, where each grapheme stands in cells of its own.
pub fn columns_of(text: &str) -> usize {
    text.graphemes(true).map(columns).sum()
}

/// Columns that a grapheme takes: as many as the widgets give it.
fn columns(grapheme: &str) -> usize {
    grapheme.cell_width().into()
}

/// The longest beginning of `text` that fits into `width` columns; with `…` at its end if it is not all.
pub fn fitted(text: &str, width: usize) -> String {
    if columns_of(text) <= width {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = |grapheme: &&str| {
        used += columns(grapheme);
        used <= width
    };
    let kept: String = text.graphemes(true).take_while(fits).collect();
    if width == 0 { String::new() } else { kept + "…" }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(text: &str, width: usize) -> Vec<&str> {
        wrap(text, width).into_iter().map(|row| &text[row]).collect()
    }

    #[test]
    fn text_is_cut_at_words_then_anywhere() {
        for (text, width, expected) in [
            ("", 5, vec![""]),
            ("hello", 5, vec!["hello"]),
            ("hello world", 5, vec!["hello ", "world"]),
            ("hello world", 6, vec!["hello ", "world"]),
            ("a\n\nb", 5, vec!["a", "", "b"]),
            ("abcdefgh", 3, vec!["abc", "def", "gh"]),
            ("go abcdefgh", 4, vec!["go ", "abcd", "efgh"]),
            ("日本語テキスト", 5, vec!["日本", "語テ", "キス", "ト"]),
            ("ab 👩‍🚀👩‍🚀", 5, vec!["ab 👩‍🚀", "👩‍🚀"]),
            ("👍👍", 1, vec!["👍", "👍"]),
            ("e\u{301}e\u{301}e\u{301}", 2, vec!["e\u{301}e\u{301}", "e\u{301}"]),
            ("a\u{a0}b c", 3, vec!["a\u{a0}b ", "c"]),
            ("x", 0, vec!["x"]),
        ] {
            assert_eq!(rows(text, width), expected, "{text:?} in {width}");
        }
    }

    #[test]
    fn what_does_not_fit_is_shortened() {
        for (text, width, expected) in [
            ("Alice", 5, "Alice"),
            ("Alice", 4, "Ali…"),
            ("日本語", 4, "日…"),
            ("Alice", 1, "…"),
            ("Alice", 0, ""),
        ] {
            assert_eq!(fitted(text, width), expected, "{text} in {width}");
        }
    }

    proptest! {
        #[test]
        fn rows_hold_all_of_the_text_and_fit(text in "\\PC{0,60}( |\n|[a-z日👍]{0,9}){0,20}", width in 2_usize..40) {
            let rows = wrap(&text, width);
            let mut end = 0;
            for row in &rows {
                prop_assert!(row.start == end || text.as_bytes()[row.start - 1] == b'\n');
                end = row.end;
                let shown = text[row.clone()].trim_end();
                prop_assert!(columns_of(shown) <= width || shown.graphemes(true).count() == 1);
            }
            prop_assert_eq!(end, text.len());
        }
    }
}
