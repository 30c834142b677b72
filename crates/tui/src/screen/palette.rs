//! The colours, and what they mean.

use ratatui::style::{Color, Modifier, Style};

/// Styles by meaning; nothing else names a colour. A mark or a place says the same as each colour.
///
/// Only the 16 colours that every terminal has, as its owner has set them; and the background stays theirs.
#[derive(Debug, Clone, Copy)]
pub struct Palette {
    /// One's own name.
    pub own: Style,
    /// Someone else's name. The bright blue: the dark one can hardly be read on black.
    pub other: Style,
    /// What people say and write.
    pub text: Style,
    /// What nobody said, and times.
    pub system: Style,
    /// What is not certain yet, and hints.
    pub faint: Style,
    /// Lines between panes.
    pub line: Style,
    /// Where one is.
    pub title: Style,
    /// All is well.
    pub good: Style,
    /// It is being worked on.
    pub warning: Style,
    /// It went wrong.
    pub trouble: Style,
    /// There is something new.
    pub unread: Style,
}

impl Palette {
    /// The palette with colours, or the one that does without.
    pub fn new(colours: bool) -> Self {
        let plain = Style::new();
        let coloured = |colour| if colours { plain.fg(colour) } else { plain };
        let bold = |style: Style| style.add_modifier(Modifier::BOLD);
        let quiet = if colours { plain.fg(Color::DarkGray) } else { plain.add_modifier(Modifier::DIM) };
        Self {
            own: bold(coloured(Color::Green)),
            other: bold(coloured(Color::LightBlue)),
            text: plain,
            system: quiet,
            faint: plain.add_modifier(Modifier::DIM),
            line: quiet,
            title: bold(plain),
            good: coloured(Color::Green),
            warning: coloured(Color::Yellow),
            trouble: coloured(Color::LightRed),
            unread: bold(coloured(Color::Yellow)),
        }
    }
}
