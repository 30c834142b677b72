//! Applications: programs, their bots, and the bots' way into a guild.

use decentra_model::audit::action;
use decentra_model::limits::{
    APPLICATION_DESCRIPTION_CHARS_MAX, APPLICATION_NAME_CHARS_MAX, APPLICATIONS_MAX, ROLES_MAX,
};
use decentra_model::{Application, Event, Id, Member, Name, Permissions, Role, User};

use super::account::erase;
use super::audit::{Note, changes};
use super::guild::set;
use super::login::{LoggedIn, Mint, end_logins, log_in};
use super::member::{check_join, join};
use super::role::KEYS as ROLE_KEYS;
use super::{Actor, Command, Desk, Form, Refusal};

/// The flags that allow the privileged intents to a bot in few guilds. Whoever runs an instance knows its bots: all are
/// allowed to begin with. Source: Discord's documentation, "Application Flags".
const PRIVILEGED_INTENTS: u32 = (1 << 13) | (1 << 15) | (1 << 19);

/// What an application is to be.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "the names are those of the application's fields")]
pub struct ApplicationPatch {
    pub name: Option<String>,
    pub description: Option<String>,
    pub bot_public: Option<bool>,
    pub flags: Option<u32>,
}

impl ApplicationPatch {
    /// What a form says of it.
    pub fn read(form: &mut Form<'_>) -> Self {
        let description = form.patch_text("description", 0..=APPLICATION_DESCRIPTION_CHARS_MAX);
        Self {
            name: form.name("name", 1..=APPLICATION_NAME_CHARS_MAX),
            description: description.map(Option::unwrap_or_default),
            bot_public: form.flag("bot_public"),
            flags: form.small("flags", 0..=u32::MAX).map(|flags| flags & PRIVILEGED_INTENTS),
        }
    }

    /// What a form says of a new one, which must have a name.
    pub fn read_new(form: &mut Form<'_>) -> Self {
        let name = Some(form.required_name("name", 1..=APPLICATION_NAME_CHARS_MAX));
        Self { name, ..Self::read(form) }
    }

    fn apply(self, application: &mut Application) {
        set(&mut application.name, self.name);
        set(&mut application.description, self.description);
        set(&mut application.bot_public, self.bot_public);
        set(&mut application.flags, self.flags);
    }
}

/// Makes an application.
#[derive(Debug)]
pub struct CreateApplication {
    /// Who.
    pub actor: Actor,
    /// What.
    pub draft: ApplicationPatch,
}

impl Command for CreateApplication {
    type Answer = Application;

    fn decide(self, desk: &mut Desk<'_>) -> Result<Application, Refusal> {
        let owner_id = self.actor.user_id;
        if desk.community().applications_of(owner_id).count() >= APPLICATIONS_MAX {
            return Err(Refusal::TooManyApplications(APPLICATIONS_MAX));
        }
        let mut application = Application {
            id: desk.new_id(),
            name: String::new(),
            description: String::new(),
            owner_id,
            has_bot: false,
            bot_public: true,
            flags: PRIVILEGED_INTENTS,
        };
        self.draft.apply(&mut application);
        desk.emit(Event::ApplicationSet(application.clone()));
        Ok(application)
    }
}

/// The application, if `actor` made it, or is its bot; else as if it did not exist.
fn owned(desk: &Desk<'_>, id: Id, actor: Actor) -> Result<Application, Refusal> {
    let application = desk.community().application(id).ok_or(Refusal::UnknownApplication)?;
    let is_own = [application.owner_id, application.id].contains(&actor.user_id);
    if is_own { Ok(application.clone()) } else { Err(Refusal::UnknownApplication) }
}

/// Changes an application.
#[derive(Debug)]
pub struct UpdateApplication {
    /// Who.
    pub actor: Actor,
    /// Which.
    pub application_id: Id,
    /// What.
    pub patch: ApplicationPatch,
}

impl Command for UpdateApplication {
    type Answer = Application;

    fn decide(self, desk: &mut Desk<'_>) -> Result<Application, Refusal> {
        let old = owned(desk, self.application_id, self.actor)?;
        let mut new = old.clone();
        self.patch.apply(&mut new);
        if new != old {
            desk.emit(Event::ApplicationSet(new.clone()));
        }
        Ok(new)
    }
}

/// Deletes an application, and its bot with it.
#[derive(Debug)]
pub struct DeleteApplication {
    /// Who.
    pub actor: Actor,
    /// Which.
    pub application_id: Id,
}

impl Command for DeleteApplication {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let application = owned(desk, self.application_id, self.actor)?;
        erase(desk, application.id);
        desk.emit(Event::ApplicationDeleted(application.id));
        Ok(())
    }
}

