//! Members: their names, roles and time-outs; to join, and to be sent away.

use decentra_model::audit::action;
use decentra_model::limits::{
    GUILDS_PER_USER_MAX, MEMBERS_MAX, NAME_CHARS_MAX, PRUNE_DAYS_MAX, PRUNE_MAX, ROLES_MAX, TIMEOUT_SECS_MAX,
};
use decentra_model::message::{Extra, MessageKind};
use decentra_model::{AuditChange, Author, Event, Id, Member, Message, Permissions, Role, Timestamp};
use serde_json::{Value, json};

use super::audit::{Note, change};
use super::guild::set;
use super::{Actor, Command, Community, Desk, Form, GuildState, Refusal};

/// What is to change of a member.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "the names are those of the member's fields")]
pub struct MemberPatch {
    pub nick: Option<Option<String>>,
    pub roles: Option<Vec<Id>>,
    pub mute: Option<bool>,
    pub deaf: Option<bool>,
    pub timed_out_until: Option<Option<Timestamp>>,
}

impl MemberPatch {
    /// What a form says of it.
    pub fn read(form: &mut Form<'_>) -> Self {
        Self {
            roles: form.ids("roles", ROLES_MAX),
            mute: form.flag("mute"),
            deaf: form.flag("deaf"),
            timed_out_until: form.patch_time("communication_disabled_until"),
            ..Self::read_own(form)
        }
    }

    /// What a form says of what one may change of oneself.
    pub fn read_own(form: &mut Form<'_>) -> Self {
        // An empty nickname is none, as well as a null.
        let is_none =
            form.value("nick").is_none_or(|nick| nick.as_str().is_some_and(|nick| nick.trim().is_empty()));
        let takes_away = is_none && form.has("nick");
        let nick = if takes_away { Some(None) } else { form.name("nick", 0..=NAME_CHARS_MAX).map(Some) };
        Self { nick, ..Self::default() }
    }
}

/// Changes a member, or oneself.
#[derive(Debug)]
pub struct UpdateMember {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild_id: Id,
    /// Whom.
    pub user_id: Id,
    /// What.
    pub patch: MemberPatch,
    /// Why.
    pub reason: Option<String>,
}

impl Command for UpdateMember {
    type Answer = Member;

    fn decide(self, desk: &mut Desk<'_>) -> Result<Member, Refusal> {
        let Self { actor, guild_id, user_id, patch, reason } = self;
        let state = desk.guild(guild_id, actor.user_id)?;
        let old = state.member(user_id).ok_or(Refusal::UnknownMember)?.clone();
        let check = Check { state, actor: actor.user_id, now: desk.now };
        let mut new = old.clone();
        if let Some(nick) = patch.nick.filter(|nick| *nick != old.nick) {
            check.nick(user_id)?;
            new.nick = nick;
        }
        if let Some(roles) = patch.roles {
            check.roles(&old.roles, &roles)?;
            new.roles = roles;
        }
        if let Some(until) = patch.timed_out_until {
            check.time_out(user_id, until)?;
            new.timed_out_until = until;
        }
        check.needs(patch.mute.is_some(), Permissions::MUTE_MEMBERS)?;
        check.needs(patch.deaf.is_some(), Permissions::DEAFEN_MEMBERS)?;
        set(&mut new.mute, patch.mute);
        set(&mut new.deaf, patch.deaf);
        update(desk, actor, guild_id, &old, &new, reason);
        Ok(new)
    }
}

/// Whether a member may be changed.
struct Check<'a> {
    state: &'a GuildState,
    actor: Id,
    now: Timestamp,
}

