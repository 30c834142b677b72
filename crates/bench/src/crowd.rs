//! The cases in which a full room receives messages: our server and the floors are measured in turn, in one run.

use std::time::Duration;

use anyhow::Result;

use crate::drive::{Drive, one_in_flight, paced, pipelined};
use crate::figure::{Case, Figure, Target, number};
use crate::report::Report;
use crate::room::Room;
use crate::setup::Setup;
use crate::subject::{Kind, Sample, Subject};

/// Messages a second in the latency case, at most.
const RATE_MAX: u32 = 50;

/// Deliveries a second in the latency case, at most: a load under which the floor's core is less than half busy.
const PACED_DELIVERIES_MAX: u32 = 100_000;

/// In so many receivers' room there is something to reach in the latency case.
const PACED_RECEIVERS: usize = 1_000;

/// Where the crowd is, and what is to be reached there.
#[derive(Debug, Clone, Copy)]
pub struct Scene {
    /// Our server, in one of its rooms.
    pub ours: Kind,
    /// Processor time for each delivery, as a multiple of the one-write floor's, at most.
    pub cpu_ratio: f64,
    /// Rate of the pipelined case, as a share of the gathering floor's, at least.
    pub rate_ratio: f64,
    /// The latency that 99 of 100 deliveries do not exceed at a fixed rate, to a thousand receivers, as a multiple of the
    /// one-write floor's, at most.
    pub p99_ratio: f64,
}

/// How messages come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// One in flight.
    OneInFlight,
    /// Many under way.
    Pipelined,
    /// At a fixed rate.
    Paced,
}

impl Way {
    /// What a case of it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::OneInFlight => "fan-out, one in flight",
            Self::Pipelined => "fan-out, pipelined",
            Self::Paced => "latency at a fixed rate",
        }
    }

    /// Drives `room` like this, for `window`.
    fn drive(self, room: &mut Room, window: Duration) -> Result<Drive> {
        match self {
            Self::OneInFlight => one_in_flight(room, window),
            Self::Pipelined => pipelined(room, room.in_flight_max(), window),
            Self::Paced => paced(room, rate(room.receivers()), window),
        }
    }
}

/// Our server and both floors, each with a room of the same size.
struct Crowd<'a> {
    setup: &'a Setup,
    scene: Scene,
    receivers: usize,
    ours: Subject,
    one_write: Subject,
    gathering: Subject,
}

/// What was measured in one round: ours, and beside it a floor, or a rival.
pub type Pair = (Sample, Sample);

/// Measures these `ways`, to this many `receivers`.
pub fn measure(
    setup: &Setup,
    scene: Scene,
    receivers: usize,
    ways: &[Way],
    report: &mut Report,
) -> Result<()> {
    if ways.is_empty() {
        return Ok(());
    }
    let mut crowd = Crowd::open(setup, scene, receivers)?;
    for way in ways {
        report.add(match way {
            Way::OneInFlight => crowd.fan_out()?,
            Way::Pipelined => crowd.pipelined()?,
            Way::Paced => crowd.latency()?,
        })?;
    }
    crowd.close()
}

impl<'a> Crowd<'a> {
    fn open(setup: &'a Setup, scene: Scene, receivers: usize) -> Result<Self> {
        let mut ours = Subject::open(setup, scene.ours, receivers)?;
        // The floors' messages are to be as long as ours.
        ours.measure(|room| one_in_flight(room, setup.effort.warm_up))?;
        let bytes = ours.payload_bytes().unwrap_or_default();
        let one_write = Subject::open(setup, Kind::OneWrite(bytes), receivers)?;
        let gathering = Subject::open(setup, Kind::Gathering(bytes), receivers)?;
        Ok(Self { setup, scene, receivers, ours, one_write, gathering })
    }

    fn close(self) -> Result<()> {
        [self.ours, self.one_write, self.gathering].into_iter().try_for_each(Subject::close)
    }

