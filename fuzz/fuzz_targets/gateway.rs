//! What a gateway client sends, payload by payload: a line of the input each.
#![no_main]

use std::time::Duration;

use decentra_core::Incoming;
use decentra_core::gateway::payload::{Payload, Whom, control};
use decentra_core::gateway::session::{Action, Session};
use decentra_model::Presence;
use decentra_model::limits::{
    ACTIVITIES_MAX, GATEWAY_BURST, GATEWAY_REFILL, MEMBERS_FOUND_MAX, PRESENCE_BYTES_MAX,
};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

// The first byte says whether rates are limited, whether sessions can be opened, and how much time passes.
fuzz_target!(|data: &[u8]| {
    let Some((head, payloads)) = data.split_first() else { return };
    let (limited, opens) = (head & 1 == 0, head & 2 == 0);
    let pause = Duration::from_millis(u64::from(head >> 2) * 16);
    let mut session = Session::new(limited, Duration::ZERO);
    let (mut now, mut taken, mut is_open) = (Duration::ZERO, 0, false);
    for payload in payloads.split(|byte| *byte == b'\n') {
        let text = session.receive(Incoming::Text(payload.into()), now);
        taken += 1;
        match text {
            Action::Close(code, reason) => {
                assert!((4_000..=4_014).contains(&code) && reason.len() <= 123);
                return;
            }
            Action::Identify(identify) => {
                assert!(!is_open);
                is_bounded(identify.presence.as_ref(), payload);
            }
            Action::Resume { token, session_id, .. } => {
                assert!(!is_open && token.len() + session_id.len() <= payload.len());
            }
            Action::Appear(presence) => {
                assert!(is_open);
                is_bounded(Some(&presence), payload);
            }
            Action::Members(request) => {
                assert!(is_open);
                assert!(request.nonce.is_none_or(|nonce| nonce.chars().count() <= 32));
                assert!(!matches!(request.whom, Whom::Users(users) if users.len() > MEMBERS_FOUND_MAX));
            }
            Action::Nothing => assert!(is_open),
            Action::Acknowledge => {}
        }
        let earned = u32::try_from(now.as_millis() / GATEWAY_REFILL.as_millis()).expect("it is a short time");
        assert!(!limited || taken <= GATEWAY_BURST + earned);
        if opens
            && !is_open
            && matches!(Payload::parse(payload), Ok(Payload::Identify(_) | Payload::Resume { .. }))
        {
            session.opened();
            is_open = true;
        }
        is_one_of_ours(payload);
        now += pause;
    }
});

fn is_bounded(presence: Option<&Presence>, payload: &[u8]) {
    let Some(presence) = presence else { return };
    assert!(presence.activities.len() <= ACTIVITIES_MAX);
    let bytes: usize = presence.activities.iter().map(|activity| activity.to_string().len()).sum();
    assert!(bytes <= PRESENCE_BYTES_MAX, "{bytes} bytes of {}", payload.len());
}

/// What is sent around any JSON is JSON again, with that in it.
fn is_one_of_ours(payload: &[u8]) {
    let Ok(d) = serde_json::from_slice::<Value>(payload) else { return };
    // A fraction may be read as the number beside it.
    if serde_json::from_str::<Value>(&d.to_string()).ok().as_ref() != Some(&d) {
        return;
    }
    let read: Value = serde_json::from_str(&control(9, &d)).expect("our frames are JSON");
    assert_eq!(read["d"], d);
}
