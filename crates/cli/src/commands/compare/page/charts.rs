//! What is drawn: places in percent of a width that only the reader's screen knows.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use polyprofile::{ComparedConnection, Comparison, Expiry, ProviderComparison, Spread, Verdict};

use super::{percent, short, sign};
use crate::{commands::compare::words, when};

/// So many days are drawn.
const DAYS: i64 = 60;

/// Connections that end within the coming days, a lane for each provider.
pub(super) struct TimeLine {
    pub(super) height: u32,
    /// Where the lowest lane ends.
    pub(super) bottom: u32,
    /// How far the warning reaches.
    pub(super) warn_width: String,
    pub(super) ticks: Vec<Tick>,
    pub(super) lanes: Vec<Lane>,
    pub(super) ends: Vec<End>,
    /// Ends that are not in the table.
    pub(super) more: usize,
    pub(super) summary: String,
}

pub(super) struct Tick {
    pub(super) x: String,
    pub(super) label: String,
    pub(super) date: String,
    /// Where its text stands beside the line: `start`, `middle`, `end`.
    pub(super) anchor: &'static str,
    /// Whether it goes first where there is little room.
    pub(super) is_minor: bool,
}

pub(super) struct Lane {
    pub(super) name: String,
    /// What is not on the line, in words.
    pub(super) note: String,
    pub(super) name_y: u32,
    pub(super) note_y: u32,
    pub(super) line_y: u32,
    pub(super) marks: Vec<Mark>,
}

/// Connections of one provider that end on one day and have one verdict.
pub(super) struct Mark {
    pub(super) x: String,
    pub(super) y: u32,
    pub(super) look: &'static str,
    pub(super) number: usize,
    pub(super) title: String,
}

/// One connection that ends, or has ended.
pub(super) struct End {
    pub(super) date: String,
    pub(super) days: i64,
    pub(super) account: String,
    pub(super) platform: String,
    pub(super) provider: String,
    pub(super) sign: &'static str,
    pub(super) verdict: &'static str,
}

impl TimeLine {
    /// Rows of the table: a page is for people.
    const SHOWN: usize = 60;

    pub(super) fn of(comparison: &Comparison) -> Self {
        let now = comparison.generated_at;
        let mut top = 0;
        let mut lanes = Vec::new();
        for provider in &comparison.providers {
            let (lane, height) = Lane::of(provider, now, top);
            lanes.push(lane);
            top += height;
        }
        let mut ends: Vec<(&ProviderComparison, &ComparedConnection, i64)> = comparison
            .providers
            .iter()
            .flat_map(|provider| provider.connections.iter().map(move |connection| (provider, connection)))
            .filter_map(|(provider, connection)| Some((provider, connection, connection.days_left?)))
            .filter(|(.., days)| *days < DAYS)
            .collect();
        ends.sort_by_key(|(_, connection, _)| end(connection));
        let past = ends.iter().filter(|(.., days)| *days < 0).count();
        let summary = format!(
            "{} within {DAYS} days; {past} ended before.",
            words::count((ends.len() - past) as u64, "connection ends", "connections end")
        );
        let warn_days = TimeDelta::milliseconds(comparison.warn_within_ms).num_hours() as f64 / 24.0;
        Self {
            height: top + 44,
            bottom: top,
            warn_width: percent(warn_days / DAYS as f64),
            ticks: (0..=DAYS).step_by(10).map(|day| Tick::of(day, now)).collect(),
            lanes,
            more: ends.len().saturating_sub(Self::SHOWN),
            ends: ends
                .into_iter()
                .take(Self::SHOWN)
                .map(|(provider, one, days)| End::of(provider, one, days))
                .collect(),
            summary,
        }
    }
}

impl Tick {
    fn of(day: i64, now: DateTime<Utc>) -> Self {
        let date = now.checked_add_signed(TimeDelta::days(day)).map(|date| date.format("%-d %b").to_string());
        Self {
            x: percent(day as f64 / DAYS as f64),
            label: if day == 0 { "today".to_owned() } else { format!("{day} d") },
            date: date.unwrap_or_default(),
            anchor: match day {
                0 => "start",
                DAYS => "end",
                _ => "middle",
            },
            is_minor: day % 20 != 0,
        }
    }
}

impl Lane {
    /// Pixels between two marks above each other.
    const STEP: u32 = 18;
    /// Marks are stacked where they are closer than so many days: on a phone a day is six pixels wide.
    const CLOSE: i64 = 4;
    /// No lane is higher than this: further marks stand on each other, and the table has them all.
    const LEVELS: usize = 6;

    /// The lane whose upper edge is at `top`, and how high it is.
    fn of(provider: &ProviderComparison, now: DateTime<Utc>, top: u32) -> (Self, u32) {
        // By day and verdict, in the order of days.
        let mut days: BTreeMap<(i64, Verdict), Vec<&ComparedConnection>> = BTreeMap::new();
        let mut past = 0_u64;
        for connection in &provider.connections {
            match connection.days_left {
                Some(left) if left < 0 => past += 1,
                Some(left) if left < DAYS => days.entry((left, connection.verdict)).or_default().push(connection),
                _ => {}
            }
        }
        let mut last_on_level: Vec<i64> = Vec::new();
        let mut levels = Vec::new();
        for (day, _) in days.keys() {
            let free = last_on_level.iter().position(|last| day - last >= Self::CLOSE);
            let level = free.unwrap_or(last_on_level.len()).min(Self::LEVELS - 1);
            if level == last_on_level.len() {
                last_on_level.push(*day);
            } else {
                last_on_level[level] = *day;
            }
            levels.push(u32::try_from(level).unwrap_or_default());
        }
        let stacked = u32::try_from(last_on_level.len()).unwrap_or_default().max(1) - 1;
        let line_y = top + 62 + stacked * Self::STEP;
        let marks = days.iter().zip(levels).map(|(((day, verdict), connections), level)| {
            // The middle of the part of the day that is left of it, so that the last day is not the edge.
            let x = percent((*day as f64 + 0.5) / DAYS as f64);
            Mark { x, y: line_y - level * Self::STEP, ..Mark::of(*verdict, connections, now) }
        });
        let marks = marks.collect();
        let note = note(provider, past);
        (
            Self { name: line(provider.provider.as_str()), note, name_y: top + 20, note_y: top + 37, line_y, marks },
            80 + stacked * Self::STEP,
        )
    }
}