    /// One message in flight.
    fn fan_out(&mut self) -> Result<Case> {
        let mut rounds = Vec::new();
        for _ in 0..self.setup.effort.rounds {
            rounds.push((
                sample(self.setup, &mut self.ours, Way::OneInFlight)?,
                sample(self.setup, &mut self.one_write, Way::OneInFlight)?,
            ));
        }
        let mut figures = vec![
            beside("cpu_us_per_delivery", &rounds, Sample::cpu_us_per_delivery)
                .to_reach(Target::RatioAtMost(self.scene.cpu_ratio)),
            beside("deliveries_per_s", &rounds, Sample::deliveries_per_s),
        ];
        figures
            .extend(self.ours.payload_bytes().map(|bytes| Figure::of("payload_bytes", number(bytes as u64))));
        figures.extend(latencies(&rounds));
        figures.extend(loads(&rounds));
        Ok(self.case(Way::OneInFlight, figures))
    }

    /// Forty messages under way; beside the gathering floor, and beside the other one for information.
    fn pipelined(&mut self) -> Result<Case> {
        let (mut gathering, mut one_write) = (Vec::new(), Vec::new());
        for _ in 0..self.setup.effort.rounds {
            let ours = sample(self.setup, &mut self.ours, Way::Pipelined)?;
            let each = sample(self.setup, &mut self.one_write, Way::Pipelined)?;
            one_write.push((ours.deliveries_per_s(), each.deliveries_per_s()));
            gathering.push((ours, sample(self.setup, &mut self.gathering, Way::Pipelined)?));
        }
        let mut figures = vec![
            beside("deliveries_per_s", &gathering, Sample::deliveries_per_s)
                .to_reach(Target::RatioAtLeast(self.scene.rate_ratio)),
            Figure::beside("deliveries_per_s_one_write", &one_write),
            beside("messages_per_s", &gathering, Sample::messages_per_s),
            beside("cpu_us_per_delivery", &gathering, Sample::cpu_us_per_delivery),
        ];
        figures.extend(latencies(&gathering));
        figures.extend(loads(&gathering));
        Ok(self.case(Way::Pipelined, figures))
    }

    /// Messages at a fixed rate, their age counted from when each was due.
    fn latency(&mut self) -> Result<Case> {
        let mut rounds = Vec::new();
        for _ in 0..self.setup.effort.rounds {
            rounds.push((
                sample(self.setup, &mut self.ours, Way::Paced)?,
                sample(self.setup, &mut self.one_write, Way::Paced)?,
            ));
        }
        let [p50, mut p99] = latencies(&rounds);
        if self.receivers == PACED_RECEIVERS {
            p99 = p99.to_reach(Target::RatioAtMost(self.scene.p99_ratio));
        }
        let mut figures = vec![Figure::of("messages_per_s", f64::from(rate(self.receivers))), p50, p99];
        figures.extend(loads(&rounds));
        Ok(self.case(Way::Paced, figures))
    }

    fn case(&self, way: Way, figures: Vec<Figure>) -> Case {
        Case { name: way.name(), connections: Some(self.receivers), figures }
    }
}

/// Drives `subject` like this to warm up, then measures it.
pub fn sample(setup: &Setup, subject: &mut Subject, way: Way) -> Result<Sample> {
    subject.measure(|room| way.drive(room, setup.effort.warm_up))?;
    subject.measure(|room| way.drive(room, setup.effort.window))
}

/// Messages a second in the latency case, to so many receivers.
pub fn rate(receivers: usize) -> u32 {
    RATE_MAX.min(PACED_DELIVERIES_MAX / u32::try_from(receivers).unwrap_or(u32::MAX).max(1)).max(1)
}

/// How old a message is when it arrives.
pub fn latencies(rounds: &[Pair]) -> [Figure; 2] {
    [
        beside("latency_p50_us", rounds, Sample::latency_p50_us),
        beside("latency_p99_us", rounds, Sample::latency_p99_us),
    ]
}

/// How busy both cores were: whether the load was what limited.
pub fn loads(rounds: &[Pair]) -> [Figure; 3] {
    [
        beside("core_percent", rounds, Sample::core_percent),
        beside("load_percent", rounds, Sample::load_percent),
        beside("load_busy_percent", rounds, Sample::load_busy_percent),
    ]
}

/// The figure that `value` takes from both sides of each round.
pub fn beside(name: &'static str, rounds: &[Pair], value: fn(&Sample) -> f64) -> Figure {
    let values: Vec<_> = rounds.iter().map(|(ours, beside)| (value(ours), value(beside))).collect();
    Figure::beside(name, &values)
}
