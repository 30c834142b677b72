//! Direct channels: to open them, and to put those of two away.

use decentra_model::limits::RECIPIENTS_MAX;
use decentra_model::{Direct, DirectChange, Event, Id};

use super::group::open_group;
use super::{Actor, Command, Desk, Form, Refusal};

/// With whom one wants to have a direct channel.
pub fn read_recipients(form: &mut Form<'_>) -> Vec<Id> {
    let one = form.id("recipient_id").map(|id| vec![id]);
    // More than there may be: too many are told by a code of their own.
    let many = form.ids("recipients", RECIPIENTS_MAX * 2);
    one.or(many).unwrap_or_default()
}

/// Opens the direct channel with someone, the one there is or a new one; or makes a group with several.
#[derive(Debug)]
pub struct OpenDirect {
    /// Who.
    pub actor: Actor,
    /// With whom.
    pub recipients: Vec<Id>,
}

impl Command for OpenDirect {
    type Answer = Direct;

    fn decide(self, desk: &mut Desk<'_>) -> Result<Direct, Refusal> {
        let Self { actor, recipients } = self;
        match recipients[..] {
            [recipient] => open_pair(desk, actor.user_id, recipient),
            [] => Err(Refusal::InvalidRecipients),
            _ => open_group(desk, actor, &recipients),
        }
    }
}

fn open_pair(desk: &mut Desk<'_>, user: Id, recipient: Id) -> Result<Direct, Refusal> {
    let community = desk.community();
    if let Some(direct) = community.direct_between(user, recipient) {
        let direct = direct.clone();
        return Ok(show(desk, direct, user));
    }
    let is_there = community.user(recipient).is_some_and(|user| !user.deleted);
    if recipient == user || !is_there {
        return Err(Refusal::InvalidRecipients);
    }
    let direct = Direct::pair(desk.new_id(), user, recipient);
    desk.emit(Event::DirectSet(Box::new(direct.clone()), DirectChange::Created));
    Ok(direct)
}

/// Puts a direct channel back into the list of `user`, who is in it; as it is then.
pub(super) fn show(desk: &mut Desk<'_>, mut direct: Direct, user: Id) -> Direct {
    if direct.hidden.contains(&user) {
        direct.hidden.retain(|hidden| *hidden != user);
        desk.emit(Event::DirectSet(Box::new(direct.clone()), DirectChange::Shown(user)));
    }
    direct
}

/// Puts a direct channel, in which somebody writes, back into the lists of all who are in it.
pub(super) fn show_to_all(desk: &mut Desk<'_>, id: Id) {
    let Some(direct) = desk.community().direct(id).filter(|direct| !direct.hidden.is_empty()) else { return };
    let mut direct = direct.clone();
    for user in direct.hidden.clone() {
        direct = show(desk, direct, user);
    }
}

/// Puts a direct channel away: it is there for the other, and comes back with what is written next.
#[derive(Debug)]
pub struct CloseDirect {
    /// Who.
    pub actor: Actor,
    /// Which.
    pub channel_id: Id,
}

impl Command for CloseDirect {
    type Answer = Direct;

    fn decide(self, desk: &mut Desk<'_>) -> Result<Direct, Refusal> {
        let user = self.actor.user_id;
        let mut direct = desk.community().direct_for(self.channel_id, user)?.clone();
        if direct.is_shown_to(user) {
            direct.hidden.push(user);
            desk.emit(Event::DirectSet(Box::new(direct.clone()), DirectChange::Hidden(user)));
        }
        Ok(direct)
    }
}
