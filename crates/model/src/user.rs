//! An account.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::{Id, Name, Timestamp};

/// An account of a person or a bot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Its id.
    pub id: Id,
    /// The name to log in with: no two accounts have the same.
    pub username: Name,
    /// The name to show instead.
    #[serde(default)]
    pub global_name: Option<String>,
    /// The hash of the picture.
    #[serde(default)]
    pub avatar: Option<String>,
    /// What they say of themselves.
    #[serde(default)]
    pub bio: String,
    /// Where to write to them.
    #[serde(default)]
    pub email: Option<String>,
    /// Whether it is a bot.
    #[serde(default)]
    pub bot: bool,
    /// Whether the account was deleted: its messages stay, its name is gone.
    #[serde(default)]
    pub deleted: bool,
    /// How they want to appear.
    #[serde(default)]
    pub status: Status,
    /// A line on what they do.
    #[serde(default)]
    pub custom_status: Option<CustomStatus>,
}

impl User {
    /// An account that has just been made.
    pub fn new(id: Id, username: Name) -> Self {
        Self {
            id,
            username,
            global_name: None,
            avatar: None,
            bio: String::new(),
            email: None,
            bot: false,
            deleted: false,
            status: Status::Online,
            custom_status: None,
        }
    }

    /// The name that people see.
    pub fn display_name(&self) -> &str {
        self.global_name.as_deref().unwrap_or(self.username.as_str())
    }
}

/// How someone appears. Source: Discord's documentation, "Update Presence", "Status Types".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// There.
    #[default]
    Online,
    /// There, but away.
    Idle,
    /// Not to be disturbed.
    Dnd,
    /// There, and shown as offline.
    Invisible,
    /// Not there.
    Offline,
}

impl Status {
    /// What others see.
    #[must_use]
    pub fn shown(self) -> Self {
        if self == Self::Invisible { Self::Offline } else { self }
    }
}

/// A line on what someone does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomStatus {
    /// The line.
    pub text: Option<String>,
    /// An emoji before it.
    #[serde(default)]
    pub emoji_name: Option<String>,
    /// When it is to vanish.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// A device on which someone is logged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// The hash of the token's secret: the token itself is not kept.
    pub hash: TokenHash,
    /// Whose it is.
    pub user_id: Id,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was used last, to the hour.
    pub used_at: Timestamp,
    /// What the device calls itself.
    #[serde(default)]
    pub device: Option<String>,
}

/// The SHA-256 of a token's secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    /// The hash in hexadecimal digits.
    pub fn to_hex(self) -> String {
        self.0.iter().fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a text cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    /// The hash that [`TokenHash::to_hex`] wrote.
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        for (byte, nth) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&text[nth..nth + 2], 16).ok()?;
        }
        Some(Self(bytes))
    }
}

/// A hash is no secret, but it need not be in a log either.
impl std::fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

impl Serialize for TokenHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_hex())
    }
}

impl<'de> Deserialize<'de> for TokenHash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_hex(&text).ok_or_else(|| serde::de::Error::custom("a hash has 64 hexadecimal digits"))
    }
}
