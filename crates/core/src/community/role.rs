//! Roles: to make, change, order and delete them.
//!
//! Source: Discord's documentation, "Permission Hierarchy": one manages the roles below one's own highest, and gives
//! only permissions that one has.

use decentra_model::audit::action;
use decentra_model::limits::{ROLES_MAX, TITLE_CHARS_MAX};
use decentra_model::{Event, Id, Permissions, Role};

use super::audit::{Keys, Note, changes};
use super::guild::set;
use super::{Actor, Command, Desk, Form, GuildState, Refusal};

/// What the audit log tells of a role.
pub(super) const KEYS: &Keys = &[
    ("name", "name"),
    ("permissions", "permissions"),
    ("position", "position"),
    ("color", "color"),
    ("hoist", "hoist"),
    ("mentionable", "mentionable"),
];

/// What a role is to be.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "the names are those of the role's fields")]
pub struct RolePatch {
    pub name: Option<String>,
    pub permissions: Option<Permissions>,
    pub color: Option<u32>,
    pub hoist: Option<bool>,
    pub mentionable: Option<bool>,
}

impl RolePatch {
    /// What a form says of it. The newer way to give a colour goes before the older one.
    pub fn read(form: &mut Form<'_>) -> Self {
        let primary = form.nested("colors", |form| form.small("primary_color", 0..=0x00ff_ffff)).flatten();
        let color = form.small("color", 0..=0x00ff_ffff);
        Self {
            name: form.name("name", 0..=TITLE_CHARS_MAX),
            permissions: form.permissions("permissions"),
            color: primary.or(color),
            hoist: form.flag("hoist"),
            mentionable: form.flag("mentionable"),
        }
    }

    fn apply(self, role: &mut Role) {
        set(&mut role.name, self.name);
        set(&mut role.permissions, self.permissions);
        set(&mut role.color, self.color);
        set(&mut role.hoist, self.hoist);
        set(&mut role.mentionable, self.mentionable);
    }
}

/// Makes a role.
#[derive(Debug)]
pub struct CreateRole {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild_id: Id,
    /// What.
    pub draft: RolePatch,
    /// Why.
    pub reason: Option<String>,
}

impl Command for CreateRole {
    type Answer = Role;

    fn decide(self, desk: &mut Desk<'_>) -> Result<Role, Refusal> {
        let Self { actor, guild_id, draft, reason } = self;
        let state = desk.guild_with(guild_id, actor.user_id, Permissions::MANAGE_ROLES)?;
        if state.roles.len() >= ROLES_MAX {
            return Err(Refusal::TooManyRoles(ROLES_MAX));
        }
        if let Some(wanted) = draft.permissions {
            check_grant(desk, state, actor.user_id, wanted)?;
        }
        let permissions = state.everyone().permissions;
        let id = desk.new_id();
        // Among those at one position the oldest stands highest: a new role is the lowest of all.
        let mut role =
            Role { id, name: "new role".into(), permissions, position: 1, ..Role::everyone(guild_id) };
        draft.apply(&mut role);
        let note = Note::new(actor, action::ROLE_CREATE, reason).on(id);
        let note = note.with(changes(None, Some(&role), KEYS));
        desk.emit(Event::RoleCreated(guild_id, role.clone()));
        note.emit(desk, guild_id);
        Ok(role)
    }
}

/// Refuses to give permissions that `user` does not have.
fn check_grant(desk: &Desk<'_>, state: &GuildState, user: Id, given: Permissions) -> Result<(), Refusal> {
    let own = state.permissions(user, desk.now);
    if own.contains(given) || own.contains(Permissions::ADMINISTRATOR) {
        Ok(())
    } else {
        Err(Refusal::MissingPermissions)
    }
}

/// The guild, and a role of it that `user` may manage.
fn managed<'a>(
    desk: &'a Desk<'_>,
    guild: Id,
    role: Id,
    user: Id,
) -> Result<(&'a GuildState, &'a Role), Refusal> {
    let state = desk.guild(guild, user)?;
    let role = state.roles.get(&role).ok_or(Refusal::UnknownRole)?;
    state.require(user, Permissions::MANAGE_ROLES, desk.now)?;
    if state.is_above_role(user, role) { Ok((state, role)) } else { Err(Refusal::MissingPermissions) }
}

