//! One session of the gateway, through all lives of the server.

use anyhow::{Context, Result, bail, ensure};
use decentra_model::close::{self, gateway};
use serde::Deserialize;
use serde_json::json;

use super::event::{Body, Kind};
use super::follower::Heard;
use crate::session::identify;
use crate::websocket::client_text;

/// A session, as its client knows it.
#[derive(Debug)]
pub(super) struct Session {
    token: String,
    intents: u64,
    /// What it is called, once it has begun.
    id: Option<String>,
    /// The sequence of what it was told last.
    sequence: u64,
    phase: Phase,
    /// Whether the server said goodbye, so that the session can go on.
    is_seen_off: bool,
    /// Whether the next RESUME is for a session that does not exist.
    lies: bool,
    heard: Vec<Heard>,
    /// How often it went on where it was.
    pub(super) resumed: u64,
    /// How often it was told that it could not.
    pub(super) refused: u64,
    /// How many events it was told of.
    pub(super) told: u64,
}

/// How far a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The server has not said hello.
    Connecting,
    /// It was asked for a new session.
    Identifying,
    /// It was asked to go on with the one there is.
    Resuming,
    /// It has done so.
    Open,
}

/// What every payload has.
#[derive(Debug, Deserialize)]
struct Head<'a> {
    op: u8,
    #[serde(borrow)]
    t: Option<&'a str>,
    s: Option<u64>,
}

/// What READY says.
#[derive(Debug, Deserialize)]
struct Ready {
    session_id: String,
}

/// A payload whose content is of interest.
#[derive(Debug, Deserialize)]
struct Payload<T> {
    d: T,
}

impl Session {
    /// One that is still to be opened by `token`, with these `intents`.
    pub(super) fn new(token: String, intents: u64) -> Self {
        Self {
            token,
            intents,
            id: None,
            sequence: 0,
            phase: Phase::Connecting,
            is_seen_off: false,
            lies: false,
            heard: Vec::new(),
            resumed: 0,
            refused: 0,
            told: 0,
        }
    }

    /// Notes that a new connection is being made. If it `lies`, it asks for a session that does not exist.
    pub(super) fn connect(&mut self, lies: bool) {
        (self.phase, self.is_seen_off, self.lies) = (Phase::Connecting, false, lies);
    }

    /// Takes a payload; what is to be answered, as a frame.
    pub(super) fn take(&mut self, payload: &[u8]) -> Result<Option<Vec<u8>>> {
        let head: Head<'_> = serde_json::from_slice(payload)?;
        match head.op {
            0 => self.take_dispatch(&head, payload).map(|()| None),
            7 => {
                self.is_seen_off = true;
                Ok(None)
            }
            9 => self.take_refusal().map(Some),
            10 => Ok(Some(self.take_hello())),
            11 => Ok(None),
            op => bail!("a payload with the opcode {op}"),
        }
    }

    fn take_hello(&mut self) -> Vec<u8> {
        let Some(id) = &self.id else { return self.identify() };
        self.phase = Phase::Resuming;
        let id = if self.lies { format!("{id}0") } else { id.clone() };
        let resume = json!({"op": 6, "d": {"token": self.token, "session_id": id, "seq": self.sequence}});
        client_text(&resume.to_string())
    }

    fn identify(&mut self) -> Vec<u8> {
        (self.phase, self.id, self.sequence) = (Phase::Identifying, None, 0);
        identify(&self.token, self.intents)
    }

    /// The session cannot go on, or could not begin: it is asked for a new one.
    fn take_refusal(&mut self) -> Result<Vec<u8>> {
        // READY comes before the place in the log is taken: if what it may see changes between, it is for nothing.
        let has_just_begun = self.heard.last() == Some(&Heard::Began);
        ensure!(self.phase != Phase::Open || has_just_begun, "an open session is told that it is invalid");
        self.refused += 1;
        Ok(self.identify())
    }

    fn take_dispatch(&mut self, head: &Head<'_>, payload: &[u8]) -> Result<()> {
        let name = head.t.context("a dispatch without a name")?;
        let sequence = head.s.context("a dispatch without a sequence")?;
        ensure!(
            sequence == self.sequence + 1,
            "a sequence that is not contiguous: {name} is {sequence}, after {}",
            self.sequence
        );
        self.sequence = sequence;
        match name {
            "READY" => {
                ensure!(self.phase == Phase::Identifying, "READY, though the session is {:?}", self.phase);
                let ready: Payload<Ready> = serde_json::from_slice(payload)?;
                (self.id, self.phase) = (Some(ready.d.session_id), Phase::Open);
                self.heard.push(Heard::Began);
            }
            "RESUMED" => {
                ensure!(self.phase == Phase::Resuming, "RESUMED, though the session is {:?}", self.phase);
                self.phase = Phase::Open;
                self.resumed += 1;
            }
            name => {
                let Some(kind) = Kind::of(name) else { return Ok(()) };
                let payload: Payload<Body<'_>> = serde_json::from_slice(payload)?;
                self.heard.push(Heard::Told(kind.event(payload.d)?));
                self.told += 1;
            }
        }
        Ok(())
    }

