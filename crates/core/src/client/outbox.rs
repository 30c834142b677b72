//! What was said and is not confirmed yet.

use std::collections::VecDeque;
use std::time::Duration;

use decentra_model::limits::{ECHO_ATTEMPTS_MAX, OUTBOX_MAX, RESEND_PAUSE, RESEND_PAUSE_MAX};
use decentra_model::lobby::{ErrorCode, Post, PostedFrame, SystemFrame};
use decentra_model::{Body, Nonce};

use super::{Failure, Pending};

/// Messages of one's own, oldest first, at most [`OUTBOX_MAX`].
///
/// One is on its way at a time, and the next goes when the echo came: so the order holds whatever happens between.
#[derive(Debug, Default)]
pub struct Outbox {
    waiting: VecDeque<Pending>,
    flight: Flight,
    /// Whether the first one has been sent at all: only then can it be in a history.
    tried: bool,
    /// How often the first one stayed without an echo on a living connection.
    unanswered: u32,
}

/// Where the first message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Flight {
    /// There is no connection.
    #[default]
    Grounded,
    /// It may go.
    Ready,
    /// It went, and its echo is awaited.
    Aloft,
    /// The server asked for a pause before it goes again.
    Paused,
}

/// What an error of the server means for the outbox.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is about something else.
    NotMine,
    /// The first message goes again after this pause.
    Pause(Duration),
    /// The first message cannot be said; the next may go.
    Failed(Failure),
}

/// What a missing answer means.
#[derive(Debug, PartialEq, Eq)]
pub enum Expired {
    /// The pause is over; go on.
    Resume,
    /// No echo came: reconnect, and look in the history.
    Reconnect,
    /// No echo came, too often.
    Failed(Failure),
}

/// Too much waits already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{OUTBOX_MAX} messages wait to be sent; this one has to wait outside.")]
pub struct Full;

impl Outbox {
    /// Takes a message, to be sent after all others.
    pub fn push(&mut self, nonce: Nonce, body: &Body) -> Result<Pending, Full> {
        if self.waiting.len() >= OUTBOX_MAX {
            return Err(Full);
        }
        let pending = Pending { nonce, text: body.as_str().to_owned() };
        self.waiting.push_back(pending.clone());
        Ok(pending)
    }

    /// There is a connection, and its history was looked through.
    pub fn open(&mut self) {
        self.flight = Flight::Ready;
    }

    /// The connection is gone. What was on its way may have arrived or not.
    pub fn close(&mut self) {
        self.flight = Flight::Grounded;
    }

    /// The message to send now, if one may go.
    pub fn take_off(&mut self) -> Option<Post> {
        if self.flight != Flight::Ready {
            return None;
        }
        let first = self.waiting.front()?;
        self.flight = Flight::Aloft;
        self.tried = true;
        Some(Post { content: first.text.clone(), nonce: Some(first.nonce.as_str().to_owned()) })
    }

    /// Whether an echo is awaited, or a pause kept.
    pub fn is_busy(&self) -> bool {
        matches!(self.flight, Flight::Aloft | Flight::Paused)
    }

    /// Confirms the first message by `post`, seen in an echo or a history.
    ///
    /// A server that knows no nonces gives none back; then one's own name, `me`, and the text must do. From a server
    /// that does, `nonces`, a message without one is somebody else's.
    pub fn confirm(&mut self, post: &PostedFrame, me: &str, nonces: bool) -> Option<Nonce> {
        let first = self.waiting.front().filter(|_| self.tried)?;
        let same = match &post.nonce {
            Some(nonce) => nonce == first.nonce.as_str(),
            None => !nonces && post.username == me && post.content == first.text,
        };
        same.then(|| self.pop().nonce)
    }

    /// Judges an error of the server.
    pub fn refused(&mut self, frame: &SystemFrame) -> Verdict {
        let Some(error) = frame.error.filter(|_| self.concerns(frame)) else { return Verdict::NotMine };
        match error {
            ErrorCode::TooFast | ErrorCode::NotStored => {
                self.flight = Flight::Paused;
                Verdict::Pause(pause(frame.retry_after_ms))
            }
            ErrorCode::BadText | ErrorCode::TooLong | ErrorCode::BadFrame => self.fail(&frame.content),
            _ if frame.nonce.is_some() => self.fail(&frame.content),
            _ => Verdict::NotMine,
        }
    }

    /// The awaited time is over.
    pub fn expired(&mut self) -> Expired {
        if self.flight == Flight::Paused {
            self.flight = Flight::Ready;
            return Expired::Resume;
        }
        self.unanswered += 1;
        if self.unanswered < ECHO_ATTEMPTS_MAX {
            return Expired::Reconnect;
        }
        let why = "The server did not confirm it; it may or may not have been said.";
        Expired::Failed(Failure { pending: self.pop(), why: why.to_owned() })
    }

    /// Whether `frame` is about the message on its way. One without a nonce answers what was sent last.
    fn concerns(&self, frame: &SystemFrame) -> bool {
        self.flight == Flight::Aloft
            && self
                .waiting
                .front()
                .is_some_and(|first| frame.nonce.as_ref().is_none_or(|nonce| nonce == first.nonce.as_str()))
    }

    fn fail(&mut self, why: &str) -> Verdict {
        Verdict::Failed(Failure { pending: self.pop(), why: why.to_owned() })
    }

    /// Takes the first message out, and lets the next one go if there is a connection.
    fn pop(&mut self) -> Pending {
        self.tried = false;
        self.unanswered = 0;
        if self.flight != Flight::Grounded {
            self.flight = Flight::Ready;
        }
        self.waiting.pop_front().expect("only asked when there is a first message")
    }
}

