//! The first start: an instance gets its home.

use decentra_model::{Channel, ChannelKind, Event, Guild, Id, Instance, Member, Role, Timestamp};

use super::{Command, Desk, Refusal};

/// Founds the instance, unless that was done.
#[derive(Debug)]
pub struct Found {
    /// What the home is called.
    pub name: String,
}

impl Command for Found {
    /// The channel behind the lobby protocol.
    type Answer = Id;

    fn decide(self, desk: &mut Desk<'_>) -> Result<Id, Refusal> {
        if let Some(instance) = desk.community().instance() {
            return Ok(instance.lobby_id);
        }
        let channels =
            [(ChannelKind::Text, "lobby"), (ChannelKind::Text, "general"), (ChannelKind::Voice, "Voice")];
        let (guild, channels) = make_guild(desk, self.name, None, &channels);
        let lobby_id = channels[0];
        desk.emit(Event::InstanceSet(Instance { home_id: guild, lobby_id, owner_id: None }));
        Ok(lobby_id)
    }
}

/// Makes a guild with these channels, which `owner` is in; its id, and theirs.
pub(super) fn make_guild(
    desk: &mut Desk<'_>,
    name: String,
    owner: Option<Id>,
    channels: &[(ChannelKind, &str)],
) -> (Id, Vec<Id>) {
    let id = desk.new_id();
    let now = desk.now;
    let channels: Vec<Channel> = (0..)
        .zip(channels)
        .map(|(position, (kind, name))| {
            let channel = Channel::new(desk.new_id(), id, *kind, *name);
            Channel { position, ..channel }
        })
        .collect();
    let ids = channels.iter().map(|channel| channel.id).collect();
    let mut guild = Guild::new(id, name, owner);
    guild.system_channel_id = channels.iter().find(|channel| channel.kind == ChannelKind::Text).map(|c| c.id);
    let members = owner.into_iter().map(|owner| first_member(owner, now)).collect();
    let roles = vec![Role::everyone(id)];
    desk.emit(Event::GuildCreated { guild: Box::new(guild), roles, channels, members });
    (id, ids)
}

fn first_member(owner: Id, now: Timestamp) -> Member {
    Member::new(owner, now)
}
