//! The answers to sessions that ask who is in a guild.

use decentra_core::community::{Community, GuildState};
use decentra_core::gateway::payload::{MembersRequest, Whom};
use decentra_core::wire;
use decentra_model::limits::{MEMBERS_FOUND_MAX, MEMBERS_PER_CHUNK};
use decentra_model::{Id, Intents, Position};
use serde_json::{Value, json};

use super::{Encoded, Hub, SessionKey};

impl Hub {
    /// Tells a session who is in a guild, which has the place `position` in the log.
    pub(crate) fn chunk(&mut self, key: SessionKey, wish: &MembersRequest, position: Position) {
        self.state.reach(position);
        let state = self.state.clone();
        let committed = state.read();
        let community = &committed.community;
        let Some(live) = self.live.get(&key) else { return };
        let Some(guild) = community.guild(wish.guild_id) else { return };
        if guild.member(live.session.user_id).is_none() {
            return;
        }
        let sees_all = live.session.intents & Intents::GUILD_MEMBERS.bits() != 0;
        let presences = wish.presences && live.session.intents & Intents::GUILD_PRESENCES.bits() != 0;
        for d in chunks(community, guild, wish, sees_all, presences) {
            self.send_own(key, Encoded::of("GUILD_MEMBERS_CHUNK", &d));
        }
        if let Some(live) = self.live.get_mut(&key) {
            live.session.mark.floor = live.session.mark.sequence;
            live.session.mark.resumed.clear();
            live.session.mark.position = committed.position;
            live.is_noted = false;
        }
    }
}

/// The answer to a question who is in a guild, in pieces.
fn chunks(
    community: &Community,
    guild: &GuildState,
    wish: &MembersRequest,
    sees_all: bool,
    presences: bool,
) -> Vec<Value> {
    let (found, missing): (Vec<Id>, Vec<Id>) = match &wish.whom {
        Whom::Users(users) => users.iter().partition(|user| guild.member(**user).is_some()),
        // To ask for all needs the intent.
        Whom::Named(name, _) if name.is_empty() && !sees_all => (Vec::new(), Vec::new()),
        Whom::Named(name, limit) => {
            let named = guild.members.values().filter(|member| {
                let shown = member.nick.as_deref().into_iter();
                let account = community.user(member.user_id);
                let names = shown.chain(account.map(|user| user.username.as_str()));
                names
                    .chain(account.map(decentra_model::User::display_name))
                    .any(|text| text.to_lowercase().starts_with(name.as_str()))
            });
            let limit = match (name.is_empty(), *limit) {
                (true, 0) => usize::MAX,
                (_, 0) => MEMBERS_FOUND_MAX,
                (_, limit) => limit.min(MEMBERS_FOUND_MAX.max(MEMBERS_PER_CHUNK)),
            };
            (named.take(limit).map(|member| member.user_id).collect(), Vec::new())
        }
    };
    let count = found.len().div_ceil(MEMBERS_PER_CHUNK).max(1);
    let pieces = (0..count).map(|nth| {
        let users = found.iter().skip(nth * MEMBERS_PER_CHUNK).take(MEMBERS_PER_CHUNK);
        let members = users.clone().filter_map(|user| guild.member(*user));
        let members: Vec<_> = members.map(|member| wire::member::member(community, member)).collect();
        let mut d = json!({
            "guild_id": guild.guild.id, "members": members, "chunk_index": nth, "chunk_count": count,
        });
        if presences {
            let shown =
                users.filter_map(|user| Some(wire::user::presence(*user, None, community.presence(*user)?)));
            d["presences"] = json!(shown.collect::<Vec<_>>());
        }
        if !missing.is_empty() {
            d["not_found"] = json!(missing);
        }
        if let Some(nonce) = &wish.nonce {
            d["nonce"] = json!(nonce);
        }
        d
    });
    pieces.collect()
}
