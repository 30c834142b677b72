//! Replays the golden conversations in `protocol/lobby/`.

use std::fmt::Write;

use decentra_model::lobby::ClientFrame;
use decentra_model::{Body, Name, Nonce, Timestamp};
use serde_json::Value;

use super::{Output, Replica, Session, What};

const NOW: Timestamp = Timestamp::from_unix_micros(1_769_862_896_000_000);

struct Replay {
    session: Session,
    replica: Replica,
    sent: Vec<ClientFrame>,
}

impl Replay {
    fn step(&mut self, key: &str, value: &Value) {
        let text = || value.as_str().expect("a text");
        match key {
            "connected" => self.session.connected(),
            "lost" => self.session.lost(),
            "expired" => self.session.expired(),
            "server" => self.session.received(&value.to_string(), NOW),
            "say" => {
                let nonce = Nonce::parse(value["nonce"].as_str().unwrap()).unwrap();
                self.session.say(nonce, &Body::parse(value["text"].as_str().unwrap()).unwrap()).unwrap();
            }
            "ask_who" => self.session.ask_who(NOW),
            "client" => {
                let frame = ClientFrame::parse(value.to_string().as_bytes()).unwrap();
                assert!(!self.sent.is_empty(), "should have sent {value}");
                assert_eq!(self.sent.remove(0), frame);
            }
            "shows" => assert_eq!(self.shows(), text()),
            _ => panic!("unknown step {key}"),
        }
        self.carry_out();
    }

    fn carry_out(&mut self) {
        while let Some(output) = self.session.poll() {
            match output {
                Output::Send(frame) => self.sent.push(frame),
                Output::Tell(event) => self.replica.apply(event, NOW),
                Output::Timer(_) => {}
                Output::HangUp(_) => self.session.lost(),
            }
        }
    }

    fn shows(&self) -> String {
        let mut lines = String::new();
        for entry in self.replica.scrollback.iter() {
            match &entry.what {
                What::Said { by, text, mine } => {
                    write!(lines, "{}{by}: {text}", if *mine { "> " } else { "" })
                }
                What::Joined(text) | What::Left(text) | What::Note(text) => write!(lines, "* {text}"),
                What::Trouble(text) => write!(lines, "! {text}"),
                What::Failed { text, why } => write!(lines, "x {text} ({why})"),
            }
            .unwrap();
            lines.push('\n');
        }
        for waiting in &self.replica.waiting {
            writeln!(lines, "~ {}", waiting.pending.text).unwrap();
        }
        lines
    }
}

fn replay(name: &str, conversation: &str) {
    let mut replay = Replay {
        session: Session::new(Name::parse("Ana").unwrap()),
        replica: Replica::default(),
        sent: Vec::new(),
    };
    for (number, line) in conversation.lines().enumerate() {
        let step: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{name}:{}: {error}", number + 1));
        let (key, value) =
            step.as_object().and_then(|keys| keys.iter().next()).expect("an object with one key");
        eprintln!("{name}:{}: {line}", number + 1);
        replay.step(key, value);
    }
    assert_eq!(replay.sent, [], "{name}: sent without being asked to");
}

#[test]
fn the_conversations_go_as_written() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../protocol/lobby");
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    names.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    assert!(names.len() >= 5, "the conversations are missing: {names:?}");
    for path in names {
        replay(&path.display().to_string(), &std::fs::read_to_string(&path).unwrap());
    }
}
