//! What a session wants to hear of.

use bitflags::bitflags;

bitflags! {
    /// A set of intents. Source: Discord's documentation, "Gateway Intents".
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
    pub struct Intents: u64 {
        /// Guilds, channels, roles.
        const GUILDS = 1;
        /// Members (privileged).
        const GUILD_MEMBERS = 1 << 1;
        /// Bans and the audit log.
        const GUILD_MODERATION = 1 << 2;
        /// Emojis, stickers, sounds.
        const GUILD_EXPRESSIONS = 1 << 3;
        /// Integrations.
        const GUILD_INTEGRATIONS = 1 << 4;
        /// Webhooks.
        const GUILD_WEBHOOKS = 1 << 5;
        /// Invites.
        const GUILD_INVITES = 1 << 6;
        /// Voice states.
        const GUILD_VOICE_STATES = 1 << 7;
        /// Presences (privileged).
        const GUILD_PRESENCES = 1 << 8;
        /// Messages in guilds.
        const GUILD_MESSAGES = 1 << 9;
        /// Reactions in guilds.
        const GUILD_MESSAGE_REACTIONS = 1 << 10;
        /// Typing in guilds.
        const GUILD_MESSAGE_TYPING = 1 << 11;
        /// Direct messages.
        const DIRECT_MESSAGES = 1 << 12;
        /// Reactions in direct messages.
        const DIRECT_MESSAGE_REACTIONS = 1 << 13;
        /// Typing in direct messages.
        const DIRECT_MESSAGE_TYPING = 1 << 14;
        /// What stands in messages (privileged).
        const MESSAGE_CONTENT = 1 << 15;
        /// Scheduled events.
        const GUILD_SCHEDULED_EVENTS = 1 << 16;
        /// Rules of auto-moderation.
        const AUTO_MODERATION_CONFIGURATION = 1 << 20;
        /// What auto-moderation did.
        const AUTO_MODERATION_EXECUTION = 1 << 21;
        /// Polls in guilds.
        const GUILD_MESSAGE_POLLS = 1 << 24;
        /// Polls in direct messages.
        const DIRECT_MESSAGE_POLLS = 1 << 25;
    }
}
