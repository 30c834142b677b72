//! Which dispatches an event causes, and who is told.
//!
//! Source: Discord's documentation, "Gateway Events" and "List of Intents".

use decentra_model::dispatch::{SightChange, TextGate};
use decentra_model::person::{Relationship, RelationshipKind};
use decentra_model::read::Reading;
use decentra_model::{
    Audience, AuditEntry, Channel, Circle, Direct, DirectChange, Dispatch, Event, Guild, Id, Intents, Invite,
    Member, Message, Permissions, Presence, ReactionMark, Role, Timestamp, User,
};
use serde::Serialize;
use serde_json::{Value, json};

use super::channel::channel;
use super::guild::guild;
use super::member::member_of;
use super::message::{EmojiObject, MessageObject, message_in_guild};
use super::role::role;
use super::user::{oneself, presence, user};
use crate::community::{Community, GuildState, Venue};

/// The names of all dispatches that sessions are sent, those included that the fan-out sends by itself.
pub const NAMES: &[&str] = &[
    "READY",
    "READY_SUPPLEMENTAL",
    "RESUMED",
    "CHANNEL_CREATE",
    "CHANNEL_DELETE",
    "CHANNEL_PINS_ACK",
    "CHANNEL_PINS_UPDATE",
    "CHANNEL_RECIPIENT_ADD",
    "CHANNEL_RECIPIENT_REMOVE",
    "CHANNEL_UPDATE",
    "GUILD_AUDIT_LOG_ENTRY_CREATE",
    "GUILD_BAN_ADD",
    "GUILD_BAN_REMOVE",
    "GUILD_CREATE",
    "GUILD_DELETE",
    "GUILD_MEMBERS_CHUNK",
    "GUILD_MEMBER_ADD",
    "GUILD_MEMBER_REMOVE",
    "GUILD_MEMBER_UPDATE",
    "GUILD_ROLE_CREATE",
    "GUILD_ROLE_DELETE",
    "GUILD_ROLE_UPDATE",
    "GUILD_UPDATE",
    "INVITE_CREATE",
    "INVITE_DELETE",
    "MESSAGE_ACK",
    "MESSAGE_CREATE",
    "MESSAGE_DELETE",
    "MESSAGE_DELETE_BULK",
    "MESSAGE_REACTION_ADD",
    "MESSAGE_REACTION_REMOVE",
    "MESSAGE_REACTION_REMOVE_ALL",
    "MESSAGE_REACTION_REMOVE_EMOJI",
    "MESSAGE_UPDATE",
    "PRESENCE_UPDATE",
    "RELATIONSHIP_ADD",
    "RELATIONSHIP_REMOVE",
    "RELATIONSHIP_UPDATE",
    "TYPING_START",
    "USER_GUILD_SETTINGS_UPDATE",
    "USER_NOTE_UPDATE",
    "USER_SETTINGS_UPDATE",
    "USER_UPDATE",
];

/// What is looked up for a dispatch beside the community.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The time.
    pub now: Timestamp,
    /// The message that a new reply answers, where there is one; `Some(None)` says that it is gone.
    pub replied_to: Option<Option<&'a Message>>,
    /// Whose sight the event changed.
    pub changes_sight: Option<SightChange>,
}

/// The dispatches of `event`, `community` being what is after it.
///
/// A change of what a member may see is marked; what it shows or hides is told each session by the fan-out.
pub fn dispatches(event: &Event, community: &Community, context: Context<'_>) -> Vec<Dispatch> {
    let mut dispatches = of_event(event, community, context);
    if context.changes_sight.is_some() {
        if dispatches.is_empty() {
            dispatches.push(marker(None));
        }
        dispatches[0].audience.changes_sight = context.changes_sight;
    }
    dispatches
}

/// A place in the log that nobody is told of. Those whose sight it is said to change cannot resume across it.
pub fn marker(changes_sight: Option<SightChange>) -> Dispatch {
    let audience = Audience { changes_sight, ..Audience::new(Circle::Nobody, Intents::empty()) };
    Dispatch { name: "".into(), audience, body: [].into() }
}

