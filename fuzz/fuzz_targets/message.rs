//! What is posted and edited over the API: text, mentions, cards. Decided as the server does, by whom may mention whom.
#![no_main]

use std::collections::HashMap;

use decentra_core::community::edit::{EditMessage, MessagePatch};
use decentra_core::community::message::{Draft, SendMessage};
use decentra_core::community::{Actor, Archive, ArchiveError, Command, Community, Desk, Form, Refusal};
use decentra_core::wire;
use decentra_model::guild::Role;
use decentra_model::limits::{EMBEDS_CHARS_MAX, EMBEDS_MAX, MENTIONS_MAX, MESSAGE_CHARS_MAX};
use decentra_model::lobby::Line;
use decentra_model::message::{Extra, Page};
use decentra_model::{
    Author, Channel, ChannelKind, Embed, Event, Guild, Id, Member, Message, Name, Permissions, Timestamp,
    User,
};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const NOW: Timestamp = Timestamp::from_unix_micros(1_769_860_800_000_000);
const GUILD: Id = Id::from_i64(1);
const CHANNEL: Id = Id::from_i64(2);
/// A role that all may mention, and one that only some may.
const ROLES: [(Id, bool); 2] = [(Id::from_i64(3), true), (Id::from_i64(4), false)];
/// Who owns the guild, and two others in it; the fourth is somewhere else.
const USERS: [Id; 4] = [Id::from_i64(5), Id::from_i64(6), Id::from_i64(7), Id::from_i64(8)];
/// A message of the first one's.
const OLD: Id = Id::from_i64(9);

// The first byte says who posts and whether it is an edit; the rest is the body of the request.
fuzz_target!(|data: &[u8]| {
    let Some((head, body)) = data.split_first() else { return };
    let Ok(body) = serde_json::from_slice::<Value>(body) else { return };
    let author = USERS[usize::from(head & 1)];
    let actor = Actor { user_id: author, is_bot: false };
    let mut form = Form::new(&body);
    let mut archive = Messages::of(author);
    if head & 2 == 0 {
        let draft = Draft::read(&mut form);
        if form.check().is_ok() {
            check(&mut archive, author, SendMessage { actor, channel_id: CHANNEL, draft }, |(posted, _)| {
                posted
            });
        }
    } else {
        let patch = MessagePatch::read(&mut form);
        if form.check().is_ok() {
            let edit = EditMessage { actor, channel_id: CHANNEL, message_id: OLD, patch };
            check(&mut archive, author, edit, |edited| edited);
        }
    }
});

