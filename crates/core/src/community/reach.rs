//! Who may write to whom.

use decentra_model::Id;

use super::Community;

impl Community {
    /// Whether `one` may write to `other`: they are friends, or share a guild that `other` takes for a reason; and neither
    /// has blocked the other. Nobody writes to who is gone, and bots do not write to bots.
    pub fn may_write_to(&self, one: Id, other: Id) -> bool {
        let are_both_bots = self.is_bot(one) && self.is_bot(other);
        let is_there = self.user(other).is_some_and(|user| !user.deleted);
        is_there
            && !are_both_bots
            && !self.is_blocked_between(one, other)
            && (self.are_friends(one, other) || self.has_reason(one, other))
    }

    /// Whether the two share a guild that `other` takes for a reason to be written to.
    fn has_reason(&self, one: Id, other: Id) -> bool {
        let restricted = &self.person(other).privacy().restricted_guilds;
        let shared = |guild: &Id| !restricted.contains(guild);
        match (self.memberships.get(&one), self.memberships.get(&other)) {
            (Some(ones), Some(others)) => ones.intersection(others).any(shared),
            _ => false,
        }
    }

    /// Whether `user` is a bot.
    pub fn is_bot(&self, user: Id) -> bool {
        self.user(user).is_some_and(|user| user.bot)
    }

    /// The people who are told how `user` appears, whether they share a guild or not: friends, and those who have a direct
    /// channel with them in their lists. Of a bot they hear in guilds.
    pub fn contacts(&self, user: Id) -> Vec<Id> {
        if self.is_bot(user) {
            return Vec::new();
        }
        let friends = self.person(user).all(decentra_model::person::RelationshipKind::Friend);
        let partners = self.directs_of(user).filter_map(|direct| {
            let partner = direct.partner(user)?;
            let is_told = direct.is_shown_to(partner) && !self.is_bot(partner);
            (is_told && !self.are_friends(user, partner) && !self.is_blocked_between(user, partner))
                .then_some(partner)
        });
        friends.chain(partners).take(decentra_model::limits::CONTACTS_MAX).collect()
    }
}
