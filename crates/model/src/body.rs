//! What someone says.

use std::sync::Arc;

use crate::limits::MESSAGE_CHARS_MAX;
use crate::text;

/// Text that may be posted: trimmed, not empty, at most [`MESSAGE_CHARS_MAX`] characters. Cheap to clone.
///
/// Line feeds and tabs stay; `\r\n` becomes `\n`; other control characters are refused, so that what is read from the
/// lobby can be printed. Bidirectional controls stay, since some scripts need them within a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body(Arc<str>);

/// Why a text may not be posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// There is nothing to see in it.
    #[error("The message is empty.")]
    Empty,
    /// It is longer than [`MESSAGE_CHARS_MAX`]; holds how many characters it has.
    #[error("The message is too long: {0} characters, and at most {MESSAGE_CHARS_MAX} are possible.")]
    TooLong(usize),
    /// It holds a control character.
    #[error("A message cannot hold control characters (U+{:04X}).", u32::from(*.0))]
    Control(char),
}

impl Body {
    /// The body in `text`.
    pub fn parse(text: &str) -> Result<Self, BodyError> {
        let text = text.trim().replace("\r\n", "\n");
        let chars = text.chars().count();
        if chars > MESSAGE_CHARS_MAX {
            return Err(BodyError::TooLong(chars));
        }
        if let Some(control) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
            return Err(BodyError::Control(control));
        }
        if text.chars().all(text::is_blank) {
            return Err(BodyError::Empty);
        }
        Ok(Self(text.into()))
    }

    /// The body as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Body {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_tabs_stay() {
        assert_eq!(Body::parse(" a\r\n\tb \n").unwrap().as_str(), "a\n\tb");
    }

    #[test]
    fn what_cannot_be_posted_says_why() {
        assert_eq!(Body::parse(" \u{200b}\n"), Err(BodyError::Empty));
        assert_eq!(Body::parse("a\u{1b}]0;owned\u{7}"), Err(BodyError::Control('\u{1b}')));
        assert_eq!(Body::parse(&"é".repeat(2_001)), Err(BodyError::TooLong(2_001)));
        assert!(Body::parse(&"é".repeat(2_000)).is_ok());
    }
}