fn of_event(event: &Event, community: &Community, context: Context<'_>) -> Vec<Dispatch> {
    let now = context.now;
    match event {
        Event::InstanceSet(_)
        | Event::UserCreated(_)
        | Event::PasswordSet { .. }
        | Event::LoginSet(_)
        | Event::LoginEnded(_)
        | Event::InviteUsed(_)
        | Event::ApplicationSet(_)
        | Event::ApplicationDeleted(_)
        | Event::PictureSet { .. }
        | Event::DirectDeleted(_)
        | Event::PersonErased(_)
        | Event::Called { .. }
        | Event::ManyCalled(_)
        | Event::GuildCreated { .. } => Vec::new(),
        Event::UserUpdated(user) => user_updated(community, user),
        Event::GuildUpdated(of) => guild_updated(community, of),
        Event::GuildDeleted(id) => {
            let audience = Audience::new(Circle::Guild(*id), Intents::empty());
            vec![dispatch("GUILD_DELETE", audience, &json!({"id": id}))]
        }
        Event::ChannelCreated(of) => vec![of_channel("CHANNEL_CREATE", community, of)],
        Event::ChannelUpdated(of) => vec![of_channel("CHANNEL_UPDATE", community, of)],
        Event::ChannelDeleted(of) => vec![of_channel("CHANNEL_DELETE", community, of)],
        Event::DirectSet(of, change) => direct_changed(community, of, *change),
        Event::RelationshipSet { user_id, relationship, is_renamed } => {
            relationship_set(community, *user_id, relationship, *is_renamed)
        }
        Event::RelationshipEnded { .. }
        | Event::PrivacySet { .. }
        | Event::NoteSet { .. }
        | Event::NotificationsSet { .. }
        | Event::ReadSet { .. } => of_person(event, now).into_iter().collect(),
        Event::RoleCreated(guild, of) => vec![of_role("GUILD_ROLE_CREATE", *guild, of)],
        Event::RoleUpdated(guild, of) => vec![of_role("GUILD_ROLE_UPDATE", *guild, of)],
        Event::RoleDeleted(guild, id) => {
            let audience = Audience::new(Circle::Guild(*guild), Intents::GUILDS);
            vec![dispatch("GUILD_ROLE_DELETE", audience, &json!({"guild_id": guild, "role_id": id}))]
        }
        Event::MemberJoined(guild, member) => member_joined(community, *guild, member),
        Event::MemberUpdated(guild, member) => {
            let audience = Audience {
                subject: Some(member.user_id),
                ..Audience::new(Circle::Guild(*guild), Intents::GUILD_MEMBERS)
            };
            vec![dispatch("GUILD_MEMBER_UPDATE", audience, &member_of(community, *guild, member))]
        }
        Event::MemberLeft(guild, user) => member_left(community, *guild, *user),
        Event::BanAdded(guild, ban) => ban_changed("GUILD_BAN_ADD", community, *guild, ban.user_id, now),
        Event::BanRemoved(guild, user) => ban_changed("GUILD_BAN_REMOVE", community, *guild, *user, now),
        Event::InviteCreated(invite) => vec![invite_created(community, invite, now)],
        Event::InviteDeleted(invite) => {
            let body =
                json!({"channel_id": invite.channel_id, "guild_id": invite.guild_id, "code": invite.code});
            vec![dispatch("INVITE_DELETE", invite_audience(invite, now), &body)]
        }
        Event::Audited(guild, entry) => vec![audited(*guild, entry, now)],
        Event::MessageCreated { message, nonce, .. } => {
            let object = message_in_guild(community, message, nonce.as_ref(), context.replied_to);
            of_message("MESSAGE_CREATE", community, message, &object)
        }
        Event::MessageUpdated(message) => message_updated(community, message),
        Event::MessagePinned(message) => message_pinned(community, message),
        Event::MessagesDeleted { channel_id, ids, bulk } => {
            messages_deleted(community, *channel_id, ids, *bulk)
        }
        Event::ReactionAdded(mark) => reaction_added(community, mark),
        Event::ReactionRemoved(mark) => {
            let body = json!({
                "user_id": mark.user_id, "message_id": mark.message_id, "emoji": emoji(&mark.emoji),
                "burst": false, "type": 0,
            });
            let intents = Intents::GUILD_MESSAGE_REACTIONS;
            in_channel(community, mark.channel_id, "MESSAGE_REACTION_REMOVE", intents, body)
        }
        Event::ReactionsCleared { channel_id, message_id, emoji: None } => {
            let (intents, body) = (Intents::GUILD_MESSAGE_REACTIONS, json!({"message_id": message_id}));
            in_channel(community, *channel_id, "MESSAGE_REACTION_REMOVE_ALL", intents, body)
        }
        Event::ReactionsCleared { channel_id, message_id, emoji: Some(name) } => {
            let body = json!({"message_id": message_id, "emoji": emoji(name)});
            let intents = Intents::GUILD_MESSAGE_REACTIONS;
            in_channel(community, *channel_id, "MESSAGE_REACTION_REMOVE_EMOJI", intents, body)
        }
        Event::TypingStarted { channel_id, user_id, at } => {
            typing_started(community, *channel_id, *user_id, *at)
        }
        Event::PresenceChanged { user_id, presence } => presence_changed(community, *user_id, presence),
    }
}

