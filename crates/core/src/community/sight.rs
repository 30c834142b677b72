//! The rule of sight: what a member may see and do. Every surface asks it, and nothing else decides.
//!
//! Source: Discord's documentation, "Permissions": "Permission Overwrites", "Implicit Permissions", "Permission
//! Hierarchy", "Permissions for Timed Out Members".

use decentra_model::dispatch::SightChange;
use decentra_model::{
    Audience, Channel, Circle, DirectChange, Event, Id, Member, Overwrite, OverwriteKind, Permissions, Role,
    Timestamp,
};

use super::{Community, GuildState};

/// What a member may do, `roles` being all they have, `@everyone` first, and `overwrites` those of the channel it is
/// about, if any.
pub fn permissions<'a>(
    is_owner: bool,
    member: &Member,
    roles: impl Iterator<Item = &'a Role> + Clone,
    overwrites: Option<&[Overwrite]>,
    now: Timestamp,
) -> Permissions {
    if is_owner {
        return Permissions::EVERY;
    }
    let base = roles.clone().fold(Permissions::empty(), |base, role| base | role.permissions);
    if base.contains(Permissions::ADMINISTRATOR) {
        return Permissions::EVERY;
    }
    let here = overwrites.map_or(base, |overwrites| overwritten(base, member, roles, overwrites));
    let here = if overwrites.is_some() { without_implied(here) } else { here };
    if member.is_timed_out(now) { here & Permissions::while_timed_out() } else { here }
}

/// What `overwrites` leave of `base`: first `@everyone`'s, then those of all roles together, then the member's own.
fn overwritten<'a>(
    base: Permissions,
    member: &Member,
    mut roles: impl Iterator<Item = &'a Role>,
    overwrites: &[Overwrite],
) -> Permissions {
    let of = |kind, id| overwrites.iter().find(move |overwrite| overwrite.kind == kind && overwrite.id == id);
    let mut here = base;
    if let Some(everyone) = roles.next().and_then(|role| of(OverwriteKind::Role, role.id)) {
        here = (here - everyone.deny) | everyone.allow;
    }
    let (mut allow, mut deny) = (Permissions::empty(), Permissions::empty());
    for overwrite in roles.filter_map(|role| of(OverwriteKind::Role, role.id)) {
        allow |= overwrite.allow;
        deny |= overwrite.deny;
    }
    here = (here - deny) | allow;
    if let Some(own) = of(OverwriteKind::Member, member.user_id) {
        here = (here - own.deny) | own.allow;
    }
    here
}

/// What is left when what a missing permission implies is taken away, too.
fn without_implied(here: Permissions) -> Permissions {
    if !here.contains(Permissions::VIEW_CHANNEL) {
        return Permissions::empty();
    }
    if here.contains(Permissions::SEND_MESSAGES) {
        return here;
    }
    here - (Permissions::MENTION_EVERYONE
        | Permissions::SEND_TTS_MESSAGES
        | Permissions::ATTACH_FILES
        | Permissions::EMBED_LINKS)
}

impl GuildState {
    /// What `user` may do in the guild; nothing, if they are not in it.
    pub fn permissions(&self, user: Id, now: Timestamp) -> Permissions {
        self.evaluate(user, None, now)
    }

    /// What `user` may do in `channel`; nothing, if they may not see it. Who may not join a voice channel cannot manage it
    /// ("Implicit Permissions").
    pub fn permissions_in(&self, channel: &Channel, user: Id, now: Timestamp) -> Permissions {
        let here = self.evaluate(user, Some(&channel.overwrites), now);
        if channel.kind.is_voice() && !here.contains(Permissions::CONNECT) {
            return here - Permissions::MANAGE_CHANNELS;
        }
        here
    }

