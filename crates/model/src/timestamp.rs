//! When something happened.

use std::fmt;

use serde::{Serialize, Serializer};

/// A moment, in microseconds since the Unix epoch, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment `micros` after the Unix epoch.
    pub const fn from_unix_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the Unix epoch.
    pub const fn unix_micros(self) -> i64 {
        self.0
    }
}

/// As the lobby protocol writes it: `2026-01-31T12:34:56.789012`, in UTC, without a zone (DESIGN 2.3).
///
/// Always six digits after the point: Python 3.7's `datetime.fromisoformat` takes three or six.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = jiff::Timestamp::from_microsecond(self.0).map_err(|_| fmt::Error)?;
        moment.strftime("%Y-%m-%dT%H:%M:%S.%6f").fmt(f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_second_has_six_digits_too() {
        let moment = Timestamp::from_unix_micros(1_769_862_896_000_000);
        assert_eq!(moment.to_string(), "2026-01-31T12:34:56.000000");
    }
}
