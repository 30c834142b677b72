//! A program's account.

use serde::{Deserialize, Serialize};

use crate::Id;

/// An application. Its bot, once it has one, is a user with the same id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Its id.
    pub id: Id,
    /// What it is called.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// Who made it.
    pub owner_id: Id,
    /// Whether it has a bot.
    #[serde(default)]
    pub has_bot: bool,
    /// Whether others than the owner may put the bot into guilds.
    #[serde(default = "yes")]
    pub bot_public: bool,
    /// The flags of Discord's documentation, "Application Flags".
    #[serde(default)]
    pub flags: u32,
}

fn yes() -> bool {
    true
}
