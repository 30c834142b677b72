//! The audit log, as the API shows it.

use decentra_model::{AuditChange, AuditEntry, Id};
use serde::Serialize;
use serde_json::Value;

/// An entry of a guild's audit log.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct AuditEntryObject<'a> {
    pub id: Id,
    pub user_id: Id,
    pub target_id: Option<Id>,
    pub action_type: u16,
    pub changes: &'a [AuditChange],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guild_id: Option<Id>,
}

/// The entry.
pub fn entry(entry: &AuditEntry) -> AuditEntryObject<'_> {
    AuditEntryObject {
        id: entry.id,
        user_id: entry.user_id,
        target_id: entry.target_id,
        action_type: entry.action_type,
        changes: &entry.changes,
        options: entry.options.as_ref(),
        reason: entry.reason.as_deref(),
        guild_id: None,
    }
}
