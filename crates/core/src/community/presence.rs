//! How someone appears, and that they type.

use decentra_model::user::Status;
use decentra_model::{Event, Id, Permissions, Presence};

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
