//! The audit log, as the API shows it.

use std::collections::BTreeSet;

use decentra_model::{AuditChange, AuditEntry, Id};
use serde::Serialize;
use serde_json::Value;

use super::user::{UserObject, user};
use crate::community::Community;

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

/// Entries of the audit log, and what they speak of.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct AuditLogObject<'a> {
    pub audit_log_entries: Vec<AuditEntryObject<'a>>,
    pub users: Vec<UserObject<'a>>,
    pub integrations: [(); 0],
    pub webhooks: [(); 0],
    pub guild_scheduled_events: [(); 0],
    pub threads: [(); 0],
    pub application_commands: [(); 0],
    pub auto_moderation_rules: [(); 0],
}

/// These entries, with the accounts of those who did it, and of those to whom it was done.
pub fn log<'a>(community: &'a Community, entries: &'a [AuditEntry]) -> AuditLogObject<'a> {
    let ids = entries.iter().flat_map(|entry| [Some(entry.user_id), entry.target_id]).flatten();
    let ids: BTreeSet<Id> = ids.collect();
    AuditLogObject {
        audit_log_entries: entries.iter().map(entry).collect(),
        users: ids.into_iter().filter_map(|id| community.user(id)).map(user).collect(),
        integrations: [],
        webhooks: [],
        guild_scheduled_events: [],
        threads: [],
        application_commands: [],
        auto_moderation_rules: [],
    }
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
