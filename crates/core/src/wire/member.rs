//! Members, as the API shows them.

use decentra_model::timestamp::Zoned;
use decentra_model::{Ban, Id, Member, Timestamp};
use serde::Serialize;

use super::user::{UserObject, user};
use crate::community::Community;

/// A member of a guild.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct MemberObject<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guild_id: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<UserObject<'a>>,
    pub nick: Option<&'a str>,
    pub avatar: Option<&'a str>,
    pub banner: Option<&'a str>,
    pub roles: &'a [Id],
    pub joined_at: Zoned,
    pub premium_since: Option<Zoned>,
    pub deaf: bool,
    pub mute: bool,
    pub flags: u32,
    pub pending: bool,
    pub communication_disabled_until: Option<Zoned>,
}

/// A ban.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct BanObject<'a> {
    pub user: UserObject<'a>,
    pub reason: Option<&'a str>,
}

/// The member, with the account.
pub fn member<'a>(community: &'a Community, member: &'a Member) -> MemberObject<'a> {
    MemberObject { user: community.user(member.user_id).map(user), ..partial(member) }
}

/// The member, with the account and the guild, as dispatches have it.
pub fn member_of<'a>(community: &'a Community, guild: Id, of: &'a Member) -> MemberObject<'a> {
    MemberObject { guild_id: Some(guild), ..member(community, of) }
}

/// The ban, and whom it is for; `None`, if that account is not known.
pub fn ban<'a>(community: &'a Community, ban: &'a Ban) -> Option<BanObject<'a>> {
    Some(BanObject { user: user(community.user(ban.user_id)?), reason: ban.reason.as_deref() })
}

/// The member, without the account.
pub fn partial(member: &Member) -> MemberObject<'_> {
    MemberObject {
        guild_id: None,
        user: None,
        nick: member.nick.as_deref(),
        avatar: None,
        banner: None,
        roles: &member.roles,
        joined_at: member.joined_at.zoned(),
        premium_since: None,
        deaf: member.deaf,
        mute: member.mute,
        flags: 0,
        pending: false,
        communication_disabled_until: member.timed_out_until.map(Timestamp::zoned),
    }
}
