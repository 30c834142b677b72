//! Who sees what: Discord's rule, written apart from the server's, over what the log says happened.
//!
//! Source: Discord's documentation, "Permissions": "Permission Overwrites".

use std::collections::{BTreeMap, BTreeSet};

use decentra_model::{Circle, Dispatch, Id};
use serde_json::Value;

const ADMINISTRATOR: u64 = 1 << 3;
const VIEW_CHANNEL: u64 = 1 << 10;

/// A guild, as far as it decides who sees what.
#[derive(Debug, Clone)]
pub struct Sight {
    guild: Id,
    owner: Id,
    roles: BTreeMap<Id, u64>,
    members: BTreeMap<Id, Vec<Id>>,
    channels: BTreeMap<Id, Vec<Overwrite>>,
}

#[derive(Debug, Clone)]
struct Overwrite {
    id: Id,
    allow: u64,
    deny: u64,
}

fn id(value: &Value) -> Id {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("an id was due, not {value}"))
}

fn bits(value: &Value) -> u64 {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn overwrites(channel: &Value) -> Vec<Overwrite> {
    let one =
        |one: &Value| Overwrite { id: id(&one["id"]), allow: bits(&one["allow"]), deny: bits(&one["deny"]) };
    list(&channel["permission_overwrites"]).map(one).collect()
}

impl Sight {
    /// The guild, its channels and its members, as the API shows them.
    pub fn of([guild, channels, members]: &[Value; 3]) -> Self {
        let roles = list(&guild["roles"]).map(|role| (id(&role["id"]), bits(&role["permissions"])));
        let member = |member: &Value| (id(&member["user"]["id"]), list(&member["roles"]).map(id).collect());
        Self {
            guild: id(&guild["id"]),
            owner: id(&guild["owner_id"]),
            roles: roles.collect(),
            members: list(members).map(member).collect(),
            channels: list(channels).map(|channel| (id(&channel["id"]), overwrites(channel))).collect(),
        }
    }

    /// Takes in what happened.
    pub fn apply(&mut self, dispatch: &Dispatch) {
        let name = &*dispatch.name;
        if !name.starts_with("CHANNEL_")
            && !name.starts_with("GUILD_ROLE_")
            && !name.starts_with("GUILD_MEMBER_")
        {
            return;
        }
        let body: Value = serde_json::from_slice(&dispatch.body).expect("the log holds JSON");
        match name {
            "CHANNEL_CREATE" | "CHANNEL_UPDATE" => {
                self.channels.insert(id(&body["id"]), overwrites(&body));
            }
            "CHANNEL_DELETE" => {
                self.channels.remove(&id(&body["id"]));
            }
            "GUILD_ROLE_CREATE" | "GUILD_ROLE_UPDATE" => {
                self.roles.insert(id(&body["role"]["id"]), bits(&body["role"]["permissions"]));
            }
            "GUILD_ROLE_DELETE" => {
                self.roles.remove(&id(&body["role_id"]));
            }
            "GUILD_MEMBER_ADD" | "GUILD_MEMBER_UPDATE" => {
                self.members.insert(id(&body["user"]["id"]), list(&body["roles"]).map(id).collect());
            }
            "GUILD_MEMBER_REMOVE" => {
                self.members.remove(&id(&body["user"]["id"]));
            }
            _ => {}
        }
    }

    /// The guild.
    pub fn guild(&self) -> Id {
        self.guild
    }

    /// Whether `user` is in the guild.
    pub fn has(&self, user: Id) -> bool {
        self.members.contains_key(&user)
    }

    /// The channels that `user` sees.
    pub fn channels_of(&self, user: Id) -> BTreeSet<Id> {
        self.channels
            .keys()
            .copied()
            .filter(|channel| self.holds(user, Some(*channel), VIEW_CHANNEL))
            .collect()
    }

    /// Whether `user` is in `circle`.
    pub fn is_in(&self, circle: Circle, user: Id) -> bool {
        match circle {
            // The simulation knows no direct channels.
            Circle::Nobody | Circle::Direct(_) => false,
            Circle::User(id) => id == user,
            Circle::Guild(_) => self.has(user),
            Circle::Holders(_, needed, _) => self.holds(user, None, needed.bits()),
            Circle::Viewers(_, channel) => self.holds(user, Some(channel), VIEW_CHANNEL),
            Circle::ChannelHolders(_, channel, needed, _) => self.holds(user, Some(channel), needed.bits()),
            Circle::Named => true,
        }
    }

    fn holds(&self, user: Id, channel: Option<Id>, needed: u64) -> bool {
        let Some(roles) = self.members.get(&user) else { return false };
        if user == self.owner {
            return channel.is_none_or(|channel| self.channels.contains_key(&channel));
        }
        let all = std::iter::once(&self.guild).chain(roles);
        let base = all.filter_map(|role| self.roles.get(role)).fold(0, |base, role| base | role);
        let Some(channel) = channel else { return base & ADMINISTRATOR != 0 || base & needed == needed };
        let Some(overwrites) = self.channels.get(&channel) else { return false };
        if base & ADMINISTRATOR != 0 {
            return true;
        }
        let of = |ids: &[Id]| {
            let those = overwrites.iter().filter(|one| ids.contains(&one.id));
            those.fold((0, 0), |(allow, deny), one| (allow | one.allow, deny | one.deny))
        };
        let layers = [of(&[self.guild]), of(roles), of(&[user])];
        let here = layers.into_iter().fold(base, |here, (allow, deny)| (here & !deny) | allow);
        here & VIEW_CHANNEL != 0 && here & needed == needed
    }
}
