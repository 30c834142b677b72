//! One's stay in the lobby, across connections.

use std::collections::VecDeque;
use std::time::Duration;

use decentra_model::limits::EARLY_BYTES_MAX;
use decentra_model::lobby::{
    ClientFrame, ErrorCode, History, Join, PostedFrame, ServerFrame, SystemFrame, Who,
};
use decentra_model::{Body, Name, Nonce, Timestamp};

use super::outbox::{Expired, Full, Outbox, Verdict};
use super::seen::{Mark, Seen};
use super::{Entered, Event, Failure, Notice, Said, Tone, When};

/// What the edge does for a [`Session`], in the order in which it comes.
#[derive(Debug, PartialEq, Eq)]
pub enum Output {
    /// Send this frame.
    Send(ClientFrame),
    /// Tell the person.
    Tell(Event),
    /// Start the one timer anew, or stop it; when it runs out, call [`Session::expired`].
    Timer(Option<Wait>),
    /// End this connection, and make a new one.
    HangUp(HangUp),
}

/// What the timer is for. The edge knows how long the first two are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// The history must come: [`decentra_model::limits::ENTRY_TIMEOUT`].
    Entry,
    /// The echo must come: [`decentra_model::limits::ECHO_TIMEOUT`].
    Echo,
    /// A pause that the server asked for.
    Pause(Duration),
}

/// Why the client ends a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HangUp {
    /// No history came.
    #[error("The server answers, but does not let us in.")]
    NoEntry,
    /// No echo came.
    #[error("The server does not confirm what is said.")]
    NoEcho,
    /// Too much came before the history.
    #[error("The server talks before it lets us in.")]
    Babble,
}

/// One's stay in the lobby.
///
/// It is told what happened ([`connected`](Self::connected), [`received`](Self::received), [`say`](Self::say), …);
/// after each, [`poll`](Self::poll) gives what is to be done, until it gives nothing.
#[derive(Debug)]
pub struct Session {
    name: Name,
    phase: Phase,
    /// Whether the server is of our make: it tells names, takes nonces and writes UTC.
    ours: bool,
    me: String,
    tells_who: bool,
    seen: Seen,
    /// What came before the history, to be looked for in it.
    early: Vec<PostedFrame>,
    outbox: Outbox,
    sentence: Option<String>,
    outputs: VecDeque<Output>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Away,
    Joining,
    Inside,
}

impl Session {
    /// A stay under `name`, without a connection yet.
    pub fn new(name: Name) -> Self {
        Self {
            me: name.to_string(),
            name,
            phase: Phase::Away,
            ours: false,
            tells_who: false,
            seen: Seen::default(),
            early: Vec::new(),
            outbox: Outbox::default(),
            sentence: None,
            outputs: VecDeque::new(),
        }
    }

    /// What is to be done next.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Whether one is in the lobby.
    pub fn is_inside(&self) -> bool {
        self.phase == Phase::Inside
    }

    /// What the server last said was wrong, while joining.
    pub fn sentence(&self) -> Option<&str> {
        self.sentence.as_deref()
    }

    /// A connection stands: join.
    pub fn connected(&mut self) {
        self.phase = Phase::Joining;
        self.sentence = None;
        let join = Join { username: Some(self.name.to_string()), token: None };
        self.outputs.push_back(Output::Send(ClientFrame::Join(join)));
        self.outputs.push_back(Output::Timer(Some(Wait::Entry)));
    }

    /// A text frame came. What is no frame of the protocol is ignored.
    pub fn received(&mut self, frame: &str, now: Timestamp) {
        match (ServerFrame::parse(frame), self.phase) {
            (Some(ServerFrame::History(history)), Phase::Joining) => self.enter(history, now),
            (Some(ServerFrame::Message(post)), Phase::Joining) => self.keep_for_later(post),
            (Some(ServerFrame::Message(post)), Phase::Inside) => self.hear(&post, now),
            (Some(ServerFrame::System(system)), _) => self.notice(system, now),
            (Some(ServerFrame::Who(who)), _) => self.tell(Event::Who(who)),
            _ => {}
        }
        self.send_next();
    }

    /// The connection is gone. What is still to be told stays; what was to be sent waits for the next one.
    pub fn lost(&mut self) {
        self.phase = Phase::Away;
        self.early.clear();
        self.outbox.close();
        self.outputs.retain(|output| matches!(output, Output::Tell(_)));
    }

    /// The person said something.
    pub fn say(&mut self, nonce: Nonce, body: &Body) -> Result<(), Full> {
        let pending = self.outbox.push(nonce, body)?;
        self.tell(Event::Queued(pending));
        self.send_next();
        Ok(())
    }

    /// A message did not even get into the outbox.
    pub fn give_up(&mut self, failure: Failure) {
        self.tell(Event::Failed(failure));
    }

    /// The person asks who is here.
    pub fn ask_who(&mut self, now: Timestamp) {
        let why_not = match self.phase {
            Phase::Inside if self.tells_who => {
                return self.outputs.push_back(Output::Send(ClientFrame::Who));
            }
            Phase::Inside => "This server does not tell who is here.",
            _ => "There is no connection at the moment.",
        };
        let notice = Notice { text: why_not.into(), when: When::At(now), presence: None, tone: Tone::Plain };
        self.tell(Event::Noticed(notice));
    }

    /// The timer ran out.
    pub fn expired(&mut self) {
        match self.phase {
            Phase::Away => {}
            Phase::Joining => self.outputs.push_back(Output::HangUp(HangUp::NoEntry)),
            Phase::Inside => match self.outbox.expired() {
                Expired::Resume => {}
                Expired::Reconnect => self.outputs.push_back(Output::HangUp(HangUp::NoEcho)),
                Expired::Failed(failure) => self.tell(Event::Failed(failure)),
            },
        }
        self.send_next();
    }

