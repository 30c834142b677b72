//! The state of the full screen, and how it changes.

use crossterm::event::{KeyEvent, MouseEvent, MouseEventKind};
use decentra_core::client::{Event, Link, Replica};
use decentra_model::{Body, Timestamp};
use ratatui::layout::{Rect, Size};

use super::composer::Composer;
use super::keys::{self, Action, BINDINGS, Edit, Move};
use super::layout::Layout;
use super::list::{MessageList, Setting};
use super::palette::Palette;
use super::view;
use crate::slash::{self, SLASHES, Slash, Typed};
use crate::zone::Zone;

/// Rows that one step of the wheel scrolls.
const WHEEL_ROWS: usize = 3;

/// The state of the full screen. It changes by events and keys alone; drawing it changes nothing to see.
#[derive(Debug)]
pub struct App {
    /// What is known of the lobby.
    pub replica: Replica,
    /// What is being written.
    pub composer: Composer,
    /// Where one reads.
    pub list: MessageList,
    /// Why what is written cannot be sent.
    pub hint: Option<String>,
    /// Where one is.
    pub server: String,
    /// The name that one asked for.
    pub name: String,
    /// The colours.
    pub palette: Palette,
    /// The zone of the times.
    pub zone: Zone,
    size: Size,
}

/// What the edge does for the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Say this; if that is not possible at the moment, call [`App::put_back`].
    Say(Body),
    /// Ask who is here.
    AskWho,
    /// Draw everything anew.
    Redraw,
    /// Leave.
    Quit,
}

impl App {
    /// The screen before anything happened.
    pub fn new(server: String, name: String, palette: Palette, zone: Zone) -> Self {
        Self {
            replica: Replica::default(),
            composer: Composer::default(),
            list: MessageList::default(),
            hint: None,
            server,
            name,
            palette,
            zone,
            size: Size::default(),
        }
    }

    /// The name that one goes by.
    pub fn me(&self) -> &str {
        self.replica.me.as_deref().unwrap_or(&self.name)
    }

    /// The screen has this size from now on.
    pub fn resize(&mut self, size: Size) {
        self.size = size;
    }

    /// Something happened.
    pub fn hear(&mut self, event: Event, now: Timestamp) {
        self.replica.apply(event, now);
    }

    /// A key was pressed.
    pub fn press(&mut self, key: KeyEvent, now: Timestamp) -> Option<Effect> {
        let action = keys::action(key)?;
        self.hint = None;
        match action {
            Action::Write(c) => self.composer.insert(c.encode_utf8(&mut [0; 4])),
            Action::NewLine => self.composer.insert("\n"),
            Action::Edit(edit) => self.edit(edit),
            Action::Scroll(by) => self.scroll(by),
            Action::Send => return self.send(now),
            Action::Redraw => return Some(Effect::Redraw),
            Action::Quit => return Some(Effect::Quit),
            Action::QuitIfEmpty if self.composer.text().is_empty() => return Some(Effect::Quit),
            Action::QuitIfEmpty => self.composer.delete_right(),
        }
        None
    }

    /// Text was pasted; it is sent when Enter is pressed, however many lines it has.
    pub fn paste(&mut self, text: &str) {
        self.hint = None;
        self.composer.insert(text);
    }

    /// The mouse did something; whether that changes the screen.
    pub fn mouse(&mut self, event: MouseEvent) -> bool {
        match event.kind {
            MouseEventKind::ScrollUp => self.scroll(Move::Up(WHEEL_ROWS)),
            MouseEventKind::ScrollDown => self.scroll(Move::Down(WHEEL_ROWS)),
            _ => return false,
        }
        true
    }

    /// What was to be said could not even wait: it is in the composer again.
    pub fn put_back(&mut self, text: String) {
        self.composer.put_back(text);
        self.hint = Some("Too much waits to be sent already; try again in a moment.".into());
    }

    /// Where the parts of the screen stand in `area`.
    pub fn layout(&self, area: Rect) -> Layout {
        let rows = self.composer.rows(view::composer::text_width(area.width)).len();
        let is_away = matches!(self.replica.link, Link::Away(_));
        Layout::of(area, rows, self.replica.roster.is_some(), is_away)
    }

    /// The rows of the list that are to be seen in `area`.
    pub fn rows(&mut self, area: Rect) -> Vec<super::row::Row> {
        let me = self.replica.me.as_deref().unwrap_or(&self.name);
        self.list.visible(setting(&self.replica, &self.zone, me, area))
    }

    fn send(&mut self, now: Timestamp) -> Option<Effect> {
        match slash::read(self.composer.text()) {
            Typed::Wrong(why) => {
                self.hint = Some(why);
                None
            }
            Typed::Nothing => {
                self.composer.take();
                None
            }
            Typed::Say(body) => {
                self.composer.take();
                self.list.follow();
                Some(Effect::Say(body))
            }
            Typed::Do(slash) => {
                self.composer.take();
                self.list.follow();
                self.obey(slash, now)
            }
        }
    }

    fn obey(&mut self, slash: Slash, now: Timestamp) -> Option<Effect> {
        match slash {
            Slash::Quit => return Some(Effect::Quit),
            Slash::Who => return Some(Effect::AskWho),
            Slash::Clear => self.replica.scrollback.clear(),
            Slash::Help => self.replica.note(&help(), now),
        }
        None
    }

    fn edit(&mut self, edit: Edit) {
        let width = view::composer::text_width(self.size.width);
        match edit {
            Edit::Left => self.composer.left(),
            Edit::Right => self.composer.right(),
            Edit::WordLeft => self.composer.word_left(),
            Edit::WordRight => self.composer.word_right(),
            Edit::LineStart => self.composer.line_start(),
            Edit::LineEnd => self.composer.line_end(),
            Edit::Up => self.composer.up(width),
            Edit::Down => self.composer.down(width),
            Edit::DeleteLeft => self.composer.delete_left(),
            Edit::DeleteRight => self.composer.delete_right(),
            Edit::DeleteWord => self.composer.delete_word(),
            Edit::DeleteToStart => self.composer.delete_to_start(),
            Edit::DeleteToEnd => self.composer.delete_to_end(),
        }
    }

    fn scroll(&mut self, by: Move) {
        let list = self.layout(Rect::from((ratatui::layout::Position::ORIGIN, self.size))).list;
        let me = self.replica.me.as_deref().unwrap_or(&self.name);
        self.list.scroll(by, setting(&self.replica, &self.zone, me, list));
    }
}

fn setting<'a>(replica: &'a Replica, zone: &'a Zone, me: &'a str, area: Rect) -> Setting<'a> {
    Setting { replica, zone, me, width: area.width.into(), height: area.height.into() }
}

/// What can be typed: the two tables.
fn help() -> String {
    let slashes = SLASHES.iter().map(|(words, help, _)| (words.join(" "), *help));
    let keys = BINDINGS.iter().filter(|binding| !binding.help.is_empty());
    let keys = keys.map(|binding| (binding.shown.to_owned(), binding.help));
    let lines = slashes.chain(keys).map(|(what, help)| format!("{what:<26} {help}"));
    lines.collect::<Vec<_>>().join("\n")
}
