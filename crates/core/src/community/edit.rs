//! Editing what was posted.

use decentra_model::limits::MESSAGE_CHARS_MAX;
use decentra_model::message::MessageKind;
use decentra_model::{Author, Embed, Event, Id, Message, Permissions};

use super::mention::{AllowedMentions, mentions};
use super::message::parse_embeds;
use super::{Actor, Command, Desk, Form, Refusal};

/// The flag that hides the previews of links (Discord's documentation, "Message Flags"): all that can be changed.
const SUPPRESS_EMBEDS: u32 = 1 << 2;

/// What is to change of a message.
#[derive(Debug, Default)]
pub struct MessagePatch {
    /// The text; a null takes it away.
    pub content: Option<String>,
    /// The cards.
    pub embeds: Option<Vec<Embed>>,
    /// The flags.
    pub flags: Option<u32>,
    /// Who may be mentioned.
    pub allowed_mentions: AllowedMentions,
}

impl MessagePatch {
    /// What a form says of it.
    pub fn read(form: &mut Form<'_>) -> Self {
        let content = form.patch_text("content", 0..=MESSAGE_CHARS_MAX).map(Option::unwrap_or_default);
        let takes_embeds = form.has("embeds") && form.value("embeds").is_none();
        Self {
            content: content.map(|content| content.trim().to_owned()),
            embeds: parse_embeds(form).or_else(|| takes_embeds.then(Vec::new)),
            flags: form.small("flags", 0..=u32::MAX),
            allowed_mentions: AllowedMentions::parse(form),
        }
    }
}

/// Edits a message of one's own; who manages messages may change the flags of others'.
#[derive(Debug)]
pub struct EditMessage {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub channel_id: Id,
    /// Which.
    pub message_id: Id,
    /// What.
    pub patch: MessagePatch,
}

impl Command for EditMessage {
    type Answer = Message;

    fn decide(self, desk: &mut Desk<'_>) -> Result<Message, Refusal> {
        let Self { actor, channel_id, message_id, patch } = self;
        desk.venue(channel_id, actor.user_id)?;
        let viewer = Some(actor.user_id);
        let old = desk.archive.message(channel_id, message_id, viewer)?.ok_or(Refusal::UnknownMessage)?;
        let answered = answered(desk, &old, &patch.allowed_mentions)?;
        let venue = desk.venue(channel_id, actor.user_id)?;
        let here = venue.permissions(actor.user_id, desk.now);
        let is_own = old.author == Author::User(actor.user_id);
        let changes_words = patch.content.is_some() || patch.embeds.is_some();
        if !is_own && (changes_words || !here.contains(Permissions::MANAGE_MESSAGES)) {
            return Err(Refusal::NotYourMessage);
        }
        if venue.is_silenced(actor.user_id, desk.now) {
            return Err(Refusal::MissingPermissions);
        }
        if !matches!(old.extra.kind, MessageKind::Default | MessageKind::Reply) {
            return Err(Refusal::SystemMessage);
        }
        venue.require_writable(actor.user_id)?;
        let mut new = old.clone();
        if let Some(content) = patch.content {
            let mut mentioned = mentions(&content, &patch.allowed_mentions, venue, here);
            if let Some(author) = answered.filter(|author| !mentioned.users.contains(author)) {
                mentioned.users.push(author);
            }
            new.extra.mention_everyone = mentioned.everyone;
            new.extra.mentions = mentioned.users;
            new.extra.mention_roles = mentioned.roles;
            new.content = content;
        }
        if let Some(embeds) = patch.embeds {
            new.extra.embeds = if here.contains(Permissions::EMBED_LINKS) { embeds } else { Vec::new() };
        }
        if let Some(flags) = patch.flags {
            new.extra.flags = (old.extra.flags & !SUPPRESS_EMBEDS) | (flags & SUPPRESS_EMBEDS);
        }
        if new.content.is_empty() && new.extra.embeds.is_empty() {
            return Err(Refusal::EmptyMessage);
        }
        if new != old {
            new.edited_at = if changes_words { Some(desk.now) } else { old.edited_at };
            let mut told = new.clone();
            // What the editor has put under it is theirs to know.
            told.reactions.iter_mut().for_each(|reaction| reaction.me = false);
            desk.emit(Event::MessageUpdated(told));
        }
        Ok(new)
    }
}

/// Whom a message mentions by answering them.
fn answered(
    desk: &mut Desk<'_>,
    message: &Message,
    allowed: &AllowedMentions,
) -> Result<Option<Id>, Refusal> {
    let is_reply = message.extra.kind == MessageKind::Reply && allowed.replied_user;
    let Some(reference) = message.extra.reference.filter(|_| is_reply) else { return Ok(None) };
    let original = desk.archive.message(reference.channel_id, reference.message_id, None)?;
    Ok(original.and_then(|original| original.author.user()))
}
