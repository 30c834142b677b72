//! What comes from the terminal: keys, pastes, the mouse.

use std::io;
use std::time::Duration;

use crossterm::event::{self, Event};
use rustix::event::{PollFd, PollFlags, poll};
use tokio::sync::mpsc;

/// Inputs read ahead, at most.
const INPUTS_AHEAD_MAX: usize = 256;

/// Time to look for more of what has begun to come. Not zero: with nothing to wait for, crossterm does not look at all.
const LOOK: Duration = Duration::from_millis(1);

/// Starts to read the terminal, on a thread of its own that ends with the program. The channel ends when the terminal
/// is gone.
///
/// A thread, and not crossterm's own stream: reading from a terminal that was hung up, crossterm turns in a circle
/// without end, so its readiness is asked for here first, and where no other task would have to wait. And of
/// crossterm's two readers it is the one of `use-dev-tty`: the other forgets what was typed while the size changed.
pub fn start() -> mpsc::Receiver<Event> {
    let (sender, receiver) = mpsc::channel(INPUTS_AHEAD_MAX);
    std::thread::spawn(move || {
        // An error means that the terminal is gone, which the end of the channel tells.
        let _ = read(&sender);
    });
    receiver
}

fn read(sender: &mpsc::Sender<Event>) -> io::Result<()> {
    while is_there()? {
        while event::poll(LOOK)? {
            if sender.blocking_send(event::read()?).is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Waits until there is something to read; false if there never will be again.
fn is_there() -> io::Result<bool> {
    let stdin = io::stdin();
    let mut waiting = [PollFd::new(&stdin, PollFlags::IN)];
    loop {
        match poll(&mut waiting, None) {
            Ok(_) => break,
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(!waiting[0].revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL))
}
