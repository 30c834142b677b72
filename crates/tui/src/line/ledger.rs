//! What was said in line mode, and whether all of it arrived.

use std::collections::VecDeque;

use decentra_client::ClientError;
use decentra_core::client::Event;

/// Characters of a message that are shown when it is named.
const SHOWN_CHARS: usize = 60;

/// What was said and is not confirmed yet, and what failed.
#[derive(Debug, Default)]
pub struct Ledger {
    unconfirmed: VecDeque<String>,
    questions: usize,
    failed: usize,
    entered: bool,
    tells_who: bool,
    /// Whether the connection stands.
    pub online: bool,
}

impl Ledger {
    /// A message is about to be sent.
    pub fn say(&mut self, text: &str) {
        self.unconfirmed.push_back(text.to_owned());
    }

    /// It was asked who is here.
    pub fn ask(&mut self) {
        self.questions += 1;
    }

    /// Something could not be sent, and that was told.
    pub fn fail(&mut self) {
        self.failed += 1;
    }

    /// Something happened; whether it was progress.
    pub fn hear(&mut self, event: &Event) -> bool {
        match event {
            Event::Entered(entered) => {
                (self.entered, self.online) = (true, true);
                self.tells_who = entered.who.is_some();
            }
            Event::Away(_) => self.online = false,
            // One message goes after the other, so what is confirmed or fails is always the first.
            Event::Settled(_) => drop(self.unconfirmed.pop_front()),
            Event::Said(said) if said.confirms.is_some() => drop(self.unconfirmed.pop_front()),
            Event::Failed(_) => {
                self.unconfirmed.pop_front();
                self.failed += 1;
            }
            Event::Who(_) => self.questions = self.questions.saturating_sub(1),
            // Where the server does not tell, this is the answer.
            Event::Noticed(_) if self.questions > 0 && !self.tells_who => self.questions -= 1,
            _ => return false,
        }
        true
    }

    /// How many messages are not confirmed yet.
    pub fn unconfirmed(&self) -> usize {
        self.unconfirmed.len()
    }

    /// Whether one was let in, and nothing is awaited any more.
    pub fn is_settled(&self) -> bool {
        self.entered && self.unconfirmed.is_empty() && self.questions == 0
    }

    /// Whether there is something that may never come.
    pub fn awaits_something(&self, input_ended: bool) -> bool {
        input_ended || !self.unconfirmed.is_empty()
    }

    /// Whether all is well in the end; else what is not, for people.
    pub fn verdict(&self, error: Option<&ClientError>) -> anyhow::Result<()> {
        let unsent: Vec<_> = self.unconfirmed.iter().map(String::as_str).collect();
        verdict(&unsent, self.failed, error)
    }
}

/// Whether all is well in the end; else what is not, for people: `unsent` is named, `failed` was named before.
pub fn verdict(unsent: &[&str], failed: usize, error: Option<&ClientError>) -> anyhow::Result<()> {
    let mut troubles: Vec<String> = error.into_iter().map(ToString::to_string).collect();
    if !unsent.is_empty() {
        troubles.push(format!("Not sent, or not confirmed ({}):", unsent.len()));
        troubles.extend(unsent.iter().map(|text| format!("    {}", shortened(text))));
    }
    if failed > 0 && troubles.is_empty() {
        troubles.push(format!("Not everything was sent ({failed} failed)."));
    }
    if troubles.is_empty() { Ok(()) } else { Err(anyhow::anyhow!(troubles.join("\n"))) }
}

/// The beginning of `text`.
pub fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
