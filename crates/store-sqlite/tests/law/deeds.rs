//! All that can be asked for.

use decentra_core::community::account::{AccountPatch, Admission, DeleteAccount, Register, UpdateAccount};
use decentra_core::community::application::{
    AddBot, ApplicationPatch, CreateApplication, DeleteApplication, MakeBotToken, UpdateApplication,
};
use decentra_core::community::ban::{BanUsers, Unban};
use decentra_core::community::channel::{
    ChannelPatch, CreateChannel, DeleteChannel, MoveChannels, Place, UpdateChannel,
};
use decentra_core::community::deletion::{DeleteMessage, DeleteMessages};
use decentra_core::community::direct::{CloseDirect, OpenDirect};
use decentra_core::community::edit::{EditMessage, MessagePatch};
use decentra_core::community::founding::Found;
use decentra_core::community::group::{AddRecipient, GroupPatch, LeaveGroup, RemoveRecipient, UpdateGroup};
use decentra_core::community::guild::{CreateGuild, DeleteGuild, GuildPatch, UpdateGuild};
use decentra_core::community::invite::{AcceptInvite, CreateInvite, DeleteInvite, InviteDraft};
use decentra_core::community::login::{EndLogins, LogIn, UseLogin};
use decentra_core::community::member::{Idle, Kick, Leave, MemberPatch, Prune, SetMemberRole, UpdateMember};
use decentra_core::community::message::{Draft, SayInLobby, SendMessage};
use decentra_core::community::note::SetNote;
use decentra_core::community::notifications::{
    ChannelPatch as NotificationsOfChannel, NotificationsPatch, RulePatch, SetNotifications,
};
use decentra_core::community::overwrite::SetOverwrite;
use decentra_core::community::pin::Pin;
use decentra_core::community::presence::Type;
use decentra_core::community::reaction::{AddReaction, ClearReactions, RemoveReaction};
use decentra_core::community::read::{Acknowledge, AcknowledgeGuild, AcknowledgeMany, AcknowledgePins, Mark};
use decentra_core::community::relationship::{
    Befriend, Block, EndRelationship, NameFriend, PrivacyPatch, SetPrivacy, Whom,
};
use decentra_core::community::role::{CreateRole, DeleteRole, MoveRoles, Rank, RolePatch, UpdateRole};
use decentra_model::{Author, ChannelKind, Name, Overwrite, OverwriteKind, Permissions, Picture};

use crate::world::{World, mint};

/// Few names, for people, bots, guilds, channels and roles alike, so that they meet.
const NAMES: [&str; 4] = ["ana", "ben", "cleo", "Ana"];
const KINDS: [ChannelKind; 3] = [ChannelKind::Text, ChannelKind::Category, ChannelKind::Voice];
const PERMISSIONS: [Permissions; 4] = [
    Permissions::VIEW_CHANNEL,
    Permissions::ADMINISTRATOR,
    Permissions::SEND_MESSAGES.union(Permissions::MANAGE_ROLES),
    Permissions::empty(),
];

/// One thing that someone asks for: what, who, where, about whom, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub(crate) deed: &'static str,
    pub(crate) who: usize,
    pub(crate) place: usize,
    pub(crate) whom: usize,
    pub(crate) what: usize,
    pub(crate) yes: bool,
}

type Deed = fn(&mut World, Step);

const fn first(deed: &'static str, who: usize, what: usize) -> Step {
    Step { deed, who, place: 1, whom: 5, what, yes: true }
}

