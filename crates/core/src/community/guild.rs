//! Guilds: to make, change and delete them.

use std::ops::RangeInclusive;

use decentra_model::audit::action;
use decentra_model::limits::{GUILD_DESCRIPTION_CHARS_MAX, GUILDS_PER_USER_MAX, TITLE_CHARS_MAX};
use decentra_model::{Channel, ChannelKind, Event, Guild, Id, Permissions, Picture};

use super::audit::{Keys, Note, changes};
use super::founding::make_guild;
use super::{Actor, Command, Desk, Form, GuildState, Refusal};

/// Seconds after which members count as idle in a voice channel. Discord's choices.
const AFK_TIMEOUTS: [u32; 5] = [60, 300, 900, 1_800, 3_600];

/// The languages that a guild can have. Source: Discord's documentation, "Locales".
const LOCALES: [&str; 34] = [
    "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he", "hi", "hr",
    "hu", "id", "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk",
    "vi", "zh-CN", "zh-TW",
];

/// What the audit log tells of a guild.
const KEYS: [(&str, &str); 16] = [
    ("name", "name"),
    ("owner_id", "owner_id"),
    ("icon", "icon_hash"),
    ("description", "description"),
    ("verification_level", "verification_level"),
    ("default_message_notifications", "default_message_notifications"),
    ("explicit_content_filter", "explicit_content_filter"),
    ("afk_channel_id", "afk_channel_id"),
    ("afk_timeout", "afk_timeout"),
    ("system_channel_id", "system_channel_id"),
    ("system_channel_flags", "system_channel_flags"),
    ("rules_channel_id", "rules_channel_id"),
    ("public_updates_channel_id", "public_updates_channel_id"),
    ("preferred_locale", "preferred_locale"),
    ("premium_progress_bar_enabled", "premium_progress_bar_enabled"),
    ("id", "id"),
];

/// Characters of a guild's name. Discord's.
pub const GUILD_NAME_CHARS: RangeInclusive<usize> = 2..=TITLE_CHARS_MAX;

/// Makes a guild that the caller owns.
#[derive(Debug)]
pub struct CreateGuild {
    /// Who.
    pub actor: Actor,
    /// What it is called.
    pub name: String,
    /// Its picture.
    pub icon: Option<Picture>,
}

impl Command for CreateGuild {
    type Answer = Id;

    fn decide(self, desk: &mut Desk<'_>) -> Result<Id, Refusal> {
        let owner = self.actor.user_id;
        let guilds = desk.community().guilds_of(owner).count();
        if guilds >= GUILDS_PER_USER_MAX {
            return Err(Refusal::TooManyGuilds(GUILDS_PER_USER_MAX));
        }
        let channels = [(ChannelKind::Text, "general"), (ChannelKind::Voice, "General")];
        let (id, _) = make_guild(desk, self.name, Some(owner), &channels);
        if let Some(icon) = self.icon
            && let Some(state) = desk.community().guild(id)
        {
            let guild = Guild { icon: Some(icon.hash.clone()), ..state.guild.clone() };
            desk.emit(Event::PictureSet { owner_id: id, picture: Some(icon) });
            desk.emit(Event::GuildUpdated(Box::new(guild)));
        }
        Ok(id)
    }
}

/// What is to change of a guild.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "the names are those of the guild's fields")]
pub struct GuildPatch {
    pub name: Option<String>,
    pub description: Option<Option<String>>,
    /// The picture.
    pub icon: Option<Option<Picture>>,
    pub owner_id: Option<Id>,
    pub verification_level: Option<u8>,
    pub default_message_notifications: Option<u8>,
    pub explicit_content_filter: Option<u8>,
    pub afk_channel_id: Option<Option<Id>>,
    pub afk_timeout: Option<u32>,
    pub system_channel_id: Option<Option<Id>>,
    pub system_channel_flags: Option<u32>,
    pub rules_channel_id: Option<Option<Id>>,
    pub public_updates_channel_id: Option<Option<Id>>,
    pub preferred_locale: Option<String>,
    pub premium_progress_bar_enabled: Option<bool>,
}

impl GuildPatch {
    /// What a form says of it, but for the picture.
    pub fn read(form: &mut Form<'_>) -> Self {
        Self {
            name: form.name("name", GUILD_NAME_CHARS),
            description: form.patch_text("description", 0..=GUILD_DESCRIPTION_CHARS_MAX),
            icon: None,
            owner_id: form.id("owner_id"),
            verification_level: level(form, "verification_level", 4),
            default_message_notifications: level(form, "default_message_notifications", 1),
            explicit_content_filter: level(form, "explicit_content_filter", 2),
            afk_channel_id: form.patch_id("afk_channel_id"),
            afk_timeout: form.small("afk_timeout", 60..=3_600).and_then(|secs| {
                let is_known = AFK_TIMEOUTS.contains(&secs);
                choose(form, "afk_timeout", is_known).then_some(secs)
            }),
            system_channel_id: form.patch_id("system_channel_id"),
            system_channel_flags: form.small("system_channel_flags", 0..=u32::MAX),
            rules_channel_id: form.patch_id("rules_channel_id"),
            public_updates_channel_id: form.patch_id("public_updates_channel_id"),
            preferred_locale: form.text("preferred_locale", 2..=6).and_then(|locale| {
                let is_known = LOCALES.contains(&locale.as_str());
                choose(form, "preferred_locale", is_known).then_some(locale)
            }),
            premium_progress_bar_enabled: form.flag("premium_progress_bar_enabled"),
        }
    }

