//! Keys become actions in one table, which `/help` shows too.

use crossterm::event::KeyCode::{
    Backspace, Char, Delete, Down, End, Enter, Esc, Home, Left, PageDown, PageUp, Right, Up,
};
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Write this character.
    Write(char),
    /// Send what is written.
    Send,
    /// Begin a new line.
    NewLine,
    /// Move or delete in what is written.
    Edit(Edit),
    /// Scroll the messages.
    Scroll(Move),
    /// Leave.
    Quit,
    /// Leave if nothing is written; else delete to the right.
    QuitIfEmpty,
    /// Draw everything anew.
    Redraw,
}

/// How what is written changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named as the method of the composer that it calls")]
pub enum Edit {
    Left,
    Right,
    WordLeft,
    WordRight,
    LineStart,
    LineEnd,
    Up,
    Down,
    DeleteLeft,
    DeleteRight,
    DeleteWord,
    DeleteToStart,
    DeleteToEnd,
}

/// How far to scroll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// One screen up.
    PageUp,
    /// One screen down.
    PageDown,
    /// This many rows up.
    Up(usize),
    /// This many rows down.
    Down(usize),
    /// To the oldest message.
    Oldest,
    /// To the newest message.
    Newest,
}

/// Keys, and what they do.
#[derive(Debug)]
pub struct Binding {
    keys: &'static [(KeyModifiers, KeyCode)],
    action: Action,
    /// How `/help` writes the keys.
    pub shown: &'static str,
    /// What `/help` says of them; nothing if they belong to the line before.
    pub help: &'static str,
}

const NONE: KeyModifiers = KeyModifiers::NONE;
const CTRL: KeyModifiers = KeyModifiers::CONTROL;
const ALT: KeyModifiers = KeyModifiers::ALT;
const SHIFT: KeyModifiers = KeyModifiers::SHIFT;

const fn on(
    keys: &'static [(KeyModifiers, KeyCode)],
    action: Action,
    shown: &'static str,
    help: &'static str,
) -> Binding {
    Binding { keys, action, shown, help }
}

/// The table.
pub const BINDINGS: &[Binding] = &[
    on(&[(NONE, Enter)], Action::Send, "Enter", "send"),
    on(&[(ALT, Enter), (SHIFT, Enter), (CTRL, Char('j'))], Action::NewLine, "Alt+Enter, Ctrl+J", "new line"),
    on(&[(NONE, Up)], Action::Edit(Edit::Up), "Up, Down", "a row up or down; then: what was sent before"),
    on(&[(NONE, Down)], Action::Edit(Edit::Down), "", ""),
    on(&[(NONE, Left), (CTRL, Char('b'))], Action::Edit(Edit::Left), "", ""),
    on(&[(NONE, Right), (CTRL, Char('f'))], Action::Edit(Edit::Right), "", ""),
    on(
        &[(CTRL, Left), (ALT, Left), (ALT, Char('b'))],
        Action::Edit(Edit::WordLeft),
        "Ctrl+Left, Ctrl+Right",
        "word by word",
    ),
    on(&[(CTRL, Right), (ALT, Right), (ALT, Char('f'))], Action::Edit(Edit::WordRight), "", ""),
    on(
        &[(NONE, Home), (CTRL, Char('a'))],
        Action::Edit(Edit::LineStart),
        "Home, End, Ctrl+A, Ctrl+E",
        "start and end of the line",
    ),
    on(&[(NONE, End), (CTRL, Char('e'))], Action::Edit(Edit::LineEnd), "", ""),
    on(&[(NONE, Backspace), (SHIFT, Backspace)], Action::Edit(Edit::DeleteLeft), "", ""),
    on(&[(CTRL, Char('h'))], Action::Edit(Edit::DeleteLeft), "", ""),
    on(&[(NONE, Delete)], Action::Edit(Edit::DeleteRight), "", ""),
    on(
        &[(CTRL, Char('w')), (ALT, Backspace), (CTRL, Backspace)],
        Action::Edit(Edit::DeleteWord),
        "Ctrl+W",
        "delete the word before",
    ),
    on(
        &[(CTRL, Char('u'))],
        Action::Edit(Edit::DeleteToStart),
        "Ctrl+U, Ctrl+K",
        "delete up to the cursor, and after it",
    ),
    on(&[(CTRL, Char('k'))], Action::Edit(Edit::DeleteToEnd), "", ""),
    on(&[(NONE, PageUp)], Action::Scroll(Move::PageUp), "PageUp, PageDown, wheel", "scroll"),
    on(&[(NONE, PageDown)], Action::Scroll(Move::PageDown), "", ""),
    on(&[(SHIFT, Up)], Action::Scroll(Move::Up(1)), "Shift+Up, Shift+Down", "scroll by a row"),
    on(&[(SHIFT, Down)], Action::Scroll(Move::Down(1)), "", ""),
    on(
        &[(CTRL, Home)],
        Action::Scroll(Move::Oldest),
        "Ctrl+Home, Ctrl+End, Esc",
        "to the oldest; to the newest",
    ),
    on(&[(CTRL, End), (NONE, Esc)], Action::Scroll(Move::Newest), "", ""),
    on(&[(CTRL, Char('l'))], Action::Redraw, "Ctrl+L", "draw the screen anew"),
    on(&[(CTRL, Char('c'))], Action::Quit, "Ctrl+C, Ctrl+D", "leave (Ctrl+D: when nothing is written)"),
    on(&[(CTRL, Char('d'))], Action::QuitIfEmpty, "", ""),
];

/// What `key` does, if anything.
pub fn action(key: KeyEvent) -> Option<Action> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let pressed = (key.modifiers, key.code);
    if let Some(binding) = BINDINGS.iter().find(|binding| binding.keys.contains(&pressed)) {
        return Some(binding.action);
    }
    match key.code {
        // Ctrl+Alt is how some keyboards write @ and {.
        Char(c) if !key.modifiers.intersects(CTRL | ALT) || key.modifiers.contains(CTRL | ALT) => {
            Some(Action::Write(c))
        }
        KeyCode::Tab => Some(Action::Write('\t')),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_bound_twice() {
        let mut keys: Vec<_> = BINDINGS.iter().flat_map(|binding| binding.keys).collect();
        let count = keys.len();
        keys.sort_by_key(|(modifiers, code)| (modifiers.bits(), code.to_string()));
        keys.dedup();
        assert_eq!(keys.len(), count);
    }

    #[test]
    fn letters_are_written_and_unknown_keys_do_nothing() {
        for (modifiers, code, expected) in [
            (NONE, Char('ß'), Some(Action::Write('ß'))),
            (SHIFT, Char('A'), Some(Action::Write('A'))),
            (CTRL | ALT, Char('@'), Some(Action::Write('@'))),
            (CTRL, Char('c'), Some(Action::Quit)),
            (CTRL, Char('y'), None),
            (ALT, Char('x'), None),
            (NONE, KeyCode::F(5), None),
        ] {
            assert_eq!(action(KeyEvent::new(code, modifiers)), expected, "{modifiers:?} {code:?}");
        }
    }
}
