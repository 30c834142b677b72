//! Local time.

use decentra_core::client::When;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The time zone in which times are shown.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of this machine: `TZ`, or what the system is set to; UTC where it is set to nothing.
    pub fn local() -> Self {
        Self(TimeZone::system())
    }

    /// UTC.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// What a clock in this zone shows. What a server wrote on its own clock stays as it is.
    pub fn civil(&self, when: When) -> DateTime {
        match when {
            When::Written(written) => written,
            When::At(moment) => jiff::Timestamp::from_microsecond(moment.unix_micros())
                .map_or(DateTime::default(), |moment| self.0.to_datetime(moment)),
        }
    }
}

#[cfg(test)]
mod tests {
    use decentra_model::Timestamp;
    use jiff::civil::datetime;

    use super::*;

    #[test]
    fn moments_are_shown_in_local_time_and_foreign_clocks_as_they_are() {
        let zone = Zone(TimeZone::fixed(jiff::tz::offset(2)));
        let moment = Timestamp::from_unix_micros(1_769_862_896_000_000);
        assert_eq!(zone.civil(When::At(moment)), datetime(2026, 1, 31, 14, 34, 56, 0));
        let written = datetime(2026, 1, 31, 12, 0, 0, 0);
        assert_eq!(zone.civil(When::Written(written)), written);
        assert_eq!(zone.civil(When::At(Timestamp::from_unix_micros(i64::MAX))), DateTime::default());
    }
}