/// Someone became something to `user`. How a new friend appears, `user` may not have heard before.
fn relationship_set(community: &Community, user: Id, of: &Relationship, is_renamed: bool) -> Vec<Dispatch> {
    let name = if is_renamed { "RELATIONSHIP_UPDATE" } else { "RELATIONSHIP_ADD" };
    let mut dispatches = vec![to_one(name, user, &super::person::relationship(community, of))];
    let is_new_friend = of.kind == RelationshipKind::Friend && !is_renamed;
    if let Some(shown) = community.presence(of.user_id).filter(|_| is_new_friend) {
        let audience = Audience::new(Circle::User(user), Intents::GUILD_PRESENCES);
        dispatches.push(dispatch("PRESENCE_UPDATE", audience, &presence(of.user_id, None, shown)));
    }
    dispatches
}

/// What the devices of one person are told of what they have for themselves.
fn of_person(event: &Event, now: Timestamp) -> Option<Dispatch> {
    Some(match event {
        Event::RelationshipEnded { user_id, relationship } => {
            let Relationship { user_id: id, kind, nickname, .. } = relationship;
            let body = json!({"id": id, "type": kind, "nickname": nickname});
            to_one("RELATIONSHIP_REMOVE", *user_id, &body)
        }
        Event::PrivacySet { user_id, privacy } => {
            to_one("USER_SETTINGS_UPDATE", *user_id, &super::person::privacy(privacy))
        }
        Event::NoteSet { user_id, about, note } => {
            let body = json!({"id": about, "note": note.as_deref().unwrap_or_default()});
            to_one("USER_NOTE_UPDATE", *user_id, &body)
        }
        Event::NotificationsSet { user_id, notifications } => {
            to_one("USER_GUILD_SETTINGS_UPDATE", *user_id, &super::read::notifications(notifications))
        }
        Event::ReadSet { user_id, state, reading: Reading::SawPins } => {
            to_one("CHANNEL_PINS_ACK", *user_id, &super::read::pins_ack(state, now))
        }
        // Whoever wrote is told what they wrote.
        Event::ReadSet { user_id, state, reading } if *reading != Reading::Wrote => {
            to_one("MESSAGE_ACK", *user_id, &super::read::ack(state, *reading, now))
        }
        _ => return None,
    })
}

fn dispatch(name: &str, audience: Audience, body: &impl Serialize) -> Dispatch {
    debug_assert!(NAMES.contains(&name), "{name} is not in the list");
    let body = serde_json::to_vec(body).expect("our objects always serialise");
    Dispatch { name: name.into(), audience, body: body.into() }
}

