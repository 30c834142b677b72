//! What someone is called.

use std::fmt;
use std::sync::Arc;

use unicode_security::skeleton;

use crate::limits::NAME_CHARS_MAX;
use crate::text;

/// A name: trimmed, visible, on one line, at most [`NAME_CHARS_MAX`] characters. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(Arc<str>);

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// There is nothing to see in it.
    #[error("A name needs at least one visible character.")]
    Empty,
    /// It is longer than [`NAME_CHARS_MAX`].
    #[error("A name has at most {NAME_CHARS_MAX} characters.")]
    TooLong,
    /// It holds a character that could disturb what surrounds it.
    #[error("A name cannot hold control characters (U+{:04X}).", u32::from(*.0))]
    Control(char),
}

impl Name {
    /// The name of someone who gave none (DESIGN 2.3).
    pub fn anonymous() -> Self {
        Self("Anonymous".into())
    }

    /// The name in `text`.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        if text.chars().nth(NAME_CHARS_MAX).is_some() {
            return Err(NameError::TooLong);
        }
        if let Some(control) = text.chars().find(|c| text::is_control(*c)) {
            return Err(NameError::Control(control));
        }
        if text.chars().all(text::is_blank) {
            return Err(NameError::Empty);
        }
        Ok(Self(text.into()))
    }

    /// The name to try when `self` is taken for the `nth` time: `Alice-2` for the second Alice.
    ///
    /// A long name is shortened to make room.
    #[must_use]
    pub fn numbered(&self, nth: usize) -> Self {
        let suffix = format!("-{nth}");
        let kept: String = self.0.chars().take(NAME_CHARS_MAX - suffix.len()).collect();
        Self((kept + &suffix).into())
    }

    /// The form by which two names count as the same: `alice` and `Alice` are one person to a reader.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// What readers see of it, in two forms: names that share one are taken for one another, whatever letters they are
    /// written with. Source: Unicode's standard 39, "Confusable Detection"; what cannot be seen does not count.
    pub fn looks(&self) -> [String; 2] {
        let seen = |text: &str| {
            let visible = text.chars().filter(|c| c.is_whitespace() || !text::is_blank(*c));
            skeleton(&visible.collect::<String>()).collect::<String>().to_lowercase()
        };
        [seen(&self.0.to_lowercase()), seen(&self.0)]
    }

    /// Whether readers take it for `other`.
    pub fn resembles(&self, other: &Self) -> bool {
        let looks = other.looks();
        self.looks().iter().any(|look| looks.contains(look))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl serde::Serialize for Name {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Takes what is stored as it is: the rules of today are not those of the day it was written.
impl<'de> serde::Deserialize<'de> for Name {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(text.into()))
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_kept() {
        assert_eq!(Name::parse("  Änne 🌻 ").unwrap().as_str(), "Änne 🌻");
    }

    #[test]
    fn a_name_that_cannot_be_seen_is_refused() {
        for blank in ["", "   ", "\u{200b}\u{2060}", "\u{3164}"] {
            assert_eq!(Name::parse(blank), Err(NameError::Empty), "{blank:?}");
        }
    }

    #[test]
    fn a_name_cannot_disturb_a_terminal_or_a_line() {
        for (bad, control) in [("a\u{1b}[31m", '\u{1b}'), ("a\nb", '\n'), ("a\u{202e}b", '\u{202e}')] {
            assert_eq!(Name::parse(bad), Err(NameError::Control(control)), "{bad:?}");
        }
    }

    #[test]
    fn names_that_look_alike_resemble_each_other() {
        let name = |text| Name::parse(text).unwrap();
        let hidden = ["Al\u{200b}ice", "Alice\u{2060}", "Ali\u{200d}ce"];
        let foreign =
            ["\u{410}lice", "\u{391}l\u{456}ce", "\u{ff21}lice", "\u{1d400}lice", "AI\u{131}ce", "A1ice"];
        for other in hidden.into_iter().chain(foreign).chain(["alice", "ALICE", "Alice"]) {
            assert!(name("Alice").resembles(&name(other)), "{other:?}");
        }
        for other in ["Alicia", "Alice 2", "Alice-2", "Malice", "\u{410}\u{43d}\u{43d}\u{430}", "\u{c4}lice"]
        {
            assert!(!name("Alice").resembles(&name(other)), "{other:?}");
        }
    }

    #[test]
    fn the_limit_counts_characters() {
        assert!(Name::parse(&"ü".repeat(NAME_CHARS_MAX)).is_ok());
        assert_eq!(Name::parse(&"ü".repeat(NAME_CHARS_MAX + 1)), Err(NameError::TooLong));
    }

    #[test]
    fn a_numbered_name_is_still_a_name() {
        let long = Name::parse(&"x".repeat(NAME_CHARS_MAX)).unwrap();
        assert_eq!(Name::parse("Alice").unwrap().numbered(2).as_str(), "Alice-2");
        assert!(Name::parse(long.numbered(12).as_str()).is_ok());
    }
}
