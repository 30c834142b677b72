//! Posting.

use std::time::Duration;

use decentra_model::limits::{
    EMBEDS_CHARS_MAX, EMBEDS_MAX, MESSAGE_CHARS_MAX, NONCE_CHARS_MAX, NONCE_MEMORY,
};
use decentra_model::message::{Extra, MessageKind, Reference};
use decentra_model::{Author, Embed, Id, Message, Permissions, Timestamp};
use serde_json::Value;

use super::direct::show_to_all;
use super::mention::{AllowedMentions, Mentions, mentions};
use super::read::post;
use super::{Actor, Command, Desk, Form, Refusal, Venue, embed};

/// The flags that an author may set: no previews, no notification (Discord's documentation, "Message Flags").
const SETTABLE_FLAGS: u32 = (1 << 2) | (1 << 12);

/// What is to be posted.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// The text, with white space around it taken off.
    pub content: String,
    /// The cards.
    pub embeds: Vec<Embed>,
    /// Whether it is to be read aloud.
    pub tts: bool,
    /// The flags.
    pub flags: u32,
    /// Who may be notified.
    pub allowed_mentions: AllowedMentions,
    /// The message that it answers, and whether it may be posted without.
    pub reply_to: Option<(Id, bool)>,
    /// The mark that the author's client put on it.
    pub nonce: Option<Value>,
    /// Whether a message with the same mark is the same message.
    pub enforce_nonce: bool,
}

impl Draft {
    /// The draft in a form.
    pub fn read(form: &mut Form<'_>) -> Self {
        let content = form.text("content", 0..=MESSAGE_CHARS_MAX).unwrap_or_default();
        let reply_to = form.nested("message_reference", |form| {
            let strict = form.flag("fail_if_not_exists").unwrap_or(true);
            form.id("message_id").map(|id| (id, strict))
        });
        Self {
            content: content.trim().to_owned(),
            embeds: parse_embeds(form).unwrap_or_default(),
            tts: form.flag("tts").unwrap_or_default(),
            flags: form.small("flags", 0..=u32::MAX).unwrap_or_default() & SETTABLE_FLAGS,
            allowed_mentions: AllowedMentions::parse(form),
            reply_to: reply_to.flatten(),
            nonce: parse_nonce(form),
            enforce_nonce: form.flag("enforce_nonce").unwrap_or_default(),
        }
    }
}

/// The embeds in a form, if it has any. `embed` is an older way to give one.
pub(super) fn parse_embeds(form: &mut Form<'_>) -> Option<Vec<Embed>> {
    let embeds = form.list("embeds", EMBEDS_MAX, embed::parse);
    let embeds = embeds.or_else(|| form.nested("embed", embed::parse).map(|embed| vec![embed]));
    let chars: usize = embeds.iter().flatten().map(Embed::chars).sum();
    if chars > EMBEDS_CHARS_MAX {
        let message = format!("Embed size exceeds maximum size of {EMBEDS_CHARS_MAX}");
        form.refuse("embeds", "MAX_EMBED_SIZE_EXCEEDED", message);
    }
    embeds
}

/// A nonce is a text or any whole number, also one above what fits into 64 bits.
fn parse_nonce(form: &mut Form<'_>) -> Option<Value> {
    let nonce = form.value("nonce")?;
    let is_short = match nonce {
        Value::String(text) => text.chars().count() <= NONCE_CHARS_MAX,
        Value::Number(number) => number.to_string().len() <= NONCE_CHARS_MAX,
        _ => false,
    };
    if !is_short {
        let message = format!("Must be a number, or a text of {NONCE_CHARS_MAX} or fewer characters.");
        form.refuse("nonce", "BASE_TYPE_MAX_LENGTH", message);
        return None;
    }
    Some(nonce.clone())
}

/// Posts in a channel.
#[derive(Debug)]
pub struct SendMessage {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub channel_id: Id,
    /// What.
    pub draft: Draft,
}

impl Command for SendMessage {
    /// The message, and the mark to repeat with it.
    type Answer = (Message, Option<Value>);