    /// The history came: say what is new in it, then go on sending.
    fn enter(&mut self, history: History, now: Timestamp) {
        self.ours = history.you.is_some();
        self.me = history.you.unwrap_or_else(|| self.name.to_string());
        self.tells_who = history.who.is_some();
        self.phase = Phase::Inside;
        self.tell(Event::Entered(Entered { you: self.me.clone(), who: history.who.map(bounded) }));
        self.catch_up(&posts(history.messages), now);
        self.outbox.open();
        self.outputs.push_back(Output::Timer(None));
    }

    /// Tells what is new in the history, and then what came before it and is not in it.
    fn catch_up(&mut self, history: &[PostedFrame], now: Timestamp) {
        let marks: Vec<_> = history.iter().map(Mark::of).collect();
        let fresh = self.seen.compare(&marks);
        if fresh.gap {
            self.tell(Event::Missed);
        }
        for (post, _) in history.iter().zip(fresh.is_new).filter(|(_, new)| *new) {
            self.hear(post, now);
        }
        for post in std::mem::take(&mut self.early) {
            if !marks.contains(&Mark::of(&post)) {
                self.hear(&post, now);
            }
        }
    }

    fn keep_for_later(&mut self, post: PostedFrame) {
        self.early.push(post);
        let bytes = |post: &PostedFrame| size_of::<PostedFrame>() + post.username.len() + post.content.len();
        if self.early.iter().map(bytes).sum::<usize>() > EARLY_BYTES_MAX {
            self.outputs.push_back(Output::HangUp(HangUp::Babble));
        }
    }

    /// Tells what was said, unless it was told before.
    fn hear(&mut self, post: &PostedFrame, now: Timestamp) {
        let confirms = self.outbox.confirm(post, &self.me, self.ours);
        let mark = Mark::of(post);
        if self.seen.knows(mark) {
            return confirms.into_iter().for_each(|nonce| self.tell(Event::Settled(nonce)));
        }
        self.seen.note(mark);
        self.tell(Event::Said(Said {
            by: post.username.clone(),
            text: post.content.clone(),
            when: When::of(post.id, &post.timestamp, self.ours, now),
            mine: confirms.is_some() || post.username == self.me,
            confirms,
        }));
    }

    fn notice(&mut self, system: SystemFrame, now: Timestamp) {
        let nonce = system.nonce.as_deref().and_then(|nonce| Nonce::parse(nonce).ok());
        match self.outbox.refused(&system) {
            Verdict::NotMine => self.pass_on(system, now),
            Verdict::Failed(failure) => self.tell(Event::Failed(failure)),
            Verdict::Pause(pause) => {
                self.outputs.push_back(Output::Timer(Some(Wait::Pause(pause))));
                if let (Some(ErrorCode::NotStored), Some(nonce)) = (system.error, nonce) {
                    self.tell(Event::Held(nonce, system.content));
                }
            }
        }
    }

    /// Tells what the server tells.
    fn pass_on(&mut self, system: SystemFrame, now: Timestamp) {
        if self.phase == Phase::Joining || system.error == Some(ErrorCode::Refused) {
            self.sentence = Some(system.content.clone());
        }
        // Only our own servers add these keys, and they write UTC.
        let utc = self.ours || system.error.is_some() || system.presence.is_some();
        self.tell(Event::Noticed(Notice {
            when: When::of(None, &system.timestamp, utc, now),
            text: system.content,
            presence: system.presence,
            tone: if system.error.is_some() { Tone::Trouble } else { Tone::Plain },
        }));
    }

    /// Sends the next message if one may go, and stops the timer when nothing is awaited.
    fn send_next(&mut self) {
        if let Some(post) = self.outbox.take_off() {
            self.outputs.push_back(Output::Send(ClientFrame::Message(post)));
            self.outputs.push_back(Output::Timer(Some(Wait::Echo)));
        } else if self.phase == Phase::Inside && !self.outbox.is_busy() {
            self.outputs.push_back(Output::Timer(None));
        }
    }

    fn tell(&mut self, event: Event) {
        self.outputs.push_back(Output::Tell(event));
    }
}

/// The messages of a history; other frames in it are ignored.
fn posts(frames: Vec<ServerFrame>) -> Vec<PostedFrame> {
    let post = |frame| match frame {
        ServerFrame::Message(post) => Some(post),
        _ => None,
    };
    frames.into_iter().filter_map(post).collect()
}

/// As many names as a list may hold.
fn bounded(mut who: Who) -> Who {
    who.users.truncate(decentra_model::limits::ROSTER_NAMES_MAX);
    who
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_before_the_connection_was_lost_is_still_told() {
        let mut session = Session::new(Name::anonymous());
        session.say(Nonce::parse("n").unwrap(), &Body::parse("mine").unwrap()).unwrap();
        session.connected();
        let post = r#"{"type":"message","username":"Ana","content":"hi","timestamp":"t"}"#;
        session.received(
            &format!(r#"{{"type":"history","messages":[{post}]}}"#),
            Timestamp::from_unix_micros(0),
        );
        session.lost();
        let outputs: Vec<_> = std::iter::from_fn(|| session.poll()).collect();
        assert!(outputs.iter().all(|output| matches!(output, Output::Tell(_))), "{outputs:?}");
        assert!(
            outputs
                .iter()
                .any(|output| matches!(output, Output::Tell(Event::Said(said)) if said.text == "hi"))
        );
    }
}
