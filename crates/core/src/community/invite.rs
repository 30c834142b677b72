//! Invites: ways into a guild.

use decentra_model::audit::action;
use decentra_model::limits::{INVITE_AGE_MAX, INVITE_CODE_CHARS, INVITE_USES_MAX, INVITES_MAX};
use decentra_model::{Channel, ChannelKind, Event, Id, Invite, Member, Permissions, Timestamp};

use super::audit::{Keys, Note, changes};
use super::member::{check_join, join};
use super::{Actor, Command, Community, Desk, Form, Refusal};

const KEYS: &Keys = &[
    ("code", "code"),
    ("channel_id", "channel_id"),
    ("inviter_id", "inviter_id"),
    ("uses", "uses"),
    ("max_uses", "max_uses"),
    ("max_age", "max_age"),
    ("temporary", "temporary"),
];

/// What an invite is to be.
#[derive(Debug)]
pub struct InviteDraft {
    /// For how long it holds, in seconds; 0 is for ever.
    pub max_age: u32,
    /// How often it may be used; 0 is no limit.
    pub max_uses: u32,
    /// Whether members that come by it go when they log out.
    pub temporary: bool,
    /// Whether it must be a new one, though there is one just like it.
    pub unique: bool,
}

impl InviteDraft {
    /// What a form says of it: a day, as often as one likes, unless it says otherwise.
    pub fn read(form: &mut Form<'_>) -> Self {
        Self {
            max_age: form.small("max_age", 0..=INVITE_AGE_MAX).unwrap_or(24 * 60 * 60),
            max_uses: form.small("max_uses", 0..=INVITE_USES_MAX).unwrap_or_default(),
            temporary: form.flag("temporary").unwrap_or_default(),
            unique: form.flag("unique").unwrap_or_default(),
        }
    }

    fn is_like(&self, invite: &Invite) -> bool {
        self.max_age == invite.max_age
            && self.max_uses == invite.max_uses
            && self.temporary == invite.temporary
    }
}

/// Makes an invite.
#[derive(Debug)]
pub struct CreateInvite {
    /// Who.
    pub actor: Actor,
    /// The channel that it opens.
    pub channel_id: Id,
    /// What.
    pub draft: InviteDraft,
    /// Why.
    pub reason: Option<String>,
}

impl Command for CreateInvite {
    type Answer = Invite;

    fn decide(self, desk: &mut Desk<'_>) -> Result<Invite, Refusal> {
        let Self { actor, channel_id, draft, reason } = self;
        let needed = Permissions::CREATE_INSTANT_INVITE;
        let (_, channel) = desk.channel_with(channel_id, actor.user_id, needed)?;
        if channel.kind == ChannelKind::Category {
            return Err(Refusal::WrongChannelKind);
        }
        let guild_id = channel.guild_id;
        let (spent, open): (Vec<&Invite>, Vec<&Invite>) =
            desk.community().invites_to(guild_id).partition(|invite| invite.is_spent(desk.now));
        let is_same = |invite: &&Invite| {
            invite.channel_id == channel_id && invite.inviter_id == actor.user_id && draft.is_like(invite)
        };
        if let Some(same) = open.iter().copied().find(is_same).filter(|_| !draft.unique) {
            return Ok(same.clone());
        }
        if open.len() >= INVITES_MAX {
            return Err(Refusal::TooManyInvites(INVITES_MAX));
        }
        let spent: Vec<Invite> = spent.into_iter().cloned().collect();
        let invite = make(desk, actor.user_id, channel, &draft);
        for invite in spent {
            desk.emit(Event::InviteDeleted(invite));
        }
        desk.emit(Event::InviteCreated(invite.clone()));
        let note = Note::new(actor, action::INVITE_CREATE, reason);
        note.with(changes(None, Some(&invite), KEYS)).emit(desk, guild_id);
        Ok(invite)
    }
}

