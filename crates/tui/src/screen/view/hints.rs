//! The line above the composer: what is new below, and what cannot be sent.

use decentra_core::client::text;
use decentra_model::limits::MESSAGE_CHARS_MAX;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::put;
use crate::screen::app::App;
use crate::screen::palette::Palette;
use crate::screen::wrap::{columns_of, fitted};

/// Characters that are left of a message from which on they are counted.
const COUNTED_FROM: usize = 200;

/// Draws a line.
pub(super) fn rule(palette: &Palette, area: Rect, buffer: &mut Buffer) {
    put(buffer, area, (area.x, area.y), &"─".repeat(area.width.into()), palette.line);
}

/// Draws the line above the composer.
pub(super) fn hints(app: &App, area: Rect, buffer: &mut Buffer) {
    rule(&app.palette, area, buffer);
    let room = usize::from(area.width.saturating_sub(6));
    if let Some(hint) = app.hint.clone().or_else(|| counted(app.composer.text())) {
        let hint = fitted(&text::visible(&hint), room);
        put(buffer, area, (area.x + 2, area.y), &format!(" {hint} "), app.palette.warning);
    } else if let Some((pill, style)) = pill(app) {
        let pill = format!(" {} ", fitted(&pill, room));
        let width = u16::try_from(columns_of(&pill)).unwrap_or(u16::MAX);
        let x = area.right().saturating_sub(width.saturating_add(2)).max(area.x);
        put(buffer, area, (x, area.y), &pill, style);
    }
}

/// What is below what one reads.
fn pill(app: &App) -> Option<(String, ratatui::style::Style)> {
    match app.list.new_below(&app.replica) {
        0 if app.list.is_scrolled() => Some(("↓ Esc to the newest".into(), app.palette.line)),
        0 => None,
        new => Some((format!("↓ {new} new below · Esc"), app.palette.unread)),
    }
}

/// How much more can be written, when it is little.
fn counted(text: &str) -> Option<String> {
    let chars = text.trim().chars().count();
    match MESSAGE_CHARS_MAX.checked_sub(chars) {
        Some(COUNTED_FROM..) => None,
        Some(left) => Some(format!("{left} characters left")),
        None => Some(format!("{} characters too many", chars - MESSAGE_CHARS_MAX)),
    }
}