/// Changes a role.
#[derive(Debug)]
pub struct UpdateRole {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild_id: Id,
    /// Which.
    pub role_id: Id,
    /// What.
    pub patch: RolePatch,
    /// Why.
    pub reason: Option<String>,
}

impl Command for UpdateRole {
    type Answer = Role;

    fn decide(self, desk: &mut Desk<'_>) -> Result<Role, Refusal> {
        let Self { actor, guild_id, role_id, mut patch, reason } = self;
        let (state, role) = managed(desk, guild_id, role_id, actor.user_id)?;
        if role_id == guild_id {
            // Everyone has it: it is only what it allows.
            patch = RolePatch { permissions: patch.permissions, ..RolePatch::default() };
        }
        let old = role.clone();
        if let Some(wanted) = patch.permissions {
            check_grant(desk, state, actor.user_id, wanted - old.permissions)?;
        }
        let mut new = old.clone();
        patch.apply(&mut new);
        update(desk, actor, guild_id, &old, &new, reason);
        Ok(new)
    }
}

fn update(desk: &mut Desk<'_>, actor: Actor, guild: Id, old: &Role, new: &Role, reason: Option<String>) {
    if old == new {
        return;
    }
    desk.emit(Event::RoleUpdated(guild, new.clone()));
    let note = Note::new(actor, action::ROLE_UPDATE, reason).on(new.id);
    note.with(changes(Some(old), Some(new), KEYS)).emit(desk, guild);
}

/// Deletes a role.
#[derive(Debug)]
pub struct DeleteRole {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild_id: Id,
    /// Which.
    pub role_id: Id,
    /// Why.
    pub reason: Option<String>,
}

impl Command for DeleteRole {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let Self { actor, guild_id, role_id, reason } = self;
        let (_, role) = managed(desk, guild_id, role_id, actor.user_id)?;
        if role_id == guild_id || role.bot_id.is_some() {
            return Err(Refusal::InvalidRole);
        }
        let role = role.clone();
        desk.emit(Event::RoleDeleted(guild_id, role_id));
        let note = Note::new(actor, action::ROLE_DELETE, reason).on(role_id);
        note.with(changes(Some(&role), None, KEYS)).emit(desk, guild_id);
        Ok(())
    }
}

/// Where a role is to stand.
#[derive(Debug)]
pub struct Rank {
    /// Which.
    pub id: Id,
    /// Its place: a higher number stands above a lower one.
    pub position: Option<i32>,
}

impl Rank {
    /// The ranks in a body that is a list.
    pub fn read(form: &mut Form<'_>) -> Vec<Self> {
        form.whole_list(ROLES_MAX, |form| Self {
            id: form.required_id("id"),
            position: form.position("position"),
        })
    }
}

/// Puts roles above and below one another.
#[derive(Debug)]
pub struct MoveRoles {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild_id: Id,
    /// Which go where.
    pub ranks: Vec<Rank>,
    /// Why.
    pub reason: Option<String>,
}

impl Command for MoveRoles {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let Self { actor, guild_id, ranks, reason } = self;
        let user = actor.user_id;
        let state = desk.guild_with(guild_id, user, Permissions::MANAGE_ROLES)?;
        let mut moved: Vec<(Role, Role)> = Vec::with_capacity(ranks.len());
        for rank in ranks {
            let Rank { id, position: Some(position) } = rank else { continue };
            let old = state.roles.get(&id).ok_or(Refusal::UnknownRole)?;
            // The role of everyone is below all others, whatever is asked for.
            if id == guild_id || position == old.position {
                continue;
            }
            let new = Role { position: position.max(1), ..old.clone() };
            if !state.is_above_role(user, old) || !state.is_above_role(user, &new) {
                return Err(Refusal::MissingPermissions);
            }
            moved.retain(|(before, _)| before.id != id);
            moved.push((old.clone(), new));
        }
        for (old, new) in moved {
            update(desk, actor, guild_id, &old, &new, reason.clone());
        }
        Ok(())
    }
}