/// How every community begins: three accounts, and beside the home a guild of two of them and a bot.
pub(crate) const FIRST: [Step; 21] = [
    first("found", 0, 0),
    first("register", 0, 0),
    first("register", 0, 1),
    first("register", 0, 2),
    first("create guild", 0, 0),
    first("create invite", 0, 0),
    first("accept invite", 2, 0),
    first("create application", 0, 0),
    first("make bot token", 0, 0),
    first("add bot", 0, 1),
    first("create role", 0, 0),
    first("send message", 0, 0),
    Step { whom: 1, ..first("open direct", 0, 0) },
    first("write direct", 0, 0),
    // The first two, and the first and the third, are friends.
    Step { whom: 1, ..first("befriend", 1, 0) },
    Step { whom: 0, ..first("befriend", 2, 0) },
    Step { whom: 2, ..first("befriend", 1, 0) },
    Step { whom: 0, ..first("befriend", 4, 0) },
    Step { whom: 1, ..first("open group", 1, 0) },
    first("set note", 1, 0),
    first("call many", 0, 0),
];

/// The deeds by their names.
pub(crate) const DEEDS: &[(&str, Deed)] = &[
    ("wait", |world, _| world.pass(3 * 24 * 60 * 60)),
    ("restart", |world, _| world.restart()),
    ("found", |world, _| world.run(Found { name: "Home".into() })),
    // Accounts.
    ("register", |world, step| {
        let (username, invited) = (Name::parse(name(step)).unwrap(), step.whom < 4);
        let admission = if invited { Admission::Invited } else { Admission::Anyone };
        let invite = invited.then(|| world.code(step));
        let password = format!("hash {}", step.whom);
        world.run(Register { username, password, email: None, invite, admission, device: None, mint });
    }),
    ("update account", |world, step| {
        let actor = world.actor(step);
        let (login, shown) = (world.login(actor.user_id), world.password(actor.user_id));
        let patch = AccountPatch {
            username: step.yes.then(|| Name::parse(name(step)).unwrap()),
            bio: Some(name(step).into()),
            avatar: Some((step.whom > 4).then(picture)),
            password: (step.whom == 1).then(|| "another hash".into()),
            ..AccountPatch::default()
        };
        world.run(UpdateAccount { actor, login, patch, shown });
    }),
    ("delete account", |world, step| {
        let actor = world.actor(step);
        let shown = world.password(actor.user_id);
        world.run(DeleteAccount { actor, shown });
    }),
    ("log in", |world, step| {
        let user_id = world.actor(step).user_id;
        let shown = world.password(user_id).unwrap_or_default();
        world.run(LogIn { user_id, shown, device: None, mint });
    }),
    ("end logins", |world, step| {
        let actor = world.actor(step);
        let hashes = vec![world.login(actor.user_id)];
        world.run(EndLogins { actor, hashes });
    }),
    ("use login", |world, step| {
        let hash = world.login(world.actor(step).user_id);
        world.run(UseLogin { hash });
    }),
    // Applications.
    ("create application", |world, step| {
        let draft = ApplicationPatch { name: Some(name(step).into()), ..ApplicationPatch::default() };
        world.run(CreateApplication { actor: world.anyone(step), draft });
    }),
    ("update application", |world, step| {
        let (actor, application_id) = world.application(step);
        let patch = ApplicationPatch { bot_public: Some(step.yes), ..ApplicationPatch::default() };
        world.run(UpdateApplication { actor, application_id, patch });
    }),
    ("delete application", |world, step| {
        let (actor, application_id) = world.application(step);
        world.run(DeleteApplication { actor, application_id });
    }),
    ("make bot token", |world, step| {
        let (actor, application_id) = world.application(step);
        world.run(MakeBotToken { actor, application_id, is_new: step.yes, mint });
    }),
    ("add bot", |world, step| {
        let (actor, guild_id) = (world.actor(step), world.guild(step));
        let ((_, application_id), permissions) = (world.application(step), permissions(step));
        world.run(AddBot { actor, application_id, guild_id, permissions, reason: None });
    }),
    // Guilds.
    ("create guild", |world, step| {
        let icon = step.yes.then(picture);
        world.run(CreateGuild { actor: world.anyone(step), name: name(step).into(), icon });
    }),
    ("update guild", |world, step| {
        let patch = GuildPatch {
            name: Some(name(step).into()),
            owner_id: (step.whom < 4).then(|| world.user(step.whom)),
            icon: step.yes.then(|| Some(picture())),
            system_channel_id: (step.what > 3).then(|| Some(world.channel(step, step.what))),
            ..GuildPatch::default()
        };
        let (actor, guild_id) = (world.actor(step), world.guild(step));
        world.run(UpdateGuild { actor, guild_id, patch, reason: None });
    }),
    ("delete guild", |world, step| {
        world.run(DeleteGuild { actor: world.actor(step), guild_id: world.guild(step) });
    }),
    // Channels.
    ("create channel", |world, step| {
        let (actor, guild_id, draft) = (world.actor(step), world.guild(step), channel(world, step));
        world.run(CreateChannel { actor, guild_id, draft, reason: None });
    }),
    ("update channel", |world, step| {
        let (actor, channel_id) = (world.actor(step), world.channel(step, step.whom));
        let patch = ChannelPatch { kind: None, ..channel(world, step) };
        world.run(UpdateChannel { actor, channel_id, patch, reason: None });
    }),
    ("move channels", |world, step| {
        let (actor, guild_id) = (world.actor(step), world.guild(step));
        let place = |nth| Place {
            id: world.channel(step, nth),
            position: Some(4),
            parent_id: Some(step.yes.then(|| world.channel(step, step.what))),
            lock_permissions: step.yes,
        };
        let places = vec![place(step.whom), place(step.whom + 1)];
        world.run(MoveChannels { actor, guild_id, places, reason: None });
    }),
    ("delete channel", |world, step| {
        let (actor, channel_id) = (world.actor(step), world.channel(step, step.what));
        world.run(DeleteChannel { actor, channel_id, reason: None });
    }),
    ("set overwrite", |world, step| {
        let overwrite = overwrite(world, step);
        let (actor, channel_id) = (world.actor(step), world.channel(step, step.what));
        let (overwrite_id, overwrite) = (overwrite.id, (step.what != 7).then_some(overwrite));
        world.run(SetOverwrite { actor, channel_id, overwrite_id, overwrite, reason: None });
    }),
    // Roles.
    ("create role", |world, step| {
        let (actor, guild_id) = (world.actor(step), world.guild(step));
        world.run(CreateRole { actor, guild_id, draft: role(step), reason: None });
    }),
    ("update role", |world, step| {
        let (actor, guild_id, role_id) = (world.actor(step), world.guild(step), world.role(step, step.whom));
        world.run(UpdateRole { actor, guild_id, role_id, patch: role(step), reason: None });
    }),
    ("move roles", |world, step| {
        let (actor, guild_id, id) = (world.actor(step), world.guild(step), world.role(step, step.whom));
        let ranks = vec![Rank { id, position: i32::try_from(step.what).ok() }];
        world.run(MoveRoles { actor, guild_id, ranks, reason: None });
    }),
    ("delete role", |world, step| {
        let (actor, guild_id, role_id) = (world.actor(step), world.guild(step), world.role(step, step.whom));
        world.run(DeleteRole { actor, guild_id, role_id, reason: None });
    }),
    // Members.
    ("update member", |world, step| {
        let (actor, guild_id, user_id) =
            (world.actor(step), world.guild(step), world.member(step, step.whom));
        let patch = MemberPatch {
            nick: Some(step.yes.then(|| name(step).into())),
            roles: (step.what < 4)
                .then(|| vec![world.role(step, step.what), world.role(step, step.what + 1)]),
            ..MemberPatch::default()
        };
        world.run(UpdateMember { actor, guild_id, user_id, patch, reason: None });
    }),
    ("set member role", |world, step| {
        let (actor, guild_id, user_id) =
            (world.actor(step), world.guild(step), world.member(step, step.whom));
        let role_id = world.role(step, step.what);
        world.run(SetMemberRole { actor, guild_id, user_id, role_id, has: step.yes, reason: None });
    }),
    ("kick", |world, step| {
        let (actor, guild_id, user_id) =
            (world.actor(step), world.guild(step), world.member(step, step.whom));
        world.run(Kick { actor, guild_id, user_id, reason: None });
    }),
    ("leave", |world, step| world.run(Leave { actor: world.anyone(step), guild_id: world.guild(step) })),
    ("prune", |world, step| {
        let (actor, guild_id) = (world.actor(step), world.guild(step));
        let idle = Idle { days: 1, roles: vec![world.role(step, step.what)] };
        world.run(Prune { actor, guild_id, idle, reason: None });
    }),
    ("ban", |world, step| {
        let (actor, guild_id, bulk) = (world.actor(step), world.guild(step), step.yes);
        let mut user_ids = vec![world.user(step.whom)];
        user_ids.extend(bulk.then(|| world.user(step.whom + 1)));
        let delete_secs = if step.what > 3 { 60 } else { 0 };
        world.run(BanUsers { actor, guild_id, user_ids, bulk, delete_secs, reason: Some("why".into()) });
    }),
    ("unban", |world, step| {
        let (actor, guild_id, user_id) =
            (world.actor(step), world.guild(step), world.banned(step, step.whom));
        world.run(Unban { actor, guild_id, user_id, reason: None });
    }),
    // Invites.
    ("create invite", |world, step| {
        let (actor, channel_id) = (world.actor(step), world.channel(step, step.what));
        let max_uses = u32::from(step.whom == 0);
        let max_age = if step.whom == 1 { 60 } else { 0 };
        let draft = InviteDraft { max_age, max_uses, temporary: false, unique: step.yes };
        world.run(CreateInvite { actor, channel_id, draft, reason: None });
    }),
    ("accept invite", |world, step| {
        world.run(AcceptInvite { actor: world.anyone(step), code: world.code(step) });
    }),
    ("delete invite", |world, step| {
        world.run(DeleteInvite { actor: world.actor(step), code: world.code(step), reason: None });
    }),
    // Messages.
    ("send message", |world, step| {
        let (actor, channel_id) = (world.actor(step), world.channel(step, step.what));
        let (_, id, _) = world.messages(step);
        let reply_to = (step.whom > 4).then_some((id, step.yes));
        let (nonce, enforce_nonce) = (Some(step.whom.into()), step.whom < 2);
        let content = "hello".into();
        let draft = Draft { content, reply_to, nonce, enforce_nonce, ..Draft::default() };
        world.run(SendMessage { actor, channel_id, draft });
    }),
    ("say in lobby", |world, step| {
        let user = world.actor(step).user_id;
        let author = if step.yes { Author::User(user) } else { Author::Guest(Name::anonymous()) };
        let nonce = (step.whom < 4).then(|| step.whom.to_string());
        world.run(SayInLobby { author, content: "hello".into(), nonce });
    }),
    ("edit message", |world, step| {
        let (actor, (channel_id, message_id, _)) = (world.actor(step), world.messages(step));
        let patch = MessagePatch { content: Some(name(step).into()), ..MessagePatch::default() };
        world.run(EditMessage { actor, channel_id, message_id, patch });
    }),
    ("delete message", |world, step| {
        let (actor, (channel_id, message_id, _)) = (world.actor(step), world.messages(step));
        world.run(DeleteMessage { actor, channel_id, message_id, reason: None });
    }),
    ("delete messages", |world, step| {
        let (actor, (channel_id, one, other)) = (world.actor(step), world.messages(step));
        world.run(DeleteMessages { actor, channel_id, ids: vec![one, other], reason: None });
    }),
    ("pin", |world, step| {
        let (actor, (channel_id, message_id, _)) = (world.actor(step), world.messages(step));
        world.run(Pin { actor, channel_id, message_id, pinned: step.yes, reason: None });
    }),
    ("type", |world, step| {
        world.run(Type { actor: world.actor(step), channel_id: world.channel(step, step.what) });
    }),
    ("add reaction", |world, step| {
        let (actor, (channel_id, message_id, _)) = (world.actor(step), world.messages(step));
        world.run(AddReaction { actor, channel_id, message_id, emoji: emoji(step) });
    }),
    ("remove reaction", |world, step| {
        let (actor, (channel_id, message_id, _)) = (world.actor(step), world.messages(step));
        let user_id = if step.yes { actor.user_id } else { world.user(step.who) };
        world.run(RemoveReaction { actor, channel_id, message_id, emoji: emoji(step), user_id });
    }),
    ("clear reactions", |world, step| {
        let (actor, (channel_id, message_id, _)) = (world.actor(step), world.messages(step));
        world.run(ClearReactions { actor, channel_id, message_id, emoji: step.yes.then(|| emoji(step)) });
    }),
    // What people are to each other, and have for themselves.
    ("befriend", |world, step| {
        world.run(Befriend { actor: world.anyone(step), whom: Whom::Id(world.user(step.whom)) });
    }),
    ("befriend by name", |world, step| {
        world.run(Befriend { actor: world.anyone(step), whom: Whom::Named(name(step).into()) });
    }),
    ("block", |world, step| world.run(Block { actor: world.anyone(step), user_id: world.user(step.whom) })),
    ("end relationship", |world, step| {
        world.run(EndRelationship { actor: world.anyone(step), user_id: world.user(step.whom) });
    }),
    ("name friend", |world, step| {
        let nickname = step.yes.then(|| name(step).to_owned());
        world.run(NameFriend { actor: world.anyone(step), user_id: world.user(step.whom), nickname });
    }),
    ("set privacy", |world, step| {
        let patch = PrivacyPatch {
            default_guilds_restricted: Some(step.yes),
            restricted_guilds: (step.whom < 4).then(|| vec![world.guild(step)]),
            friend_source: None,
        };
        world.run(SetPrivacy { actor: world.anyone(step), patch });
    }),
    ("set note", |world, step| {
        let note = step.yes.then(|| name(step).to_owned());
        world.run(SetNote { actor: world.anyone(step), about: world.user(step.whom), note });
    }),
    ("acknowledge", |world, step| {
        let (actor, (channel_id, message_id, _)) = (world.anyone(step), world.messages(step));
        let manual = (!step.yes).then_some(3);
        world.run(Acknowledge { actor, mark: Mark { channel_id, message_id, manual } });
    }),
    ("acknowledge many", |world, step| {
        let (channel_id, message_id, _) = world.messages(step);
        let (actor, direct, other) = world.direct_message(step);
        let mark = |channel_id, message_id| Mark { channel_id, message_id, manual: None };
        world.run(AcknowledgeMany { actor, marks: vec![mark(channel_id, message_id), mark(direct, other)] });
    }),
    ("acknowledge guild", |world, step| {
        world.run(AcknowledgeGuild { actor: world.anyone(step), guild_id: world.guild(step) });
    }),
    ("acknowledge pins", |world, step| {
        let (actor, channel_id) =
            if step.yes { world.direct(step) } else { (world.actor(step), world.messages(step).0) };
        world.run(AcknowledgePins { actor, channel_id });
    }),
    ("set notifications", |world, step| {
        let guild_id = (step.whom < 6).then(|| world.guild(step));
        let (direct, channel) = (world.direct(step).1, world.channel(step, step.what));
        let rule = RulePatch { level: Some(step.yes.then_some(2)), muted: Some(step.yes), mute: None };
        let channel_id = if guild_id.is_some() { channel } else { direct };
        let channel = NotificationsOfChannel { channel_id, rule, collapsed: None, flags: None };
        let patch = NotificationsPatch { rule, channels: vec![channel], ..NotificationsPatch::default() };
        world.run(SetNotifications { actor: world.anyone(step), guild_id, patch });
    }),
    ("call many", |world, step| {
        let (actor, channel_id) = (world.actor(step), world.channel(step, step.what));
        let content = format!("@everyone <@{}> <@&{}>", world.user(step.whom), world.role(step, step.whom));
        world.run(SendMessage { actor, channel_id, draft: Draft { content, ..Draft::default() } });
    }),
    // Direct channels.
    ("open group", |world, step| {
        let recipients = vec![world.user(step.whom), world.user(step.whom + 1)];
        world.run(OpenDirect { actor: world.anyone(step), recipients });
    }),
    ("add recipient", |world, step| {
        let ((actor, channel_id), user_id) = (world.direct(step), world.user(step.whom));
        world.run(AddRecipient { actor, channel_id, user_id });
    }),
    ("remove recipient", |world, step| {
        let ((actor, channel_id), user_id) = (world.direct(step), world.user(step.whom));
        world.run(RemoveRecipient { actor, channel_id, user_id });
    }),
    ("leave group", |world, step| {
        let (actor, channel_id) = world.direct(step);
        world.run(LeaveGroup { actor, channel_id, is_silent: step.yes });
    }),
    ("update group", |world, step| {
        let (actor, channel_id) = world.direct(step);
        let patch = GroupPatch {
            name: Some(step.yes.then(|| name(step).into())),
            icon: Some(step.yes.then(picture)),
            owner_id: (step.whom > 4).then(|| world.user(step.whom)),
        };
        world.run(UpdateGroup { actor, channel_id, patch });
    }),
    ("open direct", |world, step| {
        let (actor, recipients) = (world.anyone(step), vec![world.user(step.whom)]);
        world.run(OpenDirect { actor, recipients });
    }),
    ("close direct", |world, step| {
        let (actor, channel_id) = world.direct(step);
        world.run(CloseDirect { actor, channel_id });
    }),
    ("write direct", |world, step| {
        let (actor, channel_id) = world.direct(step);
        let draft = Draft { content: "psst".into(), ..Draft::default() };
        world.run(SendMessage { actor, channel_id, draft });
    }),
    ("pin direct", |world, step| {
        let (actor, channel_id, message_id) = world.direct_message(step);
        world.run(Pin { actor, channel_id, message_id, pinned: step.yes, reason: None });
    }),
    ("react direct", |world, step| {
        let (actor, channel_id, message_id) = world.direct_message(step);
        world.run(AddReaction { actor, channel_id, message_id, emoji: emoji(step) });
    }),
    ("delete direct message", |world, step| {
        let (actor, channel_id, message_id) = world.direct_message(step);
        world.run(DeleteMessage { actor, channel_id, message_id, reason: None });
    }),
];