    /// Takes the code that the connection is closed with.
    pub(super) fn take_close(&mut self, code: Option<u16>) {
        let for_good = [
            close::NORMAL,
            close::GOING_AWAY,
            gateway::AUTHENTICATION_FAILED,
            gateway::INVALID_SHARD,
            gateway::SHARDING_REQUIRED,
            gateway::INVALID_VERSION,
            gateway::INVALID_INTENTS,
            gateway::DISALLOWED_INTENTS,
        ];
        self.is_seen_off |= code.is_some_and(|code| !for_good.contains(&code));
    }

    /// Whether it goes on, or has begun.
    pub(super) fn is_open(&self) -> bool {
        self.phase == Phase::Open
    }

    /// Whether the server said goodbye: by op 7, or a code that lets the session go on.
    pub(super) fn is_seen_off(&self) -> bool {
        self.is_seen_off
    }

    /// What it heard since this was asked the last time.
    pub(super) fn take_heard(&mut self) -> Vec<Heard> {
        std::mem::take(&mut self.heard)
    }

    /// What it heard and was not asked for yet.
    pub(super) fn heard(&self) -> &[Heard] {
        &self.heard
    }
}

#[cfg(test)]
mod tests {
    use super::super::event::created;
    use super::*;

    const HELLO: &str = r#"{"op":10,"t":null,"s":null,"d":{"heartbeat_interval":41250}}"#;
    const READY: &str = r#"{"op":0,"t":"READY","s":1,"d":{"session_id":"abc"}}"#;
    const REFUSAL: &str = r#"{"op":9,"t":null,"s":null,"d":false}"#;

    fn create(sequence: u64) -> String {
        format!(
            r#"{{"op":0,"t":"MESSAGE_CREATE","s":{sequence},"d":{{"id":"7","channel_id":"1","content":"text 7"}}}}"#
        )
    }

    fn dispatch(name: &str, sequence: u64) -> String {
        format!(r#"{{"op":0,"t":"{name}","s":{sequence},"d":{{}}}}"#)
    }

    /// A session that has begun, been told of two things, and connects again.
    fn left() -> Session {
        let mut session = Session::new("token".into(), 513);
        session.connect(false);
        for payload in [HELLO, READY, &create(2), &dispatch("TYPING_START", 3)] {
            session.take(payload.as_bytes()).unwrap();
        }
        session.connect(false);
        session.take(HELLO.as_bytes()).unwrap();
        session
    }

    #[test]
    fn a_session_that_goes_on_counts_on() {
        let mut session = left();
        assert!(!session.is_open());
        session.take(dispatch("TYPING_START", 4).as_bytes()).unwrap();
        session.take(dispatch("RESUMED", 5).as_bytes()).unwrap();
        assert!(session.is_open());
        assert_eq!((session.resumed, session.refused), (1, 0));
        assert_eq!(session.take_heard(), [Heard::Began, Heard::Told(created(7))]);
    }

    #[test]
    fn one_that_cannot_is_told_so_and_begins_anew() {
        let mut session = left();
        assert!(session.take(REFUSAL.as_bytes()).unwrap().is_some());
        session.take(READY.as_bytes()).unwrap();
        assert_eq!((session.resumed, session.refused), (0, 1));
        assert_eq!(session.take_heard(), [Heard::Began, Heard::Told(created(7)), Heard::Began]);
    }

    #[test]
    fn one_that_has_just_begun_may_have_to_begin_again() {
        let mut session = left();
        for payload in [REFUSAL, READY, REFUSAL, READY] {
            session.take(payload.as_bytes()).unwrap();
        }
        assert!(session.is_open());
        assert_eq!(session.refused, 2);
    }

    #[test]
    fn each_fault_is_found() {
        for (fault, payloads) in [
            ("a gap", vec![create(5)]),
            ("doubled", vec![create(3)]),
            ("RESUMED does not count", vec![dispatch("RESUMED", 3)]),
            ("READY instead of op 9", vec![READY.to_owned()]),
            ("RESUMED twice", vec![dispatch("RESUMED", 4), dispatch("RESUMED", 5)]),
            ("op 9 to a session that goes on", vec![dispatch("RESUMED", 4), REFUSAL.to_owned()]),
        ] {
            let mut session = left();
            let taken = payloads.iter().try_for_each(|payload| session.take(payload.as_bytes()).map(drop));
            assert!(taken.is_err(), "{fault}");
        }
    }

    #[test]
    fn only_who_may_come_back_is_seen_off() {
        for (code, is_seen_off) in
            [(Some(4000), true), (Some(4009), true), (Some(1001), false), (None, false)]
        {
            let mut session = left();
            session.take_close(code);
            assert_eq!(session.is_seen_off(), is_seen_off, "{code:?}");
        }
        let mut session = left();
        session.take(br#"{"op":7,"t":null,"s":null,"d":null}"#).unwrap();
        assert!(session.is_seen_off());
    }
}
