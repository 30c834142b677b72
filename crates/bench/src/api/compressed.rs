//! Messages to sessions whose streams are compressed, beside the same to sessions with plain ones.
//!
//! Every session has a stream of its own, and each is unpacked and checked in full: see [`crate::packed`].

use anyhow::Result;

use crate::crowd::{Way, sample};
use crate::figure::{Case, Figure, Target, number};
use crate::packed::{Transport, Volume};
use crate::setup::Setup;
use crate::subject::{Kind, Subject};

/// Processor time for each delivery, as a multiple of what it is for plain streams, at most (issue 4).
const CPU_RATIO: Target = Target::RatioAtMost(3.0);

/// One kind of compressed streams.
struct Compressed {
    subject: Subject,
    /// Processor time for each delivery, beside the plain one's: a pair for each round.
    cpu: Vec<(f64, f64)>,
    /// What had come before the first message.
    before: Volume,
}

/// Measures plain streams and both kinds of compressed ones in turn, each to so many `receivers`.
pub(super) fn measure(setup: &Setup, receivers: usize) -> Result<Case> {
    let mut plain = Subject::open(setup, Kind::Gateway, receivers)?;
    let mut zlib = Compressed::open(setup, Transport::Zlib, receivers)?;
    let mut zstd = Compressed::open(setup, Transport::Zstd, receivers)?;
    for _ in 0..setup.effort.rounds {
        let beside = sample(setup, &mut plain, Way::OneInFlight)?.cpu_us_per_delivery();
        zlib.round(setup, beside)?;
        zstd.round(setup, beside)?;
    }
    let plain_bytes = number(plain.payload_bytes().unwrap_or_default() as u64);
    let plain_kib = f64::from(plain.resident_kib()?);
    let more_kib = |subject: &Subject| -> Result<f64> {
        Ok((f64::from(subject.resident_kib()?) - plain_kib) / number(receivers as u64))
    };
    let figures = vec![
        Figure::beside("zlib_cpu_us_per_delivery", &zlib.cpu).to_reach(CPU_RATIO),
        Figure::beside("zstd_cpu_us_per_delivery", &zstd.cpu).to_reach(CPU_RATIO),
        Figure::beside("zlib_payload_bytes", &[(zlib.bytes_each(), plain_bytes)]),
        Figure::beside("zstd_payload_bytes", &[(zstd.bytes_each(), plain_bytes)]),
        Figure::of("zlib_more_kib_per_session", more_kib(&zlib.subject)?),
        Figure::of("zstd_more_kib_per_session", more_kib(&zstd.subject)?),
    ];
    [plain, zlib.subject, zstd.subject].into_iter().try_for_each(Subject::close)?;
    Ok(Case { name: "fan-out, one in flight, compressed", connections: Some(receivers), figures })
}

impl Compressed {
    fn open(setup: &Setup, transport: Transport, receivers: usize) -> Result<Self> {
        let subject = Subject::open(setup, Kind::Packed(transport), receivers)?;
        Ok(Self { before: subject.packed_volume(), subject, cpu: Vec::new() })
    }

    /// Measures one round, `beside` what it was for plain streams.
    fn round(&mut self, setup: &Setup, beside: f64) -> Result<()> {
        let sample = sample(setup, &mut self.subject, Way::OneInFlight)?;
        self.cpu.push((sample.cpu_us_per_delivery(), beside));
        Ok(())
    }

    /// Bytes of one delivery.
    fn bytes_each(&self) -> f64 {
        let after = self.subject.packed_volume();
        number(after.bytes - self.before.bytes) / number(after.frames - self.before.frames)
    }
}
