//! How someone appears to others right now.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::user::Status;

/// How someone appears. Lives as long as their sessions, and is not stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// Online, idle, and so on.
    pub status: Status,
    /// What they do, as their clients sent it (checked to be a short list of small objects).
    pub activities: Vec<Value>,
}
