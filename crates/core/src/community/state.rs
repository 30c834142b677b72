//! What there is: everything but the messages, in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use decentra_model::read::BroadMention;
use decentra_model::user::{Login, TokenHash};
use decentra_model::{
    Application, Ban, Channel, Direct, Event, Guild, Id, Instance, Invite, Member, Name, Presence, Role, User,
};

use super::{Person, Refusal};

/// All accounts, guilds and what they hold. The messages are in the archive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Community {
    pub(super) instance: Option<Instance>,
    pub(super) users: HashMap<Id, User>,
    /// Accounts by the keys of their names.
    pub(super) names: HashMap<String, Id>,
    /// Accounts by what readers see of their names.
    pub(super) looks: BTreeSet<(String, Id)>,
    pub(super) passwords: HashMap<Id, String>,
    pub(super) logins: HashMap<TokenHash, Login>,
    pub(super) logins_of: HashMap<Id, BTreeSet<TokenHash>>,
    pub(super) guilds: HashMap<Id, GuildState>,
    /// The guild of each channel.
    pub(super) channels: HashMap<Id, Id>,
    /// The guilds of each user.
    pub(super) memberships: HashMap<Id, BTreeSet<Id>>,
    pub(super) invites: HashMap<String, Invite>,
    pub(super) applications: HashMap<Id, Application>,
    /// The direct channels.
    pub(super) directs: HashMap<Id, Direct>,
    /// The direct channels of each user.
    pub(super) directs_of: HashMap<Id, BTreeSet<Id>>,
    /// The direct channels of two, by who is in them, the lesser id first.
    pub(super) pairs: HashMap<(Id, Id), Id>,
    /// What people have for themselves, if they have anything.
    pub(super) people: HashMap<Id, Person>,
    /// The newest of those messages in each channel that are meant for many, oldest first.
    pub(super) broad: HashMap<Id, VecDeque<BroadMention>>,
    /// The newest message of each channel.
    pub(super) last_messages: HashMap<Id, Id>,
    /// How those appear who are not offline.
    pub(super) presences: HashMap<Id, Presence>,
}

/// A guild and what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuildState {
    /// The guild itself.
    pub guild: Guild,
    /// Its channels.
    pub channels: BTreeMap<Id, Channel>,
    /// Its roles, `@everyone` among them.
    pub roles: BTreeMap<Id, Role>,
    /// Who is in it.
    pub members: BTreeMap<Id, Member>,
    /// Who may not come back.
    pub bans: BTreeMap<Id, Ban>,
}

impl Community {
    /// What `events` and the newest message of each channel amount to.
    pub fn load(events: &[Event], last_messages: impl IntoIterator<Item = (Id, Id)>) -> Self {
        let mut community = Self::default();
        for event in events {
            community.apply(event);
        }
        community.last_messages.extend(last_messages);
        community
    }

    /// What the instance is; `None` before it is founded.
    pub fn instance(&self) -> Option<Instance> {
        self.instance
    }

    /// The account with this id, also when it was deleted.
    pub fn user(&self, id: Id) -> Option<&User> {
        self.users.get(&id)
    }

    /// The account that logs in with `name`.
    pub fn user_named(&self, name: &str) -> Option<&User> {
        self.users.get(self.names.get(&name.trim().to_lowercase())?)
    }

    /// Whether an account has this name, or one that readers take for it.
    pub fn is_name_taken(&self, name: &Name) -> bool {
        self.lookalike(name, None).is_some()
    }

    /// An account that readers take for one called `name`, other than `own`.
    pub fn lookalike(&self, name: &Name, own: Option<Id>) -> Option<Id> {
        let least = Id::from_i64(i64::MIN);
        name.looks().into_iter().find_map(|look| {
            let alike = self.looks.range((look.clone(), least)..).take_while(|(of, _)| *of == look);
            alike.map(|(_, id)| *id).find(|id| Some(*id) != own)
        })
    }

    /// How many accounts there are.
    pub fn user_count(&self) -> usize {
        self.users.len()
    }

    /// The hash of an account's password.
    pub fn password(&self, user: Id) -> Option<&str> {
        self.passwords.get(&user).map(String::as_str)
    }