    fn decide(self, desk: &mut Desk<'_>) -> Result<Self::Answer, Refusal> {
        let Self { actor, channel_id, draft } = self;
        let author = actor.user_id;
        let venue = desk.venue_with(channel_id, author, Permissions::SEND_MESSAGES)?;
        if !venue.takes_messages() {
            return Err(Refusal::NotTextChannel);
        }
        if draft.content.is_empty() && draft.embeds.is_empty() {
            return Err(Refusal::EmptyMessage);
        }
        let here = venue.permissions(author, desk.now);
        let guild_id = venue.guild_id();
        let slowed = slow_mode_applies(venue, here) && !actor.is_bot;
        let wait = slowed.then_some(venue.rate_limit_per_user());
        let mentioned = mentions(&draft.content, &draft.allowed_mentions, venue, here);
        let embeds = if here.contains(Permissions::EMBED_LINKS) { draft.embeds } else { Vec::new() };
        if draft.content.is_empty() && embeds.is_empty() {
            return Err(Refusal::MissingPermissions);
        }
        let dedupe = dedupe_key(author, draft.nonce.as_ref()).filter(|_| draft.enforce_nonce);
        if let Some(before) = repeated(desk, dedupe.as_deref())? {
            return Ok((before, draft.nonce));
        }
        if let Some(wait) = wait {
            slow_mode(desk, channel_id, author, wait)?;
        }
        let (kind, reference, mentioned) =
            answered(desk, channel_id, guild_id, here, draft.reply_to, mentioned, &draft.allowed_mentions)?;
        let message = Message {
            id: desk.new_id(),
            channel_id,
            author: Author::User(author),
            content: draft.content,
            timestamp: desk.now,
            edited_at: None,
            pinned_at: None,
            extra: Extra {
                kind,
                flags: draft.flags,
                tts: draft.tts && here.contains(Permissions::SEND_TTS_MESSAGES),
                mention_everyone: mentioned.everyone,
                mentions: mentioned.users,
                mention_roles: mentioned.roles,
                embeds,
                reference,
            },
            reactions: Vec::new(),
        };
        let nonce = draft.nonce;
        show_to_all(desk, channel_id);
        post(desk, message.clone(), nonce.clone(), dedupe);
        Ok((message, nonce))
    }
}

/// Source: Discord's documentation, "Channel Object": bots are unaffected, and since February 2026 no permission spares
/// anyone but that to bypass it.
fn slow_mode_applies(venue: Venue<'_>, here: Permissions) -> bool {
    venue.rate_limit_per_user() > 0 && !here.contains(Permissions::BYPASS_SLOWMODE)
}

/// Refuses who wrote in the channel less than `wait` seconds ago.
fn slow_mode(desk: &mut Desk<'_>, channel: Id, author: Id, wait: u32) -> Result<(), Refusal> {
    let since = Id::at(desk.now.plus_secs(-i64::from(wait) - 1));
    let Some(last) = desk.archive.last_written(channel, author, since, desk.now)? else { return Ok(()) };
    let left = last.plus_secs(wait.into()).unix_micros() - desk.now.unix_micros();
    match u64::try_from(left) {
        Ok(left) if left > 0 => Err(Refusal::SlowMode(Duration::from_micros(left))),
        _ => Ok(()),
    }
}

