//! Messages, as the API shows them.

use decentra_model::message::{MessageKind, Reaction};
use decentra_model::timestamp::Zoned;
use decentra_model::{Author, DirectKind, Embed, Id, Message, Timestamp};
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};
use serde_json::{Value, json};

use super::member::{MemberObject, partial};
use super::user::{UserObject, guest, user};
use crate::community::{Community, Venue};

/// A message.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct MessageObject<'a> {
    pub id: Id,
    pub channel_id: Id,
    #[serde(rename = "type")]
    pub kind: MessageKind,
    pub author: Option<UserObject<'a>>,
    pub content: &'a str,
    pub timestamp: Zoned,
    pub edited_timestamp: Option<Zoned>,
    pub tts: bool,
    pub mention_everyone: bool,
    pub mentions: Vec<MentionObject<'a>>,
    pub mention_roles: &'a [Id],
    pub attachments: [(); 0],
    #[serde(serialize_with = "embeds")]
    pub embeds: &'a [Embed],
    pub components: [(); 0],
    pub pinned: bool,
    pub flags: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_id: Option<Id>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<ReactionObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_reference: Option<ReferenceObject>,
    /// The message that is answered, where that is told; a null says that it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referenced_message: Option<Option<Box<MessageObject<'a>>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guild_id: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel_type: Option<DirectKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberObject<'a>>,
}

/// Someone whom a message mentions.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct MentionObject<'a> {
    #[serde(flatten)]
    pub user: UserObject<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberObject<'a>>,
}

/// What a message refers to.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct ReferenceObject {
    #[serde(rename = "type")]
    pub kind: u8,
    pub message_id: Id,
    pub channel_id: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guild_id: Option<Id>,
}

/// An emoji under a message.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct ReactionObject<'a> {
    pub emoji: EmojiObject<'a>,
    pub count: u64,
    pub count_details: CountDetails,
    pub me: bool,
    pub me_burst: bool,
    pub burst_colors: [(); 0],
}

/// How many chose an emoji, of each sort.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct CountDetails {
    pub burst: u64,
    pub normal: u64,
}

/// An emoji.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct EmojiObject<'a> {
    pub id: Option<Id>,
    pub name: &'a str,
}

/// The message, as REST answers it. `replied_to` is the message that it answers, where that was looked up.
pub fn message<'a>(
    community: &'a Community,
    message: &'a Message,
    nonce: Option<&'a Value>,
    replied_to: Option<Option<&'a Message>>,
) -> MessageObject<'a> {
    let (author, webhook_id) = match &message.author {
        Author::User(id) => (community.user(*id).map(user), None),
        Author::Guest(name) => (Some(guest(message.channel_id, name.as_str())), Some(message.channel_id)),
    };
    let replied_to = if message.extra.kind == MessageKind::Reply { replied_to } else { None };
    MessageObject {
        id: message.id,
        channel_id: message.channel_id,
        kind: message.extra.kind,
        author,
        content: &message.content,
        timestamp: message.timestamp.zoned(),
        edited_timestamp: message.edited_at.map(Timestamp::zoned),
        tts: message.extra.tts,
        mention_everyone: message.extra.mention_everyone,
        mentions: mentions(community, message, None),
        mention_roles: &message.extra.mention_roles,
        attachments: [],
        embeds: &message.extra.embeds,
        components: [],
        pinned: message.pinned_at.is_some(),
        flags: message.extra.flags,
        webhook_id,
        reactions: message.reactions.iter().map(reaction).collect(),
        nonce,
        message_reference: message.extra.reference.map(|reference| ReferenceObject {
            kind: 0,
            message_id: reference.message_id,
            channel_id: reference.channel_id,
            guild_id: reference.guild_id,
        }),
        referenced_message: replied_to.map(|replied_to| {
            replied_to.map(|original| Box::new(self::message(community, original, None, None)))
        }),
        guild_id: None,
        channel_type: None,
        member: None,
    }
}

/// The message, as dispatches have it: with its guild, and its author as a member; or with the kind of a direct channel, of
/// which a bot may not have heard.
pub fn message_in_guild<'a>(
    community: &'a Community,
    said: &'a Message,
    nonce: Option<&'a Value>,
    replied_to: Option<Option<&'a Message>>,
) -> MessageObject<'a> {
    let object = message(community, said, nonce, replied_to);
    let state = match community.venue(said.channel_id) {
        Some(Venue::Guild(state, _)) => state,
        Some(Venue::Direct(_, direct)) => return MessageObject { channel_type: Some(direct.kind), ..object },
        None => return object,
    };
    let member = said.author.user().and_then(|author| state.member(author)).map(partial);
    let guild_id = state.guild.id;
    MessageObject {
        guild_id: Some(guild_id),
        member,
        mentions: mentions(community, said, Some(guild_id)),
        ..object
    }
}

fn mentions<'a>(community: &'a Community, message: &Message, guild: Option<Id>) -> Vec<MentionObject<'a>> {
    let state = guild.and_then(|guild| community.guild(guild));
    let mentioned = message.extra.mentions.iter().filter_map(|id| {
        let user = community.user(*id).map(user)?;
        Some(MentionObject { user, member: state.and_then(|state| state.member(*id)).map(partial) })
    });
    mentioned.collect()
}

fn reaction(reaction: &Reaction) -> ReactionObject<'_> {
    ReactionObject {
        emoji: EmojiObject { id: None, name: &reaction.emoji },
        count: reaction.count,
        count_details: CountDetails { burst: 0, normal: reaction.count },
        me: reaction.me,
        me_burst: false,
        burst_colors: [],
    }
}

/// Embeds as they come back: each says that it is a rich one, and its moment has a zone.
fn embeds<S: Serializer>(embeds: &&[Embed], serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(embeds.len()))?;
    for embed in *embeds {
        let mut object = serde_json::to_value(embed).map_err(serde::ser::Error::custom)?;
        object["type"] = json!("rich");
        if let Some(at) = embed.timestamp {
            object["timestamp"] = json!(at.zoned().to_string());
        }
        list.serialize_element(&object)?;
    }
    list.end()
}

/// `body`, a message's JSON, without what needs the intent for content. Source: Discord's documentation, "Message
/// Content Intent".
pub fn without_content(body: &[u8]) -> Vec<u8> {
    let Ok(Value::Object(mut message)) = serde_json::from_slice(body) else { return body.to_vec() };
    strip(&mut message);
    if let Some(Value::Object(original)) = message.get_mut("referenced_message") {
        strip(original);
    }
    serde_json::to_vec(&message).expect("what was JSON is JSON")
}

fn strip(message: &mut serde_json::Map<String, Value>) {
    for (key, empty) in
        [("content", json!("")), ("embeds", json!([])), ("attachments", json!([])), ("components", json!([]))]
    {
        if message.contains_key(key) {
            message.insert(key.to_owned(), empty);
        }
    }
}
