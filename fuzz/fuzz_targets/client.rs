//! What a lobby server sends to our client, up to the terminal: nothing said is lost, and nothing acts on the terminal.
#![no_main]

use std::collections::HashMap;

use decentra_core::client::{Event, Output, Session};
use decentra_model::limits::{OUTBOX_MAX, ROSTER_NAMES_MAX, SCROLLBACK_BYTES_MAX, SCROLLBACK_MAX};
use decentra_model::lobby::{ClientFrame, ServerFrame};
use decentra_model::text::is_control;
use decentra_model::{Body, Name, Nonce, Timestamp};
use decentra_tui::line::format::Format;
use decentra_tui::screen::ansi::Ansi;
use decentra_tui::screen::app::App;
use decentra_tui::screen::palette::Palette;
use decentra_tui::screen::view;
use decentra_tui::zone::Zone;
use libfuzzer_sys::fuzz_target;
use ratatui::backend::Backend;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};

/// When all of it happens.
const NOW: Timestamp = Timestamp::from_unix_micros(1_769_860_800_000_000);

// The first two bytes are the size of the terminal. A line is a frame, or what happens at the edge: `!c` it connects,
// `!l` the connection is lost, `!e` the timer runs out, `!w` the person asks who is here, `!s` they say something.
fuzz_target!(|data: &[u8]| {
    let Some((size, lines)) = data.split_at_checked(2) else { return };
    let Ok(lines) = std::str::from_utf8(lines) else { return };
    let mut person = Person::new();
    for line in lines.split('\n') {
        person.live(line);
        person.hear();
    }
    person.look();
    person.draw(Rect::new(0, 0, u16::from(size[0] % 100), u16::from(size[1] % 40)));
});

/// One who sits before the client.
struct Person {
    session: Session,
    app: App,
    format: Format,
    said: usize,
    /// How often each of their messages was queued, and came to an end.
    ends: HashMap<Nonce, usize>,
    shown: usize,
    timer: bool,
}

impl Person {
    fn new() -> Self {
        let app = App::new("localhost".into(), "Ana".into(), Palette::new(true), Zone::utc());
        Self {
            session: Session::new(Name::parse("Ana").expect("that is a name")),
            app,
            format: Format { zone: Zone::utc(), colours: true },
            said: 0,
            ends: HashMap::new(),
            shown: 0,
            timer: false,
        }
    }

    fn live(&mut self, line: &str) {
        match line.split_at_checked(2) {
            Some(("!c", _)) => self.session.connected(),
            Some(("!l", _)) => {
                self.timer = false;
                self.session.lost();
            }
            Some(("!e", _)) => {
                if std::mem::take(&mut self.timer) {
                    self.session.expired();
                }
            }
            Some(("!w", _)) => self.session.ask_who(NOW),
            Some(("!s", text)) => self.say(text),
            _ => {
                if let Some(frame) = ServerFrame::parse(line) {
                    assert_eq!(ServerFrame::parse(&frame.to_json()), Some(frame));
                }
                self.session.received(line, NOW);
            }
        }
    }

    fn say(&mut self, text: &str) {
        let Ok(body) = Body::parse(text) else { return };
        self.said += 1;
        let nonce = Nonce::parse(&format!("n{}", self.said)).expect("that is a nonce");
        if self.session.say(nonce.clone(), &body).is_ok() {
            self.ends.insert(nonce, 0);
        }
    }

    fn hear(&mut self) {
        while let Some(output) = self.session.poll() {
            match output {
                Output::Send(frame) => {
                    assert_eq!(ClientFrame::parse(frame.to_json().as_bytes()), Ok(frame));
                }
                Output::Tell(event) => {
                    self.note_end(&event);
                    let lines = self.format.event(&event, NOW);
                    self.shown += lines.len();
                    is_harmless(&lines.replace('\n', ""), "m");
                    self.app.hear(event, NOW);
                }
                Output::Timer(wait) => self.timer = wait.is_some(),
                Output::HangUp(_) => {}
            }
        }
    }

    fn note_end(&mut self, event: &Event) {
        let ended = match event {
            Event::Said(said) => said.confirms.as_ref(),
            Event::Settled(nonce) => Some(nonce),
            Event::Failed(failure) => Some(&failure.pending.nonce),
            _ => None,
        };
        if let Some(ended) = ended {
            *self.ends.get_mut(ended).expect("only what was said can end") += 1;
        }
    }

    fn look(&self) {
        let replica = &self.app.replica;
        assert!(replica.waiting.len() <= OUTBOX_MAX);
        for (nonce, ends) in &self.ends {
            let waits = replica.waiting.iter().filter(|waiting| waiting.pending.nonce == *nonce).count();
            assert_eq!(waits + ends, 1, "{nonce:?} waits {waits} times, and ended {ends} times");
        }
        let entries = replica.scrollback.end() - replica.scrollback.first();
        assert!(entries <= SCROLLBACK_MAX as u64 && self.shown <= 20 * SCROLLBACK_BYTES_MAX);
        assert!(replica.roster.as_ref().is_none_or(|roster| roster.names().count() <= ROSTER_NAMES_MAX));
    }

    fn draw(&mut self, area: Rect) {
        self.app.resize(Size::new(area.width, area.height));
        let mut drawn = Buffer::empty(area);
        view::render(&mut self.app, area, &mut drawn);
        let mut bytes = Vec::new();
        let cells = Buffer::empty(area);
        Ansi::new(&mut bytes).draw(cells.diff(&drawn).into_iter()).expect("a Vec takes all");
        is_harmless(std::str::from_utf8(&bytes).expect("a terminal gets UTF-8"), "mH");
    }
}

/// Whether nothing acts on a terminal but our own sequences, which end with one of `ends`.
fn is_harmless(text: &str, ends: &str) {
    let mut pieces = text.split("\u{1b}[");
    let first = pieces.next().unwrap_or_default();
    assert!(!first.chars().any(is_control), "{text:?}");
    for piece in pieces {
        let shown = piece.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        assert!(shown.starts_with(|c| ends.contains(c)), "{text:?}");
        assert!(!shown.chars().any(is_control), "{text:?}");
    }
}