    /// Whether `user` may see `channel`. Time does not matter: who is timed out sees what they saw.
    pub fn may_view(&self, channel: &Channel, user: Id) -> bool {
        let now = Timestamp::from_unix_micros(0);
        self.permissions_in(channel, user, now).contains(Permissions::VIEW_CHANNEL)
    }

    /// Whether `user` may only read for now. Who is timed out may do neither what roles allow, nor what all may do to
    /// what is their own.
    pub fn is_silenced(&self, user: Id, now: Timestamp) -> bool {
        let is_timed_out = self.member(user).is_some_and(|member| member.is_timed_out(now));
        is_timed_out && !self.permissions(user, now).contains(Permissions::ADMINISTRATOR)
    }

    /// What a guest may do in `channel`: what everyone may, as long as it is not more than to see, to read and to write.
    pub fn guest_permissions_in(&self, channel: &Channel) -> Permissions {
        let nobody = Member::new(self.guild.id, Timestamp::from_unix_micros(0));
        let everyone = std::iter::once(self.everyone());
        let here = permissions(false, &nobody, everyone, Some(&channel.overwrites), nobody.joined_at);
        here & (Permissions::VIEW_CHANNEL | Permissions::READ_MESSAGE_HISTORY | Permissions::SEND_MESSAGES)
    }

    fn evaluate(&self, user: Id, overwrites: Option<&[Overwrite]>, now: Timestamp) -> Permissions {
        let Some(member) = self.member(user) else { return Permissions::empty() };
        let roles = std::iter::once(self.everyone()).chain(self.roles_of(member));
        permissions(self.is_owner(user), member, roles, overwrites, now)
    }

    /// The highest role of `user`, by which they stand above or below others.
    pub fn rank(&self, user: Id) -> Option<&Role> {
        let member = self.member(user)?;
        Some(self.roles_of(member).max_by_key(|role| role.rank()).unwrap_or_else(|| self.everyone()))
    }

    /// Whether `user` stands above `role`.
    pub fn is_above_role(&self, user: Id, role: &Role) -> bool {
        self.is_owner(user) || self.rank(user).is_some_and(|highest| highest.rank() > role.rank())
    }

    /// Whether `user` stands above `other`. Nobody stands above the owner, nor above themselves.
    pub fn is_above(&self, user: Id, other: Id) -> bool {
        if self.is_owner(other) || user == other {
            return false;
        }
        self.is_owner(user)
            || match (self.rank(user), self.rank(other)) {
                (Some(own), Some(theirs)) => own.rank() > theirs.rank(),
                // Who is not a member stands below every member.
                (Some(_), None) => true,
                _ => false,
            }
    }
}

impl Community {
    /// Whether `user`, whose session has `intents`, is told of what has this audience.
    pub fn is_told(&self, audience: &Audience, user: Id, intents: u64) -> bool {
        let wants =
            audience.intents == 0 || audience.intents & intents != 0 || audience.subject == Some(user);
        let is_meant = audience.among.is_empty() || audience.among.contains(&user);
        wants && is_meant && audience.except != Some(user) && self.is_in(audience.circle, user)
    }

    /// Whether someone may see the lobby: an account, or a guest.
    pub fn may_see_lobby(&self, account: Option<Id>) -> bool {
        let lobby = self.instance().and_then(|instance| self.channel(instance.lobby_id));
        lobby.is_some_and(|(state, channel)| match account {
            Some(user) => state.may_view(channel, user),
            None => state.guest_permissions_in(channel).contains(Permissions::VIEW_CHANNEL),
        })
    }

    /// Whether `user` is in `circle`.
    pub fn is_in(&self, circle: Circle, user: Id) -> bool {
        match circle {
            Circle::Nobody => false,
            Circle::User(id) => id == user,
            Circle::Guild(guild) => self.guild(guild).is_some_and(|state| state.member(user).is_some()),
            Circle::Holders(guild, needed, at) => {
                self.guild(guild).is_some_and(|state| state.permissions(user, at).contains(needed))
            }
            Circle::Viewers(guild, channel) => {
                self.in_channel(guild, channel, |state, channel| state.may_view(channel, user))
            }
            Circle::ChannelHolders(guild, channel, needed, at) => {
                self.in_channel(guild, channel, |state, channel| {
                    state.permissions_in(channel, user, at).contains(needed)
                })
            }
            Circle::Direct(channel) => self.direct(channel).is_some_and(|direct| direct.has(user)),
            Circle::Named => true,
        }
    }

