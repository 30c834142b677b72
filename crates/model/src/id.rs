//! Snowflakes: ids that sort by time.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Timestamp;

/// Discord's epoch, 2015-01-01T00:00:00Z, in milliseconds since the Unix epoch.
const EPOCH_MS: i64 = 1_420_070_400_000;

/// Bits below the time: Discord's worker, process and increment.
const INCREMENT_BITS: u32 = 22;

/// A snowflake: 42 bits of milliseconds since Discord's epoch, 22 bits that keep ids of one millisecond apart.
///
/// In JSON it is a string, since JavaScript's numbers lose the low bits.
/// Source: Discord's API reference, "Snowflakes".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(i64);

impl Id {
    /// The first id of the millisecond of `at`. Times before the epoch count as the epoch.
    pub fn at(at: Timestamp) -> Self {
        Self((at.unix_micros() / 1_000 - EPOCH_MS).max(0) << INCREMENT_BITS)
    }

    /// The id for something that happens `now`, after everything that has an id up to `last`.
    ///
    /// Never repeats and never goes back, also when the clock does.
    pub fn next(last: Option<Self>, now: Timestamp) -> Self {
        match last {
            Some(last) => Self::at(now).max(Self(last.0 + 1)),
            None => Self::at(now),
        }
    }

    /// The id of something that happens so much later.
    #[must_use]
    pub fn later(self, by: Duration) -> Self {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX >> INCREMENT_BITS);
        Self(self.0.saturating_add(millis << INCREMENT_BITS))
    }

    /// When it was made, to the millisecond.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_unix_micros(((self.0 >> INCREMENT_BITS) + EPOCH_MS) * 1_000)
    }

    /// The number, for a database.
    pub fn to_i64(self) -> i64 {
        self.0
    }

    /// The id that [`Id::to_i64`] gave.
    pub const fn from_i64(number: i64) -> Self {
        Self(number)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digits;
        impl de::Visitor<'_> for Digits {
            type Value = Id;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a snowflake: a number, or one in a string")
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Id, E> {
                i64::try_from(number).map(Id).map_err(E::custom)
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Id, E> {
                text.parse().map_err(E::custom)
            }
        }
        // Some clients write snowflakes as numbers.
        deserializer.deserialize_any(Digits)
    }
}

/// Why a text is no snowflake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a snowflake is a number of at most 63 bits")]
pub struct NoId;

impl std::str::FromStr for Id {
    type Err = NoId;

    fn from_str(text: &str) -> Result<Self, NoId> {
        // `parse` would also take a sign.
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if digits { text.parse().map(Self).map_err(|_| NoId) } else { Err(NoId) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_its_time() {
        // The example of Discord's reference.
        let id = Id::from_i64(175_928_847_299_117_063);
        assert_eq!(id.timestamp().to_string(), "2016-04-30T11:18:25.796000");
    }

    #[test]
    fn ids_grow_when_the_clock_goes_back() {
        let now = Timestamp::from_unix_micros(1_700_000_000_000_000);
        let earlier = Timestamp::from_unix_micros(1_600_000_000_000_000);
        let first = Id::next(None, now);
        let second = Id::next(Some(first), now);
        let third = Id::next(Some(second), earlier);
        assert!(first < second && second < third);
    }
}
