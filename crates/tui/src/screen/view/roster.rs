//! Who is here, on a wide screen.

use decentra_core::client::{Roster, text};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::put;
use crate::screen::app::App;
use crate::screen::wrap::fitted;

/// Draws the pane: a line, how many are here, and their names as far as there is room.
pub(super) fn roster(app: &App, area: Rect, buffer: &mut Buffer) {
    let Some(roster) = app.replica.roster.as_ref().filter(|_| !area.is_empty()) else { return };
    for y in area.y..area.bottom() {
        put(buffer, area, (area.x, y), "│", app.palette.line);
    }
    let x = area.x + 2;
    put(buffer, area, (x, area.y), &format!("HERE — {}", roster.online()), app.palette.system);
    let room = usize::from(area.height.saturating_sub(1));
    let names: Vec<_> = roster.names().collect();
    let shown = if roster.online() > room { room.saturating_sub(1) } else { room }.min(names.len());
    for (y, name) in (area.y + 1..area.bottom()).zip(&names[..shown]) {
        let (mark, style) =
            if *name == app.me() { ("› ", app.palette.own) } else { ("● ", app.palette.other) };
        let after = put(buffer, area, (x, y), mark, app.palette.good);
        let width = usize::from(area.right().saturating_sub(after));
        put(buffer, area, (after, y), &fitted(&text::visible(name), width), style);
    }
    more(app, roster, shown, area, buffer);
}

/// How many are not named.
fn more(app: &App, roster: &Roster, shown: usize, area: Rect, buffer: &mut Buffer) {
    let more = roster.online().saturating_sub(shown);
    if more > 0 {
        let y = area.y + 1 + u16::try_from(shown).unwrap_or(u16::MAX - 1 - area.y);
        put(buffer, area, (area.x + 2, y), &format!("and {more} more"), app.palette.system);
    }
}