/// By which a message of this author with this mark is known. The space keeps it apart from what the lobby knows its
/// messages by: a [`decentra_model::Nonce`] has none, and so no guest can name another's message.
fn dedupe_key(author: Id, nonce: Option<&Value>) -> Option<String> {
    let nonce = match nonce? {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Some(format!("{author} {nonce}"))
}

/// By which a message of the lobby with this mark is known: by its mark alone, since a guest who comes back has no other.
/// It begins as no key of an account does, so that nobody finds what others wrote elsewhere, nor is taken for them.
fn lobby_key(nonce: &str) -> String {
    format!("lobby {nonce}")
}

/// The message that was posted under the same mark a short time ago.
fn repeated(desk: &mut Desk<'_>, dedupe: Option<&str>) -> Result<Option<Message>, Refusal> {
    let Some(dedupe) = dedupe else { return Ok(None) };
    let before = desk.archive.message_with(dedupe)?;
    let since = desk.now.plus_secs(-NONCE_MEMORY.as_secs().cast_signed());
    Ok(before.filter(|message| message.timestamp > since))
}

/// What becomes of a message for being a reply: its kind, what it refers to, and whom it mentions by that.
fn answered(
    desk: &mut Desk<'_>,
    channel_id: Id,
    guild_id: Option<Id>,
    here: Permissions,
    reply_to: Option<(Id, bool)>,
    mut mentioned: Mentions,
    allowed: &AllowedMentions,
) -> Result<(MessageKind, Option<Reference>, Mentions), Refusal> {
    let Some((message_id, strict)) = reply_to else { return Ok((MessageKind::Default, None, mentioned)) };
    if !here.contains(Permissions::READ_MESSAGE_HISTORY) {
        return Err(Refusal::NoHistory);
    }
    let Some(original) = desk.archive.message(channel_id, message_id, None)? else {
        if strict {
            return Err(Refusal::field("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message"));
        }
        return Ok((MessageKind::Default, None, mentioned));
    };
    if !matches!(original.extra.kind, MessageKind::Default | MessageKind::Reply) {
        let why = "Cannot reply to a system message";
        return Err(Refusal::field("message_reference", "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE", why));
    }
    if let Some(user) =
        original.author.user().filter(|user| allowed.replied_user && !mentioned.users.contains(user))
    {
        mentioned.users.push(user);
    }
    Ok((MessageKind::Reply, Some(Reference { message_id, channel_id, guild_id }), mentioned))
}

/// Says something in the lobby as a guest. What the lobby's own session allowed is posted.
#[derive(Debug)]
pub struct SayInLobby {
    /// Who: a member's account, or a guest's name.
    pub author: Author,
    /// What.
    pub content: String,
    /// By which the same message is known when it comes again.
    pub nonce: Option<String>,
}

impl Command for SayInLobby {
    /// The message, and whether it is new.
    type Answer = (Message, bool);

    fn decide(self, desk: &mut Desk<'_>) -> Result<Self::Answer, Refusal> {
        let instance = desk.community().instance().ok_or(Refusal::UnknownChannel)?;
        let channel_id = instance.lobby_id;
        let (state, channel) = desk.community().channel(channel_id).ok_or(Refusal::UnknownChannel)?;
        let here = match self.author.user() {
            Some(user) => state.permissions_in(channel, user, desk.now),
            None => state.guest_permissions_in(channel),
        };
        if !here.contains(Permissions::SEND_MESSAGES) {
            return Err(Refusal::MissingPermissions);
        }
        // A guest is nobody who could mention anyone.
        let venue = Venue::Guild(state, channel);
        let mentioned =
            self.author.user().map(|_| mentions(&self.content, &AllowedMentions::default(), venue, here));
        let wait = slow_mode_applies(venue, here).then_some(channel.rate_limit_per_user);
        let dedupe = self.nonce.as_deref().map(lobby_key);
        if let Some(dedupe) = &dedupe
            && let Some(before) = desk.archive.message_with(dedupe)?
        {
            return Ok((before, false));
        }
        if let (Some(wait), Some(user)) = (wait, self.author.user()) {
            slow_mode(desk, channel_id, user, wait)?;
        }
        let mut message = plain(desk.new_id(), channel_id, self.author, self.content, desk.now);
        if let Some(mentioned) = mentioned {
            message.extra.mention_everyone = mentioned.everyone;
            message.extra.mentions = mentioned.users;
            message.extra.mention_roles = mentioned.roles;
        }
        let nonce = self.nonce.map(Value::from);
        post(desk, message.clone(), nonce, dedupe);
        Ok((message, true))
    }
}

fn plain(id: Id, channel_id: Id, author: Author, content: String, timestamp: Timestamp) -> Message {
    Message {
        id,
        channel_id,
        author,
        content,
        timestamp,
        edited_at: None,
        pinned_at: None,
        extra: Extra::default(),
        reactions: Vec::new(),
    }
}
