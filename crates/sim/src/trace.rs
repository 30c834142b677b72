//! What happened in a run: a print of all that clients received, and a text for whoever looks into a failure.

use std::fmt::Display;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

/// Characters of one line of the text, at most.
const LINE_CHARS_MAX: usize = 300;

/// What happened in a run. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Trace(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    began: Instant,
    print: DefaultHasher,
    /// The text, where it is wanted.
    lines: Option<Vec<String>>,
}

impl Trace {
    /// An empty trace that begins now, with a text if `is_told`.
    pub fn new(is_told: bool) -> Self {
        let state =
            State { began: Instant::now(), print: DefaultHasher::new(), lines: is_told.then(Vec::new) };
        Self(Arc::new(Mutex::new(state)))
    }

    /// Notes what `who` received.
    pub fn heard(&self, who: &str, what: &str) {
        let mut state = self.state();
        let at = state.began.elapsed();
        (at, who, what).hash(&mut state.print);
        state.tell(who, "<", what);
    }

    /// Notes what `who` does.
    pub fn does(&self, who: &str, what: impl Display) {
        let mut state = self.state();
        if state.lines.is_some() {
            state.tell(who, ">", &what.to_string());
        }
    }

    /// What tells this run from others in which clients received anything else, or at other times.
    pub fn print(&self) -> u64 {
        self.state().print.finish()
    }

    /// The text.
    pub fn lines(&self) -> Vec<String> {
        self.state().lines.clone().unwrap_or_default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn tell(&mut self, who: &str, way: &str, what: &str) {
        let at = self.began.elapsed().as_secs_f64();
        if let Some(lines) = &mut self.lines {
            let what: String = what.chars().take(LINE_CHARS_MAX).collect();
            lines.push(format!("{at:9.3} {who:>6} {way} {what}"));
        }
    }
}
