//! How someone appears, and that they type.

use decentra_model::user::Status;
use decentra_model::{Event, Id, Permissions, Presence, Timestamp, User};
use serde_json::json;

use super::member::leave;
use super::{Actor, Command, Community, Desk, GuildState, Refusal};

/// What marks a custom status among activities.
const CUSTOM: &str = "custom";

/// Lets a user appear otherwise.
#[derive(Debug)]
pub struct Appear {
    /// Who.
    pub user_id: Id,
    /// How.
    pub presence: Presence,
}

impl Command for Appear {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let offline = Presence { status: Status::Offline, activities: Vec::new() };
        let before = desk.community().presence(self.user_id).unwrap_or(&offline);
        if *before != self.presence {
            let is_gone = self.presence.status == Status::Offline;
            desk.emit(Event::PresenceChanged { user_id: self.user_id, presence: self.presence });
            if is_gone {
                end_temporary(desk, self.user_id);
            }
        }
        Ok(())
    }
}

/// Takes who is not there any more out of the guilds that they were in for as long as they are there.
fn end_temporary(desk: &mut Desk<'_>, user: Id) {
    let is_over = |state: &&GuildState| {
        state.member(user).is_some_and(|member| member.temporary && member.roles.is_empty())
    };
    let guilds: Vec<Id> =
        desk.community().guilds_of(user).filter(is_over).map(|state| state.guild.id).collect();
    for guild in guilds {
        leave(desk, guild, user);
    }
}

/// How `user` wishes to appear at the time `now`, unless their client says otherwise.
pub fn wished(user: &User, now: Timestamp) -> Presence {
    let custom = user.custom_status.as_ref();
    let custom = custom.filter(|status| status.expires_at.is_none_or(|end| end > now));
    let activity =
        custom.filter(|status| status.text.is_some() || status.emoji_name.is_some()).map(|status| {
            let mut activity = json!({
                "id": CUSTOM, "name": "Custom Status", "type": 4, "created_at": 0, "state": status.text,
            });
            if let Some(emoji) = &status.emoji_name {
                activity["emoji"] = json!({"name": emoji});
            }
            activity
        });
    Presence { status: user.status, activities: activity.into_iter().collect() }
}

/// Ends the custom statuses that were to end by now.
#[derive(Debug)]
pub struct EndStatuses;

impl Command for EndStatuses {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let ended: Vec<Id> = desk.community().ended_statuses(desk.now).collect();
        for user_id in ended {
            let Some(user) = desk.community().user(user_id) else { continue };
            let user = User { custom_status: None, ..user.clone() };
            let before = desk.community().presence(user_id).cloned();
            desk.emit(Event::UserUpdated(user));
            if let Some(mut presence) = before {
                presence.activities.retain(|activity| activity["id"] != CUSTOM);
                desk.emit(Event::PresenceChanged { user_id, presence });
            }
        }
        Ok(())
    }
}

impl Community {
    /// Those who are there, and whose custom status was to end by now.
    pub fn ended_statuses(&self, now: Timestamp) -> impl Iterator<Item = Id> {
        let has_ended = move |user: &&User| {
            let end = user.custom_status.as_ref().and_then(|status| status.expires_at);
            end.is_some_and(|end| end <= now)
        };
        self.presences.keys().filter_map(|id| self.user(*id)).filter(has_ended).map(|user| user.id)
    }
}

/// Tells those who see a channel that someone types in it.
#[derive(Debug)]
pub struct Type {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub channel_id: Id,
}

impl Command for Type {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let user_id = self.actor.user_id;
        let venue = desk.venue_with(self.channel_id, user_id, Permissions::SEND_MESSAGES)?;
        if !venue.takes_messages() {
            return Err(Refusal::NotTextChannel);
        }
        desk.emit(Event::TypingStarted { channel_id: self.channel_id, user_id, at: desk.now });
        Ok(())
    }
}
