//! What tells a message that was sent twice from two messages.

use std::sync::Arc;

use crate::limits::NONCE_CHARS_MAX;

/// A mark that a client puts on a message, unique to it: a message with a nonce that is stored already is not stored
/// again. 1 to [`NONCE_CHARS_MAX`] characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Nonce(Arc<str>);

/// A text that is no nonce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A nonce has 1 to {NONCE_CHARS_MAX} printable ASCII characters.")]
pub struct NonceError;

impl Nonce {
    /// The nonce in `text`.
    pub fn parse(text: &str) -> Result<Self, NonceError> {
        let printable = text.bytes().all(|byte| byte.is_ascii_graphic());
        match text.len() {
            1..=NONCE_CHARS_MAX if printable => Ok(Self(text.into())),
            _ => Err(NonceError),
        }
    }

    /// The nonce as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
