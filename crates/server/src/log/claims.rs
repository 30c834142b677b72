//! Who is about to go on with which gateway session.
//!
//! Two connections may ask for one session at once: a client that gave up on a connection which has not. Both are told
//! what they missed, at their own pace, and only one may have it in the end: the last that asked.

use std::collections::HashMap;

use crate::gateway::hub::SessionKey;

/// The claims that are not settled yet. Each is, by the connection that made it, so they are no more than connections.
#[derive(Debug, Default)]
pub(super) struct Claims(HashMap<String, SessionKey>);

impl Claims {
    /// Notes that a connection claims a session, to have it as `key`. An older claim is void.
    pub(super) fn note(&mut self, session_id: String, key: SessionKey) {
        self.0.insert(session_id, key);
    }

    /// Settles a claim; whether it was still good.
    pub(super) fn settle(&mut self, session_id: &str, key: SessionKey) -> bool {
        let is_good = self.0.get(session_id) == Some(&key);
        if is_good {
            self.0.remove(session_id);
        }
        is_good
    }
}
