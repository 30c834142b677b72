//! The full screen, as a person sees it.

use std::num::NonZeroU16;

use crate::support::DECENTRA;
use crate::support::room::Room;
use crate::support::terminal::{Terminal, position};
use decentra_tui::screen::terminal::Screen;
use pty_process::blocking::Command;
use rustix::process::Signal;
use serde_json::json;
use vt100::Color;

const GREEN: Color = Color::Idx(2);
const BRIGHT_BLUE: Color = Color::Idx(12);

fn join(room: &Room, name: &str, variables: &[(&str, &str)]) -> Terminal {
    let url = format!("ws://{}", room.address);
    let terminal = Terminal::decentra(&["--server", &url, name], variables);
    terminal.wait_for("connected");
    terminal
}

#[test]
fn two_people_chat_in_colours_with_a_mark_beside_them() {
    let room = Room::start();
    let mut ana = join(&room, "Ana", &[]);
    let mut ben = join(&room, "Ben", &[]);
    ana.wait_for("Ben joined the chat");
    ana.press("Has anyone finished chapter four?\r");
    let (row, column) = ben.wait_for("Ana           Has anyone finished");
    assert_eq!(ben.colour((row, column)), BRIGHT_BLUE);
    ben.press("Last night.\r");
    ben.wait_for("12:34 › Ben           Last night.");
    let (row, column) = ana.wait_for("› Ana");
    assert_eq!((ana.colour((row, column)), ana.colour((row, column + 2))), (GREEN, GREEN));
    assert_eq!(ana.colour(ana.wait_for("Ben           Last night.")), BRIGHT_BLUE);
    assert_eq!(room.said(2), ["Ana: Has anyone finished chapter four?", "Ben: Last night."]);
    ben.press("/quit\r");
    assert!(ben.end().success());
    ana.wait_for("Ben left the chat");
}

#[test]
fn without_colours_the_marks_remain() {
    let room = Room::start();
    let mut ana = join(&room, "Ana", &[("NO_COLOR", "1")]);
    room.say("Ben", "hello");
    ana.press("hi\r");
    ana.wait_for("› Ana           hi");
    ana.wait_for("Ben           hello");
    ana.look(|screen| {
        let cells = (0..24).flat_map(|row| (0..80).map(move |column| (row, column)));
        for (row, column) in cells {
            let cell = screen.cell(row, column).unwrap();
            assert_eq!((cell.fgcolor(), cell.bgcolor()), (Color::Default, Color::Default));
        }
    });
}

#[test]
fn wide_characters_line_up() {
    let room = Room::start();
    let ana = join(&room, "Ana", &[]);
    room.say("日本", "語👍|e\u{301}|");
    let (row, name) = ana.wait_for("日本");
    ana.wait_for("語👍|e\u{301}|");
    ana.look(|screen| {
        let text = |column| screen.cell(row, column).unwrap().contents().to_owned();
        let text_at = name + 14;
        assert!(screen.cell(row, name).unwrap().is_wide());
        let shown: Vec<_> = [0, 2, 4, 5, 6].map(|offset| text(text_at + offset)).into();
        assert_eq!(shown, ["語", "👍", "|", "e\u{301}", "|"]);
    });
}

#[test]
fn a_resize_never_breaks_the_screen() {
    let room = Room::start();
    let mut ana = join(&room, "Ana", &[]);
    room.say("Ben", "some words that are said before the terminal changes, and have to be wrapped");
    for (width, height) in [(40, 10), (1, 1), (3, 2), (0, 0), (200, 50), (20, 4), (80, 24)] {
        ana.resize(width, height);
        if width >= 40 {
            let bottom = height - 1;
            let size = [height, width].map(|size| NonZeroU16::new(size).unwrap());
            ana.wait("the prompt at the bottom", |screen| {
                (screen.size() == (size[0], size[1])
                    && position(screen, "› Write to #lobby as Ana")?.0 == bottom)
                    .then_some(())
            });
            ana.wait_for("some words");
        }
    }
    ana.press("still here\r");
    ana.wait_for("› Ana           still here");
}

#[test]
fn what_is_typed_in_the_moment_of_a_resize_is_not_held_back() {
    let room = Room::start();
    let mut ana = join(&room, "Ana", &[]);
    for nth in 0..30_u16 {
        ana.resize(80 + nth % 2, 24);
        ana.press(&format!("typed {nth}\r"));
        ana.wait_for(&format!("Ana           typed {nth}"));
    }
}

