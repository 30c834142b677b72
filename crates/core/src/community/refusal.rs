//! Why a command is turned down.

use std::time::Duration;

/// Why a command was turned down. The server is well; the request may not happen.
///
/// The codes and sentences are those of Discord's documentation, "JSON Error Codes".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the sentences say it")]
pub enum Refusal {
    #[error("401: Unauthorized")]
    Unauthorized,
    #[error("Unknown Application")]
    UnknownApplication,
    #[error("Unknown Channel")]
    UnknownChannel,
    #[error("Unknown Guild")]
    UnknownGuild,
    #[error("Unknown Invite")]
    UnknownInvite,
    #[error("Unknown Member")]
    UnknownMember,
    #[error("Unknown Message")]
    UnknownMessage,
    #[error("Unknown permission overwrite")]
    UnknownOverwrite,
    #[error("Unknown Role")]
    UnknownRole,
    #[error("Unknown User")]
    UnknownUser,
    #[error("Unknown Emoji")]
    UnknownEmoji,
    #[error("Unknown Ban")]
    UnknownBan,
    #[error("Unknown Session")]
    UnknownSession,
    #[error("Bots cannot use this endpoint")]
    NotForBots,
    #[error("Only bots can use this endpoint")]
    OnlyForBots,
    #[error("You are not authorized to perform this action on this application")]
    NotYourApplication,
    #[error("This action cannot be performed due to slowmode rate limit")]
    SlowMode(Duration),
    #[error("Maximum number of guilds reached ({0})")]
    TooManyGuilds(usize),
    #[error("Maximum number of pins reached for the channel ({0})")]
    TooManyPins(usize),
    #[error("Maximum number of guild roles reached ({0})")]
    TooManyRoles(usize),
    #[error("Maximum number of reactions reached ({0})")]
    TooManyReactions(usize),
    #[error("Maximum number of guild channels reached ({0})")]
    TooManyChannels(usize),
    #[error("Maximum number of invites reached ({0})")]
    TooManyInvites(usize),
    #[error("Maximum number of applications reached ({0})")]
    TooManyApplications(usize),
    #[error("Maximum number of server members reached")]
    TooManyMembers,
    #[error("Maximum number of bans for non-guild members have been exceeded")]
    TooManyBans,
    #[error("Maximum number of permission overwrites reached ({0})")]
    TooManyOverwrites(usize),
    #[error("The user is banned from this guild")]
    Banned,
    #[error("Failed to ban users")]
    NobodyBanned,
    #[error("You must transfer ownership of any owned guilds before deleting your account")]
    OwnsGuilds,
    #[error("Cannot execute action on a DM channel")]
    DirectChannel,
    #[error("Cannot send messages to this user")]
    CannotWriteTo,
    #[error("Maximum number of recipients reached ({0})")]
    TooManyRecipients(usize),
    #[error("Maximum number of friends reached ({0})")]
    TooManyFriends(usize),
    #[error("Incoming friend requests disabled.")]
    FriendRequestsDisabled,
    #[error("Friend request blocked.")]
    FriendBlocked,
    #[error("Bots cannot have friends.")]
    FriendOfBot,
    #[error("Cannot send friend request to self.")]
    FriendOfOneself,
    #[error("No user with that name exists.")]
    NobodyOfThatName,
    #[error("You are already friends with that user.")]
    AlreadyFriends,
    #[error("Invalid Recipient(s)")]
    InvalidRecipients,
    #[error("Missing Access")]
    MissingAccess,
    #[error("Cannot edit a message authored by another user")]
    NotYourMessage,
    #[error("Cannot send an empty message")]
    EmptyMessage,
    #[error("Cannot send messages in a non-text channel")]
    NotTextChannel,
    #[error("You lack permissions to perform that action")]
    MissingPermissions,
    #[error(
        "Provided too few or too many messages to delete. Must provide at least 2 and at most 100 messages to delete"
    )]
    BulkDeleteCount,
    #[error("A message can only be pinned in the channel it was sent in")]
    WrongPinChannel,
    #[error("Cannot execute action on a system message")]
    SystemMessage,
    #[error("Cannot execute action on this channel type")]
    WrongChannelKind,
    #[error("A message provided was too old to bulk delete")]
    TooOldToBulkDelete,
    #[error("Invalid Role")]
    InvalidRole,
    #[error("Invalid OAuth2 access token")]
    InvalidToken,
    #[error("Cannot reply without permission to read message history")]
    NoHistory,
    #[error("Reaction was blocked")]
    ReactionBlocked,
    #[error("{0}")]
    Forbidden(&'static str),
    #[error("Invalid Form Body")]
    Form(Vec<FieldError>),
    #[error("The server is busy. Nothing was changed; try again in a moment.")]
    Busy,
    #[error("The server could not store that. Nothing was changed; try again later.")]
    NotStored,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Where it stands, from the outside in: `embeds`, `0`, `title`.
    pub path: Vec<String>,
    /// Discord's word for it, such as `BASE_TYPE_REQUIRED`.
    pub code: &'static str,
    /// A sentence for people.
    pub message: String,
}

