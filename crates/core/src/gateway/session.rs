//! One connection to the gateway, payload by payload.

use std::time::Duration;

use decentra_model::Presence;
use decentra_model::close::gateway as close;
use decentra_model::limits::{GATEWAY_BURST, GATEWAY_REFILL, HEARTBEAT_INTERVAL, IDENTIFY_TIMEOUT};

use super::payload::{Bad, Identify, MembersRequest, Payload};
use crate::Incoming;
use crate::rate::Rate;

/// What is to be done about a payload.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Nothing.
    Nothing,
    /// Acknowledge the sign of life.
    Acknowledge,
    /// Open a session; then call [`Session::opened`].
    Identify(Box<Identify>),
    /// Go on with a session; then call [`Session::opened`], if that could be.
    Resume {
        /// The token.
        token: String,
        /// The session.
        session_id: String,
        /// The last sequence that the client has.
        sequence: u64,
    },
    /// Let the user appear otherwise.
    Appear(Presence),
    /// Tell who is in a guild.
    Members(MembersRequest),
    /// Close with this code, for this reason.
    Close(u16, &'static str),
}

/// The state of one connection.
#[derive(Debug)]
pub struct Session {
    rate: Option<Rate>,
    is_open: bool,
    /// When the connection was made.
    made_at: Duration,
    /// When the client last gave a sign of life.
    beat_at: Duration,
}

impl Session {
    /// A connection that was made at the time `now`.
    pub fn new(rate_limits: bool, now: Duration) -> Self {
        let rate = rate_limits.then(|| Rate::new(GATEWAY_BURST, GATEWAY_REFILL));
        Self { rate, is_open: false, made_at: now, beat_at: now }
    }

    /// Notes that the connection has a session.
    pub fn opened(&mut self) {
        self.is_open = true;
    }

    /// When the connection counts as dead, unless a session is opened, and heartbeats come: then one may be lost, and
    /// the next be late.
    pub fn deadline(&self) -> Duration {
        if self.is_open { self.beat_at + HEARTBEAT_INTERVAL * 5 / 2 } else { self.made_at + IDENTIFY_TIMEOUT }
    }

    /// Decides what to do about `incoming`, `now` being the time since any fixed moment.
    pub fn receive(&mut self, incoming: Incoming, now: Duration) -> Action {
        if let Some(rate) = &mut self.rate
            && rate.take(now).is_err()
        {
            return Action::Close(close::RATE_LIMITED, "You are sending payloads too fast.");
        }
        let (Incoming::Text(bytes) | Incoming::Binary(bytes)) = incoming else {
            return Action::Close(close::DECODE_ERROR, "The payload is too long.");
        };
        let payload = match Payload::parse(&bytes) {
            Ok(payload) => payload,
            Err(Bad::Undecodable) => {
                return Action::Close(close::DECODE_ERROR, "Error while decoding payload.");
            }
            Err(Bad::UnknownOpcode) => return Action::Close(close::UNKNOWN_OPCODE, "Unknown opcode."),
        };
        match payload {
            Payload::Heartbeat => {
                self.beat_at = now;
                Action::Acknowledge
            }
            Payload::Identify(_) | Payload::Resume { .. } if self.is_open => {
                Action::Close(close::ALREADY_AUTHENTICATED, "Already authenticated.")
            }
            Payload::Identify(identify) => Action::Identify(identify),
            Payload::Resume { token, session_id, sequence } => Action::Resume { token, session_id, sequence },
            _ if !self.is_open => Action::Close(close::NOT_AUTHENTICATED, "Not authenticated."),
            Payload::Presence(presence) => Action::Appear(presence),
            Payload::RequestMembers(request) => Action::Members(request),
            Payload::Ignored => Action::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(100);

    fn text(text: &str) -> Incoming {
        Incoming::Text(text.into())
    }

    #[test]
    fn before_a_session_there_are_only_signs_of_life() {
        let mut session = Session::new(true, NOW);
        assert_eq!(session.receive(text(r#"{"op":1,"d":null}"#), NOW), Action::Acknowledge);
        let presence = text(r#"{"op":3,"d":{"status":"idle"}}"#);
        assert!(matches!(session.receive(presence, NOW), Action::Close(close::NOT_AUTHENTICATED, _)));
    }

    #[test]
    fn a_second_identify_ends_it() {
        let mut session = Session::new(true, NOW);
        let identify = || text(r#"{"op":2,"d":{"token":"t","intents":1,"properties":{}}}"#);
        assert!(matches!(session.receive(identify(), NOW), Action::Identify(_)));
        session.opened();
        assert!(matches!(session.receive(identify(), NOW), Action::Close(close::ALREADY_AUTHENTICATED, _)));
    }

    #[test]
    fn too_many_payloads_end_it_unless_limits_are_off() {
        let flood = |limits| {
            let mut session = Session::new(limits, NOW);
            (0..=GATEWAY_BURST).map(|_| session.receive(text(r#"{"op":1}"#), NOW)).last()
        };
        assert!(matches!(flood(true), Some(Action::Close(close::RATE_LIMITED, _))));
        assert_eq!(flood(false), Some(Action::Acknowledge));
    }
}
