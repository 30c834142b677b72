//! Direct channels, as the API shows them.

use decentra_model::limits::DIRECTS_SHOWN_MAX;
use decentra_model::timestamp::Zoned;
use decentra_model::{Direct, DirectKind, Id, Timestamp};
use serde::Serialize;

use super::user::{UserObject, user};
use crate::community::Community;

/// A direct channel.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct DirectObject<'a> {
    pub id: Id,
    #[serde(rename = "type")]
    pub kind: DirectKind,
    pub last_message_id: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_pin_timestamp: Option<Zoned>,
    pub flags: u32,
    pub recipients: Vec<UserObject<'a>>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupFields<'a>>,
}

/// What groups have.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct GroupFields<'a> {
    pub name: Option<&'a str>,
    pub icon: Option<&'a str>,
    pub owner_id: Option<Id>,
}

/// The direct channel as `viewer`, who is not told of themselves, sees it.
pub fn direct<'a>(community: &'a Community, direct: &'a Direct, viewer: Id) -> DirectObject<'a> {
    DirectObject {
        id: direct.id,
        kind: direct.kind,
        last_message_id: community.last_message(direct.id),
        last_pin_timestamp: direct.last_pin_at.map(Timestamp::zoned),
        flags: 0,
        recipients: direct.others(viewer).filter_map(|id| community.user(id)).map(user).collect(),
        group: (direct.kind == DirectKind::Group).then_some(GroupFields {
            name: direct.name.as_deref(),
            icon: direct.icon.as_deref(),
            owner_id: direct.owner_id,
        }),
    }
}

/// The direct channels in the list of `viewer`, those written in last first.
pub fn directs(community: &Community, viewer: Id) -> Vec<DirectObject<'_>> {
    let mut shown: Vec<&Direct> =
        community.directs_of(viewer).filter(|direct| direct.is_shown_to(viewer)).collect();
    let written = |direct: &&Direct| community.last_message(direct.id).unwrap_or(direct.id);
    shown.sort_by_key(|direct| std::cmp::Reverse(written(direct)));
    shown.truncate(DIRECTS_SHOWN_MAX);
    shown.into_iter().map(|of| direct(community, of, viewer)).collect()
}