fn name(step: Step) -> &'static str {
    NAMES[step.what % NAMES.len()]
}

fn permissions(step: Step) -> Permissions {
    PERMISSIONS[step.what % PERMISSIONS.len()]
}

fn emoji(step: Step) -> String {
    ["👍", "🔥"][step.place % 2].to_owned()
}

fn picture() -> Picture {
    Picture { hash: "hash".into(), sizes: vec![(64, vec![1])] }
}

fn role(step: Step) -> RolePatch {
    RolePatch { name: Some(name(step).into()), permissions: Some(permissions(step)), ..RolePatch::default() }
}

fn channel(world: &World, step: Step) -> ChannelPatch {
    ChannelPatch {
        name: Some(name(step).into()),
        kind: Some(KINDS[step.whom % KINDS.len()]),
        parent_id: Some((step.what > 3).then(|| world.channel(step, step.what))),
        overwrites: step.yes.then(|| vec![overwrite(world, step)]),
        ..ChannelPatch::default()
    }
}

/// An overwrite for a role or for a person; now and then it says that it is for the other.
fn overwrite(world: &World, step: Step) -> Overwrite {
    let id = if step.yes { world.role(step, step.whom) } else { world.user(step.whom) };
    let is_role = step.yes == (step.who < 6);
    let kind = if is_role { OverwriteKind::Role } else { OverwriteKind::Member };
    Overwrite { id, kind, allow: permissions(step), deny: Permissions::empty() }
}
