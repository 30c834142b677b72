//! Accounts: to make, change and delete them.

use decentra_model::limits::{BIO_CHARS_MAX, CUSTOM_STATUS_CHARS_MAX, EMAIL_CHARS_MAX, NAME_CHARS_MAX};
use decentra_model::user::{CustomStatus, Status};
use decentra_model::{Event, Guild, Id, Instance, Invite, Member, Name, Picture, TokenHash, User};
use serde_json::Value;

use super::group::leave_groups;
use super::guild::set;
use super::invite::count;
use super::login::{Device, LoggedIn, Mint, end_logins, log_in};
use super::member::{check_join, join, leave};
use super::presence::wished;
use super::relationship::erase_person;
use super::{Actor, Command, Community, Desk, Form, Refusal};

/// Characters that names of accounts cannot hold, since they begin mentions and tags. Source: Discord's documentation,
/// "Usernames and Nicknames".
const FORBIDDEN_IN_NAMES: [char; 4] = ['@', '#', ':', '`'];

/// Names that mean something else in a message.
const RESERVED_NAMES: [&str; 2] = ["everyone", "here"];

/// Characters of an account's name, at least. Discord's.
const USERNAME_CHARS_MIN: usize = 2;

/// An id that nobody has: of an account that is still to be made, it only matters whether there is room for it.
const NOBODY: Id = Id::from_i64(0);

/// Who may register, beside the first, who owns the instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Who has an invite into a guild.
    Invited,
    /// Everyone.
    Anyone,
    /// Nobody.
    Nobody,
}

/// The name of an account in a form.
pub fn read_username(form: &mut Form<'_>) -> Option<Name> {
    let text = form.text("username", USERNAME_CHARS_MIN..=NAME_CHARS_MAX)?;
    let name = match Name::parse(&text) {
        Ok(name) => name,
        Err(error) => {
            form.refuse("username", "USERNAME_INVALID", error.to_string());
            return None;
        }
    };
    if name.as_str().chars().count() < USERNAME_CHARS_MIN {
        let message = format!("Must be between {USERNAME_CHARS_MIN} and {NAME_CHARS_MAX} in length.");
        form.refuse("username", "BASE_TYPE_BAD_LENGTH", message);
        return None;
    }
    if let Some(forbidden) = name.as_str().chars().find(|c| FORBIDDEN_IN_NAMES.contains(c)) {
        let message = format!("Username cannot contain \"{forbidden}\"");
        form.refuse("username", "USERNAME_INVALID_CONTAINS", message);
        return None;
    }
    if RESERVED_NAMES.contains(&name.key().as_str()) {
        let message = format!("Username cannot be \"{name}\"");
        form.refuse("username", "USERNAME_INVALID_EQUALS", message);
        return None;
    }
    Some(name)
}

/// An address to write to, in a form. Nothing is sent there yet, so all that is asked of it is an `@`.
pub fn read_email(form: &mut Form<'_>) -> Option<Option<String>> {
    let email = form.patch_text("email", 3..=EMAIL_CHARS_MAX);
    if let Some(Some(text)) = &email
        && !text.contains('@')
    {
        form.refuse("email", "EMAIL_TYPE_INVALID_EMAIL", "Not a well formed email address.");
    }
    email
}

/// Makes an account, and logs it in.
#[derive(Debug)]
pub struct Register {
    /// What it logs in with.
    pub username: Name,
    /// What Argon2 made of its password.
    pub password: String,
    /// Where to write to it.
    pub email: Option<String>,
    /// The code of the invite by which it comes.
    pub invite: Option<String>,
    /// Who may register.
    pub admission: Admission,
    /// Where from.
    pub device: Device,
    /// Makes the token.
    pub mint: Mint,
}

impl Command for Register {
    type Answer = LoggedIn;

    fn decide(self, desk: &mut Desk<'_>) -> Result<LoggedIn, Refusal> {
        let community = desk.community();
        let instance = community.instance().ok_or(Refusal::UnknownGuild)?;
        let is_first = instance.owner_id.is_none();
        let invite = match self.admission {
            _ if is_first => None,
            Admission::Nobody => return Err(Refusal::Forbidden("Registration is closed on this instance.")),
            Admission::Invited => Some(invited(desk, self.invite.as_deref())?),
            Admission::Anyone if self.invite.is_some() => Some(invited(desk, self.invite.as_deref())?),
            Admission::Anyone => None,
        };
        check_name(community, &self.username, None)?;
        let home = community.guild(instance.home_id).ok_or(Refusal::UnknownGuild)?;
        check_join(desk, home, NOBODY)?;
        let id = desk.new_id();
        desk.emit(Event::UserCreated(User { email: self.email, ..User::new(id, self.username) }));
        desk.emit(Event::PasswordSet { user_id: id, hash: Some(self.password) });
        let logged_in = log_in(desk, id, self.mint, self.device);
        let member = Member::new(id, desk.now);
        join(desk, instance.home_id, member)?;
        if is_first {
            own(desk, instance, id);
        }
        if let Some(mut invite) = invite {
            let member = Member { temporary: invite.temporary, ..Member::new(id, desk.now) };
            join(desk, invite.guild_id, member)?;
            count(desk, &mut invite);
        }
        Ok(logged_in)
    }
}

