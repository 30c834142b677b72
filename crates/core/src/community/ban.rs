//! Bans: who may not come back.

use decentra_model::audit::action;
use decentra_model::limits::{BAN_DELETE_MAX, BAN_DELETE_SECS_MAX, BANS_MAX, BULK_BAN_MAX, BULK_DELETE_MAX};
use decentra_model::{Ban, Event, Id, Permissions};

use super::audit::Note;
use super::member::leave;
use super::{Actor, Command, Desk, Form, GuildState, Refusal};

/// Seconds back, for which the messages of who is banned are deleted. An older way says it in days.
pub fn read_deletion(form: &mut Form<'_>) -> u32 {
    let days = form.small("delete_message_days", 0..=7).map(|days| days * 24 * 60 * 60);
    form.small("delete_message_seconds", 0..=BAN_DELETE_SECS_MAX).or(days).unwrap_or_default()
}

/// Whom to ban, and the seconds back for which their messages are deleted.
pub fn read_bulk(form: &mut Form<'_>) -> (Vec<Id>, u32) {
    form.require("user_ids");
    (form.ids("user_ids", BULK_BAN_MAX).unwrap_or_default(), read_deletion(form))
}

/// Bans accounts, members or not.
#[derive(Debug)]
pub struct BanUsers {
    /// Who.
    pub actor: Actor,
    /// Whence.
    pub guild_id: Id,
    /// Whom.
    pub user_ids: Vec<Id>,
    /// Whether those who can be banned are, though others cannot.
    pub bulk: bool,
    /// The seconds back for which their messages are deleted.
    pub delete_secs: u32,
    /// Why.
    pub reason: Option<String>,
}

impl Command for BanUsers {
    /// Who was banned, and who was not.
    type Answer = (Vec<Id>, Vec<Id>);

    fn decide(self, desk: &mut Desk<'_>) -> Result<Self::Answer, Refusal> {
        let Self { actor, guild_id, user_ids, bulk, delete_secs, reason } = self;
        let needed = Permissions::BAN_MEMBERS;
        let needed = if bulk { needed | Permissions::MANAGE_GUILD } else { needed };
        let state = desk.guild_with(guild_id, actor.user_id, needed)?;
        if state.bans.len() + user_ids.len() > BANS_MAX {
            return Err(Refusal::TooManyBans);
        }
        let (mut banned, mut failed) = (Vec::new(), Vec::new());
        for user in user_ids {
            match check(desk, state, actor.user_id, user) {
                Ok(()) if bulk && state.bans.contains_key(&user) => failed.push(user),
                Ok(()) => banned.push(user),
                Err(_) if bulk => failed.push(user),
                Err(refusal) => return Err(refusal),
            }
        }
        if bulk && banned.is_empty() {
            return Err(Refusal::NobodyBanned);
        }
        let deletions = deletions(desk, guild_id, &banned, delete_secs)?;
        for user in &banned {
            ban(desk, actor, guild_id, *user, reason.clone());
        }
        for deletion in deletions {
            desk.emit(deletion);
        }
        Ok((banned, failed))
    }
}

fn check(desk: &Desk<'_>, state: &GuildState, actor: Id, user: Id) -> Result<(), Refusal> {
    desk.community().user(user).ok_or(Refusal::UnknownUser)?;
    if state.is_above(actor, user) { Ok(()) } else { Err(Refusal::MissingPermissions) }
}

/// What deletes the messages that these users wrote in the last `secs` seconds.
fn deletions(desk: &mut Desk<'_>, guild: Id, users: &[Id], secs: u32) -> Result<Vec<Event>, Refusal> {
    let mut deletions = Vec::new();
    if secs == 0 {
        return Ok(deletions);
    }
    let since = Id::at(desk.now.plus_secs(-i64::from(secs)));
    let state = desk.community().guild(guild).ok_or(Refusal::UnknownGuild)?;
    let channels = state.channels.values().filter(|channel| channel.kind.takes_messages());
    let channels: Vec<Id> = channels.map(|channel| channel.id).collect();
    for channel_id in channels {
        let written = desk.archive.written_by(channel_id, users, since, BAN_DELETE_MAX)?;
        deletions.extend(written.chunks(BULK_DELETE_MAX).map(|ids| Event::MessagesDeleted {
            channel_id,
            ids: ids.to_vec(),
            bulk: true,
        }));
    }
    Ok(deletions)
}

fn ban(desk: &mut Desk<'_>, actor: Actor, guild: Id, user: Id, reason: Option<String>) {
    let Some(state) = desk.community().guild(guild) else { return };
    if state.bans.contains_key(&user) {
        return;
    }
    let is_member = state.member(user).is_some();
    desk.emit(Event::BanAdded(guild, Ban { user_id: user, reason: reason.clone() }));
    if is_member {
        leave(desk, guild, user);
    }
    Note::new(actor, action::MEMBER_BAN_ADD, reason).on(user).emit(desk, guild);
}

/// Lifts a ban.
#[derive(Debug)]
pub struct Unban {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild_id: Id,
    /// Whose.
    pub user_id: Id,
    /// Why.
    pub reason: Option<String>,
}

impl Command for Unban {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let Self { actor, guild_id, user_id, reason } = self;
        let state = desk.guild_with(guild_id, actor.user_id, Permissions::BAN_MEMBERS)?;
        state.bans.get(&user_id).ok_or(Refusal::UnknownBan)?;
        desk.emit(Event::BanRemoved(guild_id, user_id));
        Note::new(actor, action::MEMBER_BAN_REMOVE, reason).on(user_id).emit(desk, guild_id);
        Ok(())
    }
}