    /// Whose sight or permissions `event`, which is about to happen, changes.
    pub fn sight_change(&self, event: &Event) -> Option<SightChange> {
        let of_all = |guild_id| Some(SightChange { guild_id: Some(guild_id), user_id: None });
        let of_one = |guild_id, user| Some(SightChange { guild_id: Some(guild_id), user_id: Some(user) });
        match event {
            Event::GuildCreated { guild, .. } => of_all(guild.id),
            Event::GuildDeleted(guild) | Event::RoleDeleted(guild, _) => of_all(*guild),
            Event::ChannelDeleted(channel) => of_all(channel.guild_id),
            Event::GuildUpdated(guild) => {
                let before = self.guild(guild.id).map(|state| state.guild.owner_id);
                of_all(guild.id).filter(|_| before != Some(guild.owner_id))
            }
            Event::ChannelUpdated(channel) => {
                let before = self.channel(channel.id).map(|(_, before)| &before.overwrites);
                of_all(channel.guild_id).filter(|_| before != Some(&channel.overwrites))
            }
            Event::RoleUpdated(guild, role) => {
                let before = self.guild(*guild).and_then(|state| state.roles.get(&role.id));
                let before = before.map(|before| before.permissions);
                of_all(*guild).filter(|_| before != Some(role.permissions))
            }
            Event::MemberJoined(guild, member) => of_one(*guild, member.user_id),
            Event::MemberLeft(guild, user) => of_one(*guild, *user),
            Event::MemberUpdated(guild, member) => {
                let before = self.guild(*guild).and_then(|state| state.member(member.user_id));
                let is_same = before.is_some_and(|before| {
                    before.roles == member.roles && before.timed_out_until == member.timed_out_until
                });
                of_one(*guild, member.user_id).filter(|_| !is_same)
            }
            Event::DirectSet(_, DirectChange::Left(user)) => {
                Some(SightChange { guild_id: None, user_id: Some(*user) })
            }
            _ => None,
        }
    }