/// The invite by which somebody comes, who needs one.
fn invited(desk: &Desk<'_>, code: Option<&str>) -> Result<Invite, Refusal> {
    let wrong = |code: &'static str, message: &str| Refusal::field("invite", code, message);
    let Some(code) = code else {
        return Err(wrong("INVITE_REQUIRED", "Registration needs an invite: ask a member for one."));
    };
    let invite = desk.community().open_invite(code, desk.now);
    let invite = invite.map_err(|_| wrong("INVITE_INVALID", "This invite does not exist, or has ended."))?;
    let state = desk.community().guild(invite.guild_id).ok_or(Refusal::UnknownInvite)?;
    check_join(desk, state, NOBODY)?;
    Ok(invite.clone())
}

/// Gives the instance and its home to its first account.
fn own(desk: &mut Desk<'_>, instance: Instance, user: Id) {
    desk.emit(Event::InstanceSet(Instance { owner_id: Some(user), ..instance }));
    if let Some(state) = desk.community().guild(instance.home_id) {
        let home = Guild { owner_id: Some(user), ..state.guild.clone() };
        desk.emit(Event::GuildUpdated(Box::new(home)));
    }
}

/// Refuses a name that another account has, or one that readers take for it.
fn check_name(community: &Community, name: &Name, own: Option<Id>) -> Result<(), Refusal> {
    match community.lookalike(name, own) {
        Some(_) => Err(Refusal::field("username", "USERNAME_ALREADY_TAKEN", "Username is unavailable.")),
        None => Ok(()),
    }
}

/// What is to change of an account.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "the names are those of the account's fields")]
pub struct AccountPatch {
    pub username: Option<Name>,
    pub global_name: Option<Option<String>>,
    pub bio: Option<String>,
    pub email: Option<Option<String>>,
    pub avatar: Option<Option<Picture>>,
    pub status: Option<Status>,
    pub custom_status: Option<Option<CustomStatus>>,
    /// What Argon2 made of the new password.
    pub password: Option<String>,
}

impl AccountPatch {
    /// What a form says of the profile. The picture and the password are read apart, since they are work.
    pub fn read(form: &mut Form<'_>) -> Self {
        Self {
            username: read_username(form),
            global_name: form.patch_text("global_name", 0..=NAME_CHARS_MAX).map(named),
            bio: form.patch_text("bio", 0..=BIO_CHARS_MAX).map(Option::unwrap_or_default),
            email: read_email(form),
            ..Self::default()
        }
    }

    /// What a form says of the status.
    pub fn read_settings(form: &mut Form<'_>) -> Self {
        let status = form.text("status", 1..=16).and_then(|text| {
            let status = serde_json::from_value(Value::from(text)).ok();
            // Who is there cannot be offline: that is what invisible is for.
            let status = status.filter(|status| *status != Status::Offline);
            if status.is_none() {
                let message = "Value must be one of ('online', 'idle', 'dnd', 'invisible').";
                form.refuse("status", "BASE_TYPE_CHOICES", message);
            }
            status
        });
        let takes_away = form.has("custom_status") && form.value("custom_status").is_none();
        let custom = form.nested("custom_status", |form| CustomStatus {
            text: form.name("text", 0..=CUSTOM_STATUS_CHARS_MAX),
            emoji_name: form.text("emoji_name", 0..=CUSTOM_STATUS_CHARS_MAX).filter(|name| !name.is_empty()),
            expires_at: form.time("expires_at"),
        });
        let custom_status = if takes_away { Some(None) } else { custom.map(Some) };
        Self { status, custom_status, ..Self::default() }
    }

    /// Whether one must show that one knows the password: it changes how one logs in.
    pub fn needs_password(&self) -> bool {
        self.username.is_some() || self.email.is_some() || self.password.is_some()
    }
}