/// One dispatch for those who see a channel.
fn in_channel(
    community: &Community,
    channel: Id,
    name: &str,
    intents: Intents,
    mut body: Value,
) -> Vec<Dispatch> {
    let Some(venue) = community.venue(channel) else { return Vec::new() };
    body["channel_id"] = json!(channel);
    if let Some(guild) = venue.guild_id() {
        body["guild_id"] = json!(guild);
    }
    vec![dispatch(name, seen_by(venue, intents), &body)]
}

/// Those who see where something happened: with one of `intents`, if that is in a guild, else with those for direct
/// messages that match.
fn seen_by(venue: Venue<'_>, intents: Intents) -> Audience {
    match venue {
        Venue::Guild(state, channel) => Audience::new(Circle::Viewers(state.guild.id, channel.id), intents),
        Venue::Direct(_, direct) => Audience {
            among: direct.members.clone(),
            ..Audience::new(Circle::Direct(direct.id), in_direct(intents))
        },
    }
}

/// The intents for direct messages that match these for guilds.
fn in_direct(intents: Intents) -> Intents {
    if intents.contains(Intents::GUILD_MESSAGE_REACTIONS) {
        Intents::DIRECT_MESSAGE_REACTIONS
    } else if intents.contains(Intents::GUILD_MESSAGE_TYPING) {
        Intents::DIRECT_MESSAGE_TYPING
    } else {
        Intents::DIRECT_MESSAGES
    }
}

/// What happened to a direct channel. Each is told of it as they see it; bots get no lists of them (Discord's
/// documentation, "Channel Create").
fn direct_changed(community: &Community, of: &Direct, change: DirectChange) -> Vec<Dispatch> {
    let to_each = |name: &str, users: &mut dyn Iterator<Item = Id>| -> Vec<Dispatch> {
        users
            .filter(|user| !community.is_bot(*user))
            .map(|user| direct_for(name, community, of, user))
            .collect()
    };
    match change {
        DirectChange::Created => {
            to_each("CHANNEL_CREATE", &mut of.members.iter().copied().filter(|user| of.is_shown_to(*user)))
        }
        DirectChange::Updated => to_each("CHANNEL_UPDATE", &mut of.members.iter().copied()),
        DirectChange::Shown(user) => to_each("CHANNEL_CREATE", &mut std::iter::once(user)),
        DirectChange::Hidden(user) => to_each("CHANNEL_DELETE", &mut std::iter::once(user)),
        DirectChange::Joined(user) => {
            let mut dispatches = to_each("CHANNEL_CREATE", &mut std::iter::once(user));
            dispatches.extend(recipient("CHANNEL_RECIPIENT_ADD", community, of, user));
            dispatches
        }
        DirectChange::Left(user) => {
            // First, since it changes what they see.
            let mut dispatches = to_each("CHANNEL_DELETE", &mut std::iter::once(user));
            dispatches.extend(recipient("CHANNEL_RECIPIENT_REMOVE", community, of, user));
            dispatches
        }
    }
}

fn direct_for(name: &str, community: &Community, of: &Direct, user: Id) -> Dispatch {
    to_one(name, user, &super::direct::direct(community, of, user))
}

/// One dispatch for the sessions of one user.
fn to_one(name: &str, user: Id, body: &impl Serialize) -> Dispatch {
    dispatch(name, Audience::new(Circle::User(user), Intents::empty()), body)
}

/// Tells the others in a group that someone came or went.
fn recipient(name: &str, community: &Community, of: &Direct, who: Id) -> Option<Dispatch> {
    let among: Vec<Id> = of.others(who).collect();
    let account = community.user(who).filter(|_| !among.is_empty())?;
    let audience = Audience { among, ..Audience::new(Circle::Direct(of.id), Intents::empty()) };
    Some(dispatch(name, audience, &json!({"channel_id": of.id, "user": user(account)})))
}

fn emoji(name: &str) -> EmojiObject<'_> {
    EmojiObject { id: None, name }
}

