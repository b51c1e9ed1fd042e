//! Times of several listings as a few figures.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How long a provider's lists took, as the caller saw it: from the moment at which it was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Latency {
    /// Until the first row came; `None` if none ever came.
    pub first_row: Option<Spread>,
    /// Until a list came to its end; `None` if none did. Lists that did not are left out: how soon one breaks off
    /// says nothing about how long it takes.
    pub all_rows: Option<Spread>,
}

/// Several times as a few figures, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Spread {
    /// How many times these figures are made of.
    pub samples: u64,
    /// The shortest.
    pub min_ms: f64,
    /// The one in the middle; of an even number the mean of the two in the middle.
    pub median_ms: f64,
    /// The shortest that 95 of 100 do not exceed, by the nearest-rank method: always a time that was measured. With
    /// fewer than 20 samples it is the longest.
    pub p95_ms: f64,
    /// The longest.
    pub max_ms: f64,
}

impl Spread {
    /// The figures of `times`, in any order; `None` if there are none.
    pub fn of(times: impl IntoIterator<Item = Duration>) -> Option<Self> {
        let mut times: Vec<f64> = times.into_iter().map(|time| time.as_secs_f64() * 1_000.0).collect();
        times.sort_by(f64::total_cmp);
        let (&min_ms, &max_ms) = (times.first()?, times.last()?);
        let middle = times.len() / 2;
        let median_ms =
            if times.len() % 2 == 1 { times[middle] } else { f64::midpoint(times[middle - 1], times[middle]) };
        let p95_ms = times[(times.len() * 95).div_ceil(100) - 1];
        Some(Self { samples: times.len() as u64, min_ms, median_ms, p95_ms, max_ms })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Spread;

    fn spread(milliseconds: impl IntoIterator<Item = u64>) -> (f64, f64, f64, f64) {
        let spread = Spread::of(milliseconds.into_iter().map(Duration::from_millis)).expect("there are times");
        (spread.min_ms, spread.median_ms, spread.p95_ms, spread.max_ms)
    }

    #[test]
    fn figures_worked_out_by_hand() {
        assert_eq!(spread([7]), (7.0, 7.0, 7.0, 7.0));
        assert_eq!(spread([9, 4]), (4.0, 6.5, 9.0, 9.0));
        assert_eq!(spread([30, 10, 20]), (10.0, 20.0, 30.0, 30.0));
        assert_eq!(spread([40, 10, 30, 20]), (10.0, 25.0, 40.0, 40.0));
    }

    #[test]
    fn the_95th_of_100_is_not_the_longest() {
        // 0.95 times 19 is 18.05, so rank 19; 0.95 times 20 is 19; 0.95 times 21 is 19.95, so 20; and so on.
        for (count, p95) in [(19, 19.0), (20, 19.0), (21, 20.0), (40, 38.0), (41, 39.0), (100, 95.0), (101, 96.0)] {
            assert_eq!(spread(1..=count), (1.0, f64::midpoint(1.0, count as f64), p95, count as f64), "{count}");
        }
    }

    #[test]
    fn of_nothing_there_is_nothing() {
        assert_eq!(Spread::of([]), None);
    }
}
