//! A dispatch as it is sent: encoded once for all who are told the same.

use bytes::Bytes;
use decentra_core::gateway::payload::{after_sequence, before_sequence};
use serde::Serialize;

/// A dispatch in two parts, between which stands what alone is the session's own: its sequence. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Encoded {
    pub(super) before: Bytes,
    pub(super) after: Bytes,
}

impl Encoded {
    /// The dispatch of this `name` whose body is `d`, which is JSON.
    pub(crate) fn new(name: &str, d: &[u8]) -> Self {
        Self { before: before_sequence(name).into(), after: after_sequence(d).into() }
    }

    /// The dispatch of this `name` whose body is `d`.
    pub(crate) fn of(name: &str, d: &impl Serialize) -> Self {
        Self::new(name, &serde_json::to_vec(d).expect("our objects always serialise"))
    }
}
