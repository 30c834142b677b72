//! What sessions come to see, and what they see no more.

use std::collections::HashSet;

use decentra_core::community::{Community, GuildState};
use decentra_core::wire;
use decentra_core::wire::guild::guild_create;
use decentra_model::dispatch::SightChange;
use decentra_model::{Channel, GatewaySession, Id, Intents};

use super::{Encoded, Hub, Live, SessionKey, wish_of};

/// The channels of a guild that a session sees; `None`, if it is not in the guild.
pub(super) type Sight = Option<HashSet<Id>>;

fn sight(state: &GuildState, session: &GatewaySession) -> Sight {
    state.member(session.user_id)?;
    if !wire::ready::is_on_shard(state.guild.id, session.shard) {
        return None;
    }
    let seen = state.channels.values().filter(|channel| state.may_view(channel, session.user_id));
    Some(seen.map(|channel| channel.id).collect())
}

impl Hub {
    /// The live sessions whose sight a change concerns.
    pub(super) fn concerned(&self, change: SightChange, guild: Id) -> Vec<SessionKey> {
        if let Some(user) = change.user_id {
            return self.keys_of([user]);
        }
        let committed = self.state.read();
        let Some(guild) = committed.community.guild(guild) else { return Vec::new() };
        let concerns = |live: &Live| guild.member(live.session.user_id).is_some();
        self.live.iter().filter(|(_, live)| concerns(live)).map(|(key, _)| *key).collect()
    }

    /// What each of these sessions sees of a guild.
    pub(super) fn sights(
        &self,
        community: &Community,
        keys: &[SessionKey],
        guild: Id,
    ) -> Vec<Option<HashSet<Id>>> {
        let state = community.guild(guild);
        keys.iter().map(|key| state.and_then(|state| sight(state, &self.live.get(key)?.session))).collect()
    }

    /// Tells sessions of what they see now and did not see before.
    pub(super) fn show(
        &mut self,
        community: &Community,
        guild: Id,
        keys: &[SessionKey],
        before: &[Sight],
        after: &[Sight],
    ) {
        let Some(state) = community.guild(guild) else { return };
        for ((key, before), after) in keys.iter().zip(before).zip(after) {
            match (before, after) {
                (None, Some(_)) => {
                    let Some(live) = self.live.get(key) else { continue };
                    let create = guild_create(community, state, live.session.user_id, wish_of(&live.session));
                    let create = Encoded::of("GUILD_CREATE", &create);
                    self.send_own(*key, create);
                }
                (Some(before), Some(after)) => {
                    for channel in state
                        .channels
                        .values()
                        .filter(|channel| after.contains(&channel.id) && !before.contains(&channel.id))
                    {
                        self.send_channel(*key, "CHANNEL_CREATE", community, channel);
                    }
                }
                _ => {}
            }
        }
    }

    /// Tells sessions of what they saw before and see no more: as it `was`, if it has changed by what hides it.
    pub(super) fn hide(
        &mut self,
        community: &Community,
        guild: Id,
        keys: &[SessionKey],
        before: &[Sight],
        after: &[Sight],
        was: Option<&Channel>,
    ) {
        let Some(state) = community.guild(guild) else { return };
        for ((key, before), after) in keys.iter().zip(before).zip(after) {
            let (Some(before), Some(after)) = (before, after) else { continue };
            for channel in state
                .channels
                .values()
                .filter(|channel| before.contains(&channel.id) && !after.contains(&channel.id))
            {
                let channel = was.filter(|was| was.id == channel.id).unwrap_or(channel);
                self.send_channel(*key, "CHANNEL_DELETE", community, channel);
            }
        }
    }

    fn send_channel(&mut self, key: SessionKey, name: &str, community: &Community, channel: &Channel) {
        let wants =
            self.live.get(&key).is_some_and(|live| live.session.intents & Intents::GUILDS.bits() != 0);
        if wants {
            self.send_own(key, Encoded::of(name, &wire::channel::channel(community, channel)));
        }
    }
}
