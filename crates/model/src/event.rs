//! What happened: the only way in which anything changes.

use serde_json::Value;

use crate::person::{Privacy, Relationship};
use crate::read::{BroadMention, Notifications, ReadState, Reading};
use crate::user::{Login, TokenHash};
use crate::{
    Application, AuditEntry, Ban, Channel, Direct, DirectChange, Guild, Id, Invite, Member, Message, Picture,
    Presence, Role, Timestamp, User,
};

/// What an instance is: made once, at its first start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Instance {
    /// The guild that everyone joins.
    pub home_id: Id,
    /// The channel behind the lobby protocol.
    pub lobby_id: Id,
    /// The first account, which owns the instance.
    pub owner_id: Option<Id>,
}

/// Something that happened. Applied to what was before, it gives what is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The instance was founded, or has got its owner.
    InstanceSet(Instance),
    /// An account was made.
    UserCreated(User),
    /// An account changed.
    UserUpdated(User),
    /// An account has a new password; `None` is no way in.
    PasswordSet {
        /// Whose.
        user_id: Id,
        /// As Argon2 wrote it.
        hash: Option<String>,
    },
    /// Someone logged in, or the login was used again.
    LoginSet(Login),
    /// A login ended.
    LoginEnded(TokenHash),
    /// A guild was made, with what it holds.
    GuildCreated {
        /// The guild.
        guild: Box<Guild>,
        /// Its roles, `@everyone` among them.
        roles: Vec<Role>,
        /// Its channels.
        channels: Vec<Channel>,
        /// Who is in it.
        members: Vec<Member>,
    },
    /// A guild changed.
    GuildUpdated(Box<Guild>),
    /// A guild is gone with all that it held.
    GuildDeleted(Id),
    /// A channel was made.
    ChannelCreated(Channel),
    /// A channel changed.
    ChannelUpdated(Channel),
    /// A channel is gone with its messages.
    ChannelDeleted(Channel),
    /// A direct channel was made, or something happened to it.
    DirectSet(Box<Direct>, DirectChange),
    /// A direct channel is gone with its messages.
    DirectDeleted(Id),
    /// Someone became something else to a user, or is called otherwise by them.
    RelationshipSet {
        /// To whom.
        user_id: Id,
        /// Who, and what.
        relationship: Relationship,
        /// Whether only what they are called is new.
        is_renamed: bool,
    },
    /// Someone is nothing to a user any more.
    RelationshipEnded {
        /// To whom.
        user_id: Id,
        /// Who, and what they were.
        relationship: Relationship,
    },
    /// Someone said who may come up to them.
    PrivacySet {
        /// Who.
        user_id: Id,
        /// What.
        privacy: Privacy,
    },
    /// Someone noted something on somebody for themselves; `None` is nothing any more.
    NoteSet {
        /// Who.
        user_id: Id,
        /// On whom.
        about: Id,
        /// What.
        note: Option<String>,
    },
    /// Someone has read so far.
    ReadSet {
        /// Who.
        user_id: Id,
        /// How far, and where.
        state: ReadState,
        /// Why.
        reading: Reading,
    },
    /// What was written is meant for some by name.
    Called {
        /// Where.
        channel_id: Id,
        /// For whom.
        users: Vec<Id>,
    },
    /// What was written is meant for many.
    ManyCalled(BroadMention),
    /// Someone said what notifies them.
    NotificationsSet {
        /// Who.
        user_id: Id,
        /// What.
        notifications: Notifications,
    },
    /// All that someone had for themselves is gone, with their account.
    PersonErased(Id),
    /// A role was made.
    RoleCreated(Id, Role),
    /// A role changed.
    RoleUpdated(Id, Role),
    /// A role is gone, from all who had it.
    RoleDeleted(Id, Id),
    /// Someone joined a guild.
    MemberJoined(Id, Member),
    /// A membership changed.
    MemberUpdated(Id, Member),
    /// Someone is no longer in a guild: the guild, the user.
    MemberLeft(Id, Id),
    /// Someone may not come back.
    BanAdded(Id, Ban),
    /// Someone may come back.
    BanRemoved(Id, Id),
    /// An invite was made.
    InviteCreated(Invite),
    /// An invite was used.
    InviteUsed(Invite),
    /// An invite is gone.
    InviteDeleted(Invite),
    /// An application was made or changed.
    ApplicationSet(Application),
    /// An application is gone.
    ApplicationDeleted(Id),
    /// An account or a guild has another picture; `None` is none.
    PictureSet {
        /// Whose.
        owner_id: Id,
        /// Which.
        picture: Option<Picture>,
    },
    /// Something was noted in a guild's audit log.
    Audited(Id, AuditEntry),
    /// Someone posted.
    MessageCreated {
        /// What.
        message: Message,
        /// The mark that the author's client put on it, a string or a number.
        nonce: Option<Value>,
        /// By which the same message is known when it comes again.
        dedupe: Option<String>,
    },
    /// A message was edited.
    MessageUpdated(Message),
    /// A message was pinned or let go.
    MessagePinned(Message),
    /// Messages are gone.
    MessagesDeleted {
        /// Where they stood.
        channel_id: Id,
        /// Which.
        ids: Vec<Id>,
        /// Whether they went as a bulk.
        bulk: bool,
    },
    /// Someone put an emoji under a message.
    ReactionAdded(ReactionMark),
    /// Someone took it away.
    ReactionRemoved(ReactionMark),
    /// All reactions are gone, or all with one emoji.
    ReactionsCleared {
        /// Where the message stands.
        channel_id: Id,
        /// The message.
        message_id: Id,
        /// The emoji, or all.
        emoji: Option<String>,
    },
    /// Someone types. Of passing interest: nothing is stored but its place in the log.
    TypingStarted {
        /// Where.
        channel_id: Id,
        /// Who.
        user_id: Id,
        /// When.
        at: Timestamp,
    },
    /// Someone appears otherwise. Of passing interest, too.
    PresenceChanged {
        /// Who.
        user_id: Id,
        /// How.
        presence: Presence,
    },
}

/// One emoji that one person put under one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReactionMark {
    /// Where the message stands.
    pub channel_id: Id,
    /// The message.
    pub message_id: Id,
    /// Whose message it is, if an account's.
    pub message_author_id: Option<Id>,
    /// Who put it there.
    pub user_id: Id,
    /// The emoji.
    pub emoji: String,
}