impl Check<'_> {
    /// Refuses, if the actor needs the permission and does not have it.
    fn needs(&self, is_needed: bool, permission: Permissions) -> Result<(), Refusal> {
        if is_needed { self.state.require(self.actor, permission, self.now) } else { Ok(()) }
    }

    fn above(&self, user: Id) -> Result<(), Refusal> {
        if self.state.is_above(self.actor, user) { Ok(()) } else { Err(Refusal::MissingPermissions) }
    }

    fn nick(&self, user: Id) -> Result<(), Refusal> {
        let own = self.state.permissions(self.actor, self.now);
        if user == self.actor && own.contains(Permissions::CHANGE_NICKNAME) {
            return Ok(());
        }
        self.needs(true, Permissions::MANAGE_NICKNAMES)?;
        if user == self.actor { Ok(()) } else { self.above(user) }
    }

    fn roles(&self, old: &[Id], new: &[Id]) -> Result<(), Refusal> {
        let differs = |id: &&Id| old.contains(id) != new.contains(id);
        self.needs(true, Permissions::MANAGE_ROLES)?;
        old.iter().chain(new).filter(differs).try_for_each(|role| self.role(*role).map(drop))
    }

    /// The role, if the actor may give and take it.
    fn role(&self, id: Id) -> Result<&Role, Refusal> {
        let role = self.state.roles.get(&id).ok_or(Refusal::UnknownRole)?;
        self.needs(true, Permissions::MANAGE_ROLES)?;
        if id == self.state.guild.id || role.bot_id.is_some() {
            return Err(Refusal::InvalidRole);
        }
        if self.state.is_above_role(self.actor, role) { Ok(role) } else { Err(Refusal::MissingPermissions) }
    }

    /// Source: Discord's documentation, "Modify Guild Member": who is an administrator cannot be timed out.
    fn time_out(&self, user: Id, until: Option<Timestamp>) -> Result<(), Refusal> {
        self.needs(true, Permissions::MODERATE_MEMBERS)?;
        self.above(user)?;
        let theirs = self.state.permissions(user, self.now);
        if until.is_some() && theirs.contains(Permissions::ADMINISTRATOR) {
            return Err(Refusal::MissingPermissions);
        }
        if until.is_some_and(|until| until > self.now.plus_secs(TIMEOUT_SECS_MAX)) {
            let message = "Must be at most 28 days in the future.";
            return Err(Refusal::field(
                "communication_disabled_until",
                "INVALID_COMMUNICATION_DISABLED_TIMESTAMP",
                message,
            ));
        }
        Ok(())
    }
}

fn update(desk: &mut Desk<'_>, actor: Actor, guild: Id, old: &Member, new: &Member, reason: Option<String>) {
    if old == new {
        return;
    }
    let roles = role_changes(desk.community().guild(guild), &old.roles, &new.roles);
    let others = changes(old, new);
    desk.emit(Event::MemberUpdated(guild, new.clone()));
    if !roles.is_empty() {
        let note = Note::new(actor, action::MEMBER_ROLE_UPDATE, reason.clone()).on(new.user_id);
        note.with(roles).emit(desk, guild);
    }
    if !others.is_empty() {
        Note::new(actor, action::MEMBER_UPDATE, reason).on(new.user_id).with(others).emit(desk, guild);
    }
}

fn changes(old: &Member, new: &Member) -> Vec<AuditChange> {
    let until = |member: &Member| member.timed_out_until.map(|until| json!(until.zoned().to_string()));
    let all = [
        change("nick", Some(json!(old.nick)), Some(json!(new.nick))),
        change("mute", Some(json!(old.mute)), Some(json!(new.mute))),
        change("deaf", Some(json!(old.deaf)), Some(json!(new.deaf))),
        change("communication_disabled_until", until(old), until(new)),
    ];
    all.into_iter().flatten().collect()
}

/// The roles that came and went, as the audit log tells them.
fn role_changes(state: Option<&GuildState>, old: &[Id], new: &[Id]) -> Vec<AuditChange> {
    let name = |id: &Id| state.and_then(|state| state.roles.get(id)).map(|role| role.name.clone());
    let only = |these: &[Id], those: &[Id]| -> Vec<Value> {
        let only = these.iter().filter(|id| !those.contains(id));
        only.map(|id| json!({"id": id, "name": name(id).unwrap_or_default()})).collect()
    };
    let list = |key: &str, roles: Vec<Value>| change(key, None, (!roles.is_empty()).then(|| roles.into()));
    [list("$add", only(new, old)), list("$remove", only(old, new))].into_iter().flatten().collect()
}

/// Gives a member a role, or takes it away.
#[derive(Debug)]
pub struct SetMemberRole {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild_id: Id,
    /// To whom.
    pub user_id: Id,
    /// Which.
    pub role_id: Id,
    /// Whether they are to have it.
    pub has: bool,
    /// Why.
    pub reason: Option<String>,
}

