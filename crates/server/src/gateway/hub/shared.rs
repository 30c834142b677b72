//! A dispatch on its way to many sessions.

use bytes::Bytes;
use decentra_core::gateway::payload::{DISPATCH_TAIL, dispatch_head};
use decentra_core::wire;
use decentra_model::{Audience, Dispatch, GatewaySession, Intents};

/// A dispatch as all are sent it: with its tail, and without its text once somebody needs it so.
pub(super) struct Shared<'a> {
    pub(super) dispatch: &'a Dispatch,
    whole: Bytes,
    textless: Option<Bytes>,
}

impl<'a> Shared<'a> {
    pub(super) fn new(dispatch: &'a Dispatch) -> Self {
        Self { dispatch, whole: with_tail(&dispatch.body), textless: None }
    }

    /// The body, with its text if the session may read it.
    pub(super) fn body_for(&mut self, session: &GatewaySession) -> Bytes {
        if may_read(&self.dispatch.audience, session) {
            return self.whole.clone();
        }
        let dispatch = self.dispatch;
        self.textless
            .get_or_insert_with(|| with_tail(&wire::message::without_content(&dispatch.body)))
            .clone()
    }
}

/// Whether a session may read the text: it has the intent, wrote it, or is mentioned.
fn may_read(audience: &Audience, session: &GatewaySession) -> bool {
    let Some(gate) = &audience.text else { return true };
    session.intents & Intents::MESSAGE_CONTENT.bits() != 0
        || gate.author == Some(session.user_id)
        || gate.mentions.contains(&session.user_id)
}

fn with_tail(body: &[u8]) -> Bytes {
    let mut bytes = Vec::with_capacity(body.len() + 1);
    bytes.extend_from_slice(body);
    bytes.push(DISPATCH_TAIL);
    bytes.into()
}

/// A dispatch of the log as `session` is sent it, being its `sequence`th.
pub(crate) fn replayed(session: &GatewaySession, sequence: u64, dispatch: &Dispatch) -> (String, Bytes) {
    (dispatch_head(&dispatch.name, sequence), Shared::new(dispatch).body_for(session))
}