/// Gives an application its bot, or its bot a new token; the old one opens nothing any more.
#[derive(Debug)]
pub struct MakeBotToken {
    /// Who.
    pub actor: Actor,
    /// Whose bot.
    pub application_id: Id,
    /// Whether the bot is made by this.
    pub is_new: bool,
    /// Makes the token.
    pub mint: Mint,
}

impl Command for MakeBotToken {
    type Answer = LoggedIn;

    fn decide(self, desk: &mut Desk<'_>) -> Result<LoggedIn, Refusal> {
        let application = owned(desk, self.application_id, self.actor)?;
        let id = application.id;
        match (self.is_new, application.has_bot) {
            (true, true) => {
                let why = "This application has a bot. To get a new token for it, reset the old one.";
                return Err(Refusal::field("application_id", "BOT_EXISTS", why));
            }
            (false, false) => return Err(Refusal::UnknownUser),
            (false, true) => {}
            (true, false) => {
                let username = Name::parse(&application.name).unwrap_or_else(|_| Name::anonymous());
                desk.emit(Event::UserCreated(User { bot: true, ..User::new(id, username) }));
                desk.emit(Event::ApplicationSet(Application { has_bot: true, ..application }));
            }
        }
        end_logins(desk, id, |_| true);
        Ok(log_in(desk, id, self.mint, None))
    }
}

/// Puts an application's bot into a guild, with a role of its own that has these permissions.
#[derive(Debug)]
pub struct AddBot {
    /// Who.
    pub actor: Actor,
    /// Whose bot.
    pub application_id: Id,
    /// Where.
    pub guild_id: Id,
    /// What it may do there.
    pub permissions: Permissions,
    /// Why.
    pub reason: Option<String>,
}

impl Command for AddBot {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let Self { actor, application_id, guild_id, permissions, reason } = self;
        let application = desk.community().application(application_id).filter(|of| of.has_bot);
        let application = application.ok_or(Refusal::UnknownApplication)?.clone();
        let state = desk.guild_with(guild_id, actor.user_id, Permissions::MANAGE_GUILD)?;
        if !application.bot_public && application.owner_id != actor.user_id {
            return Err(Refusal::NotYourApplication);
        }
        // Nobody gives what they do not have.
        let permissions = permissions & state.permissions(actor.user_id, desk.now);
        let own = state.roles.values().find(|role| role.bot_id == Some(application_id)).cloned();
        let bot = application.id;
        if let Some(member) = state.member(bot).cloned() {
            return allow(desk, actor, guild_id, &member, own, (application.name, permissions), reason);
        }
        check_join(desk, state, bot)?;
        let roles = if permissions.is_empty() {
            Vec::new()
        } else {
            vec![make_role(desk, guild_id, bot, application.name, permissions)?]
        };
        let member = Member { roles, ..Member::new(bot, desk.now) };
        join(desk, guild_id, member)?;
        Note::new(actor, action::BOT_ADD, reason).on(bot).emit(desk, guild_id);
        Ok(())
    }
}

/// Makes the role that a bot comes with; its id.
fn make_role(
    desk: &mut Desk<'_>,
    guild: Id,
    bot: Id,
    name: String,
    permissions: Permissions,
) -> Result<Id, Refusal> {
    if desk.community().guild(guild).is_some_and(|state| state.roles.len() >= ROLES_MAX) {
        return Err(Refusal::TooManyRoles(ROLES_MAX));
    }
    let id = desk.new_id();
    let role = Role { id, name, permissions, position: 1, bot_id: Some(bot), ..Role::everyone(guild) };
    desk.emit(Event::RoleCreated(guild, role));
    Ok(id)
}

/// Lets a bot that is there do what it is granted now: its role changes, or it gets one.
fn allow(
    desk: &mut Desk<'_>,
    actor: Actor,
    guild: Id,
    member: &Member,
    own: Option<Role>,
    (name, permissions): (String, Permissions),
    reason: Option<String>,
) -> Result<(), Refusal> {
    let Some(old) = own else {
        if !permissions.is_empty() {
            let role = make_role(desk, guild, member.user_id, name, permissions)?;
            let mut member = member.clone();
            member.roles.push(role);
            desk.emit(Event::MemberUpdated(guild, member));
        }
        return Ok(());
    };
    if old.permissions != permissions {
        // It may stand above them, as any role may.
        let state = desk.guild(guild, actor.user_id)?;
        if !state.is_above_role(actor.user_id, &old) {
            return Err(Refusal::MissingPermissions);
        }
        let role = Role { permissions, ..old.clone() };
        let note = Note::new(actor, action::ROLE_UPDATE, reason).on(role.id);
        let note = note.with(changes(Some(&old), Some(&role), ROLE_KEYS));
        desk.emit(Event::RoleUpdated(guild, role));
        note.emit(desk, guild);
    }
    Ok(())
}
