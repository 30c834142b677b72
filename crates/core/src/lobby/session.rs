//! What one connection to the lobby may do, frame by frame.

use std::time::Duration;

use decentra_model::limits::{LOBBY_BURST, LOBBY_FRAME_BYTES_MAX, LOBBY_REFILL};
use decentra_model::lobby::Draft;
use decentra_model::lobby::{ClientFrame, ErrorCode, Join, Post, SystemFrame};
use decentra_model::{Body, Name, Nonce, close};

use crate::Incoming;
use crate::rate::Rate;

/// What whoever runs the server has decided of the lobby.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Whether people without an account may enter.
    pub guests: bool,
    /// Whether the rate of messages is limited.
    pub rate_limits: bool,
}

/// What is to be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Nothing.
    Ignore,
    /// Let them in under this name, or one like it; then call [`Session::joined`].
    Join(Name),
    /// Let in whose token this is, if anyone's; then call [`Session::joined`].
    JoinWith(String),
    /// Store this and tell everyone.
    Post(Draft),
    /// Tell them who is there.
    Who,
    /// Tell them, and only them, what was wrong.
    Answer(SystemFrame),
    /// Tell them what was wrong, and close with this code.
    Close(u16, SystemFrame),
}

/// The state of one connection.
#[derive(Debug)]
pub struct Session {
    policy: Policy,
    rate: Rate,
    name: Option<Name>,
}

impl Session {
    /// A connection from which nothing was heard yet.
    pub fn new(policy: Policy) -> Self {
        Self { policy, rate: Rate::new(LOBBY_BURST, LOBBY_REFILL), name: None }
    }

    /// Notes the name under which the connection was let in.
    pub fn joined(&mut self, name: Name) {
        self.name = Some(name);
    }

    /// Decides what to do about `incoming`, `now` being the time since any fixed moment.
    pub fn receive(&mut self, incoming: Incoming, now: Duration) -> Action {
        if let Err(wait) = self.pace(now) {
            return Action::Answer(too_fast(nonce_of(&incoming), wait));
        }
        match incoming {
            Incoming::Binary(_) => {
                answer(ErrorCode::BadFrame, "Send text frames: binary ones are not understood.")
            }
            Incoming::TooLong => too_long(),
            Incoming::Text(bytes) => match ClientFrame::parse(&bytes) {
                Err(error) => answer(ErrorCode::BadFrame, error.to_string()),
                Ok(frame) => self.frame(frame),
            },
        }
    }

    fn pace(&mut self, now: Duration) -> Result<(), Duration> {
        if self.policy.rate_limits { self.rate.take(now) } else { Ok(()) }
    }

    fn frame(&self, frame: ClientFrame) -> Action {
        match (frame, &self.name) {
            (ClientFrame::Unknown, _) => Action::Ignore,
            (ClientFrame::Join(join), None) => self.join(&join),
            (ClientFrame::Join(_), Some(name)) => {
                answer(ErrorCode::OutOfOrder, format!("You have joined already, as {name}."))
            }
            (ClientFrame::Message(post), None) => {
                let first = "Join first: {\"type\":\"join\",\"username\":\"…\"}.";
                refuse(post.nonce, ErrorCode::OutOfOrder, first)
            }
            (ClientFrame::Message(post), Some(author)) => say(author, post),
            (ClientFrame::Who, None) => answer(ErrorCode::OutOfOrder, "Join first."),
            (ClientFrame::Who, Some(_)) => Action::Who,
        }
    }

    fn join(&self, join: &Join) -> Action {
        if let Some(token) = &join.token {
            return Action::JoinWith(token.strip_prefix("Bot ").unwrap_or(token).to_owned());
        }
        if !self.policy.guests {
            return turn_away(close::GUESTS_OFF, "Guests are not let in here: an account is needed.");
        }
        match join.username.as_deref().map(Name::parse) {
            None => Action::Join(Name::anonymous()),
            Some(Ok(name)) => Action::Join(name),
            Some(Err(error)) => answer(ErrorCode::BadText, error.to_string()),
        }
    }
}

/// What `author` gets for wanting to say `post`.
fn say(author: &Name, post: Post) -> Action {
    let nonce = match post.nonce.as_deref().map(Nonce::parse).transpose() {
        Ok(nonce) => nonce,
        Err(error) => return refuse(post.nonce, ErrorCode::BadText, error.to_string()),
    };
    match Body::parse(&post.content) {
        Ok(body) => Action::Post(Draft { author: author.clone(), body, nonce }),
        Err(error) => refuse(post.nonce, ErrorCode::BadText, error.to_string()),
    }
}

/// What someone is told whose frame was not taken, since it came too fast; `nonce` is that of the message in it.
pub fn too_fast(nonce: Option<String>, wait: Duration) -> SystemFrame {
    let wait_ms = wait.as_millis().max(1);
    let content = format!("Too fast: that was not taken. Wait {wait_ms} ms.");
    let retry_after_ms = u64::try_from(wait_ms).ok();
    SystemFrame { nonce, retry_after_ms, ..system(ErrorCode::TooFast, content) }
}

