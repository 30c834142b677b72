//! A dispatch on its way to many sessions.

use decentra_core::wire;
use decentra_model::{Audience, Dispatch, GatewaySession, Intents};

use crate::gateway::encoded::Encoded;

/// Whether a session may read the text of what `audience` is told: it has the intent, wrote it, or is mentioned.
pub(super) fn may_read(audience: &Audience, session: &GatewaySession) -> bool {
    let Some(gate) = &audience.text else { return true };
    session.intents & Intents::MESSAGE_CONTENT.bits() != 0
        || gate.author == Some(session.user_id)
        || gate.mentions.contains(&session.user_id)
}

/// A dispatch for those who may read its text.
pub(super) fn whole(dispatch: &Dispatch) -> Encoded {
    Encoded::new(&dispatch.name, &dispatch.body)
}

/// A dispatch for those who may not.
pub(super) fn textless(dispatch: &Dispatch) -> Encoded {
    Encoded::new(&dispatch.name, &wire::message::without_content(&dispatch.body))
}

/// A dispatch of the log as `session` is sent it.
pub(crate) fn replayed(session: &GatewaySession, dispatch: &Dispatch) -> Encoded {
    if may_read(&dispatch.audience, session) { whole(dispatch) } else { textless(dispatch) }
}