    /// The login with this hash.
    pub fn login(&self, hash: &TokenHash) -> Option<&Login> {
        self.logins.get(hash)
    }

    /// The logins of `user`.
    pub fn logins_of(&self, user: Id) -> impl Iterator<Item = &Login> {
        let hashes = self.logins_of.get(&user);
        hashes.into_iter().flatten().filter_map(|hash| self.logins.get(hash))
    }

    /// The guild with this id, whoever asks.
    pub fn guild(&self, id: Id) -> Option<&GuildState> {
        self.guilds.get(&id)
    }

    /// All guilds.
    pub fn guilds(&self) -> impl Iterator<Item = &GuildState> {
        self.guilds.values()
    }

    /// The channel with this id and its guild, whoever asks.
    pub fn channel(&self, id: Id) -> Option<(&GuildState, &Channel)> {
        let guild = self.guilds.get(self.channels.get(&id)?)?;
        Some((guild, guild.channels.get(&id)?))
    }

    /// The direct channel with this id, whoever asks.
    pub fn direct(&self, id: Id) -> Option<&Direct> {
        self.directs.get(&id)
    }

    /// The direct channel with this id, if `user` is in it; else as if it did not exist.
    pub fn direct_for(&self, id: Id, user: Id) -> Result<&Direct, Refusal> {
        self.direct(id).filter(|direct| direct.has(user)).ok_or(Refusal::UnknownChannel)
    }

    /// The direct channel of these two.
    pub fn direct_between(&self, one: Id, other: Id) -> Option<&Direct> {
        self.directs.get(self.pairs.get(&pair(one, other))?)
    }

    /// The direct channels that `user` is in, oldest first.
    pub fn directs_of(&self, user: Id) -> impl Iterator<Item = &Direct> {
        self.directs_of.get(&user).into_iter().flatten().filter_map(|id| self.directs.get(id))
    }

    /// The guilds that `user` is in, oldest first.
    pub fn guilds_of(&self, user: Id) -> impl Iterator<Item = &GuildState> {
        self.memberships.get(&user).into_iter().flatten().filter_map(|id| self.guilds.get(id))
    }

    /// Whether two users share a guild.
    pub fn are_acquainted(&self, one: Id, other: Id) -> bool {
        match (self.memberships.get(&one), self.memberships.get(&other)) {
            (Some(ones), Some(others)) => !ones.is_disjoint(others),
            _ => false,
        }
    }

    /// The invite with this code, spent or not.
    pub fn invite(&self, code: &str) -> Option<&Invite> {
        self.invites.get(code)
    }

    /// The invites into a guild.
    pub fn invites_to(&self, guild: Id) -> impl Iterator<Item = &Invite> {
        self.invites.values().filter(move |invite| invite.guild_id == guild)
    }

    /// The application with this id.
    pub fn application(&self, id: Id) -> Option<&Application> {
        self.applications.get(&id)
    }

    /// The applications that `user` made.
    pub fn applications_of(&self, user: Id) -> impl Iterator<Item = &Application> {
        self.applications.values().filter(move |application| application.owner_id == user)
    }

    /// The newest message of a channel.
    pub fn last_message(&self, channel: Id) -> Option<Id> {
        self.last_messages.get(&channel).copied()
    }

    /// How `user` appears; `None` is offline.
    pub fn presence(&self, user: Id) -> Option<&Presence> {
        self.presences.get(&user)
    }
}

/// Two users, in whatever order they are named.
pub(super) fn pair(one: Id, other: Id) -> (Id, Id) {
    (one.min(other), one.max(other))
}

impl GuildState {
    /// The member with this id.
    pub fn member(&self, user: Id) -> Option<&Member> {
        self.members.get(&user)
    }

    /// The role that everyone has.
    pub fn everyone(&self) -> &Role {
        self.roles.get(&self.guild.id).expect("a guild always has its @everyone role")
    }

    /// The roles of `member`, `@everyone` not among them.
    pub fn roles_of<'a>(&'a self, member: &'a Member) -> impl Iterator<Item = &'a Role> + Clone {
        member.roles.iter().filter_map(|id| self.roles.get(id))
    }

    /// Whether `user` owns the guild.
    pub fn is_owner(&self, user: Id) -> bool {
        self.guild.owner_id == Some(user)
    }
}
