//! One event as lines.

use std::fmt::Write;

use decentra_core::client::{Event, Roster, Said, When, replica, text};
use decentra_model::Timestamp;

use crate::zone::Zone;

/// How events are written.
#[derive(Debug, Clone)]
pub struct Format {
    /// The zone of the times.
    pub zone: Zone,
    /// Whether lines are coloured.
    pub colours: bool,
}

/// What continues a message is indented by the width of `[12:34:56] `.
const INDENT: &str = "           ";

/// Colours, as the parameters of SGR: of the 16 that every terminal has.
const OWN: &str = "32";
const OTHER: &str = "94";
const SYSTEM: &str = "90";

impl Format {
    /// The lines for `event`, which was heard `now`; none for what is not part of the chat.
    pub fn event(&self, event: &Event, now: Timestamp) -> String {
        match event {
            Event::Said(said) => self.said(said),
            Event::Noticed(notice) => self.system(notice.when, &notice.text),
            Event::Missed => self.system(When::At(now), replica::MISSED),
            Event::Who(who) => self.system(When::At(now), &replica::here(&Roster::from(who.clone()))),
            _ => String::new(),
        }
    }

    fn said(&self, said: &Said) -> String {
        let name = self.paint(if said.mine { OWN } else { OTHER }, &text::visible(&said.by));
        self.lines(said.when, &format!("{name}: "), &said.text)
    }

    fn system(&self, when: When, content: &str) -> String {
        let mut lines = String::new();
        for line in text::lines(content) {
            let line = format!("[{}] * {line}", self.zone.civil(when).strftime("%H:%M:%S"));
            writeln!(lines, "{}", self.paint(SYSTEM, &line)).expect("a String takes all");
        }
        lines
    }

    fn lines(&self, when: When, head: &str, content: &str) -> String {
        let mut lines = self.paint(SYSTEM, &format!("[{}]", self.zone.civil(when).strftime("%H:%M:%S")));
        lines.push(' ');
        lines.push_str(head);
        for (number, line) in text::lines(content).enumerate() {
            let indent = if number == 0 { "" } else { INDENT };
            writeln!(lines, "{indent}{line}").expect("a String takes all");
        }
        lines
    }

    fn paint(&self, colour: &str, text: &str) -> String {
        if self.colours { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use decentra_core::client::{Notice, Tone};
    use expect_test::{Expect, expect};
    use jiff::civil::datetime;

    use super::*;

    const NOON: When = When::Written(datetime(2026, 1, 31, 12, 34, 56, 0));

    fn said(by: &str, text: &str, mine: bool) -> Event {
        Event::Said(Said { by: by.into(), text: text.into(), when: NOON, mine, confirms: None })
    }

    fn check(colours: bool, event: &Event, expected: &Expect) {
        let printed = Format { zone: Zone::utc(), colours }.event(event, Timestamp::from_unix_micros(0));
        expected.assert_eq(&printed.replace('\u{1b}', "ESC"));
    }

    #[test]
    fn events_are_printed_as_the_first_decentra_did() {
        let joined = "Ben joined the chat".to_owned();
        let joined = Notice { text: joined, when: NOON, presence: None, tone: Tone::Plain };
        check(
            false,
            &said("Ana", "hi", true),
            &expect![[r"
            [12:34:56] Ana: hi
        "]],
        );
        check(
            false,
            &said("Ana", "one\n\ttwo", false),
            &expect![[r"
            [12:34:56] Ana: one
                           two
        "]],
        );
        check(
            false,
            &Event::Noticed(joined),
            &expect![[r"
            [12:34:56] * Ben joined the chat
        "]],
        );
    }

    #[test]
    fn only_our_own_escapes_reach_the_terminal() {
        check(
            true,
            &said("Ana", "hi", true),
            &expect![[r"
            ESC[90m[12:34:56]ESC[0m ESC[32mAnaESC[0m: hi
        "]],
        );
        check(
            true,
            &said("E\u{1b}[2J\nve", "\u{1b}]0;owned\u{7}\r", false),
            &expect![[r"
            ESC[90m[12:34:56]ESC[0m ESC[94mE␛[2J␊veESC[0m: ␛]0;owned␇
        "]],
        );
    }
}
