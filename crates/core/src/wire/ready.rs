//! What a session is told first.

use decentra_model::Id;
use serde_json::{Value, json};

use super::guild::{GuildWish, guild_create};
use super::user::oneself;
use crate::community::Community;

/// What a session is told of itself.
#[derive(Debug, Clone)]
pub struct Welcome<'a> {
    /// Whose it is.
    pub user_id: Id,
    /// Its id.
    pub session_id: &'a str,
    /// Where to come back to.
    pub resume_gateway_url: &'a str,
    /// Which shard it is, if it says.
    pub shard: Option<(u32, u32)>,
    /// The API's version that it asked for.
    pub version: u8,
    /// Whether it is a person's client, which gets the guilds whole.
    pub whole: bool,
    /// What it wants of the guilds.
    pub wish: GuildWish,
}

impl Welcome<'_> {
    /// The guilds of this session, as far as they fall to its shard.
    pub fn guilds<'c>(
        &self,
        community: &'c Community,
    ) -> impl Iterator<Item = &'c crate::community::GuildState> {
        let shard = self.shard;
        community.guilds_of(self.user_id).filter(move |state| is_on_shard(state.guild.id, shard))
    }

    /// The `d` of `READY`; `None`, if the account is gone.
    pub fn ready(&self, community: &Community) -> Option<Value> {
        let user = community.user(self.user_id)?;
        let guilds: Vec<Value> = self
            .guilds(community)
            .map(|state| {
                if self.whole {
                    let mut guild = json!(guild_create(community, state, self.user_id, self.wish));
                    guild["properties"] = json!(super::guild::guild(state));
                    guild
                } else {
                    json!({"id": state.guild.id, "unavailable": true})
                }
            })
            .collect();
        let mut ready = json!({
            "v": self.version,
            "user": oneself(user),
            "private_channels": [],
            "guilds": guilds,
            "session_id": self.session_id,
            "resume_gateway_url": self.resume_gateway_url,
            "relationships": [],
            "presences": [],
            "user_settings": {},
            "user_guild_settings": {"entries": [], "version": 0, "partial": false},
            "read_state": {"entries": [], "version": 0, "partial": false},
            "session_type": "normal",
            "geo_ordered_rtc_regions": [],
            "auth": {},
            "_trace": [],
        });
        if let Some((shard, of)) = self.shard {
            ready["shard"] = json!([shard, of]);
        }
        if user.bot {
            let flags = community.application(user.id).map_or(0, |application| application.flags);
            ready["application"] = json!({"id": user.id, "flags": flags});
        }
        if self.whole {
            let merged: Vec<Vec<Value>> = self
                .guilds(community)
                .map(|state| {
                    state.member(self.user_id).map(|member| json!(super::member::member(community, member)))
                })
                .map(|member| member.into_iter().collect())
                .collect();
            ready["merged_members"] = json!(merged);
            ready["users"] = json!([]);
            ready["sessions"] = json!([]);
        }
        Some(ready)
    }

    /// The `d` of `READY_SUPPLEMENTAL`, which a person's client waits for.
    pub fn supplemental(&self, community: &Community) -> Value {
        let guilds: Vec<Value> =
            self.guilds(community).map(|state| json!({"id": state.guild.id, "voice_states": []})).collect();
        let none: Vec<[Value; 0]> = guilds.iter().map(|_| []).collect();
        json!({
            "guilds": guilds,
            "merged_members": none,
            "merged_presences": {"guilds": none, "friends": []},
            "lazy_private_channels": [],
        })
    }
}

/// Whether a guild falls to a shard. Source: Discord's documentation, "Sharding".
pub fn is_on_shard(guild: Id, shard: Option<(u32, u32)>) -> bool {
    shard.is_none_or(|(shard, of)| {
        (guild.to_i64() >> 22).cast_unsigned() % u64::from(of.max(1)) == u64::from(shard)
    })
}