fn make(desk: &Desk<'_>, inviter_id: Id, channel: &Channel, draft: &InviteDraft) -> Invite {
    Invite {
        code: new_code(desk.community(), desk.random()),
        guild_id: channel.guild_id,
        channel_id: channel.id,
        inviter_id,
        created_at: desk.now,
        max_age: draft.max_age,
        max_uses: draft.max_uses,
        uses: 0,
        temporary: draft.temporary,
    }
}

/// A code that no invite has.
fn new_code(community: &Community, random: u64) -> String {
    let mut random = random;
    loop {
        let code = code(random);
        if community.invite(&code).is_none() {
            return code;
        }
        random = random.wrapping_add(1);
    }
}

fn code(mut random: u64) -> String {
    const CHARS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut code = String::with_capacity(INVITE_CODE_CHARS);
    for _ in 0..INVITE_CODE_CHARS {
        let digit = usize::try_from(random % 62).unwrap_or_default();
        code.push(char::from(CHARS[digit]));
        random /= 62;
    }
    code
}

impl Community {
    /// The invite with this code, if it can be used.
    pub fn open_invite(&self, code: &str, now: Timestamp) -> Result<&Invite, Refusal> {
        self.invite(code).filter(|invite| !invite.is_spent(now)).ok_or(Refusal::UnknownInvite)
    }
}

/// Takes an invite.
#[derive(Debug)]
pub struct AcceptInvite {
    /// Who.
    pub actor: Actor,
    /// Which.
    pub code: String,
}

impl Command for AcceptInvite {
    /// The invite as it is now, and whether they are new in the guild.
    type Answer = (Invite, bool);

    fn decide(self, desk: &mut Desk<'_>) -> Result<Self::Answer, Refusal> {
        let Self { actor, code } = self;
        if actor.is_bot {
            return Err(Refusal::NotForBots);
        }
        let mut invite = desk.community().open_invite(&code, desk.now)?.clone();
        let state = desk.community().guild(invite.guild_id).ok_or(Refusal::UnknownInvite)?;
        if state.member(actor.user_id).is_some() {
            return Ok((invite, false));
        }
        check_join(desk, state, actor.user_id)?;
        let member = Member { temporary: invite.temporary, ..Member::new(actor.user_id, desk.now) };
        join(desk, invite.guild_id, member)?;
        count(desk, &mut invite);
        Ok((invite, true))
    }
}

/// Counts one more use of an invite; after the last one it is gone.
pub(super) fn count(desk: &mut Desk<'_>, invite: &mut Invite) {
    invite.uses += 1;
    if invite.is_spent(desk.now) {
        desk.emit(Event::InviteDeleted(invite.clone()));
    } else {
        desk.emit(Event::InviteUsed(invite.clone()));
    }
}

/// Takes an invite back.
#[derive(Debug)]
pub struct DeleteInvite {
    /// Who.
    pub actor: Actor,
    /// Which.
    pub code: String,
    /// Why.
    pub reason: Option<String>,
}

impl Command for DeleteInvite {
    /// What it was.
    type Answer = Invite;

    fn decide(self, desk: &mut Desk<'_>) -> Result<Invite, Refusal> {
        let Self { actor, code, reason } = self;
        let invite = desk.community().open_invite(&code, desk.now)?.clone();
        let (state, channel) = desk.community().channel(invite.channel_id).ok_or(Refusal::UnknownInvite)?;
        let here = state.permissions_in(channel, actor.user_id, desk.now);
        let own = state.permissions(actor.user_id, desk.now);
        if !here.contains(Permissions::MANAGE_CHANNELS) && !own.contains(Permissions::MANAGE_GUILD) {
            return Err(Refusal::MissingPermissions);
        }
        desk.emit(Event::InviteDeleted(invite.clone()));
        let note = Note::new(actor, action::INVITE_DELETE, reason);
        note.with(changes(Some(&invite), None, KEYS)).emit(desk, invite.guild_id);
        Ok(invite)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_eight_letters_and_digits() {
        assert_eq!(code(0), "00000000");
        assert_eq!(code(61), "z0000000");
        assert!(code(u64::MAX).chars().all(|c| c.is_ascii_alphanumeric()));
    }
}