/// A name that is nothing but white space is none.
fn named(name: Option<String>) -> Option<String> {
    let name = name?.chars().filter(|c| !decentra_model::text::is_control(*c)).collect::<String>();
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// Changes one's own account.
#[derive(Debug)]
pub struct UpdateAccount {
    /// Who.
    pub actor: Actor,
    /// The login by which they ask: with a new password, all others end.
    pub login: TokenHash,
    /// What.
    pub patch: AccountPatch,
    /// The hash of the password that they showed to know.
    pub shown: Option<String>,
}

impl Command for UpdateAccount {
    type Answer = User;

    fn decide(self, desk: &mut Desk<'_>) -> Result<User, Refusal> {
        let Self { actor, login, patch, shown } = self;
        let id = actor.user_id;
        let old = desk.community().user(id).ok_or(Refusal::Unauthorized)?.clone();
        if let Some(name) = &patch.username
            && !actor.is_bot
        {
            check_name(desk.community(), name, Some(id))?;
        }
        if patch.needs_password() && !actor.is_bot {
            check_password(desk.community(), id, shown.as_deref())?;
        }
        let mut new = old.clone();
        set(&mut new.username, patch.username);
        set(&mut new.global_name, patch.global_name);
        set(&mut new.bio, patch.bio);
        set(&mut new.email, patch.email);
        set(&mut new.status, patch.status);
        set(&mut new.custom_status, patch.custom_status);
        if let Some(picture) = patch.avatar {
            new.avatar = picture.as_ref().map(|picture| picture.hash.clone());
            desk.emit(Event::PictureSet { owner_id: id, picture });
        }
        if new != old {
            desk.emit(Event::UserUpdated(new.clone()));
        }
        if let Some(hash) = patch.password {
            desk.emit(Event::PasswordSet { user_id: id, hash: Some(hash) });
            end_logins(desk, id, |of| of.hash != login);
        }
        let presence = wished(&new, desk.now);
        let shows_else = (&new.status, &new.custom_status) != (&old.status, &old.custom_status);
        if shows_else && desk.community().presence(id).is_some_and(|before| *before != presence) {
            desk.emit(Event::PresenceChanged { user_id: id, presence });
        }
        Ok(new)
    }
}

/// Refuses, if the password that was shown is not, or not any more, the account's.
fn check_password(community: &Community, user: Id, shown: Option<&str>) -> Result<(), Refusal> {
    if shown.is_some() && community.password(user) == shown {
        return Ok(());
    }
    Err(Refusal::field("password", "PASSWORD_DOES_NOT_MATCH", "Password does not match."))
}

/// Deletes one's own account. What it wrote stays, and its name goes.
#[derive(Debug)]
pub struct DeleteAccount {
    /// Who.
    pub actor: Actor,
    /// The hash of the password that they showed to know.
    pub shown: Option<String>,
}

impl Command for DeleteAccount {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let id = self.actor.user_id;
        check_password(desk.community(), id, self.shown.as_deref())?;
        if desk.community().guilds_of(id).any(|state| state.is_owner(id)) {
            return Err(Refusal::OwnsGuilds);
        }
        let applications: Vec<Id> = desk.community().applications_of(id).map(|of| of.id).collect();
        for application in applications {
            erase(desk, application);
            desk.emit(Event::ApplicationDeleted(application));
        }
        erase(desk, id);
        let instance = desk.community().instance().filter(|instance| instance.owner_id == Some(id));
        if let Some(instance) = instance {
            // Whoever has been given its home has the instance with it.
            let owner_id = desk.community().guild(instance.home_id).and_then(|state| state.guild.owner_id);
            desk.emit(Event::InstanceSet(Instance { owner_id, ..instance }));
        }
        Ok(())
    }
}

/// Makes of an account one that nobody has: its messages need an author.
pub(super) fn erase(desk: &mut Desk<'_>, id: Id) {
    let Some(user) = desk.community().user(id) else { return };
    let name = format!("deleted_user_{:x}", id.to_i64());
    let Ok(username) = Name::parse(&name) else { return };
    let user = User { deleted: true, bot: user.bot, ..User::new(id, username) };
    end_logins(desk, id, |_| true);
    desk.emit(Event::PasswordSet { user_id: id, hash: None });
    desk.emit(Event::PictureSet { owner_id: id, picture: None });
    desk.emit(Event::UserUpdated(user));
    let guilds: Vec<Id> = desk.community().guilds_of(id).map(|state| state.guild.id).collect();
    for guild in guilds {
        leave(desk, guild, id);
    }
    leave_groups(desk, id);
    erase_person(desk, id);
}
