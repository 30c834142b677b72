//! A terminal with a program in it.

use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::fd::AsFd;
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;

use pty_process::blocking::{Command, Pty, open};
use rustix::process::{Pid, Signal, kill_process};
use vt100::{Callbacks, Color, Parser, Screen};

use super::{DECENTRA, PATIENCE, VARIABLES};

/// A terminal with a program in it, which ends with it.
pub(crate) struct Terminal {
    child: Child,
    pty: Pty,
    keyboard: File,
    view: Arc<View>,
    reader: Option<JoinHandle<()>>,
}

/// What is on the screen.
struct View {
    parser: Mutex<Parser<Titles>>,
    changed: Condvar,
}

/// Titles, bells and other things that only a hostile text would ask for.
#[derive(Default)]
struct Titles(Vec<String>);

impl Callbacks for Titles {
    fn audible_bell(&mut self, _: &mut Screen) {
        self.0.push("bell".into());
    }

    fn set_window_title(&mut self, _: &mut Screen, title: &[u8]) {
        self.0.push(String::from_utf8_lossy(title).into_owned());
    }

    fn unhandled_osc(&mut self, _: &mut Screen, _: &[&[u8]]) {
        self.0.push("osc".into());
    }
}

impl Terminal {
    /// A terminal of 80 by 24 with `decentra` in it, in UTC.
    pub(crate) fn decentra(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(DECENTRA).args(arguments);
        for variable in VARIABLES {
            command = command.env_remove(variable);
        }
        Self::start(command.env("TZ", "UTC").envs(variables.iter().copied()), (80, 24))
    }

    /// A terminal of this size with `command` in it.
    pub(crate) fn start(command: Command, (width, height): (u16, u16)) -> Self {
        let (pty, pts) = open().expect("a terminal can be had");
        pty.resize(pty_process::Size::new(height, width)).expect("it can be resized");
        let child = command.spawn(pts).expect("the program starts");
        let open = || File::from(pty.as_fd().try_clone_to_owned().expect("a terminal can be shared"));
        let (keyboard, output) = (open(), open());
        let (width, height) = (at_least_one(width), at_least_one(height));
        let parser = Mutex::new(Parser::new_with_callbacks(height, width, 0, Titles::default()));
        let view = Arc::new(View { parser, changed: Condvar::new() });
        let reader = std::thread::spawn({
            let view = Arc::clone(&view);
            move || read(output, &view)
        });
        Self { child, pty, keyboard, view, reader: Some(reader) }
    }

    /// Types `keys`.
    pub(crate) fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).expect("the terminal is there");
    }

    /// Gives the terminal another size.
    pub(crate) fn resize(&self, width: u16, height: u16) {
        self.look_again(|parser| parser.set_size(at_least_one(height), at_least_one(width)));
        self.pty.resize(pty_process::Size::new(height, width)).expect("it can be resized");
    }

    /// Waits until the screen is as it must be; what `find` found there.
    pub(crate) fn wait<T>(&self, what: &str, find: impl Fn(&Screen) -> Option<T>) -> T {
        let mut found = None;
        let parser = self.view.parser.lock().expect("no test panics with the lock");
        let missing = |parser: &mut Parser<Titles>| {
            found = find(parser.screen());
            found.is_none()
        };
        let waited = self.view.changed.wait_timeout_while(parser, PATIENCE, missing);
        let shown = waited.expect("no test panics with the lock").0.screen().contents();
        found.unwrap_or_else(|| panic!("{what} does not come. There is:\n{shown}"))
    }

    /// Waits until `text` is on the screen; its row and column.
    pub(crate) fn wait_for(&self, text: &str) -> (u16, u16) {
        self.wait(text, |screen| position(screen, text))
    }

    /// Waits until `text` is not on the screen.
    pub(crate) fn wait_without(&self, text: &str) {
        self.wait(&format!("a screen without {text}"), |screen| {
            position(screen, text).is_none().then_some(())
        });
    }

    /// The colour of what stands at this row and column.
    pub(crate) fn colour(&self, (row, column): (u16, u16)) -> Color {
        self.look(|screen| screen.cell(row, column).expect("that is on the screen").fgcolor())
    }

    /// Looks at the screen as it is.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Screen) -> T) -> T {
        self.look_again(|parser| look(parser.screen()))
    }

    /// What was asked for beside text: titles, bells.
    pub(crate) fn tricks(&self) -> Vec<String> {
        self.look_again(|parser| parser.callbacks().0.clone())
    }

    /// Sends the program a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        let id = Pid::from_raw(self.child.id().try_into().expect("an id is a number")).expect("and not zero");
        kill_process(id, signal).expect("the program is there");
    }

    /// Waits until the program has ended and all it wrote is on the screen.
    pub(crate) fn end(&mut self) -> ExitStatus {
        let status = self.child.wait().expect("a child can be waited for");
        if let Some(reader) = self.reader.take() {
            reader.join().expect("it only reads");
        }
        status
    }

    /// Asserts that the terminal is as it was before the program.
    pub(crate) fn assert_given_back(&self) {
        self.look(|screen| {
            assert!(!screen.alternate_screen(), "the other screen is still on");
            assert!(!screen.hide_cursor(), "the cursor is hidden");
            assert!(!screen.bracketed_paste(), "pastes are still bracketed");
            assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        });
        let modes = rustix::termios::tcgetattr(&self.pty).expect("a terminal has modes");
        assert!(
            modes
                .local_modes
                .contains(rustix::termios::LocalModes::ICANON | rustix::termios::LocalModes::ECHO)
        );
    }

    fn look_again<T>(&self, look: impl FnOnce(&mut Parser<Titles>) -> T) -> T {
        look(&mut self.view.parser.lock().expect("no test panics with the lock"))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where `text` begins on the screen.
pub(crate) fn position(screen: &Screen, text: &str) -> Option<(u16, u16)> {
    let (_, width) = screen.size();
    screen.rows(0, width.get()).zip(0..).find_map(|(line, row)| {
        let before = &line[..line.find(text)?];
        let column = (0..width.get()).find(|column| {
            let shown: String = screen.rows(0, *column).nth(usize::from(row)).unwrap_or_default();
            shown.trim_end() == before.trim_end() && usize::from(*column) >= before.chars().count()
        });
        column.map(|column| (row, column))
    })
}

/// Shows what the program writes, until it ends.
fn read(mut output: File, view: &View) {
    let mut bytes = [0; 4_096];
    while let Ok(count @ 1..) = output.read(&mut bytes) {
        view.parser.lock().expect("no test panics with the lock").process(&bytes[..count]);
        view.changed.notify_all();
    }
}

fn at_least_one(size: u16) -> NonZeroU16 {
    NonZeroU16::new(size).unwrap_or(NonZeroU16::MIN)
}
