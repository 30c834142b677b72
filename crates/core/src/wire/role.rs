//! Roles, as the API shows them.

use decentra_model::{Id, Permissions, Role};
use serde::Serialize;

/// A role.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct RoleObject<'a> {
    pub id: Id,
    pub name: &'a str,
    pub description: Option<&'a str>,
    pub permissions: Permissions,
    pub position: i32,
    pub color: u32,
    pub colors: RoleColors,
    pub hoist: bool,
    pub managed: bool,
    pub mentionable: bool,
    pub icon: Option<&'a str>,
    pub unicode_emoji: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<RoleTags>,
    pub flags: u32,
}

/// The colours of a role.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct RoleColors {
    pub primary_color: u32,
    pub secondary_color: Option<u32>,
    pub tertiary_color: Option<u32>,
}

/// Where a role comes from.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the key is Discord's")]
pub struct RoleTags {
    pub bot_id: Id,
}

/// The role.
pub fn role(role: &Role) -> RoleObject<'_> {
    RoleObject {
        id: role.id,
        name: &role.name,
        description: None,
        permissions: role.permissions,
        position: role.position,
        color: role.color,
        colors: RoleColors { primary_color: role.color, secondary_color: None, tertiary_color: None },
        hoist: role.hoist,
        managed: role.bot_id.is_some(),
        mentionable: role.mentionable,
        icon: None,
        unicode_emoji: None,
        tags: role.bot_id.map(|bot_id| RoleTags { bot_id }),
        flags: 0,
    }
}