    fn in_channel(&self, guild: Id, channel: Id, ask: impl FnOnce(&GuildState, &Channel) -> bool) -> bool {
        let Some(state) = self.guild(guild) else { return false };
        state.channels.get(&channel).is_some_and(|channel| ask(state, channel))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    const GUILD: Id = Id::from_i64(1);
    const MOD: Id = Id::from_i64(2);
    const BOT: Id = Id::from_i64(3);
    const ANA: Id = Id::from_i64(9);
    const NOW: Timestamp = Timestamp::from_unix_micros(1_769_860_800_000_000);

    /// `@everyone: view send | mod: pin | #mod: +send -view | #ana: -send | timed out | owner` to what Ana may do.
    #[expect(clippy::needless_pass_by_value, reason = "so that it is called with what a macro gives")]
    fn check(scene: &str, expected: Expect) {
        let (mut roles, mut overwrites) = (vec![role(GUILD, Permissions::empty())], Vec::new());
        let mut member = Member::new(ANA, NOW);
        let (mut is_owner, mut in_channel) = (false, false);
        for part in scene.split('|').map(str::trim) {
            match part.split_once(':').map(|(who, what)| (who, what.trim())) {
                None if part == "owner" => is_owner = true,
                None => member.timed_out_until = Some(NOW.plus_secs(60)),
                Some(("@everyone", what)) => roles[0].permissions = named(what),
                Some((who, what)) if who.starts_with('#') => {
                    in_channel = true;
                    overwrites.push(overwrite(&who[1..], what));
                }
                Some((who, what)) => roles.push(role(id(who), named(what))),
            }
        }
        let overwrites = in_channel.then_some(&overwrites[..]);
        let may = permissions(is_owner, &member, roles.iter(), overwrites, NOW);
        let words = WORDS.iter().filter(|(_, bit)| may.contains(*bit)).map(|(word, _)| *word);
        expected.assert_eq(&words.collect::<Vec<_>>().join(" "));
    }

    const WORDS: [(&str, Permissions); 7] = [
        ("view", Permissions::VIEW_CHANNEL),
        ("send", Permissions::SEND_MESSAGES),
        ("read", Permissions::READ_MESSAGE_HISTORY),
        ("pin", Permissions::PIN_MESSAGES),
        ("embed", Permissions::EMBED_LINKS),
        ("everyone", Permissions::MENTION_EVERYONE),
        ("admin", Permissions::ADMINISTRATOR),
    ];

    fn named(what: &str) -> Permissions {
        let bit = |word: &str| WORDS.iter().find(|(known, _)| *known == word).unwrap().1;
        what.split_whitespace().map(bit).collect()
    }

    fn id(who: &str) -> Id {
        [("@everyone", GUILD), ("mod", MOD), ("bot", BOT), ("ana", ANA)]
            .iter()
            .find(|(name, _)| *name == who)
            .unwrap()
            .1
    }

    fn role(id: Id, permissions: Permissions) -> Role {
        Role { permissions, id, ..Role::everyone(GUILD) }
    }

    fn overwrite(who: &str, what: &str) -> Overwrite {
        let kind = if who == "ana" { OverwriteKind::Member } else { OverwriteKind::Role };
        let of =
            |sign| what.split_whitespace().filter_map(|word| word.strip_prefix(sign)).map(named).collect();
        Overwrite { id: id(who), kind, allow: of('+'), deny: of('-') }
    }

    #[test]
    fn roles_add_up() {
        check("@everyone: view | mod: send | bot: pin", expect!["view send pin"]);
    }

    #[test]
    fn the_owner_and_administrators_may_do_everything_whatever_overwrites_say() {
        check("owner | #@everyone: -view", expect!["view send read pin embed everyone admin"]);
        check("mod: admin | #ana: -view -send", expect!["view send read pin embed everyone admin"]);
    }

    #[test]
    fn an_overwrite_of_everyone_is_beaten_by_one_of_a_role() {
        check("@everyone: view send | mod: | #@everyone: -send | #mod: +send", expect!["view send"]);
    }

    #[test]
    fn among_roles_an_allow_beats_a_deny() {
        check("@everyone: view send | mod: | bot: | #mod: -send | #bot: +send", expect!["view send"]);
    }

    #[test]
    fn a_member_overwrite_beats_a_role_overwrite() {
        check("@everyone: view send | mod: | #mod: -send | #ana: +send", expect!["view send"]);
        check("@everyone: view send | mod: | #mod: +send | #ana: -send", expect!["view"]);
    }

    #[test]
    fn an_overwrite_for_a_role_that_one_does_not_have_means_nothing() {
        check("@everyone: view send | #mod: -view", expect!["view send"]);
    }

    #[test]
    fn who_cannot_see_a_channel_can_do_nothing_in_it() {
        check("@everyone: view send pin | #@everyone: -view", expect![""]);
    }

    #[test]
    fn who_cannot_write_can_neither_embed_nor_mention_everyone() {
        check("@everyone: view send embed everyone read | #@everyone: -send", expect!["view read"]);
    }

    #[test]
    fn who_is_timed_out_may_see_and_read() {
        check("@everyone: view send read pin | timed out", expect!["view read"]);
        check("@everyone: view | mod: admin | timed out", expect!["view send read pin embed everyone admin"]);
    }
}