impl Mark {
    fn of(verdict: Verdict, connections: &[&ComparedConnection], now: DateTime<Utc>) -> Self {
        let names: Vec<String> = connections.iter().map(|one| short(&words::connection(one))).collect();
        let ends = connections.first().map(|one| when::expiry(&one.expiry, now)).unwrap_or_default();
        Self {
            x: String::new(),
            y: 0,
            look: verdict.as_str(),
            number: connections.len(),
            title: format!("{}: {} ({})", ends, words::listed(&names), verdict.as_str()),
        }
    }
}

impl End {
    fn of(provider: &ProviderComparison, connection: &ComparedConnection, days: i64) -> Self {
        Self {
            date: end(connection).map(when::date).unwrap_or_default(),
            days,
            account: short(connection.label()),
            platform: short(connection.key.platform.label()),
            provider: provider.provider.to_string(),
            sign: sign(connection.verdict),
            verdict: connection.verdict.as_str(),
        }
    }
}

/// A name that fits into a drawing, where no line is broken.
fn line(name: &str) -> String {
    let mut characters = name.chars();
    let shown: String = characters.by_ref().take(18).collect();
    if characters.next().is_some() { shown + "…" } else { shown }
}

/// What a lane cannot show: connections without a date, later ones, and those whose date is past.
fn note(provider: &ProviderComparison, past: u64) -> String {
    if !provider.has_answered() {
        return "not known".to_owned();
    }
    let later = provider.connections.iter().filter(|one| one.days_left.is_some_and(|left| left >= DAYS)).count() as u64;
    let told = provider.expiry;
    let parts = [
        (past, "ended already"),
        (later, "later"),
        (told.no_deadline, "without a deadline"),
        (told.unreadable, "unreadable"),
        (told.nothing, "not told"),
    ];
    let parts = parts.into_iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{number} {what}"));
    parts.collect::<Vec<_>>().join(" · ")
}

/// The earliest moment at which the connection can end.
fn end(connection: &ComparedConnection) -> Option<DateTime<Utc>> {
    match connection.expiry {
        Expiry::At { at, .. } => Some(at),
        Expiry::InDays { days, seen_at } => {
            #[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and what is too far has no date")]
            let later = TimeDelta::try_seconds((days * 86_400.0) as i64)?;
            seen_at.checked_add_signed(later)
        }
        _ => None,
    }
}

/// How long the lists took: a bar up to the median, a line from the shortest to the longest.
pub(super) struct Bars {
    pub(super) height: u32,
    pub(super) bars: Vec<Bar>,
    pub(super) longest: String,
    pub(super) half: String,
}

pub(super) struct Bar {
    pub(super) provider: String,
    pub(super) until: &'static str,
    pub(super) look: &'static str,
    pub(super) samples: u64,
    pub(super) label_y: u32,
    pub(super) y: u32,
    pub(super) median_x: String,
    pub(super) min_x: String,
    pub(super) max_x: String,
    pub(super) p95_x: String,
    pub(super) median: String,
    pub(super) min: String,
    pub(super) max: String,
    pub(super) p95: String,
    pub(super) size: String,
}

impl Bars {
    const STEP: u32 = 46;

    pub(super) fn of(comparison: &Comparison) -> Self {
        let spreads: Vec<(&ProviderComparison, &'static str, &'static str, Spread)> = comparison
            .providers
            .iter()
            .flat_map(|one| {
                let spreads =
                    [("first row", "first", one.latency.first_row), ("all rows", "all", one.latency.all_rows)];
                spreads.into_iter().filter_map(move |(until, look, spread)| Some((one, until, look, spread?)))
            })
            .collect();
        let longest = spreads.iter().map(|(.., spread)| spread.max_ms).fold(0.0, f64::max);
        let place = |milliseconds: f64| percent(if longest > 0.0 { milliseconds / longest } else { 0.0 });
        let bars = spreads.iter().zip(0_u32..).map(|((provider, until, look, spread), row)| {
            // The bytes are those of the whole list.
            let size = provider.size.filter(|_| *look == "all").and_then(|size| size.bytes_per_profile);
            Bar {
                provider: line(provider.provider.as_str()),
                until,
                look,
                samples: spread.samples,
                label_y: row * Self::STEP + 14,
                y: row * Self::STEP + 20,
                median_x: place(spread.median_ms),
                min_x: place(spread.min_ms),
                max_x: place(spread.max_ms),
                p95_x: place(spread.p95_ms),
                median: words::time(spread.median_ms),
                min: words::time(spread.min_ms),
                max: words::time(spread.max_ms),
                p95: words::time(spread.p95_ms),
                size: size.map(words::bytes).unwrap_or_default(),
            }
        });
        let bars: Vec<Bar> = bars.collect();
        let rows = u32::try_from(bars.len()).unwrap_or_default();
        Self { height: rows * Self::STEP + 22, bars, longest: words::time(longest), half: words::time(longest / 2.0) }
    }
}