#[test]
fn a_terminal_without_a_size_gets_its_screen_when_it_has_one() {
    let room = Room::start();
    let command = Command::new(DECENTRA).args(["--server", &format!("ws://{}", room.address), "Ana"]);
    let mut terminal = Terminal::start(command.env_remove("TERM"), (0, 0));
    terminal.wait("the other screen", |screen| screen.alternate_screen().then_some(()));
    room.say("Ben", "hello");
    terminal.press("written blind\r");
    assert_eq!(room.said(2)[1], "Ana: written blind");
    terminal.resize(80, 24);
    terminal.wait_for("Ben           hello");
}

#[test]
fn hostile_text_is_shown_and_does_nothing() {
    let room = Room::start();
    let ana = join(&room, "Ana", &[]);
    room.say("E\u{1b}[2Jve", "\u{1b}]0;owned\u{7}\u{1b}[31m\u{1b}[?1049l\u{9b}2Jred\u{202e}");
    room.send(&json!({"type": "system", "content": "\u{1b}[H\u{1b}]2;x\u{1b}\\", "timestamp": "\u{1b}[1m"}));
    ana.wait_for("E␛[2Jve");
    let (row, column) = ana.wait_for("␛]0;owned␇␛[31m␛[?1049l\\u{9b}2Jred\\u{202e}");
    ana.wait_for("· ␛[H␛]2;x␛\\");
    assert_eq!(ana.colour((row, column + 18)), Color::Default);
    assert_eq!(ana.tricks(), [""; 0]);
    ana.wait("the cursor where one writes", |screen| {
        (screen.alternate_screen() && screen.cursor_position() == (23, 3)).then_some(())
    });
}

#[test]
fn what_is_written_while_the_connection_is_lost_is_said_once_and_in_order() {
    let room = Room::start();
    let mut ana = join(&room, "Ana", &[]);
    ana.press("before\r");
    ana.wait_for("› Ana           before");
    room.cut();
    ana.wait_for("you can keep writing");
    for text in ["one", "two", "three"] {
        ana.press(&format!("{text}\r"));
        let (row, column) = ana.wait_for(&format!("… Ana           {text}"));
        ana.look(|screen| assert!(screen.cell(row, column + 16).unwrap().dim()));
    }
    room.say("Ben", "meanwhile");
    room.open();
    ana.wait_for("› Ana           three");
    ana.wait_without("you can keep writing");
    assert_eq!(room.said(5), ["Ana: before", "Ben: meanwhile", "Ana: one", "Ana: two", "Ana: three"]);
    ana.look(|screen| {
        let rows = screen.rows(0, 80).filter(|row| row.starts_with(" 12:34") && !row.contains('·'));
        let shown: Vec<_> =
            rows.map(|row| row.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(shown, ["› Ana before", "Ben meanwhile", "› Ana one", "› Ana two", "› Ana three"]);
    });
}

#[test]
fn what_cannot_be_said_is_marked_with_the_reason() {
    let room = Room::start();
    let mut ana = join(&room, "Ana", &[]);
    room.go_deaf();
    ana.press("hi\r");
    ana.wait_for("… Ana           hi");
    room.send(&json!({"type": "system", "content": "The server does not like that.", "error": "bad_text"}));
    ana.wait_for("× Ana           hi");
    ana.wait_for("not sent: The server does not like that.");
    ana.press("\u{1b}[A");
    ana.wait_for("› hi");
}

#[test]
fn one_can_read_further_up_while_others_write() {
    let room = Room::start();
    (0..100).for_each(|number| room.say("Ben", &format!("number {number}.")));
    let mut ana = join(&room, "Ana", &[]);
    ana.wait_for("number 99.");
    ana.press("\u{1b}[5~");
    ana.wait_without("number 99.");
    ana.wait_for("Esc to the newest");
    room.say("Ben", "new one");
    room.say("Ben", "new two");
    ana.wait_for("↓ 2 new below");
    ana.press("\u{1b}[1;5H");
    ana.wait_for("number 0.");
    ana.wait_for("Saturday, 31 January 2026");
    ana.press("\u{1b}[<65;10;10M");
    ana.wait_without("Saturday, 31 January 2026");
    ana.press("\u{1b}");
    ana.wait_for("new two");
    ana.wait_without("new below");
}

#[test]
fn several_pasted_lines_are_one_message() {
    let room = Room::start();
    let mut ana = join(&room, "Ana", &[]);
    ana.press("\u{1b}[200~first\rsecond\r\n\tthird\u{1b}[201~");
    let (row, _) = ana.wait_for("third");
    assert_eq!(row, 23);
    ana.press("\r");
    assert_eq!(room.said(1), ["Ana: first\nsecond\n    third"]);
    ana.wait_for("› Ana           first");
}

#[test]
fn commands_are_obeyed_and_unknown_ones_hinted_at() {
    let room = Room::start();
    let mut ana = join(&room, "Ana", &[]);
    ana.press("/dance\r");
    ana.wait_for("There is no command /dance");
    ana.press("\u{15}//dance\r");
    ana.wait_for("› Ana           /dance");
    ana.press("/who\r");
    ana.wait_for("This server does not tell who is here.");
    ana.press("/clear\r");
    ana.wait_without("does not tell");
    ana.press("/help\r");
    ana.wait_for("Ctrl+C, Ctrl+D");
    assert_eq!(room.said(1), ["Ana: /dance"]);
}

#[test]
fn who_is_here_is_shown_when_the_server_tells() {
    let room = Room::start();
    let ana = join(&room, "Ana", &[]);
    room.send(&json!({"type": "who", "online": 3, "users": ["Ana", "Ben", "E\u{1b}ve"]}));
    ana.wait_for("· 3 here: Ana, Ben, E␛ve");
    let (row, _) = ana.wait_for("3 here: Ana");
    assert_eq!(row, 0, "and in the status");
    ana.resize(120, 24);
    ana.wait_for("│ HERE — 3");
    ana.wait_for("│ › Ana");
    ana.wait_for("│ ● E␛ve");
}

#[test]
fn the_terminal_is_given_back_however_one_leaves() {
    for keys in ["/quit\r", "/q\r", "/exit\r", "\u{3}", "\u{4}"] {
        let room = Room::start();
        let mut ana = join(&room, "Ana", &[]);
        ana.press(keys);
        assert_eq!(ana.end().code(), Some(0), "{keys:?}");
        ana.assert_given_back();
    }
}

#[test]
fn the_terminal_is_given_back_when_the_program_is_told_to_stop() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let room = Room::start();
        let mut ana = join(&room, "Ana", &[]);
        ana.signal(signal);
        assert_eq!(ana.end().code(), Some(0), "{signal:?}");
        ana.assert_given_back();
    }
}