/// The nonce of the message in a frame, if it is one.
fn nonce_of(incoming: &Incoming) -> Option<String> {
    let Incoming::Text(bytes) = incoming else { return None };
    match ClientFrame::parse(bytes) {
        Ok(ClientFrame::Message(post)) => post.nonce,
        _ => None,
    }
}

fn too_long() -> Action {
    answer(
        ErrorCode::TooLong,
        format!("That frame is too long: at most {LOBBY_FRAME_BYTES_MAX} bytes are taken."),
    )
}

fn answer(code: ErrorCode, content: impl Into<String>) -> Action {
    Action::Answer(system(code, content))
}

fn refuse(nonce: Option<String>, code: ErrorCode, content: impl Into<String>) -> Action {
    Action::Answer(SystemFrame { nonce, ..system(code, content) })
}

fn turn_away(close: u16, content: impl Into<String>) -> Action {
    Action::Close(close, system(ErrorCode::Refused, content))
}

fn system(code: ErrorCode, content: impl Into<String>) -> SystemFrame {
    SystemFrame { content: content.into(), error: Some(code), ..SystemFrame::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: Policy = Policy { guests: true, rate_limits: true };
    const NOW: Duration = Duration::from_secs(100);

    fn receive(session: &mut Session, text: &str) -> Action {
        session.receive(Incoming::Text(text.into()), NOW)
    }

    fn ana() -> Session {
        let mut session = Session::new(OPEN);
        session.joined(Name::parse("Ana").unwrap());
        session
    }

    /// The code, and the nonce, of an answer that leaves the connection open.
    fn refusal(action: Action) -> (ErrorCode, Option<String>) {
        match action {
            Action::Answer(frame) => (frame.error.unwrap(), frame.nonce),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_join_asks_for_a_name() {
        let join = |text| receive(&mut Session::new(OPEN), text);
        assert_eq!(join(r#"{"type":"join","username":" Ana "}"#), Action::Join(Name::parse("Ana").unwrap()));
        assert_eq!(join(r#"{"type":"join"}"#), Action::Join(Name::anonymous()));
        assert_eq!(refusal(join(r#"{"type":"join","username":""}"#)).0, ErrorCode::BadText);
    }

    #[test]
    fn what_comes_out_of_order_is_refused() {
        assert_eq!(
            refusal(receive(&mut Session::new(OPEN), r#"{"type":"message","content":"hi","nonce":"n"}"#)),
            (ErrorCode::OutOfOrder, Some("n".into()))
        );
        assert_eq!(
            refusal(receive(&mut ana(), r#"{"type":"join","username":"Ben"}"#)).0,
            ErrorCode::OutOfOrder
        );
    }

    #[test]
    fn a_message_becomes_a_draft() {
        let action = receive(&mut ana(), r#"{"type":"message","content":"hi","nonce":"n"}"#);
        let Action::Post(draft) = action else { panic!("{action:?}") };
        assert_eq!((draft.author.as_str(), draft.body.as_str()), ("Ana", "hi"));
        assert_eq!(draft.nonce, Some(Nonce::parse("n").unwrap()));
    }

    #[test]
    fn a_bad_message_is_refused_by_its_nonce() {
        let bad = r#"{"type":"message","content":" ","nonce":"n"}"#;
        assert_eq!(refusal(receive(&mut ana(), bad)), (ErrorCode::BadText, Some("n".into())));
    }

    #[test]
    fn too_fast_says_when_to_come_back_and_takes_nothing() {
        let mut session = ana();
        let hi = r#"{"type":"message","content":"hi","nonce":"n"}"#;
        for _ in 0..LOBBY_BURST {
            assert!(matches!(receive(&mut session, hi), Action::Post(_)));
        }
        let Action::Answer(frame) = receive(&mut session, hi) else { panic!("taken") };
        assert_eq!((frame.error, frame.nonce.as_deref()), (Some(ErrorCode::TooFast), Some("n")));
        let later = NOW + Duration::from_millis(frame.retry_after_ms.unwrap());
        assert!(matches!(session.receive(Incoming::Text(hi.into()), later), Action::Post(_)));
    }

    #[test]
    fn a_closed_lobby_turns_guests_away() {
        let mut session = Session::new(Policy { guests: false, ..OPEN });
        assert!(matches!(receive(&mut session, r#"{"type":"join"}"#), Action::Close(close::GUESTS_OFF, _)));
    }

    #[test]
    fn who_has_a_token_is_no_guest_also_where_guests_are_let_in() {
        let join = r#"{"type":"join","username":"Ana","token":"Bot x"}"#;
        assert_eq!(receive(&mut Session::new(OPEN), join), Action::JoinWith("x".into()));
    }
}