impl Command for SetMemberRole {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let Self { actor, guild_id, user_id, role_id, has, reason } = self;
        let state = desk.guild(guild_id, actor.user_id)?;
        let old = state.member(user_id).ok_or(Refusal::UnknownMember)?.clone();
        Check { state, actor: actor.user_id, now: desk.now }.role(role_id)?;
        let mut new = old.clone();
        new.roles.retain(|role| *role != role_id || has);
        if has && !new.roles.contains(&role_id) {
            new.roles.push(role_id);
        }
        update(desk, actor, guild_id, &old, &new, reason);
        Ok(())
    }
}

/// Makes someone a member of a guild, and says so where newcomers are announced. Who is there already stays as they are.
pub(super) fn join(desk: &mut Desk<'_>, guild: Id, member: Member) -> Result<(), Refusal> {
    let user = member.user_id;
    let state = desk.community().guild(guild).ok_or(Refusal::UnknownGuild)?;
    if state.member(user).is_some() {
        return Ok(());
    }
    check_join(desk, state, user)?;
    let is_home = desk.community().instance().is_some_and(|instance| instance.home_id == guild);
    let channel =
        state.guild.system_channel_id.filter(|_| !is_home && state.guild.system_channel_flags & 1 == 0);
    desk.emit(Event::MemberJoined(guild, member));
    restrict(desk, guild, user);
    if let Some(channel_id) = channel {
        let message = welcome(desk, channel_id, user);
        desk.emit(Event::MessageCreated { message, nonce: None, dedupe: None });
    }
    Ok(())
}

/// Takes a guild that `user` has come to for no reason to write to them, if they wish that for all that they come to.
fn restrict(desk: &mut Desk<'_>, guild: Id, user: Id) {
    let privacy = desk.community().person(user).privacy();
    if !privacy.default_guilds_restricted || privacy.restricted_guilds.contains(&guild) {
        return;
    }
    let mut privacy = privacy.clone();
    // The oldest of those that they have left make room.
    privacy.restricted_guilds.retain(|of| desk.community().guild_for(*of, user).is_ok());
    privacy.restricted_guilds.push(guild);
    desk.emit(Event::PrivacySet { user_id: user, privacy });
}

/// Refuses, if `user`, who is not in the guild, may not join it.
pub(super) fn check_join(desk: &Desk<'_>, state: &GuildState, user: Id) -> Result<(), Refusal> {
    if state.bans.contains_key(&user) {
        return Err(Refusal::Banned);
    }
    if state.members.len() >= MEMBERS_MAX {
        return Err(Refusal::TooManyMembers);
    }
    let is_bot = desk.community().user(user).is_some_and(|user| user.bot);
    if !is_bot && desk.community().guilds_of(user).count() >= GUILDS_PER_USER_MAX {
        return Err(Refusal::TooManyGuilds(GUILDS_PER_USER_MAX));
    }
    Ok(())
}

fn welcome(desk: &mut Desk<'_>, channel_id: Id, user: Id) -> Message {
    Message {
        id: desk.new_id(),
        channel_id,
        author: Author::User(user),
        content: String::new(),
        timestamp: desk.now,
        edited_at: None,
        pinned_at: None,
        extra: Extra { kind: MessageKind::UserJoin, ..Extra::default() },
        reactions: Vec::new(),
    }
}

/// Takes `user` out of a guild; a bot's own role goes with it.
pub(super) fn leave(desk: &mut Desk<'_>, guild: Id, user: Id) {
    let roles = desk.community().guild(guild).into_iter().flat_map(|state| state.roles.values());
    let own: Vec<Id> = roles.filter(|role| role.bot_id == Some(user)).map(|role| role.id).collect();
    desk.emit(Event::MemberLeft(guild, user));
    for role in own {
        desk.emit(Event::RoleDeleted(guild, role));
    }
}

/// Sends a member away.
#[derive(Debug)]
pub struct Kick {
    /// Who.
    pub actor: Actor,
    /// Whence.
    pub guild_id: Id,
    /// Whom.
    pub user_id: Id,
    /// Why.
    pub reason: Option<String>,
}

