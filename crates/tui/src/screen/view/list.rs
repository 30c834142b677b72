//! The messages.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::put;
use crate::screen::columns::Columns;
use crate::screen::palette::Palette;
use crate::screen::row::{Head, Look, Row};

/// Draws `rows` at the bottom of `area`, so that what is new stands next to what one writes.
pub(super) fn list(rows: &[Row], palette: &Palette, area: Rect, buffer: &mut Buffer) {
    let columns = Columns::of(area.width.into());
    let height = u16::try_from(rows.len()).unwrap_or(u16::MAX);
    let top = area.bottom().saturating_sub(height).max(area.y);
    for (y, row) in (top..area.bottom()).zip(rows) {
        let line = Rect { y, height: 1, ..area };
        if row.look == Look::Day {
            day(&row.text, palette, line, buffer);
        } else {
            entry(row, &columns, palette, line, buffer);
        }
    }
}

fn entry(row: &Row, columns: &Columns, palette: &Palette, line: Rect, buffer: &mut Buffer) {
    let at = |column: usize| (line.x.saturating_add(u16::try_from(column).unwrap_or(u16::MAX)), line.y);
    let (name, text) = styles(row.look, palette);
    if let Some(Head { time, mark, name: shown }) = &row.head {
        if let Some(column) = columns.time {
            put(buffer, line, at(column), time, palette.system);
        }
        put(buffer, line, at(columns.mark), mark, name);
        put(buffer, line, at(columns.name), shown, name);
    }
    let column = if row.look.is_message() { columns.text } else { columns.name };
    put(buffer, line, at(column), &row.text, text);
}

/// How the name and the text of a row are drawn.
fn styles(look: Look, palette: &Palette) -> (Style, Style) {
    match look {
        Look::Own => (palette.own, palette.text),
        Look::Other => (palette.other, palette.text),
        Look::System | Look::Day => (palette.system, palette.system),
        Look::Trouble | Look::Why => (palette.trouble, palette.trouble),
        Look::Waiting => (palette.faint.patch(palette.good), palette.faint),
        Look::Failed => (palette.trouble, palette.text),
    }
}

/// Draws `── Tuesday, 3 March 2026 ─────`.
fn day(text: &str, palette: &Palette, line: Rect, buffer: &mut Buffer) {
    let inner = Rect { x: line.x + 1, width: line.width.saturating_sub(2), ..line };
    super::hints::rule(palette, inner, buffer);
    put(buffer, inner, (inner.x + 2, inner.y), &format!(" {text} "), palette.system);
}
