//! What the process holds, and whether it came to hold more.

use std::fs;

/// What the process held at one moment at which no call was under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sample {
    /// Calls made so far.
    pub(crate) calls: u64,
    /// Memory, in KiB.
    pub(crate) memory: u64,
    /// Open files and sockets.
    pub(crate) files: u64,
    /// Tasks of the runtime.
    pub(crate) tasks: u64,
}

impl Sample {
    /// Measures; `None` where the system has no `/proc`.
    pub(crate) fn take(calls: u64) -> Option<Self> {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let memory = memory.trim().strip_suffix(" kB")?.parse().ok()?;
        let files = fs::read_dir("/proc/self/fd").ok()?.count() as u64;
        let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks() as u64;
        Some(Self { calls, memory, files, tasks })
    }
}

/// How far the mean of the last quarter may lie above that of the second, in percent. The first quarter is left out:
/// pools and caches are filled in it.
pub(crate) const TOLERANCE: f64 = 5.0;

/// One quantity in the second and in the last quarter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Growth {
    pub(crate) what: &'static str,
    pub(crate) second_quarter: f64,
    pub(crate) last_quarter: f64,
}

impl Growth {
    /// From the second quarter to the last, in percent.
    pub(crate) fn percent(&self) -> f64 {
        (self.last_quarter / self.second_quarter - 1.0) * 100.0
    }

    pub(crate) fn is_within_tolerance(&self) -> bool {
        self.percent() <= TOLERANCE
    }
}

/// What is measured, by name.
type Quantity = (&'static str, fn(&Sample) -> u64);

/// Compares the quarters of `samples`; nothing for fewer than eight, of which a quarter says too little.
pub(crate) fn growth(samples: &[Sample]) -> Vec<Growth> {
    let quarter = samples.len() / 4;
    if quarter < 2 {
        return Vec::new();
    }
    let quantities: [Quantity; 3] = [
        ("memory (KiB)", |sample| sample.memory),
        ("open files", |sample| sample.files),
        ("tasks", |sample| sample.tasks),
    ];
    let compare = |(what, of): Quantity| {
        let mean = |samples: &[Sample]| samples.iter().map(of).sum::<u64>() as f64 / samples.len() as f64;
        let (second_quarter, last_quarter) =
            (mean(&samples[quarter..2 * quarter]), mean(&samples[samples.len() - quarter..]));
        Growth { what, second_quarter, last_quarter }
    };
    quantities.map(compare).into()
}

#[cfg(test)]
mod tests {
    use super::{Growth, Sample, growth};

    fn samples(memory: impl Fn(u64) -> u64) -> Vec<Sample> {
        (0..40).map(|number| Sample { calls: number, memory: memory(number), files: 60, tasks: 50 }).collect()
    }

    fn judge(memory: impl Fn(u64) -> u64) -> Vec<bool> {
        growth(&samples(memory)).iter().map(Growth::is_within_tolerance).collect()
    }

    #[test]
    fn a_leak_is_seen_and_a_warm_up_is_none() {
        assert_eq!(judge(|_| 10_000), [true; 3]);
        assert_eq!(judge(|number| 10_000 + number * 40), [false, true, true]);
        assert_eq!(judge(|number| if number < 10 { 1_000 } else { 10_000 + number % 7 * 100 }), [true; 3]);
        // Only what is held longer is a leak; less is none.
        assert_eq!(judge(|number| 10_000 - number * 100), [true; 3]);
    }

    #[test]
    fn too_few_samples_say_nothing() {
        assert_eq!(growth(&samples(|_| 1)[..7]), []);
        assert_eq!(growth(&samples(|_| 1)[..8]).len(), 3);
    }
}