/// The pause that a server asks for, within our own bounds.
fn pause(retry_after_ms: Option<u64>) -> Duration {
    retry_after_ms.map_or(RESEND_PAUSE, Duration::from_millis).min(RESEND_PAUSE_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbox(texts: &[&str]) -> Outbox {
        let mut outbox = Outbox::default();
        for text in texts {
            push(&mut outbox, text).unwrap();
        }
        outbox
    }

    /// A message's nonce is its text, to keep the tests short.
    fn push(outbox: &mut Outbox, text: &str) -> Result<Pending, Full> {
        outbox.push(Nonce::parse(text).unwrap(), &Body::parse(text).unwrap())
    }

    fn sent(outbox: &mut Outbox) -> Option<String> {
        outbox.take_off().map(|post| post.content)
    }

    fn echo(username: &str, content: &str, nonce: Option<&str>) -> PostedFrame {
        PostedFrame {
            username: username.into(),
            content: content.into(),
            nonce: nonce.map(str::to_owned),
            ..PostedFrame::default()
        }
    }

    fn error(error: ErrorCode, nonce: Option<&str>, retry_after_ms: Option<u64>) -> SystemFrame {
        SystemFrame {
            content: "no".into(),
            error: Some(error),
            nonce: nonce.map(str::to_owned),
            retry_after_ms,
            ..SystemFrame::default()
        }
    }

    #[test]
    fn one_message_is_on_its_way_at_a_time() {
        let mut outbox = outbox(&["a", "b"]);
        assert_eq!(sent(&mut outbox), None, "there is no connection yet");
        outbox.open();
        assert_eq!(sent(&mut outbox).as_deref(), Some("a"));
        assert_eq!(sent(&mut outbox), None);
        assert!(outbox.confirm(&echo("me", "a", Some("a")), "me", true).is_some());
        assert_eq!(sent(&mut outbox).as_deref(), Some("b"));
    }

    #[test]
    fn what_was_on_its_way_goes_again_unless_the_history_has_it() {
        for arrived in [true, false] {
            let mut outbox = outbox(&["a", "b"]);
            outbox.open();
            sent(&mut outbox);
            outbox.close();
            if arrived {
                assert!(outbox.confirm(&echo("me", "a", None), "me", false).is_some());
            }
            outbox.open();
            assert_eq!(sent(&mut outbox).as_deref(), Some(if arrived { "b" } else { "a" }));
        }
    }

    #[test]
    fn only_what_was_sent_can_be_confirmed_and_only_by_its_own() {
        let mut outbox = outbox(&["a"]);
        assert_eq!(outbox.confirm(&echo("me", "a", None), "me", false), None, "never sent");
        outbox.open();
        sent(&mut outbox);
        for (post, nonces) in [
            (echo("you", "a", None), false),
            (echo("me", "b", None), false),
            (echo("me", "a", None), true),
            (echo("me", "a", Some("other")), false),
        ] {
            assert_eq!(outbox.confirm(&post, "me", nonces), None, "{post:?}");
        }
        assert!(outbox.confirm(&echo("renamed", "trimmed", Some("a")), "me", true).is_some());
    }

    #[test]
    fn too_fast_and_not_stored_wait_and_go_again() {
        for (code, asked_ms, pause) in [
            (ErrorCode::TooFast, Some(200), Duration::from_millis(200)),
            (ErrorCode::TooFast, Some(u64::MAX), RESEND_PAUSE_MAX),
            (ErrorCode::NotStored, None, RESEND_PAUSE),
        ] {
            let mut outbox = outbox(&["a"]);
            outbox.open();
            sent(&mut outbox);
            assert_eq!(outbox.refused(&error(code, Some("a"), asked_ms)), Verdict::Pause(pause));
            assert_eq!(sent(&mut outbox), None);
            assert_eq!(outbox.expired(), Expired::Resume);
            assert_eq!(sent(&mut outbox).as_deref(), Some("a"));
        }
    }

    #[test]
    fn what_cannot_be_said_fails_and_the_next_goes() {
        let mut outbox = outbox(&["a", "b"]);
        outbox.open();
        sent(&mut outbox);
        assert_eq!(outbox.refused(&error(ErrorCode::BadText, Some("x"), None)), Verdict::NotMine);
        assert_eq!(outbox.refused(&error(ErrorCode::OutOfOrder, None, None)), Verdict::NotMine);
        let Verdict::Failed(failure) = outbox.refused(&error(ErrorCode::TooLong, None, None)) else {
            panic!("a frame that is too long has no nonce to give back");
        };
        assert_eq!((failure.pending.text.as_str(), failure.why.as_str()), ("a", "no"));
        assert_eq!(sent(&mut outbox).as_deref(), Some("b"));
    }

    #[test]
    fn a_server_that_never_echoes_is_tried_a_few_times() {
        let mut outbox = outbox(&["a", "b"]);
        for _ in 1..ECHO_ATTEMPTS_MAX {
            outbox.open();
            assert_eq!(sent(&mut outbox).as_deref(), Some("a"));
            assert_eq!(outbox.expired(), Expired::Reconnect);
            outbox.close();
        }
        outbox.open();
        sent(&mut outbox);
        assert!(matches!(outbox.expired(), Expired::Failed(failure) if failure.pending.text == "a"));
        assert_eq!(sent(&mut outbox).as_deref(), Some("b"));
    }

    #[test]
    fn it_is_bounded() {
        let mut outbox = Outbox::default();
        (0..OUTBOX_MAX).for_each(|n| drop(push(&mut outbox, &n.to_string()).unwrap()));
        assert_eq!(push(&mut outbox, "more"), Err(Full));
    }
}
