//! What a session is told first.

use std::collections::BTreeMap;

use decentra_model::{Id, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};

use super::direct::{DirectObject, directs};
use super::guild::{GuildCreate, GuildObject, GuildWish, guild, guild_create};
use super::member::{MemberObject, member};
use super::person::{RelationshipObject, presences, relationships, settings};
use super::read::{notifications, read_states, version};
use super::user::{PresenceObject, SelfObject, oneself};
use crate::community::{Community, GuildState};

/// The `d` of `READY`.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct Ready<'a> {
    pub v: u8,
    pub user: SelfObject<'a>,
    pub private_channels: Vec<DirectObject<'a>>,
    pub guilds: Vec<ReadyGuild<'a>>,
    pub session_id: String,
    pub resume_gateway_url: String,
    pub relationships: Vec<RelationshipObject<'a>>,
    pub presences: Vec<PresenceObject<'a>>,
    pub notes: &'a BTreeMap<Id, String>,
    pub user_settings: Value,
    pub user_guild_settings: Value,
    pub read_state: Value,
    pub session_type: &'static str,
    pub geo_ordered_rtc_regions: [(); 0],
    pub auth: Value,
    #[serde(rename = "_trace")]
    pub trace: [(); 0],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shard: Option<[u32; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application: Option<ReadyApplication>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_members: Option<Vec<Vec<MemberObject<'a>>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users: Option<[(); 0]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sessions: Option<[(); 0]>,
}

/// A guild, as `READY` tells of it.
#[derive(Debug, Serialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub enum ReadyGuild<'a> {
    /// It follows in a `GUILD_CREATE`.
    Awaited { id: Id, unavailable: bool },
    /// All of it; some clients look for it at the one place, and some at the other.
    Whole {
        #[serde(flatten)]
        create: Box<GuildCreate<'a>>,
        properties: Box<GuildObject<'a>>,
    },
}

/// The application whose bot it is.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct ReadyApplication {
    pub id: Id,
    pub flags: u32,
}

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
    /// The time.
    pub now: Timestamp,
}

impl Welcome<'_> {
    /// The guilds of this session, as far as they fall to its shard.
    pub fn guilds<'c>(&self, community: &'c Community) -> impl Iterator<Item = &'c GuildState> {
        let shard = self.shard;
        community.guilds_of(self.user_id).filter(move |state| is_on_shard(state.guild.id, shard))
    }

    /// The `d` of `READY`; `None`, if the account is gone.
    ///
    /// A person's client gets its guilds with itself as the only member: the others it asks for when it shows them.
    pub fn ready<'c>(&self, community: &'c Community) -> Option<Ready<'c>>
    where
        Self: 'c,
    {
        let account = community.user(self.user_id)?;
        let own = community.person(account.id);
        let wish = GuildWish { members: false, presences: false, ..self.wish };
        let whole = |state: &'c GuildState| ReadyGuild::Whole {
            create: Box::new(guild_create(community, state, self.user_id, wish)),
            properties: Box::new(guild(state)),
        };
        let awaited = |state: &GuildState| ReadyGuild::Awaited { id: state.guild.id, unavailable: true };
        let guilds = self.guilds(community);
        let guilds = guilds.map(|state| if self.whole { whole(state) } else { awaited(state) }).collect();
        let itself = |state: &'c GuildState| state.member(self.user_id).map(|own| member(community, own));
        let application = account.bot.then(|| {
            let flags = community.application(account.id).map_or(0, |application| application.flags);
            ReadyApplication { id: account.id, flags }
        });
        Some(Ready {
            v: self.version,
            user: oneself(account),
            // A bot is told of none (Discord's documentation, "Ready").
            private_channels: if account.bot { Vec::new() } else { directs(community, account.id) },
            guilds,
            session_id: self.session_id.to_owned(),
            resume_gateway_url: self.resume_gateway_url.to_owned(),
            relationships: relationships(community, account.id),
            presences: presences(community, account.id),
            notes: own.notes(),
            user_settings: if account.bot { json!({}) } else { settings(account, own.privacy(), self.now) },
            user_guild_settings: json!({
                "entries": own.all_notifications().map(notifications).collect::<Vec<_>>(),
                "version": version(self.now), "partial": false,
            }),
            read_state: json!({
                "entries": read_states(community, account.id), "version": version(self.now), "partial": false,
            }),
            session_type: "normal",
            geo_ordered_rtc_regions: [],
            auth: json!({}),
            trace: [],
            shard: self.shard.map(|(shard, of)| [shard, of]),
            application,
            merged_members: self
                .whole
                .then(|| self.guilds(community).map(|state| itself(state).into_iter().collect()).collect()),
            users: self.whole.then_some([]),
            sessions: self.whole.then_some([]),
        })
    }

    /// The `d` of `READY_SUPPLEMENTAL`, which a person's client waits for.
    pub fn supplemental(&self, community: &Community) -> Value {
        let guilds: Vec<Value> =
            self.guilds(community).map(|state| json!({"id": state.guild.id, "voice_states": []})).collect();
        let none: Vec<[Value; 0]> = guilds.iter().map(|_| []).collect();
        json!({
            "guilds": guilds,
            "merged_members": none,
            "merged_presences": {"guilds": none, "friends": presences(community, self.user_id)},
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
