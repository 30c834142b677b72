//! Who is in the lobby, what was said lately, and the words that announce it.

use std::collections::{BTreeMap, VecDeque};

use decentra_model::limits::{LOBBY_HISTORY_MAX, ROSTER_NAMES_MAX};
use decentra_model::lobby::Line;
use decentra_model::lobby::{PostedFrame, Presence, ServerFrame, SystemFrame, Who};
use decentra_model::{Id, Name, Timestamp};

/// The lobby as everyone in it sees it. Frames are JSON texts.
#[derive(Debug, Default)]
pub struct Room {
    /// By their keys, so that the list is sorted as people read it.
    /// The number says how often they are here.
    names: BTreeMap<String, (Name, usize)>,
    /// The newest messages as frames, oldest first.
    history: VecDeque<(Id, String)>,
    /// [`Room::history`] as one JSON list, made when it is asked for.
    history_list: Option<String>,
}

/// How someone was let in.
#[derive(Debug, PartialEq, Eq)]
pub struct Joined {
    /// The name they go by here.
    pub name: Name,
    /// What they alone are sent, in this order.
    pub to_them: Vec<String>,
    /// What all others are sent.
    pub to_others: String,
}

impl Room {
    /// An empty room in which `messages` were said, oldest first.
    pub fn new(messages: &[Line]) -> Self {
        let mut room = Self::default();
        for message in messages {
            room.say(message);
        }
        room
    }

    /// Lets someone in at the time `at`, as `wish` or, when that name is taken, as `wish-2` and so on.
    ///
    /// Someone with an account keeps their name, however often they are here.
    pub fn join(&mut self, wish: &Name, is_account: bool, at: Timestamp) -> Joined {
        let name = if is_account { wish.clone() } else { self.free_name(wish) };
        let present = self.names.entry(name.key()).or_insert_with(|| (name.clone(), 0));
        present.1 += 1;
        let mut to_them = vec![self.welcome(&name)];
        if name != *wish {
            let content = format!("{wish} is here already: you are {name}.");
            to_them.push(system(content, at, None));
        }
        let presence = Presence::Joined(name.to_string());
        let to_others = system(format!("{name} joined the chat"), at, Some(presence));
        Joined { name, to_them, to_others }
    }

    /// Lets someone out; what all who stay are sent.
    pub fn leave(&mut self, name: &Name, at: Timestamp) -> String {
        if let Some((_, count)) = self.names.get_mut(&name.key()) {
            *count -= 1;
            if *count == 0 {
                self.names.remove(&name.key());
            }
        }
        system(format!("{name} left the chat"), at, Some(Presence::Left(name.to_string())))
    }

    /// Adds a message to the history; what all are sent.
    pub fn say(&mut self, message: &Line) -> String {
        let frame = posted(message);
        if self.history.len() == LOBBY_HISTORY_MAX {
            self.history.pop_front();
        }
        self.history.push_back((message.id, frame.clone()));
        self.history_list = None;
        frame
    }

    /// Puts an edited message in the place of what it was. Who is here has read that: only newcomers are told.
    pub fn edit(&mut self, message: &Line) {
        if let Some((_, frame)) = self.history.iter_mut().find(|(id, _)| *id == message.id) {
            *frame = posted(message);
            self.history_list = None;
        }
    }

    /// Takes messages out of the history.
    pub fn forget(&mut self, ids: &[Id]) {
        self.history.retain(|(id, _)| !ids.contains(id));
        self.history_list = None;
    }

    /// Who is there, as a frame.
    pub fn who(&self) -> String {
        ServerFrame::Who(self.roster()).to_json()
    }

    /// How many are there.
    pub fn online(&self) -> usize {
        self.names.len()
    }

    fn roster(&self) -> Who {
        let users = self.names.values().take(ROSTER_NAMES_MAX).map(|(name, _)| name.to_string()).collect();
        Who { online: self.online(), users }
    }

