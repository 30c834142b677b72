//! When something was said, as far as a client can know.

use decentra_model::{Id, Timestamp};
use jiff::civil;

/// A time to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// A known moment, to be shown in the reader's own time.
    At(Timestamp),
    /// What a server wrote on its own clock, in a time zone it does not tell; to be shown as it is.
    Written(civil::DateTime),
}

impl When {
    /// The time of a frame with this `id` and `timestamp`; `utc` when its server is known to write UTC.
    ///
    /// An id tells the exact moment. A timestamp that cannot be read counts as `now`.
    pub fn of(id: Option<Id>, timestamp: &str, utc: bool, now: Timestamp) -> Self {
        if let Some(id) = id {
            return Self::At(id.timestamp());
        }
        if let Ok(moment) = timestamp.parse::<jiff::Timestamp>() {
            return Self::At(Timestamp::from_unix_micros(moment.as_microsecond()));
        }
        match timestamp.parse::<civil::DateTime>() {
            Ok(written) if utc => Self::At(in_utc(written).unwrap_or(now)),
            Ok(written) => Self::Written(written),
            Err(_) => Self::At(now),
        }
    }
}

/// The moment at which a clock in UTC shows `written`.
fn in_utc(written: civil::DateTime) -> Option<Timestamp> {
    let moment = jiff::tz::Offset::UTC.to_timestamp(written).ok()?;
    Some(Timestamp::from_unix_micros(moment.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_believed_first_and_an_unreadable_time_is_now() {
        let now = Timestamp::from_unix_micros(7);
        let exact = Id::at(Timestamp::from_unix_micros(1_769_862_896_000_000));
        let noon = "2026-01-31T12:34:56.789012";
        let at_noon = When::At(Timestamp::from_unix_micros(1_769_862_896_789_012));
        for (id, timestamp, utc, when) in [
            (Some(exact), "rubbish", false, When::At(exact.timestamp())),
            (None, noon, true, at_noon),
            (None, noon, false, When::Written(civil::datetime(2026, 1, 31, 12, 34, 56, 789_012_000))),
            (None, "2026-01-31T12:34:56.789012+00:00", false, at_noon),
            (None, "2026-01-31T12:34:56.789012Z", false, at_noon),
            (None, "", false, When::At(now)),
            (None, "25 o'clock", true, When::At(now)),
        ] {
            assert_eq!(When::of(id, timestamp, utc, now), when, "{timestamp}");
        }
    }
}
