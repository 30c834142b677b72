//! What people have for themselves, as the API shows it to them.

use decentra_model::person::{Privacy, Relationship, RelationshipKind};
use decentra_model::timestamp::Zoned;
use decentra_model::{Id, Timestamp, User};
use serde::Serialize;
use serde_json::{Value, json};

use super::user::{PresenceObject, UserObject, presence, user};
use crate::community::Community;

/// What someone is to oneself.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are those that Discord's clients know")]
pub struct RelationshipObject<'a> {
    pub id: Id,
    #[serde(rename = "type")]
    pub kind: RelationshipKind,
    pub nickname: Option<&'a str>,
    pub since: Zoned,
    pub user: Option<UserObject<'a>>,
}

/// What someone is to oneself.
pub fn relationship<'a>(community: &'a Community, of: &'a Relationship) -> RelationshipObject<'a> {
    RelationshipObject {
        id: of.user_id,
        kind: of.kind,
        nickname: of.nickname.as_deref(),
        since: of.since.zoned(),
        user: community.user(of.user_id).map(user),
    }
}

/// What all are to `owner` who are anything.
pub fn relationships(community: &Community, owner: Id) -> Vec<RelationshipObject<'_>> {
    community.person(owner).relationships().map(|of| relationship(community, of)).collect()
}

/// How those appear who tell `viewer` of it outside of guilds, if they are there.
pub fn presences(community: &Community, viewer: Id) -> Vec<PresenceObject<'_>> {
    let shown = |id| Some(presence(id, None, community.presence(id)?));
    community.contacts(viewer).into_iter().filter_map(shown).collect()
}

/// The settings of an account.
pub fn settings(account: &User, privacy: &Privacy, now: Timestamp) -> Value {
    let custom = account.custom_status.as_ref();
    let custom = custom.filter(|status| status.expires_at.is_none_or(|end| end > now)).map(|status| {
        json!({
            "text": status.text,
            "emoji_id": null,
            "emoji_name": status.emoji_name,
            "expires_at": status.expires_at.map(Timestamp::zoned),
        })
    });
    let mut settings = self::privacy(privacy);
    settings["status"] = json!(account.status);
    settings["custom_status"] = custom.into();
    settings["locale"] = json!("en-US");
    settings
}

/// The settings that say who may come up to one.
pub fn privacy(privacy: &Privacy) -> Value {
    json!({
        "default_guilds_restricted": privacy.default_guilds_restricted,
        "restricted_guilds": privacy.restricted_guilds,
        "friend_source_flags": privacy.friend_source,
    })
}