    /// The `history` frame for a newcomer: [`decentra_model::lobby::History`], put together from texts that are made once.
    fn welcome(&mut self, you: &Name) -> String {
        let messages = self.history_list.get_or_insert_with(|| {
            let frames: Vec<&str> = self.history.iter().map(|(_, frame)| frame.as_str()).collect();
            frames.join(",")
        });
        let messages = std::mem::take(messages);
        let you = serde_json::Value::from(you.as_str());
        let who = serde_json::to_string(&self.roster()).expect("strings and numbers always serialise");
        let frame = format!(r#"{{"type":"history","messages":[{messages}],"you":{you},"who":{who}}}"#);
        self.history_list = Some(messages);
        frame
    }

    /// `wish` itself, or the first of its numbered forms that a gallop and a search by halves find free.
    ///
    /// A thousand people of one name thus cost ten looks each, not a thousand.
    fn free_name(&self, wish: &Name) -> Name {
        if self.is_free(wish) {
            return wish.clone();
        }
        let (mut taken, mut free) = (1, 2);
        while !self.is_free(&wish.numbered(free)) {
            (taken, free) = (free, free * 2);
        }
        while free - taken > 1 {
            let middle = taken.midpoint(free);
            if self.is_free(&wish.numbered(middle)) { free = middle } else { taken = middle }
        }
        wish.numbered(free)
    }

    fn is_free(&self, name: &Name) -> bool {
        !self.names.contains_key(&name.key())
    }
}

/// A message as everyone is sent it.
pub fn posted(message: &Line) -> String {
    ServerFrame::Message(PostedFrame::from(message)).to_json()
}

/// A `system` frame that says `content`.
fn system(content: String, at: Timestamp, presence: Option<Presence>) -> String {
    let frame = SystemFrame { content, timestamp: at.to_string(), presence, ..SystemFrame::default() };
    ServerFrame::System(frame).to_json()
}

#[cfg(test)]
mod tests {
    use decentra_model::lobby::History;
    use decentra_model::{Body, Id};

    use super::*;

    const NOON: Timestamp = Timestamp::from_unix_micros(1_769_860_800_000_000);

    fn name(text: &str) -> Name {
        Name::parse(text).unwrap()
    }

    fn message(nth: i64) -> Line {
        let body = Body::parse(&format!("line {nth}")).unwrap();
        Line { id: Id::from_i64(nth), author: name("Ana"), body, timestamp: NOON, nonce: None }
    }

    fn history(frame: &str) -> History {
        match ServerFrame::parse(frame) {
            Some(ServerFrame::History(history)) => history,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_newcomer_is_shown_the_room_and_announced() {
        let mut room = Room::new(&[message(1), message(2)]);
        room.join(&name("Ben"), false, NOON);
        let joined = room.join(&name("Ana \"the\" one"), false, NOON);
        let [frame] = &joined.to_them[..] else { panic!("{joined:?}") };
        let history = history(frame);
        let posted = [message(1), message(2)].map(|message| ServerFrame::Message((&message).into()));
        assert_eq!(history.messages, posted);
        assert_eq!(history.you.as_deref(), Some("Ana \"the\" one"));
        assert_eq!(
            history.who.unwrap(),
            Who { online: 2, users: vec!["Ana \"the\" one".into(), "Ben".into()] }
        );
        assert_eq!(
            joined.to_others,
            r#"{"type":"system","content":"Ana \"the\" one joined the chat","timestamp":"2026-01-31T12:00:00.000000","presence":{"joined":"Ana \"the\" one"}}"#
        );
    }

    #[test]
    fn the_history_keeps_the_newest_hundred() {
        let mut room = Room::default();
        for nth in 0..130 {
            room.say(&message(nth));
            room.join(&name("Ben"), false, NOON);
            room.leave(&name("Ben"), NOON);
        }
        let shown = history(&room.join(&name("Cem"), false, NOON).to_them[0]).messages;
        assert_eq!(shown.first(), Some(&ServerFrame::Message((&message(30)).into())));
        assert_eq!(shown.last(), Some(&ServerFrame::Message((&message(129)).into())));
        assert_eq!(shown.len(), LOBBY_HISTORY_MAX);
    }

    #[test]
    fn a_second_of_the_same_name_is_numbered_and_told() {
        let mut room = Room::default();
        room.join(&name("Alice"), false, NOON);
        let second = room.join(&name("alice"), false, NOON);
        assert_eq!(second.name, name("alice-2"));
        assert_eq!(history(&second.to_them[0]).you.as_deref(), Some("alice-2"));
        assert!(second.to_them[1].contains("you are alice-2"), "{second:?}");
        assert_eq!(room.join(&name("Alice"), false, NOON).name, name("Alice-3"));
        room.leave(&name("alice-2"), NOON);
        assert_eq!(room.join(&name("Alice"), false, NOON).name, name("Alice-2"));
    }

    #[test]
    fn ten_thousand_of_one_name_all_differ() {
        let mut room = Room::default();
        let names: std::collections::HashSet<_> =
            (0..10_000).map(|_| room.join(&Name::anonymous(), false, NOON).name).collect();
        assert_eq!(names.len(), 10_000);
        assert_eq!(room.online(), 10_000);
    }

    #[test]
    fn a_list_of_names_is_bounded_and_its_count_is_not() {
        let mut room = Room::default();
        for nth in 0..150 {
            room.join(&name(&format!("g{nth:03}")), false, NOON);
        }
        let Some(ServerFrame::Who(who)) = ServerFrame::parse(&room.who()) else { panic!() };
        assert_eq!((who.online, who.users.len()), (150, ROSTER_NAMES_MAX));
    }
}