    fn apply(self, guild: &mut Guild) {
        set(&mut guild.name, self.name);
        set(&mut guild.description, self.description.map(|text| text.filter(|text| !text.is_empty())));
        set(&mut guild.icon, self.icon.map(|icon| icon.map(|icon| icon.hash)));
        set(&mut guild.owner_id, self.owner_id.map(Some));
        set(&mut guild.verification_level, self.verification_level);
        set(&mut guild.default_message_notifications, self.default_message_notifications);
        set(&mut guild.explicit_content_filter, self.explicit_content_filter);
        set(&mut guild.afk_channel_id, self.afk_channel_id);
        set(&mut guild.afk_timeout, self.afk_timeout);
        set(&mut guild.system_channel_id, self.system_channel_id);
        set(&mut guild.system_channel_flags, self.system_channel_flags);
        set(&mut guild.rules_channel_id, self.rules_channel_id);
        set(&mut guild.public_updates_channel_id, self.public_updates_channel_id);
        set(&mut guild.preferred_locale, self.preferred_locale);
        set(&mut guild.premium_progress_bar_enabled, self.premium_progress_bar_enabled);
    }

    /// Refuses channels that are not of the guild, of the wrong kind, or hidden from `actor`, which is told apart by nothing.
    fn check_channels(&self, state: &GuildState, actor: Id) -> Result<(), Refusal> {
        let texts = [
            ("system_channel_id", self.system_channel_id),
            ("rules_channel_id", self.rules_channel_id),
            ("public_updates_channel_id", self.public_updates_channel_id),
        ];
        texts.into_iter().try_for_each(|(key, id)| check_channel(state, actor, key, id, false))?;
        check_channel(state, actor, "afk_channel_id", self.afk_channel_id, true)
    }
}

/// Puts `new` into `place`, if there is one.
pub(super) fn set<T>(place: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *place = new;
    }
}

fn level(form: &mut Form<'_>, key: &str, most: u8) -> Option<u8> {
    form.small(key, 0..=most.into()).and_then(|level| u8::try_from(level).ok())
}

/// Notes that `key` is wrong, unless it holds one of the values that it can have.
pub(super) fn choose(form: &mut Form<'_>, key: &str, is_known: bool) -> bool {
    if !is_known {
        form.refuse(key, "BASE_TYPE_CHOICES", "Value must be one of those that the documentation names.");
    }
    is_known
}

fn check_channel(
    state: &GuildState,
    actor: Id,
    key: &str,
    id: Option<Option<Id>>,
    voice: bool,
) -> Result<(), Refusal> {
    let Some(id) = id.flatten() else { return Ok(()) };
    let fits =
        |kind: ChannelKind| if voice { kind.is_voice() } else { kind.takes_messages() && !kind.is_voice() };
    let is_fit = |channel: &Channel| fits(channel.kind) && state.may_view(channel, actor);
    if state.channels.get(&id).is_some_and(is_fit) {
        return Ok(());
    }
    Err(Refusal::field(key, "CHANNEL_INVALID", "There is no such channel of that kind in the guild."))
}

/// Changes a guild.
#[derive(Debug)]
pub struct UpdateGuild {
    /// Who.
    pub actor: Actor,
    /// Which.
    pub guild_id: Id,
    /// What.
    pub patch: GuildPatch,
    /// Why.
    pub reason: Option<String>,
}

impl Command for UpdateGuild {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let Self { actor, guild_id, patch, reason } = self;
        let state = desk.guild_with(guild_id, actor.user_id, Permissions::MANAGE_GUILD)?;
        patch.check_channels(state, actor.user_id)?;
        if let Some(owner) = patch.owner_id {
            check_owner(desk, state, actor.user_id, owner)?;
        }
        let old = state.guild.clone();
        let mut new = old.clone();
        let picture = patch.icon.clone();
        patch.apply(&mut new);
        if let Some(picture) = picture {
            desk.emit(Event::PictureSet { owner_id: guild_id, picture });
        }
        update(desk, actor, &old, new, reason);
        Ok(())
    }
}

/// Only the owner gives a guild away, and only to a person who is in it.
fn check_owner(desk: &Desk<'_>, state: &GuildState, from: Id, to: Id) -> Result<(), Refusal> {
    if !state.is_owner(from) {
        return Err(Refusal::MissingPermissions);
    }
    if state.member(to).is_none() {
        return Err(Refusal::UnknownMember);
    }
    if desk.community().user(to).is_some_and(|user| user.bot) && to != from {
        return Err(Refusal::field("owner_id", "GUILD_OWNER_BOT", "A bot cannot be given a guild."));
    }
    Ok(())
}

fn update(desk: &mut Desk<'_>, actor: Actor, old: &Guild, new: Guild, reason: Option<String>) {
    if *old == new {
        return;
    }
    let keys: &Keys = &KEYS;
    let changes = changes(Some(old), Some(&new), keys);
    let id = new.id;
    desk.emit(Event::GuildUpdated(Box::new(new)));
    Note::new(actor, action::GUILD_UPDATE, reason).on(id).with(changes).emit(desk, id);
}

/// Deletes a guild with all that it holds.
#[derive(Debug)]
pub struct DeleteGuild {
    /// Who.
    pub actor: Actor,
    /// Which.
    pub guild_id: Id,
}

impl Command for DeleteGuild {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let state = desk.guild(self.guild_id, self.actor.user_id)?;
        if desk.community().instance().is_some_and(|instance| instance.home_id == self.guild_id) {
            return Err(Refusal::Forbidden("The home of this server cannot be deleted."));
        }
        if !state.is_owner(self.actor.user_id) {
            return Err(Refusal::MissingPermissions);
        }
        desk.emit(Event::GuildDeleted(self.guild_id));
        Ok(())
    }
}