impl Command for Kick {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let Self { actor, guild_id, user_id, reason } = self;
        let state = desk.guild_with(guild_id, actor.user_id, Permissions::KICK_MEMBERS)?;
        state.member(user_id).ok_or(Refusal::UnknownMember)?;
        if !state.is_above(actor.user_id, user_id) {
            return Err(Refusal::MissingPermissions);
        }
        leave(desk, guild_id, user_id);
        Note::new(actor, action::MEMBER_KICK, reason).on(user_id).emit(desk, guild_id);
        Ok(())
    }
}

/// Leaves a guild.
#[derive(Debug)]
pub struct Leave {
    /// Who.
    pub actor: Actor,
    /// Which.
    pub guild_id: Id,
}

impl Command for Leave {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let user = self.actor.user_id;
        if desk.guild(self.guild_id, user)?.is_owner(user) {
            return Err(Refusal::field(
                "guild_id",
                "GUILD_OWNER",
                "The owner cannot leave: give it to another first.",
            ));
        }
        leave(desk, self.guild_id, user);
        Ok(())
    }
}

/// Whom a prune removes.
#[derive(Debug, Clone)]
pub struct Idle {
    /// Those who were not here for so many days.
    pub days: u32,
    /// Those who have no other roles than these.
    pub roles: Vec<Id>,
}

impl Idle {
    /// What a form says of it. In a query the roles stand in a row, with commas between them.
    pub fn read(form: &mut Form<'_>) -> Self {
        let days = form.small("days", 1..=PRUNE_DAYS_MAX).unwrap_or(7);
        let row = form.value("include_roles").and_then(Value::as_str).filter(|_| form.is_query());
        let Some(row) = row else {
            return Self { days, roles: form.ids("include_roles", ROLES_MAX).unwrap_or_default() };
        };
        let mut roles = Vec::new();
        for (nth, id) in row.split(',').take(ROLES_MAX).enumerate() {
            match id.trim().parse() {
                Ok(id) => roles.push(id),
                Err(_) => form.refuse_item(
                    "include_roles",
                    nth,
                    "NUMBER_TYPE_COERCE",
                    "Value is not snowflake.".into(),
                ),
            }
        }
        Self { days, roles }
    }

    /// The members of a guild whom `actor` may prune.
    pub fn members(&self, community: &Community, state: &GuildState, actor: Id, now: Timestamp) -> Vec<Id> {
        let since = now.plus_secs(-i64::from(self.days) * 24 * 60 * 60);
        let is_idle = |member: &&Member| {
            let user = member.user_id;
            let was_here = community.logins_of(user).any(|login| login.used_at >= since);
            let is_here = was_here || community.presence(user).is_some() || member.joined_at >= since;
            let is_bot = community.user(user).is_some_and(|user| user.bot);
            let roles = member.roles.iter().all(|role| self.roles.contains(role));
            !is_here && !is_bot && roles && state.is_above(actor, user)
        };
        state.members.values().filter(is_idle).map(|member| member.user_id).collect()
    }
}

/// What one needs to prune. Source: Discord's documentation, "Begin Guild Prune".
pub const TO_PRUNE: Permissions = Permissions::KICK_MEMBERS.union(Permissions::MANAGE_GUILD);

/// Sends away those who have not been here for long.
#[derive(Debug)]
pub struct Prune {
    /// Who.
    pub actor: Actor,
    /// Whence.
    pub guild_id: Id,
    /// Whom.
    pub idle: Idle,
    /// Why.
    pub reason: Option<String>,
}

impl Command for Prune {
    /// How many went.
    type Answer = usize;

    fn decide(self, desk: &mut Desk<'_>) -> Result<usize, Refusal> {
        let Self { actor, guild_id, idle, reason } = self;
        let state = desk.guild_with(guild_id, actor.user_id, TO_PRUNE)?;
        let mut members = idle.members(desk.community(), state, actor.user_id, desk.now);
        members.truncate(PRUNE_MAX);
        if members.is_empty() {
            return Ok(0);
        }
        for member in &members {
            leave(desk, guild_id, *member);
        }
        let (days, count) = (idle.days.to_string(), members.len().to_string());
        let note = Note::new(actor, action::MEMBER_PRUNE, reason);
        note.options(json!({"delete_member_days": days, "members_removed": count})).emit(desk, guild_id);
        Ok(members.len())
    }
}
