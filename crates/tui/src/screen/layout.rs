//! Where on the screen its parts stand.

use ratatui::layout::Rect;

/// Rows that the composer grows to, at most.
const COMPOSER_ROWS_MAX: u16 = 8;

/// Columns from which on there is room for a pane with who is here, and its width.
const ROSTER_FROM: u16 = 100;
const ROSTER_WIDTH: u16 = 24;

/// The parts of the screen; an empty one is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Server, connection, who is here.
    pub status: Rect,
    /// The line below the status.
    pub rule: Rect,
    /// The messages.
    pub list: Rect,
    /// Who is here, on a wide screen.
    pub roster: Rect,
    /// What is wrong with the connection.
    pub banner: Rect,
    /// The line above the composer, with what is new below and what cannot be sent.
    pub hints: Rect,
    /// What is being written.
    pub composer: Rect,
}

impl Layout {
    /// The parts in `area`, for a composer of `rows` rows. What matters least goes first when there is little room.
    pub fn of(area: Rect, rows: usize, has_roster: bool, has_banner: bool) -> Self {
        let height = area.height;
        let rows = u16::try_from(rows).unwrap_or(u16::MAX);
        let composer = rows.clamp(1, COMPOSER_ROWS_MAX).min((height / 3).max(1)).min(height);
        let status = u16::from(height >= 4);
        let hints = u16::from(height >= 6);
        let banner = u16::from(height >= 5 && has_banner);
        let rule = u16::from(height >= 8);
        let list = height - composer - status - hints - banner - rule;

        let mut rest = area;
        let mut take = |rows: u16| {
            let taken = Rect { height: rows, ..rest };
            rest.y += rows;
            rest.height -= rows;
            taken
        };
        let (status, rule, list) = (take(status), take(rule), take(list));
        let (banner, hints, composer) = (take(banner), take(hints), take(composer));
        let width = if has_roster && area.width >= ROSTER_FROM { ROSTER_WIDTH } else { 0 };
        let roster = Rect { x: list.right() - width, width, ..list };
        Self {
            status,
            rule,
            list: Rect { width: list.width - width, ..list },
            roster,
            banner,
            hints,
            composer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_fill_every_screen_and_never_overlap() {
        for (width, height) in (0..130).flat_map(|width| (0..30).map(move |height| (width, height))) {
            for (rows, banner) in [(1, false), (1, true), (5, true), (1_000, false)] {
                let area = Rect::new(0, 0, width, height);
                let layout = Layout::of(area, rows, true, banner);
                let parts = [
                    layout.status,
                    layout.rule,
                    layout.list,
                    layout.roster,
                    layout.banner,
                    layout.hints,
                    layout.composer,
                ];
                let filled: u32 = parts.iter().map(|part| part.area()).sum();
                assert_eq!(filled, area.area(), "{width}x{height} with {rows}");
                assert!(parts.iter().all(|part| area.union(*part) == area || part.is_empty()));
                assert!(height == 0 || layout.composer.height > 0);
            }
        }
    }
}
