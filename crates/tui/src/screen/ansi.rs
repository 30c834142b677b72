//! Drawing with the 16 colours that every terminal has.

use std::io::{self, Write};

use crossterm::cursor::MoveTo;
use crossterm::queue;
use crossterm::style::Print;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};

/// Crossterm's backend, but with colours as the oldest terminals know them: `31`, and not `38;5;1`.
#[derive(Debug)]
pub struct Ansi<W: Write>(CrosstermBackend<W>);

impl<W: Write> Ansi<W> {
    /// Draws to `writer`.
    pub fn new(writer: W) -> Self {
        Self(CrosstermBackend::new(writer))
    }
}

impl<W: Write> Write for Ansi<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Write::write(&mut self.0, bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.0)
    }
}

impl<W: Write> Backend for Ansi<W> {
    type Error = io::Error;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, content: I) -> io::Result<()> {
        let (mut drawn, mut style) = (None, String::new());
        for (x, y, cell) in content {
            if x.checked_sub(1).is_none_or(|before| drawn != Some((before, y))) {
                queue!(self.0, MoveTo(x, y))?;
            }
            drawn = Some((x, y));
            let wanted = sgr(cell);
            if wanted != style {
                queue!(self.0, Print(&wanted))?;
                style = wanted;
            }
            queue!(self.0, Print(cell.symbol()))?;
        }
        queue!(self.0, Print("\u{1b}[0m"))
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.0.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.0.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.0.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.0.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.0.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.0.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        self.0.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.0.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.0)
    }
}

/// The sequence after which text looks like `cell`, whatever was before.
fn sgr(cell: &Cell) -> String {
    let mut parameters = vec![0];
    let modifiers = [(Modifier::BOLD, 1), (Modifier::DIM, 2)];
    parameters.extend(modifiers.iter().filter(|(set, _)| cell.modifier.contains(*set)).map(|(_, code)| code));
    parameters.extend(code(cell.fg));
    let parameters: Vec<_> = parameters.iter().map(ToString::to_string).collect();
    format!("\u{1b}[{}m", parameters.join(";"))
}

/// The parameter for `colour`; none for the terminal's own, and for colours that the palette does not use.
fn code(colour: Color) -> Option<u8> {
    Some(match colour {
        Color::Green => 32,
        Color::Yellow => 33,
        Color::DarkGray => 90,
        Color::LightRed => 91,
        Color::LightBlue => 94,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use ratatui::style::Style;

    use super::*;
    use crate::screen::palette::Palette;

    fn drawn(style: Style) -> String {
        let mut cell = Cell::default();
        cell.set_style(style);
        sgr(&cell)
    }

    #[test]
    fn every_colour_of_the_palette_has_its_code() {
        let palette = Palette::new(true);
        for style in
            [palette.own, palette.other, palette.system, palette.line, palette.warning, palette.trouble]
        {
            assert!(style.fg.is_some_and(|colour| code(colour).is_some()), "{style:?}");
        }
        assert_eq!(drawn(palette.own), "\u{1b}[0;1;32m");
        assert_eq!(drawn(palette.text), "\u{1b}[0m");
    }

    #[test]
    fn without_colours_there_are_none() {
        let palette = Palette::new(false);
        assert_eq!(drawn(palette.other), "\u{1b}[0;1m");
        assert_eq!(drawn(palette.trouble), "\u{1b}[0m");
    }
}
