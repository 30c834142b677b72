//! What is being written.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::put;
use crate::screen::app::App;

/// What stands before the text, where there is room.
const PROMPT: &str = " › ";
const PROMPT_WIDTH: u16 = 3;

/// Columns below which the prompt is left out.
const PROMPT_FROM: u16 = 12;

/// Columns of text in a composer that is `width` columns wide: one stays free, for the cursor.
pub fn text_width(width: u16) -> usize {
    usize::from(width.saturating_sub(text_column(width) + 1).max(1))
}

fn text_column(width: u16) -> u16 {
    if width < PROMPT_FROM { 0 } else { PROMPT_WIDTH }
}

/// Draws what is being written, as much as there is room for around the cursor; where the cursor stands.
pub(super) fn composer(app: &App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    if area.is_empty() {
        return None;
    }
    let (text, width) = (app.composer.text(), text_width(area.width));
    let left = area.x + text_column(area.width);
    let (cursor_row, cursor_column) = app.composer.cursor(width);
    let top = (cursor_row + 1).saturating_sub(area.height.into());
    if left > area.x {
        put(buffer, area, (area.x, area.y), PROMPT, app.palette.own);
    }
    if text.is_empty() {
        let invitation = format!("Write to #lobby as {}  ·  /help", shown(app.me()));
        put(buffer, area, (left, area.y), &invitation, app.palette.faint);
    }
    for (y, row) in (area.y..area.bottom()).zip(app.composer.rows(width).into_iter().skip(top)) {
        put(buffer, area, (left, y), text[row].trim_end_matches('\n'), app.palette.text);
    }
    let column = u16::try_from(cursor_column).unwrap_or(u16::MAX);
    let row = u16::try_from(cursor_row - top).unwrap_or(u16::MAX);
    Some(Position { x: left.saturating_add(column).min(area.right() - 1), y: area.y + row })
}

fn shown(name: &str) -> String {
    decentra_core::client::text::visible(name).into_owned()
}