fn user_updated(community: &Community, account: &User) -> Vec<Dispatch> {
    let own = Audience::new(Circle::User(account.id), Intents::empty());
    let mut dispatches = vec![dispatch("USER_UPDATE", own, &oneself(account))];
    for state in community.guilds_of(account.id) {
        let Some(member) = state.member(account.id) else { continue };
        let audience = Audience {
            except: Some(account.id),
            ..Audience::new(Circle::Guild(state.guild.id), Intents::GUILD_MEMBERS)
        };
        dispatches.push(dispatch(
            "GUILD_MEMBER_UPDATE",
            audience,
            &member_of(community, state.guild.id, member),
        ));
    }
    dispatches
}

fn guild_updated(community: &Community, of: &Guild) -> Vec<Dispatch> {
    let Some(state) = community.guild(of.id) else { return Vec::new() };
    let audience = Audience::new(Circle::Guild(of.id), Intents::GUILDS);
    vec![dispatch("GUILD_UPDATE", audience, &guild(state))]
}

fn of_channel(name: &str, community: &Community, of: &Channel) -> Dispatch {
    let audience = Audience::new(Circle::Viewers(of.guild_id, of.id), Intents::GUILDS);
    dispatch(name, audience, &channel(community, of))
}

fn of_role(name: &str, guild: Id, of: &Role) -> Dispatch {
    let audience = Audience::new(Circle::Guild(guild), Intents::GUILDS);
    dispatch(name, audience, &json!({"guild_id": guild, "role": role(of)}))
}

fn member_joined(community: &Community, guild: Id, member: &Member) -> Vec<Dispatch> {
    let audience = Audience {
        except: Some(member.user_id),
        ..Audience::new(Circle::Guild(guild), Intents::GUILD_MEMBERS)
    };
    vec![dispatch("GUILD_MEMBER_ADD", audience, &member_of(community, guild, member))]
}

fn member_left(community: &Community, guild: Id, left: Id) -> Vec<Dispatch> {
    let own = Audience::new(Circle::User(left), Intents::empty());
    let mut dispatches = vec![dispatch("GUILD_DELETE", own, &json!({"id": guild}))];
    if let Some(account) = community.user(left) {
        let audience = Audience::new(Circle::Guild(guild), Intents::GUILD_MEMBERS);
        let body = json!({"guild_id": guild, "user": user(account)});
        dispatches.push(dispatch("GUILD_MEMBER_REMOVE", audience, &body));
    }
    dispatches
}

fn ban_changed(name: &str, community: &Community, guild: Id, who: Id, now: Timestamp) -> Vec<Dispatch> {
    let Some(account) = community.user(who) else { return Vec::new() };
    let circle = Circle::Holders(guild, Permissions::BAN_MEMBERS, now);
    let audience = Audience::new(circle, Intents::GUILD_MODERATION);
    vec![dispatch(name, audience, &json!({"guild_id": guild, "user": user(account)}))]
}

fn invite_audience(invite: &Invite, now: Timestamp) -> Audience {
    let circle =
        Circle::ChannelHolders(invite.guild_id, invite.channel_id, Permissions::MANAGE_CHANNELS, now);
    Audience::new(circle, Intents::GUILD_INVITES)
}

fn invite_created(community: &Community, invite: &Invite, now: Timestamp) -> Dispatch {
    let body = json!({
        "channel_id": invite.channel_id, "guild_id": invite.guild_id, "code": invite.code,
        "created_at": invite.created_at.zoned(), "expires_at": invite.expires_at().map(Timestamp::zoned),
        "inviter": community.user(invite.inviter_id).map(user), "max_age": invite.max_age,
        "max_uses": invite.max_uses, "temporary": invite.temporary, "uses": invite.uses, "type": 0, "flags": 0,
    });
    dispatch("INVITE_CREATE", invite_audience(invite, now), &body)
}

fn audited(guild: Id, entry: &AuditEntry, now: Timestamp) -> Dispatch {
    let circle = Circle::Holders(guild, Permissions::VIEW_AUDIT_LOG, now);
    let object = super::audit::AuditEntryObject { guild_id: Some(guild), ..super::audit::entry(entry) };
    dispatch("GUILD_AUDIT_LOG_ENTRY_CREATE", Audience::new(circle, Intents::GUILD_MODERATION), &object)
}

