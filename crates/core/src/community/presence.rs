//! How someone appears, and that they type.

use decentra_model::user::Status;
use decentra_model::{Event, Id, Permissions, Presence, Timestamp, User};
use serde_json::json;

use super::{Actor, Command, Desk, Refusal};

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
            desk.emit(Event::PresenceChanged { user_id: self.user_id, presence: self.presence });
        }
        Ok(())
    }
}

/// How `user` wishes to appear at the time `now`, unless their client says otherwise.
pub fn wished(user: &User, now: Timestamp) -> Presence {
    let custom = user.custom_status.as_ref();
    let custom = custom.filter(|status| status.expires_at.is_none_or(|end| end > now));
    let activity =
        custom.filter(|status| status.text.is_some() || status.emoji_name.is_some()).map(|status| {
            let mut activity = json!({
                "id": "custom", "name": "Custom Status", "type": 4, "created_at": 0, "state": status.text,
            });
            if let Some(emoji) = &status.emoji_name {
                activity["emoji"] = json!({"name": emoji});
            }
            activity
        });
    Presence { status: user.status, activities: activity.into_iter().collect() }
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
        let (_, channel) = desk.channel_with(self.channel_id, user_id, Permissions::SEND_MESSAGES)?;
        if !channel.kind.takes_messages() {
            return Err(Refusal::NotTextChannel);
        }
        desk.emit(Event::TypingStarted { channel_id: self.channel_id, user_id, at: desk.now });
        Ok(())
    }
}