#[test]
fn what_was_never_said_is_named_when_one_leaves() {
    let room = Room::start();
    let mut ana = join(&room, "Ana", &[]);
    room.cut();
    ana.wait_for("you can keep writing");
    ana.press("nobody hears this\r");
    ana.wait_for("… Ana");
    ana.press("\u{3}");
    assert_eq!(ana.end().code(), Some(1));
    ana.assert_given_back();
    ana.wait_for("nobody hears this");
}

#[test]
fn the_terminal_is_given_back_in_a_panic() {
    // The test starts itself in a terminal, and there it panics with the screen taken over.
    const IN_TERMINAL: &str = "DECENTRA_TEST_PANICS";
    if std::env::var_os(IN_TERMINAL).is_some() {
        let _screen = Screen::enter(true).unwrap();
        panic!("as the test wants");
    }
    let itself = std::env::current_exe().unwrap();
    let command = Command::new(itself)
        .args(["--exact", "screen::the_terminal_is_given_back_in_a_panic", "--nocapture"])
        .env(IN_TERMINAL, "1")
        .env("RUST_BACKTRACE", "0");
    let mut terminal = Terminal::start(command, (80, 24));
    assert_eq!(terminal.end().code(), Some(101));
    terminal.assert_given_back();
    terminal.wait_for("as the test wants");
}

#[test]
fn a_server_that_ends_the_stay_has_the_last_word() {
    let room = Room::start();
    let mut ana = join(&room, "Ana", &[]);
    room.send(&json!({"type": "message", "username": "x".repeat(5_000_000), "content": "", "timestamp": ""}));
    assert_eq!(ana.end().code(), Some(1));
    ana.assert_given_back();
    ana.wait_for("sends more at once");
}

#[test]
fn nobody_at_the_address_is_a_sentence_and_no_screen() {
    let mut ana = Terminal::decentra(&["--server", "ws://127.0.0.1:1", "Ana"], &[]);
    assert_eq!(ana.end().code(), Some(1));
    ana.wait_for("Nothing answers at 127.0.0.1:1");
    ana.assert_given_back();
}

#[test]
fn one_is_asked_for_a_name() {
    let room = Room::start();
    for (typed, name) in [("Änne\r", "Änne"), ("\r", "Anonymous")] {
        let mut terminal = Terminal::decentra(
            &["--port", &room.address.port().to_string()],
            &[("SERVER_HOST", "127.0.0.1")],
        );
        terminal.wait_for("Your name");
        terminal.press(typed);
        terminal.wait_for(&format!("Write to #lobby as {name}"));
    }
}
