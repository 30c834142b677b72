//! What is reported: cases, and their figures beside others' and the targets.

use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};

/// One case: something that was done, under one circumstance.
#[derive(Debug)]
pub struct Case {
    /// What was done.
    pub name: &'static str,
    /// To how many connections, if that is a circumstance.
    pub connections: Option<usize>,
    /// What was found.
    pub figures: Vec<Figure>,
}

/// One figure of a case.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What it tells; the unit comes last.
    pub name: &'static str,
    /// Our server's.
    pub ours: f64,
    /// That of what it is compared with, mostly a floor, from the same run.
    pub beside: Option<f64>,
    /// Ours divided by that: the median over the rounds, so it may differ a little from that of the medians.
    pub ratio: Option<f64>,
    /// What is to be reached.
    pub target: Option<Target>,
}

/// What a figure has to reach.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// The figure is at most this.
    AtMost(f64),
    /// The ratio is at most this.
    RatioAtMost(f64),
    /// The ratio is at least this.
    RatioAtLeast(f64),
}

impl Figure {
    /// A figure of ours alone.
    pub fn of(name: &'static str, ours: f64) -> Self {
        Self { name, ours: rounded(ours), beside: None, ratio: None, target: None }
    }

    /// A figure beside another's: medians over the rounds, each of which is a pair of ours and the other's.
    pub fn beside(name: &'static str, rounds: &[(f64, f64)]) -> Self {
        let median_of = |value: fn(&(f64, f64)) -> f64| Some(rounded(median(rounds.iter().map(value))));
        Self {
            name,
            ours: rounded(median(rounds.iter().map(|(ours, _)| *ours))),
            beside: median_of(|(_, beside)| *beside),
            ratio: median_of(|(ours, beside)| ours / beside),
            target: None,
        }
    }

    /// The same figure, with what it has to reach.
    #[must_use]
    pub fn to_reach(self, target: Target) -> Self {
        Self { target: Some(target), ..self }
    }

    /// Whether the target is reached, if there is one.
    pub fn passes(&self) -> Option<bool> {
        let ratio = self.ratio.unwrap_or(f64::NAN);
        self.target.map(|target| match target {
            Target::AtMost(bound) => self.ours <= bound,
            Target::RatioAtMost(bound) => ratio <= bound,
            Target::RatioAtLeast(bound) => ratio >= bound,
        })
    }
}

/// The middle one of `values`, or the mean of the two in the middle; NaN when there are none.
pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    match (values.len() / 2, values.len() % 2) {
        (0, 0) => f64::NAN,
        (half, 0) => f64::midpoint(values[half - 1], values[half]),
        (half, _) => values[half],
    }
}

/// `value` with as many places as anyone reads.
fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

/// `count` as a number to divide by.
pub fn number(count: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "no count of a run comes near 2^53")]
    let number = count as f64;
    number
}

/// One object: the case, then each figure under its name.
impl Serialize for Case {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("case", self.name)?;
        if let Some(connections) = self.connections {
            map.serialize_entry("connections", &connections)?;
        }
        self.figures.iter().try_for_each(|figure| map.serialize_entry(figure.name, figure))?;
        map.end()
    }
}

/// One object: what is known of the figure.
impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("ours", &self.ours)?;
        if let (Some(beside), Some(ratio)) = (self.beside, self.ratio) {
            map.serialize_entry("beside", &beside)?;
            map.serialize_entry("ratio", &ratio)?;
        }
        if let (Some(target), Some(passes)) = (self.target, self.passes()) {
            map.serialize_entry("target", &target.to_string())?;
            map.serialize_entry("passes", &passes)?;
        }
        map.end()
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(bound) => write!(f, "≤ {bound}"),
            Self::RatioAtMost(bound) => write!(f, "≤ {bound} ×"),
            Self::RatioAtLeast(bound) => write!(f, "≥ {bound} ×"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_in_the_middle() {
        for (values, middle) in [(&[3.0, 1.0, 2.0][..], 2.0), (&[4.0, 1.0], 2.5), (&[7.0], 7.0)] {
            assert!((median(values.iter().copied()) - middle).abs() < f64::EPSILON, "{values:?}");
        }
        assert!(median(std::iter::empty()).is_nan());
    }

    #[test]
    fn a_case_is_one_line() {
        let beside = Figure::beside("cpu_us", &[(3.0, 2.0), (9.0, 3.0), (4.0, 2.0)]);
        let figures = vec![beside.to_reach(Target::RatioAtMost(1.6)), Figure::of("load", 0.25)];
        let case = Case { name: "fan-out", connections: Some(100), figures };
        assert_eq!(
            serde_json::to_string(&case).unwrap(),
            concat!(
                r#"{"case":"fan-out","connections":100,"#,
                r#""cpu_us":{"ours":4.0,"beside":2.0,"ratio":2.0,"target":"≤ 1.6 ×","passes":false},"#,
                r#""load":{"ours":0.25}}"#
            )
        );
    }
}
