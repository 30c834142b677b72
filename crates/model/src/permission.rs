//! What a member may do.

use bitflags::bitflags;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

bitflags! {
    /// A set of permissions, as Discord numbers them. In JSON a decimal string.
    ///
    /// Source: Discord's documentation, "Permissions", "Bitwise Permission Flags". Bits that are not named here are
    /// kept, so that a bot that knows more loses nothing.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
    pub struct Permissions: u64 {
        /// Make invites.
        const CREATE_INSTANT_INVITE = 1;
        /// Kick members.
        const KICK_MEMBERS = 1 << 1;
        /// Ban members.
        const BAN_MEMBERS = 1 << 2;
        /// Everything, whatever overwrites say.
        const ADMINISTRATOR = 1 << 3;
        /// Make, edit and delete channels.
        const MANAGE_CHANNELS = 1 << 4;
        /// Edit the guild.
        const MANAGE_GUILD = 1 << 5;
        /// Add reactions that are not there yet.
        const ADD_REACTIONS = 1 << 6;
        /// Read the audit log.
        const VIEW_AUDIT_LOG = 1 << 7;
        /// Speak over others.
        const PRIORITY_SPEAKER = 1 << 8;
        /// Go live.
        const STREAM = 1 << 9;
        /// See a channel.
        const VIEW_CHANNEL = 1 << 10;
        /// Write messages.
        const SEND_MESSAGES = 1 << 11;
        /// Have messages read aloud.
        const SEND_TTS_MESSAGES = 1 << 12;
        /// Delete and pin the messages of others.
        const MANAGE_MESSAGES = 1 << 13;
        /// Links show a preview.
        const EMBED_LINKS = 1 << 14;
        /// Attach files.
        const ATTACH_FILES = 1 << 15;
        /// Read what was written before.
        const READ_MESSAGE_HISTORY = 1 << 16;
        /// Mention everyone, and roles that are not mentionable.
        const MENTION_EVERYONE = 1 << 17;
        /// Use emojis of other guilds.
        const USE_EXTERNAL_EMOJIS = 1 << 18;
        /// See figures about the guild.
        const VIEW_GUILD_INSIGHTS = 1 << 19;
        /// Join a voice channel.
        const CONNECT = 1 << 20;
        /// Speak in a voice channel.
        const SPEAK = 1 << 21;
        /// Mute members.
        const MUTE_MEMBERS = 1 << 22;
        /// Deafen members.
        const DEAFEN_MEMBERS = 1 << 23;
        /// Move members between voice channels.
        const MOVE_MEMBERS = 1 << 24;
        /// Speak without pushing a key.
        const USE_VAD = 1 << 25;
        /// Change one's own nickname.
        const CHANGE_NICKNAME = 1 << 26;
        /// Change the nicknames of others.
        const MANAGE_NICKNAMES = 1 << 27;
        /// Manage roles; in a channel, its overwrites.
        const MANAGE_ROLES = 1 << 28;
        /// Manage webhooks.
        const MANAGE_WEBHOOKS = 1 << 29;
        /// Manage emojis, stickers and sounds.
        const MANAGE_GUILD_EXPRESSIONS = 1 << 30;
        /// Use the commands of applications.
        const USE_APPLICATION_COMMANDS = 1 << 31;
        /// Ask to speak on a stage.
        const REQUEST_TO_SPEAK = 1 << 32;
        /// Manage scheduled events.
        const MANAGE_EVENTS = 1 << 33;
        /// Manage threads.
        const MANAGE_THREADS = 1 << 34;
        /// Make public threads.
        const CREATE_PUBLIC_THREADS = 1 << 35;
        /// Make private threads.
        const CREATE_PRIVATE_THREADS = 1 << 36;
        /// Use stickers of other guilds.
        const USE_EXTERNAL_STICKERS = 1 << 37;
        /// Write in threads.
        const SEND_MESSAGES_IN_THREADS = 1 << 38;
        /// Start activities.
        const USE_EMBEDDED_ACTIVITIES = 1 << 39;
        /// Time members out.
        const MODERATE_MEMBERS = 1 << 40;
        /// See figures about subscriptions.
        const VIEW_CREATOR_MONETIZATION_ANALYTICS = 1 << 41;
        /// Play sounds.
        const USE_SOUNDBOARD = 1 << 42;
        /// Make emojis, stickers and sounds.
        const CREATE_GUILD_EXPRESSIONS = 1 << 43;
        /// Make scheduled events.
        const CREATE_EVENTS = 1 << 44;
        /// Play sounds of other guilds.
        const USE_EXTERNAL_SOUNDS = 1 << 45;
        /// Send voice messages.
        const SEND_VOICE_MESSAGES = 1 << 46;
        /// Make polls.
        const SEND_POLLS = 1 << 49;
        /// Use applications that are not in the guild.
        const USE_EXTERNAL_APPS = 1 << 50;
        /// Pin messages.
        const PIN_MESSAGES = 1 << 51;
        /// Write although slow mode says to wait.
        const BYPASS_SLOWMODE = 1 << 52;

        const _ = !0;
    }
}