fn of_message(name: &str, community: &Community, message: &Message, body: &impl Serialize) -> Vec<Dispatch> {
    let Some(venue) = community.venue(message.channel_id) else { return Vec::new() };
    // Direct messages are read whole by whom they are for (Discord's documentation, "Message Content Intent").
    let text = venue
        .guild()
        .map(|_| TextGate { author: message.author.user(), mentions: message.extra.mentions.clone() });
    let audience = Audience { text, ..seen_by(venue, Intents::GUILD_MESSAGES) };
    vec![dispatch(name, audience, body)]
}

fn message_updated(community: &Community, message: &Message) -> Vec<Dispatch> {
    // "The value for tts will always be false in message updates."
    let object = MessageObject { tts: false, ..message_in_guild(community, message, None, None) };
    of_message("MESSAGE_UPDATE", community, message, &object)
}

fn message_pinned(community: &Community, message: &Message) -> Vec<Dispatch> {
    let mut dispatches = message_updated(community, message);
    let Some(venue) = community.venue(message.channel_id) else { return dispatches };
    let body = json!({"last_pin_timestamp": venue.last_pin_at().map(Timestamp::zoned)});
    dispatches.extend(in_channel(
        community,
        message.channel_id,
        "CHANNEL_PINS_UPDATE",
        Intents::GUILDS,
        body,
    ));
    dispatches
}

fn messages_deleted(community: &Community, channel: Id, ids: &[Id], bulk: bool) -> Vec<Dispatch> {
    let told = |name, body| in_channel(community, channel, name, Intents::GUILD_MESSAGES, body);
    if bulk {
        return told("MESSAGE_DELETE_BULK", json!({"ids": ids}));
    }
    ids.iter().flat_map(|id| told("MESSAGE_DELETE", json!({"id": id}))).collect()
}

fn reaction_added(community: &Community, mark: &ReactionMark) -> Vec<Dispatch> {
    let mut body = json!({
        "user_id": mark.user_id, "message_id": mark.message_id, "emoji": emoji(&mark.emoji), "burst": false,
        "type": 0,
    });
    add_member(&mut body, community, mark.channel_id, mark.user_id);
    if let Some(author) = mark.message_author_id {
        body["message_author_id"] = json!(author);
    }
    let intents = Intents::GUILD_MESSAGE_REACTIONS;
    in_channel(community, mark.channel_id, "MESSAGE_REACTION_ADD", intents, body)
}

fn typing_started(community: &Community, channel: Id, who: Id, at: Timestamp) -> Vec<Dispatch> {
    let mut body = json!({"user_id": who, "timestamp": at.unix_micros() / 1_000_000});
    add_member(&mut body, community, channel, who);
    in_channel(community, channel, "TYPING_START", Intents::GUILD_MESSAGE_TYPING, body)
}

/// Adds who did it as a member, where it is in a guild that they are in.
fn add_member(body: &mut Value, community: &Community, channel: Id, who: Id) {
    let Some((state, _)) = community.channel(channel) else { return };
    if let Some(member) = state.member(who) {
        body["member"] = json!(super::member::member(community, member));
    }
}

fn presence_changed(community: &Community, who: Id, shown: &Presence) -> Vec<Dispatch> {
    let in_guild = |state: &GuildState| {
        let audience = Audience::new(Circle::Guild(state.guild.id), Intents::GUILD_PRESENCES);
        dispatch("PRESENCE_UPDATE", audience, &presence(who, Some(state.guild.id), shown))
    };
    let mut dispatches: Vec<Dispatch> = community.guilds_of(who).map(in_guild).collect();
    let among = community.contacts(who);
    if !among.is_empty() {
        let audience = Audience { among, ..Audience::new(Circle::Named, Intents::GUILD_PRESENCES) };
        dispatches.push(dispatch("PRESENCE_UPDATE", audience, &presence(who, None, shown)));
    }
    dispatches
}
