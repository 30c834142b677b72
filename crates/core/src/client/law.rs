//! The law of the client: whatever is cut and whenever, what it shows is what the server has, in order, once; and
//! what was said is there, in order, once.

use std::collections::VecDeque;

use decentra_model::limits::LOBBY_HISTORY_MAX;
use decentra_model::lobby::{ClientFrame, History, PostedFrame, ServerFrame, Who};
use decentra_model::{Body, Id, Name, Nonce, Timestamp};
use proptest::prelude::*;

use super::{Event, Output, Replica, Session, What};

const NOW: Timestamp = Timestamp::from_unix_micros(1_700_000_000_000_000);

/// One turn of fate.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// One's own person says something.
    Say,
    /// Somebody else says something; sometimes it is what one said oneself.
    Other(bool),
    /// A frame of the client reaches the server.
    Up,
    /// A frame of the server reaches the client.
    Down,
    /// The connection is cut; what was on the wire is lost.
    Cut,
    /// A connection is made.
    Connect,
}

/// A lobby server with one wire to the client.
struct World {
    ours: bool,
    log: Vec<PostedFrame>,
    session: Session,
    replica: Replica,
    wire: Option<Wire>,
    said: Vec<String>,
}

#[derive(Default)]
struct Wire {
    up: VecDeque<ClientFrame>,
    down: VecDeque<ServerFrame>,
    joined: bool,
}

impl World {
    fn new(ours: bool) -> Self {
        Self {
            ours,
            log: Vec::new(),
            session: Session::new(Name::parse("Ana").unwrap()),
            replica: Replica::default(),
            wire: None,
            said: Vec::new(),
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Say => {
                let text = format!("mine {}", self.said.len());
                let nonce = Nonce::parse(&format!("n{}", self.said.len())).unwrap();
                self.session.say(nonce, &Body::parse(&text).unwrap()).unwrap();
                self.said.push(text);
            }
            Step::Other(echo) => {
                let content = if echo { "mine 0".into() } else { format!("other {}", self.log.len()) };
                self.post("Ben", content, None);
            }
            Step::Up => self.up(),
            Step::Down => {
                let frame = self.wire.as_mut().and_then(|wire| wire.down.pop_front());
                if let Some(frame) = frame {
                    self.session.received(&frame.to_json(), NOW);
                }
            }
            Step::Cut => self.cut(),
            Step::Connect if self.wire.is_none() => {
                self.wire = Some(Wire::default());
                self.session.connected();
            }
            Step::Connect => {}
        }
        self.carry_out();
    }

    /// Runs on until nothing is left to do.
    fn settle(&mut self) {
        self.step(Step::Connect);
        while self.wire.as_ref().is_some_and(|wire| !(wire.up.is_empty() && wire.down.is_empty())) {
            self.step(Step::Up);
            self.step(Step::Down);
        }
    }

    fn cut(&mut self) {
        if self.wire.take().is_some() {
            self.session.lost();
        }
    }

    fn carry_out(&mut self) {
        while let Some(output) = self.session.poll() {
            match output {
                Output::Send(frame) => self.wire.as_mut().expect("only sends on a wire").up.push_back(frame),
                Output::Tell(event) => {
                    assert_ne!(event, Event::Missed, "never away for that long");
                    self.replica.apply(event, NOW);
                }
                Output::Timer(_) => {}
                Output::HangUp(why) => panic!("{why}"),
            }
        }
    }

    fn up(&mut self) {
        let Some(wire) = &mut self.wire else { return };
        match wire.up.pop_front() {
            Some(ClientFrame::Join(_)) => {
                wire.joined = true;
                let newest = self.log.len().saturating_sub(LOBBY_HISTORY_MAX);
                wire.down.push_back(ServerFrame::History(History {
                    messages: self.log[newest..].iter().cloned().map(ServerFrame::Message).collect(),
                    you: self.ours.then(|| "Ana".into()),
                    who: self.ours.then(Who::default),
                }));
            }
            Some(ClientFrame::Message(post)) => self.post("Ana", post.content, post.nonce),
            _ => {}
        }
    }

    /// The server takes a message, and tells everyone who has joined (or is about to: the first Decentra does).
    fn post(&mut self, username: &str, content: String, nonce: Option<String>) {
        let number = i64::try_from(self.log.len()).unwrap();
        let known =
            nonce.as_ref().and_then(|nonce| self.log.iter().find(|old| old.nonce.as_ref() == Some(nonce)));
        let nonce = nonce.filter(|_| self.ours);
        let post = known.cloned().unwrap_or_else(|| {
            let post = PostedFrame {
                username: username.into(),
                content,
                timestamp: Timestamp::from_unix_micros(number).to_string(),
                id: self.ours.then(|| Id::from_i64(number)),
                nonce,
            };
            self.log.push(post.clone());
            post
        });
        if let Some(wire) = self.wire.as_mut().filter(|wire| wire.joined || !self.ours) {
            wire.down.push_back(ServerFrame::Message(post));
        }
    }

    fn shown(&self) -> Vec<(&str, &str)> {
        let said = self.replica.scrollback.iter().filter_map(|entry| match &entry.what {
            What::Said { by, text, .. } => Some((by.as_str(), text.as_str())),
            _ => None,
        });
        said.collect()
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        2 => Just(Step::Say),
        1 => any::<bool>().prop_map(Step::Other),
        4 => Just(Step::Up),
        4 => Just(Step::Down),
        1 => Just(Step::Cut),
        2 => Just(Step::Connect),
    ];
    proptest::collection::vec(step, 0..LOBBY_HISTORY_MAX)
}

proptest! {
    #[test]
    fn nothing_is_lost_doubled_or_out_of_order(ours: bool, steps in steps()) {
        let mut world = World::new(ours);
        for step in steps {
            world.step(step);
        }
        world.settle();
        let log: Vec<_> = world.log.iter().map(|post| (post.username.as_str(), post.content.as_str())).collect();
        prop_assert_eq!(world.shown(), log);
        let mine: Vec<_> = world.log.iter().filter(|post| post.username == "Ana").map(|post| &post.content).collect();
        prop_assert_eq!(mine, world.said.iter().collect::<Vec<_>>());
        prop_assert!(world.replica.waiting.is_empty());
    }
}
