//! The line mode, for pipes and scripts: what the first Decentra printed.
//!
//! [`mod@format`] writes one event, [`ledger`] knows what is not confirmed yet, [`input`] reads lines.

pub mod format;
pub mod input;
pub mod ledger;

use std::collections::VecDeque;
use std::io::{self, Write};
use std::time::Duration;

use decentra_client::{Client, Command, Options, clock};
use decentra_core::client::Event;
use decentra_model::limits::OUTBOX_MAX;
use tokio::sync::mpsc::Receiver;
use tokio::time::Instant;

use crate::aside;
use crate::signals::Signals;
use crate::slash::{self, SLASHES, Slash, Typed};
use crate::zone::Zone;

use format::Format;
use input::Input;
use ledger::Ledger;

/// How the line mode behaves.
#[derive(Debug, Clone)]
pub struct LineMode {
    /// The zone of the times.
    pub zone: Zone,
    /// Whether lines are coloured.
    pub colours: bool,
    /// How long to wait, without progress, for what is not confirmed yet.
    pub timeout: Duration,
}

/// Reads lines and says them, prints what is said, and leaves when the input has ended and all of it was confirmed.
pub async fn run(
    mut client: Client,
    options: &Options,
    mode: LineMode,
    mut signals: Signals,
) -> anyhow::Result<()> {
    let mut lines = Lines::new(options, &mode);
    let mut input = input::start();
    while !lines.is_done() {
        let give_up_at = lines.give_up_at(mode.timeout);
        tokio::select! {
            event = client.events.recv() => match event {
                Some(event) => lines.hear(&event),
                None => break,
            },
            typed = next(&mut input), if lines.wants_input() => lines.take(typed),
            place = client.commands.reserve(), if lines.may_send() => match (place, lines.to_send.pop_front()) {
                (Ok(place), Some(command)) => place.send(command),
                _ => break,
            },
            () = clock::until(give_up_at) => break,
            () = signals.stop() => break,
        }
    }
    let end = client.leave(|event| lines.hear(&event)).await;
    lines.ledger.verdict(end.err().as_ref())
}

async fn next(input: &mut Receiver<Input>) -> Input {
    input.recv().await.unwrap_or(Input::End)
}

/// The state of the line mode.
struct Lines {
    format: Format,
    server: String,
    ledger: Ledger,
    to_send: VecDeque<Command>,
    input_ended: bool,
    progress_at: Instant,
}

impl Lines {
    fn new(options: &Options, mode: &LineMode) -> Self {
        Self {
            format: Format { zone: mode.zone.clone(), colours: mode.colours },
            server: options.server.to_string(),
            ledger: Ledger::default(),
            to_send: VecDeque::new(),
            input_ended: false,
            progress_at: Instant::now(),
        }
    }

    fn is_done(&self) -> bool {
        self.input_ended && self.to_send.is_empty() && self.ledger.is_settled()
    }

    /// Nothing is handed over while there is no connection: the input waits outside, where there is room.
    fn may_send(&self) -> bool {
        self.ledger.online && !self.to_send.is_empty()
    }

    /// The next line is read when the last one is on its way; so a long input waits outside, where it is bounded.
    fn wants_input(&self) -> bool {
        !self.input_ended && self.to_send.is_empty() && self.ledger.unconfirmed() < OUTBOX_MAX / 2
    }

    fn give_up_at(&self, timeout: Duration) -> Option<Instant> {
        let stuck = !self.ledger.is_settled() && (self.input_ended || !self.ledger.online);
        (stuck && self.ledger.awaits_something(self.input_ended)).then(|| self.progress_at + timeout)
    }

    fn hear(&mut self, event: &Event) {
        let was_online = self.ledger.online;
        if self.ledger.hear(event) {
            self.progress_at = Instant::now();
        }
        // An outage is told once, however many attempts it takes.
        if was_online || !matches!(event, Event::Away(_)) {
            self.tell(event);
        }
        let printed = self.format.event(event, clock::now());
        let mut output = io::stdout().lock();
        if output.write_all(printed.as_bytes()).and_then(|()| output.flush()).is_err() {
            // Nobody reads any more: finish what was begun, and go.
            self.input_ended = true;
        }
    }

    fn tell(&self, event: &Event) {
        if let Some(note) = note(event, &self.server) {
            aside::say(&note);
        }
    }

    fn take(&mut self, input: Input) {
        self.progress_at = Instant::now();
        match input {
            Input::End => self.input_ended = true,
            Input::Broken(why) => {
                self.ledger.fail();
                aside::say(&format!("Not sent: {why}."));
            }
            Input::Line(line) => match slash::read(&line) {
                Typed::Nothing => {}
                Typed::Say(body) => {
                    self.ledger.say(body.as_str());
                    self.to_send.push_back(Command::Say(body));
                }
                Typed::Wrong(why) => self.wrong(&line, &why),
                Typed::Do(slash) => self.obey(slash),
            },
        }
    }

    fn obey(&mut self, slash: Slash) {
        match slash {
            Slash::Quit => self.input_ended = true,
            Slash::Who => {
                self.ledger.ask();
                self.to_send.push_back(Command::AskWho);
            }
            Slash::Clear => aside::say("There is nothing to clear: these are lines."),
            Slash::Help => {
                for (words, help, _) in SLASHES {
                    aside::say(&format!("{:<20}  {help}", words.join(" ")));
                }
            }
        }
    }

    fn wrong(&mut self, line: &str, why: &str) {
        self.ledger.fail();
        aside::say(&format!("Not sent: {} ({why})", ledger::shortened(line)));
    }
}

/// What to tell about the connection, beside the chat.
fn note(event: &Event, server: &str) -> Option<String> {
    match event {
        Event::Entered(entered) => Some(format!("Connected to {server} as {}.", entered.you)),
        Event::Away(why) => Some(format!("{why} Trying again; what is written meanwhile is kept.")),
        Event::Held(_, why) => Some(format!("Waiting: {why}")),
        Event::Failed(failure) => {
            Some(format!("Not sent: {} ({})", ledger::shortened(&failure.pending.text), failure.why))
        }
        _ => None,
    }
}
