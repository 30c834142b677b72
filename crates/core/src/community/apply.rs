//! What an event makes of the community.

use decentra_model::user::Status;
use decentra_model::{
    Channel, Direct, DirectChange, DirectKind, Event, Guild, Id, Invite, Member, Presence, Role, User,
};

use super::state::pair;
use super::{Community, GuildState};

impl Community {
    /// Makes of the community what it is after `event`. Never fails: what an event is about was there when it was decided.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::InstanceSet(instance) => self.instance = Some(*instance),
            Event::UserCreated(user) | Event::UserUpdated(user) => self.put_user(user),
            Event::PasswordSet { user_id, hash: Some(hash) } => {
                self.passwords.insert(*user_id, hash.clone());
            }
            Event::PasswordSet { user_id, hash: None } => {
                self.passwords.remove(user_id);
            }
            Event::LoginSet(login) => {
                self.logins.insert(login.hash, login.clone());
                self.logins_of.entry(login.user_id).or_default().insert(login.hash);
            }
            Event::LoginEnded(hash) => {
                if let Some(login) = self.logins.remove(hash)
                    && let Some(hashes) = self.logins_of.get_mut(&login.user_id)
                {
                    hashes.remove(hash);
                    if hashes.is_empty() {
                        self.logins_of.remove(&login.user_id);
                    }
                }
            }
            Event::GuildCreated { guild, roles, channels, members } => {
                self.create_guild(guild, roles, channels, members);
            }
            Event::GuildUpdated(guild) => self.in_guild(guild.id, |state| state.guild = (**guild).clone()),
            Event::GuildDeleted(id) => self.delete_guild(*id),
            Event::ChannelCreated(channel) | Event::ChannelUpdated(channel) => self.put_channel(channel),
            Event::ChannelDeleted(channel) => self.delete_channel(channel),
            Event::ManyCalled(mention) => self.note_broad(mention),
            Event::DirectSet(direct, change) => {
                self.put_direct(direct);
                if let DirectChange::Left(user) = change {
                    self.forget_read(*user, direct.id);
                }
            }
            Event::DirectDeleted(id) => self.delete_direct(*id),
            Event::RelationshipSet { .. }
            | Event::RelationshipEnded { .. }
            | Event::PrivacySet { .. }
            | Event::NoteSet { .. }
            | Event::ReadSet { .. }
            | Event::Called { .. }
            | Event::NotificationsSet { .. }
            | Event::PersonErased(_) => self.apply_to_person(event),
            Event::RoleCreated(guild, role) | Event::RoleUpdated(guild, role) => {
                self.in_guild(*guild, |state| drop(state.roles.insert(role.id, role.clone())));
            }
            Event::RoleDeleted(guild, role) => self.in_guild(*guild, |state| state.delete_role(*role)),
            Event::MemberJoined(guild, member) => {
                self.memberships.entry(member.user_id).or_default().insert(*guild);
                self.in_guild(*guild, |state| drop(state.members.insert(member.user_id, member.clone())));
            }
            Event::MemberUpdated(guild, member) => {
                self.in_guild(*guild, |state| drop(state.members.insert(member.user_id, member.clone())));
            }
            Event::MemberLeft(guild, user) => {
                self.forget_membership(*guild, *user);
                self.forget_in_guild(*user, *guild);
                self.in_guild(*guild, |state| drop(state.members.remove(user)));
            }
            Event::BanAdded(guild, ban) => {
                self.in_guild(*guild, |state| drop(state.bans.insert(ban.user_id, ban.clone())));
            }
            Event::BanRemoved(guild, user) => self.in_guild(*guild, |state| drop(state.bans.remove(user))),
            Event::InviteCreated(invite) | Event::InviteUsed(invite) => self.put_invite(invite),
            Event::InviteDeleted(invite) => drop(self.invites.remove(&invite.code)),
            Event::ApplicationSet(application) => {
                self.applications.insert(application.id, application.clone());
            }
            Event::ApplicationDeleted(id) => drop(self.applications.remove(id)),
            Event::MessageCreated { message, .. } => {
                self.last_messages.insert(message.channel_id, message.id);
            }
            Event::MessagesDeleted { channel_id, ids, .. } => self.forget_broad(*channel_id, ids),
            Event::MessagePinned(message) => self.note_pin(message),
            Event::PresenceChanged { user_id, presence } => self.put_presence(*user_id, presence),
            Event::PictureSet { .. }
            | Event::Audited(..)
            | Event::MessageUpdated(_)
            | Event::ReactionAdded(_)
            | Event::ReactionRemoved(_)
            | Event::ReactionsCleared { .. }
            | Event::TypingStarted { .. } => {}
        }
    }

    fn put_user(&mut self, user: &User) {
        if let Some(before) = self.users.insert(user.id, user.clone()) {
            let key = before.username.key();
            if self.names.get(&key) == Some(&user.id) {
                self.names.remove(&key);
            }
            for look in before.username.looks() {
                self.looks.remove(&(look, user.id));
            }
        }
        // A deleted account's name is free again; a bot's name is not what it logs in with.
        if !user.deleted && !user.bot {
            self.names.insert(user.username.key(), user.id);
            self.looks.extend(user.username.looks().map(|look| (look, user.id)));
        }
    }

    fn create_guild(&mut self, guild: &Guild, roles: &[Role], channels: &[Channel], members: &[Member]) {
        for channel in channels {
            self.channels.insert(channel.id, guild.id);
        }
        for member in members {
            self.memberships.entry(member.user_id).or_default().insert(guild.id);
        }
        let state = GuildState {
            guild: guild.clone(),
            channels: channels.iter().map(|channel| (channel.id, channel.clone())).collect(),
            roles: roles.iter().map(|role| (role.id, role.clone())).collect(),
            members: members.iter().map(|member| (member.user_id, member.clone())).collect(),
            bans: std::collections::BTreeMap::new(),
        };
        self.guilds.insert(guild.id, state);
    }

    fn delete_guild(&mut self, id: Id) {
        let Some(state) = self.guilds.remove(&id) else { return };
        for channel in state.channels.keys() {
            self.channels.remove(channel);
            self.last_messages.remove(channel);
        }
        for user in state.members.keys() {
            self.forget_membership(id, *user);
            self.forget_in_guild(*user, id);
        }
        self.forget_reads(|channel| state.channels.contains_key(channel));
        self.invites.retain(|_, invite| invite.guild_id != id);
    }

    fn put_channel(&mut self, channel: &Channel) {
        self.channels.insert(channel.id, channel.guild_id);
        self.in_guild(channel.guild_id, |state| drop(state.channels.insert(channel.id, channel.clone())));
    }

    fn delete_channel(&mut self, channel: &Channel) {
        self.channels.remove(&channel.id);
        self.last_messages.remove(&channel.id);
        self.forget_reads(|of| *of == channel.id);
        self.invites.retain(|_, invite| invite.channel_id != channel.id);
        self.in_guild(channel.guild_id, |state| drop(state.channels.remove(&channel.id)));
    }

    fn put_direct(&mut self, direct: &Direct) {
        self.forget_direct(direct.id);
        for member in &direct.members {
            self.directs_of.entry(*member).or_default().insert(direct.id);
        }
        if let (DirectKind::Pair, [one, other]) = (direct.kind, &direct.members[..]) {
            self.pairs.insert(pair(*one, *other), direct.id);
        }
        self.directs.insert(direct.id, direct.clone());
    }

    fn delete_direct(&mut self, id: Id) {
        self.forget_direct(id);
        self.last_messages.remove(&id);
        self.forget_reads(|of| *of == id);
    }

    /// Takes a direct channel out of all places in which it stands.
    fn forget_direct(&mut self, id: Id) {
        let Some(direct) = self.directs.remove(&id) else { return };
        for member in &direct.members {
            if let Some(directs) = self.directs_of.get_mut(member) {
                directs.remove(&id);
                if directs.is_empty() {
                    self.directs_of.remove(member);
                }
            }
        }
        if let (DirectKind::Pair, [one, other]) = (direct.kind, &direct.members[..]) {
            self.pairs.remove(&pair(*one, *other));
        }
    }

    fn put_invite(&mut self, invite: &Invite) {
        self.invites.insert(invite.code.clone(), invite.clone());
    }

    fn note_pin(&mut self, message: &decentra_model::Message) {
        if let (Some(direct), Some(at)) = (self.directs.get_mut(&message.channel_id), message.pinned_at) {
            direct.last_pin_at = Some(at);
        }
        let Some(guild) = self.channels.get(&message.channel_id).copied() else { return };
        self.in_guild(guild, |state| {
            if let (Some(channel), Some(at)) =
                (state.channels.get_mut(&message.channel_id), message.pinned_at)
            {
                channel.last_pin_at = Some(at);
            }
        });
    }

    fn put_presence(&mut self, user: Id, presence: &Presence) {
        if presence.status == Status::Offline {
            self.presences.remove(&user);
        } else {
            self.presences.insert(user, presence.clone());
        }
    }

    fn forget_membership(&mut self, guild: Id, user: Id) {
        if let Some(guilds) = self.memberships.get_mut(&user) {
            guilds.remove(&guild);
            if guilds.is_empty() {
                self.memberships.remove(&user);
            }
        }
    }

    fn in_guild(&mut self, id: Id, change: impl FnOnce(&mut GuildState)) {
        if let Some(state) = self.guilds.get_mut(&id) {
            change(state);
        }
    }
}

impl GuildState {
    fn delete_role(&mut self, id: Id) {
        self.roles.remove(&id);
        for member in self.members.values_mut() {
            member.roles.retain(|role| *role != id);
        }
        for channel in self.channels.values_mut() {
            channel.overwrites.retain(|overwrite| overwrite.id != id);
        }
    }
}
