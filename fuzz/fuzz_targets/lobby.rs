//! What a lobby client sends, frame by frame: a line of the input each.
#![no_main]

use std::time::Duration;

use decentra_core::Incoming;
use decentra_core::lobby::{Action, Policy, Session};
use decentra_model::limits::{LOBBY_BURST, LOBBY_REFILL, MESSAGE_CHARS_MAX, NAME_CHARS_MAX};
use decentra_model::lobby::{ClientFrame, ErrorCode, Line, PostedFrame, ServerFrame, SystemFrame};
use decentra_model::text::is_control;
use decentra_model::{Body, Id, Name, Nonce, Timestamp};
use libfuzzer_sys::fuzz_target;

// The first byte holds the policy, and how much time passes between frames.
fuzz_target!(|data: &[u8]| {
    let Some((head, frames)) = data.split_first() else { return };
    let policy = Policy { guests: head & 1 == 0, rate_limits: head & 2 == 0 };
    let pause = Duration::from_millis(u64::from(head >> 2));
    let mut session = Session::new(policy);
    let (mut now, mut taken) = (Duration::ZERO, 0);
    for frame in frames.split(|byte| *byte == b'\n') {
        is_written_as_read(frame);
        let action = session.receive(Incoming::Text(frame.into()), now);
        taken += u32::from(!is_too_fast(&action));
        let earned = u32::try_from(now.as_millis() / LOBBY_REFILL.as_millis()).expect("it is a short time");
        assert!(!policy.rate_limits || taken <= LOBBY_BURST + earned, "{taken} taken after {now:?}");
        look(&action, frame);
        if let Action::Join(name) = action {
            assert!(policy.guests);
            session.joined(name);
        }
        now += pause;
    }
});

fn is_written_as_read(frame: &[u8]) {
    match ClientFrame::parse(frame) {
        Ok(ClientFrame::Unknown) | Err(_) => {}
        Ok(frame) => assert_eq!(ClientFrame::parse(frame.to_json().as_bytes()), Ok(frame)),
    }
}

fn is_too_fast(action: &Action) -> bool {
    matches!(action, Action::Answer(SystemFrame { error: Some(ErrorCode::TooFast), .. }))
}

fn look(action: &Action, frame: &[u8]) {
    match action {
        Action::Ignore | Action::Who => {}
        Action::JoinWith(token) => assert!(token.len() <= frame.len()),
        Action::Join(name) => {
            assert!((1..=NAME_CHARS_MAX).contains(&name.as_str().chars().count()));
            assert!(!name.as_str().chars().any(is_control));
            assert_eq!(Name::parse(name.as_str()).as_ref(), Ok(name));
        }
        Action::Post(draft) => {
            let text = draft.body.as_str();
            assert!((1..=MESSAGE_CHARS_MAX).contains(&text.chars().count()));
            assert!(!text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')));
            assert_eq!(Body::parse(text).as_ref(), Ok(&draft.body));
            if let Some(nonce) = &draft.nonce {
                assert_eq!(Nonce::parse(nonce.as_str()).as_ref(), Ok(nonce));
            }
            let line = Line {
                id: Id::from_i64(1),
                author: draft.author.clone(),
                body: draft.body.clone(),
                timestamp: Timestamp::from_unix_micros(0),
                nonce: draft.nonce.clone(),
            };
            is_read_as_written(ServerFrame::Message(PostedFrame::from(&line)));
        }
        Action::Answer(answer) | Action::Close(_, answer) => {
            assert!(answer.error.is_some());
            assert!(answer.content.len() <= 1_024, "{} bytes", answer.content.len());
            assert!(answer.nonce.as_ref().is_none_or(|nonce| nonce.len() <= frame.len()));
            is_read_as_written(ServerFrame::System(answer.clone()));
        }
    }
}

fn is_read_as_written(frame: ServerFrame) {
    assert_eq!(ServerFrame::parse(&frame.to_json()), Some(frame));
}