impl Refusal {
    /// A form with one wrong field.
    pub fn field(path: &str, code: &'static str, message: impl Into<String>) -> Self {
        let path = path.split('.').map(str::to_owned).collect();
        Self::Form(vec![FieldError { path, code, message: message.into() }])
    }

    /// Discord's code for it; 0 where Discord has none.
    pub fn code(&self) -> u32 {
        match self {
            Self::UnknownApplication => 10_002,
            Self::UnknownChannel => 10_003,
            Self::UnknownGuild => 10_004,
            Self::UnknownInvite => 10_006,
            Self::UnknownMember => 10_007,
            Self::UnknownMessage => 10_008,
            Self::UnknownOverwrite => 10_009,
            Self::UnknownRole => 10_011,
            Self::UnknownUser => 10_013,
            Self::UnknownEmoji => 10_014,
            Self::UnknownBan => 10_026,
            Self::UnknownSession => 10_020,
            Self::NotForBots => 20_001,
            Self::OnlyForBots => 20_002,
            Self::NotYourApplication => 20_012,
            Self::SlowMode(_) => 20_016,
            Self::TooManyGuilds(_) => 30_001,
            Self::TooManyFriends(_) => 30_002,
            Self::TooManyPins(_) => 30_003,
            Self::TooManyRecipients(_) => 30_004,
            Self::TooManyRoles(_) => 30_005,
            Self::TooManyReactions(_) => 30_010,
            Self::TooManyChannels(_) => 30_013,
            Self::TooManyInvites(_) => 30_016,
            Self::TooManyApplications(_) => 30_017,
            Self::TooManyMembers => 30_019,
            Self::TooManyBans => 30_035,
            Self::TooManyOverwrites(_) => 30_060,
            Self::Banned => 40_007,
            // Not in the documentation; the official clients are told so.
            Self::OwnsGuilds => 40_011,
            Self::MissingAccess => 50_001,
            Self::DirectChannel => 50_003,
            Self::NotYourMessage => 50_005,
            Self::EmptyMessage => 50_006,
            Self::CannotWriteTo => 50_007,
            Self::NotTextChannel => 50_008,
            Self::MissingPermissions => 50_013,
            Self::BulkDeleteCount => 50_016,
            Self::WrongPinChannel => 50_019,
            Self::SystemMessage => 50_021,
            Self::WrongChannelKind => 50_024,
            Self::InvalidToken => 50_025,
            Self::InvalidRole => 50_028,
            Self::InvalidRecipients => 50_033,
            Self::TooOldToBulkDelete => 50_034,
            Self::Form(_) => 50_035,
            // Those about friends are not in the documentation; the official clients are told so.
            Self::FriendRequestsDisabled => 80_000,
            Self::FriendBlocked => 80_001,
            Self::FriendOfBot => 80_002,
            Self::FriendOfOneself => 80_003,
            Self::NobodyOfThatName => 80_004,
            Self::AlreadyFriends => 80_007,
            Self::ReactionBlocked => 90_001,
            Self::NoHistory => 160_002,
            Self::NobodyBanned => 500_000,
            Self::Unauthorized | Self::Forbidden(_) | Self::Busy | Self::NotStored => 0,
        }
    }
}
