//! The terminal, taken over and given back.

use std::io::{self, BufWriter, Stdout, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::Print;
use crossterm::terminal::{
    DisableLineWrap, EnableLineWrap, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{cursor, queue};
use ratatui::Terminal;
use ratatui::layout::{Rect, Size};

use super::ansi::Ansi;
use super::app::App;
use super::view;

/// Bytes gathered before they are written: a full screen, so that it appears at once.
const OUTPUT_BYTES: usize = 64 * 1024;

/// Clicks and the wheel, as xterm's modes 1000 and 1006 report them; not every move of the mouse.
const MOUSE_ON: &str = "\u{1b}[?1000h\u{1b}[?1006h";
const MOUSE_OFF: &str = "\u{1b}[?1006l\u{1b}[?1000l";

/// Whether the terminal is taken over: there is one for the whole program, and a panic knows no other way to it.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal while the program has it: raw, on its alternate screen. Dropped, or in a panic, it is given back.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal<Ansi<BufWriter<Stdout>>>,
    mouse: bool,
}

impl Screen {
    /// Takes the terminal over; `mouse` also takes its wheel.
    pub fn enter(mouse: bool) -> io::Result<Self> {
        give_back_in_a_panic();
        enable_raw_mode()?;
        TAKEN.store(true, Ordering::SeqCst);
        let output = BufWriter::with_capacity(OUTPUT_BYTES, io::stdout());
        let terminal = Terminal::new(Ansi::new(output)).inspect_err(|_| give_back())?;
        let mut screen = Self { terminal, mouse };
        screen.set_up()?;
        Ok(screen)
    }

    /// Draws `app`; only what has changed is written.
    pub fn draw(&mut self, app: &mut App) -> io::Result<()> {
        let size = self.size()?;
        app.resize(size);
        if size.width > 0 && size.height > 0 {
            self.terminal.draw(|frame| view::draw(app, frame))?;
        }
        Ok(())
    }

    /// Forgets what is on the terminal, so that all of it is drawn anew.
    ///
    /// Also sets it up again: behind `docker attach`, a terminal of another kind may be looking on by now, and a
    /// change of size is all that tells.
    pub fn start_over(&mut self) -> io::Result<()> {
        self.set_up()?;
        let size = self.size()?;
        self.terminal.resize(Rect::new(0, 0, size.width, size.height))
    }

    fn size(&self) -> io::Result<Size> {
        self.terminal.size()
    }

    fn set_up(&mut self) -> io::Result<()> {
        let output = self.terminal.backend_mut();
        queue!(output, EnterAlternateScreen, EnableBracketedPaste, DisableLineWrap)?;
        if self.mouse {
            queue!(output, Print(MOUSE_ON))?;
        }
        io::Write::flush(output)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // What is still gathered must not come after the terminal was given back.
        let _ = io::Write::flush(self.terminal.backend_mut());
        give_back();
    }
}

/// Gives the terminal back, as far as it is still there; once, since doing it again would move the cursor.
fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut output = io::stdout();
    let _ = queue!(
        output,
        Print(MOUSE_OFF),
        EnableLineWrap,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    let _ = output.flush();
    let _ = disable_raw_mode();
}

/// A panic's message is to be read on the screen that one had before.
fn give_back_in_a_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            give_back();
            print(panic);
        }));
    });
}
