//! What the parts of the screen look like: each takes state and an area.

pub mod composer;
mod hints;
mod list;
mod roster;
mod status;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::app::App;

/// Draws the whole screen.
pub fn draw(app: &mut App, frame: &mut Frame<'_>) {
    let cursor = render(app, frame.area(), frame.buffer_mut());
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
}

/// Draws the whole screen into `area` of `buffer`; where the cursor stands.
pub fn render(app: &mut App, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let layout = app.layout(area);
    let rows = app.rows(layout.list);
    status::status(app, layout.status, buffer);
    hints::rule(&app.palette, layout.rule, buffer);
    list::list(&rows, &app.palette, layout.list, buffer);
    roster::roster(app, layout.roster, buffer);
    status::banner(app, layout.banner, buffer);
    hints::hints(app, layout.hints, buffer);
    composer::composer(app, layout.composer, buffer)
}

/// Writes `text` from column `x` of the row `y` on, as far as there is room in `area`; the column after it.
fn put(buffer: &mut Buffer, area: Rect, (x, y): (u16, u16), text: &str, style: Style) -> u16 {
    let inside = area.intersection(buffer.area).contains(Position { x, y });
    if !inside {
        return x;
    }
    buffer.set_stringn(x, y, text, usize::from(area.right() - x), style).0
}
