//! When something happened.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

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

    /// The moment `secs` later.
    #[must_use]
    pub const fn plus_secs(self, secs: i64) -> Self {
        Self(self.0.saturating_add(secs.saturating_mul(1_000_000)))
    }

    /// The moment in `text`, an ISO 8601 date and time; without a zone it is UTC.
    ///
    /// Its year has four digits, as those that we write: what was read must be found again when it is stored.
    pub fn parse(text: &str) -> Option<Self> {
        let zoned = || text.parse::<jiff::Timestamp>().ok();
        let plain = || text.parse::<jiff::civil::DateTime>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
        let moment = zoned().or_else(|| plain().map(|moment| moment.timestamp()))?;
        let year = moment.to_zoned(jiff::tz::TimeZone::UTC).year();
        (0..=9_999).contains(&year).then(|| Self(moment.as_microsecond()))
    }

    /// As Discord's API writes it: `2026-01-31T12:34:56.789012+00:00`.
    pub fn zoned(self) -> Zoned {
        Zoned(self)
    }
}

/// As the lobby protocol writes it: `2026-01-31T12:34:56.789012`, in UTC, without a zone (DESIGN 2.3).
///
/// Always six digits after the point: Python 3.7's `datetime.fromisoformat` takes three or six.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = jiff::Timestamp::from_microsecond(self.0).map_err(|_| fmt::Error)?;
        let at = jiff::tz::Offset::UTC.to_datetime(moment);
        let year = u32::try_from(at.year()).map_err(|_| fmt::Error)?;
        let day = [at.month(), at.day(), at.hour(), at.minute(), at.second()].map(i8::unsigned_abs);
        // Digit by digit: several stand in every message, and formatting each would cost more than all else in it.
        let mut text = *b"0000-00-00T00:00:00.000000";
        put_digits(&mut text[..4], year);
        for (place, part) in [5, 8, 11, 14, 17].into_iter().zip(day) {
            put_digits(&mut text[place..place + 2], part.into());
        }
        put_digits(&mut text[20..], at.subsec_nanosecond().unsigned_abs() / 1_000);
        f.write_str(str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

/// Puts the last digits of `number` into all of `place`.
fn put_digits(place: &mut [u8], mut number: u32) {
    for digit in place.iter_mut().rev() {
        *digit = b'0' + u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
    }
}

/// A moment in the form of Discord's API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zoned(Timestamp);

impl fmt::Display for Zoned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+00:00", self.0)
    }
}

impl Serialize for Zoned {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("a moment is an ISO 8601 date and time"))
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

    #[test]
    fn both_forms_are_read() {
        let moment = Timestamp::from_unix_micros(1_769_862_896_789_012);
        assert_eq!(Timestamp::parse(&moment.to_string()), Some(moment));
        assert_eq!(moment.zoned().to_string(), "2026-01-31T12:34:56.789012+00:00");
        assert_eq!(Timestamp::parse(&moment.zoned().to_string()), Some(moment));
        assert_eq!(Timestamp::parse("yesterday"), None);
    }

    #[test]
    fn only_years_of_four_digits_are_read_since_no_others_are_written() {
        for text in ["0000-01-01T00:00:00Z", "9999-12-30T00:00:00Z"] {
            let moment = Timestamp::parse(text).unwrap();
            assert_eq!(Timestamp::parse(&moment.to_string()), Some(moment), "{text}");
            assert_eq!(Timestamp::parse(&moment.zoned().to_string()), Some(moment), "{text}");
        }
        for text in ["-006127-01-01T00:00:00Z", "-000001-12-31T23:59:59", "+010000-01-01T00:00:00Z"] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }
}
