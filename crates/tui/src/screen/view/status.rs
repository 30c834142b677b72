//! Where one is, how the connection is, and who is here.

use decentra_core::client::{Link, Roster, text};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::put;
use crate::screen::app::App;
use crate::screen::wrap::{columns_of, fitted};

/// Columns between two parts.
const GAP: u16 = 2;

/// Draws the line at the top.
pub(super) fn status(app: &App, area: Rect, buffer: &mut Buffer) {
    let palette = &app.palette;
    let (mark, state, style) = match app.replica.link {
        Link::Online => ("●", "connected", palette.good),
        Link::Connecting => ("○", "connecting", palette.warning),
        Link::Away(_) => ("○", "reconnecting", palette.warning),
    };
    let x = put(buffer, area, (area.x, area.y), " # lobby", palette.title);
    let x = put(buffer, area, (x + GAP, area.y), &text::visible(&app.server), palette.system);
    let x = put(buffer, area, (x + GAP, area.y), &format!("{mark} {state}"), style);
    if let Some(roster) = &app.replica.roster {
        let room = usize::from(area.right().saturating_sub(x + GAP + 1));
        let here = summary(roster, room);
        let width = u16::try_from(columns_of(&here)).unwrap_or(u16::MAX);
        let x = area.right().saturating_sub(width.saturating_add(1));
        put(buffer, area, (x, area.y), &here, palette.system);
    }
}

/// Who is here, in `room` columns: with names as far as they fit, or the number alone, or nothing.
fn summary(roster: &Roster, room: usize) -> String {
    let count = format!("{} here", roster.online());
    let mut full = count.clone();
    let mut named = 0;
    for name in roster.names() {
        let name = text::visible(name);
        let more = roster.online() - named - 1;
        let separator = if named == 0 { ": " } else { ", " };
        let rest = if more > 0 { format!(" +{more}") } else { String::new() };
        if columns_of(&full) + columns_of(&name) + separator.len() + rest.len() > room {
            break;
        }
        full = format!("{full}{separator}{name}");
        named += 1;
    }
    match (roster.online() - named, named) {
        (0, _) => full,
        (more, 1..) => format!("{full} +{more}"),
        _ if columns_of(&count) <= room => count,
        _ => String::new(),
    }
}

/// Draws what is wrong with the connection, above what one writes.
pub(super) fn banner(app: &App, area: Rect, buffer: &mut Buffer) {
    let Link::Away(why) = &app.replica.link else { return };
    let sentence = format!("Reconnecting; you can keep writing. {}", text::visible(why));
    let room = usize::from(area.width.saturating_sub(3));
    put(buffer, area, (area.x, area.y), &format!(" ○ {}", fitted(&sentence, room)), app.palette.warning);
}