impl Permissions {
    /// Every permission that has a name.
    pub const EVERY: Self = Self::from_bits_retain((1 << 53) - 1 - (1 << 47) - (1 << 48));

    /// What `@everyone` may do in a new guild: what Discord gives.
    pub fn everyone_default() -> Self {
        Self::CREATE_INSTANT_INVITE
            | Self::ADD_REACTIONS
            | Self::STREAM
            | Self::VIEW_CHANNEL
            | Self::SEND_MESSAGES
            | Self::EMBED_LINKS
            | Self::ATTACH_FILES
            | Self::READ_MESSAGE_HISTORY
            | Self::MENTION_EVERYONE
            | Self::USE_EXTERNAL_EMOJIS
            | Self::CONNECT
            | Self::SPEAK
            | Self::USE_VAD
            | Self::CHANGE_NICKNAME
            | Self::USE_APPLICATION_COMMANDS
            | Self::REQUEST_TO_SPEAK
            | Self::CREATE_PUBLIC_THREADS
            | Self::CREATE_PRIVATE_THREADS
            | Self::USE_EXTERNAL_STICKERS
            | Self::SEND_MESSAGES_IN_THREADS
            | Self::USE_EMBEDDED_ACTIVITIES
            | Self::USE_SOUNDBOARD
            | Self::USE_EXTERNAL_SOUNDS
            | Self::SEND_VOICE_MESSAGES
            | Self::SEND_POLLS
            | Self::USE_EXTERNAL_APPS
    }

    /// What those may do who are in a direct channel: no roles, and no one who manages others (Discord's documentation,
    /// "Implicit Permissions": channels outside of guilds have none to compute).
    pub fn in_direct() -> Self {
        Self::VIEW_CHANNEL
            | Self::READ_MESSAGE_HISTORY
            | Self::SEND_MESSAGES
            | Self::ADD_REACTIONS
            | Self::EMBED_LINKS
            | Self::ATTACH_FILES
            | Self::USE_EXTERNAL_EMOJIS
            | Self::USE_EXTERNAL_STICKERS
            | Self::PIN_MESSAGES
            | Self::SEND_VOICE_MESSAGES
            | Self::SEND_POLLS
            | Self::USE_APPLICATION_COMMANDS
    }

    /// What someone who is timed out keeps: to see and to read (Discord's documentation, "Permissions for timed out
    /// members").
    pub fn while_timed_out() -> Self {
        Self::VIEW_CHANNEL | Self::READ_MESSAGE_HISTORY
    }
}

impl Serialize for Permissions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.bits())
    }
}

impl<'de> Deserialize<'de> for Permissions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bits;
        impl de::Visitor<'_> for Bits {
            type Value = u64;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number, or one in a string")
            }
            fn visit_u64<E: de::Error>(self, bits: u64) -> Result<u64, E> {
                Ok(bits)
            }
            fn visit_i64<E: de::Error>(self, bits: i64) -> Result<u64, E> {
                u64::try_from(bits).map_err(E::custom)
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<u64, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Bits).map(Self::from_bits_retain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_bits_survive() {
        let permissions: Permissions = serde_json::from_str("\"9223372036854775809\"").unwrap();
        assert_eq!(serde_json::to_string(&permissions).unwrap(), "\"9223372036854775809\"");
        assert!(permissions.contains(Permissions::CREATE_INSTANT_INVITE));
    }

    #[test]
    fn every_permission_is_the_sum_of_the_named_ones() {
        let named = <Permissions as bitflags::Flags>::FLAGS.iter().filter(|flag| !flag.name().is_empty());
        assert_eq!(named.fold(Permissions::empty(), |all, flag| all | *flag.value()), Permissions::EVERY);
    }
}