/// Has the command decided, and looks at the message that comes of it.
fn check<C: Command>(
    archive: &mut Messages,
    author: Id,
    command: C,
    message_of: impl FnOnce(C::Answer) -> Message,
) {
    let mut community = community();
    let (mut last_id, mut happened) = (Some(Id::from_i64(100)), Vec::new());
    let decided =
        command.decide(&mut Desk::new(&mut community, archive, NOW, &|| 7, &mut last_id, &mut happened));
    let message = match decided {
        Ok(answer) => message_of(answer),
        Err(refusal) => {
            assert!(happened.is_empty(), "refused, and yet: {happened:?}");
            assert_ne!(refusal, Refusal::NotStored);
            return;
        }
    };
    look(&message, author);
    let json = serde_json::to_value(wire::message::message_in_guild(&community, &message, None, None));
    let json = json.expect("messages are JSON");
    assert_eq!(json["content"], message.content);
    assert_eq!(json["embeds"].as_array().map(Vec::len), Some(message.extra.embeds.len()));
    let stored = serde_json::to_string(&message.extra).expect("what is stored is JSON");
    assert_eq!(serde_json::from_str::<Extra>(&stored).ok(), Some(message.extra.clone()), "as it was stored");
    let guest = Name::parse("Ana").expect("that is a name");
    if let Some(line) = Line::of(&message, guest, None) {
        assert!(!line.body.as_str().chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')));
    }
}

fn look(message: &Message, author: Id) {
    let extra = &message.extra;
    assert!(!message.content.is_empty() || !extra.embeds.is_empty());
    assert!(message.content.chars().count() <= MESSAGE_CHARS_MAX);
    assert_eq!(message.content.trim(), message.content);
    assert!(extra.embeds.len() <= EMBEDS_MAX);
    assert!(extra.embeds.iter().map(Embed::chars).sum::<usize>() <= EMBEDS_CHARS_MAX);
    // Who is answered comes on top.
    assert!(extra.mentions.len() + extra.mention_roles.len() <= MENTIONS_MAX + 1);
    let is_owner = author == USERS[0];
    let written = |id: &Id, before: &[&str]| {
        before.iter().any(|before| message.content.contains(&format!("<{before}{id}>")))
    };
    for id in &extra.mentions {
        let is_answered = extra.reference.is_some() && [USERS[0], author].contains(id);
        let zeros = message.content.contains("<@0") || message.content.contains("<@!0");
        assert!(zeros || is_answered || written(id, &["@", "@!"]), "{id} in {:?}", message.content);
        assert!(USERS[..3].contains(id), "{id} is not in the guild");
    }
    for id in &extra.mention_roles {
        let zeros = message.content.contains("<@&0");
        assert!(zeros || written(id, &["@&"]), "{id} in {:?}", message.content);
        assert!(ROLES.iter().any(|(role, open)| role == id && (*open || is_owner)), "{id}");
    }
    assert!(!extra.mention_everyone || is_owner, "everyone, by one who may not");
}

fn community() -> Community {
    let user = |id: Id| User::new(id, Name::parse(&format!("user-{id}")).expect("that is a name"));
    let role = |(id, mentionable): (Id, bool)| Role { id, mentionable, ..Role::everyone(GUILD) };
    let everyone = Role::everyone(GUILD);
    let everyone = Role { permissions: everyone.permissions & !Permissions::MENTION_EVERYONE, ..everyone };
    let mut events: Vec<Event> = USERS.into_iter().map(user).map(Event::UserCreated).collect();
    events.push(Event::GuildCreated {
        guild: Box::new(Guild::new(GUILD, "Home".into(), Some(USERS[0]))),
        roles: ROLES.into_iter().map(role).chain([everyone]).collect(),
        channels: vec![Channel::new(CHANNEL, GUILD, ChannelKind::Text, "general")],
        members: USERS[..3].iter().map(|id| Member::new(*id, NOW)).collect(),
    });
    Community::load(&events, [])
}

/// The messages that there are.
struct Messages(HashMap<Id, Message>);

impl Messages {
    /// One message of the first one's that answers nothing, or that of whoever edits.
    fn of(author: Id) -> Self {
        let message = Message {
            id: OLD,
            channel_id: CHANNEL,
            author: Author::User(author),
            content: "old".into(),
            timestamp: NOW,
            edited_at: None,
            pinned_at: None,
            extra: Extra::default(),
            reactions: Vec::new(),
        };
        let answered = Message { id: Id::from_i64(10), author: Author::User(USERS[0]), ..message.clone() };
        Self([message, answered].into_iter().map(|message| (message.id, message)).collect())
    }
}

impl Archive for Messages {
    fn message(&mut self, _: Id, id: Id, _: Option<Id>) -> Result<Option<Message>, ArchiveError> {
        Ok(self.0.get(&id).cloned())
    }

    fn messages(&mut self, _: Id, _: Page, _: Option<Id>) -> Result<Vec<Message>, ArchiveError> {
        Ok(Vec::new())
    }

    fn message_with(&mut self, _: &str) -> Result<Option<Message>, ArchiveError> {
        Ok(None)
    }

    fn has_reacted(&mut self, _: Id, _: Id, _: &str, _: Id) -> Result<bool, ArchiveError> {
        Ok(false)
    }

    fn pin_count(&mut self, _: Id) -> Result<usize, ArchiveError> {
        Ok(0)
    }

    fn written_by(&mut self, _: Id, _: &[Id], _: Id, _: usize) -> Result<Vec<Id>, ArchiveError> {
        Ok(Vec::new())
    }

    fn last_written(&mut self, _: Id, _: Id, _: Id, _: Timestamp) -> Result<Option<Timestamp>, ArchiveError> {
        Ok(None)
    }
}
