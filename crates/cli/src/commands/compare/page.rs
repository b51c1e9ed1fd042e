//! The comparison as one HTML page that needs nothing beside itself: no script, no font, no picture from elsewhere.
//!
//! What is shown is worked out here and in `page/`, in words and percentages; `templates/compare.html` says where it
//! stands. The template escapes every text; [`html`] then writes out what could turn a text around.

mod charts;

use askama::Template;
use polyprofile::{
    Error, ErrorKind, ExpiryReporting, HealthSummary, Operation, PlatformCoverage, ProviderComparison, Switch, Verdict,
};

use self::charts::{Bars, TimeLine};
use super::{ComparisonDocument, words};
use crate::{text::printable, when};

/// The page.
///
/// # Errors
///
/// [`ErrorKind::Invalid`] if the page cannot be written, which takes a formatter that fails.
pub(super) fn html(document: &ComparisonDocument) -> Result<String, Error> {
    let page = ReportPage::of(document).render().map_err(|problem| {
        Error::new(ErrorKind::Invalid, format!("the page cannot be written: {problem}")).with_source(problem)
    })?;
    // Line by line, since line breaks are the template's own; in a text they would do no harm.
    let lines = page.lines().map(printable);
    Ok(lines.fold(String::with_capacity(page.len() + 1), |page, line| page + &line + "\n"))
}

#[derive(Template)]
#[template(path = "compare.html")]
struct ReportPage {
    style: &'static str,
    generated_at: String,
    warn_time: String,
    samples: u64,
    is_complete: bool,
    connections: usize,
    providers: Vec<ProviderCard>,
    platforms: Matrix,
    time_line: TimeLine,
    bars: Bars,
    fields: Matrix,
    operations: Matrix,
    signals: Vec<Signals>,
    only_here: Vec<Lists>,
    switches: Vec<SwitchCard>,
    has_both_ways: bool,
    trouble: Vec<TroubleRow>,
}

/// One provider in a few lines.
struct ProviderCard {
    name: String,
    vendor: String,
    /// Why there is nothing to show, if there is nothing.
    silence: Option<String>,
    profiles: String,
    connections: String,
    verdicts: Vec<VerdictShare>,
    told: String,
    announced: &'static str,
    time: Option<String>,
    size: Option<String>,
    missing: String,
}

/// How many connections have a verdict, and their place in the bar of all of them, in percent.
struct VerdictShare {
    word: &'static str,
    sign: &'static str,
    connections: u64,
    x: String,
    width: String,
}

/// One row for each thing, one column for each provider.
struct Matrix {
    rows: Vec<MatrixRow>,
}

struct MatrixRow {
    name: String,
    cells: Vec<MatrixCell>,
}

#[derive(Default)]
struct MatrixCell {
    text: String,
    note: String,
    /// One of the style's names.
    look: &'static str,
}

/// What speaks for the verdicts about one provider's connections.
struct Signals {
    provider: String,
    statuses: Vec<Signal>,
    reasons: Vec<Signal>,
}

struct Signal {
    words: String,
    connections: u64,
}

struct TroubleRow {
    provider: String,
    sort: &'static str,
    words: String,
    times: u64,
}

/// What a provider has and others have not.
struct Lists {
    provider: String,
    lists: Vec<List>,
}

struct List {
    what: &'static str,
    number: usize,
    names: Vec<String>,
    more: usize,
}

struct SwitchCard {
    from: String,
    to: String,
    kept: u64,
    of: usize,
    is_complete: bool,
    lost: Vec<List>,
    won: Vec<List>,
}

impl ReportPage {
    fn of(document: &ComparisonDocument) -> Self {
        let comparison = &document.comparison;
        let providers = &comparison.providers;
        let only_here =
            providers.iter().map(|one| Lists { provider: one.provider.to_string(), lists: lists(&one.only_here) });
        Self {
            style: include_str!("../../../templates/compare.css"),
            generated_at: format!("{} UTC", when::minute(comparison.generated_at)),
            warn_time: warn_time(comparison.warn_within_ms),
            samples: providers.iter().map(|one| one.listings).max().unwrap_or_default(),
            is_complete: comparison.is_complete(),
            connections: providers.iter().map(|one| one.connections.len()).sum(),
            providers: providers.iter().map(ProviderCard::of).collect(),
            platforms: platforms(document),
            time_line: TimeLine::of(comparison),
            bars: Bars::of(comparison),
            fields: fields(document),
            operations: operations(document),
            signals: providers.iter().filter(|one| !one.connections.is_empty()).map(signals).collect(),
            only_here: only_here.filter(|one| !one.lists.is_empty()).collect(),
            switches: document.shown_switches().map(|switch| SwitchCard::of(switch, providers)).collect(),
            has_both_ways: document.has_both_ways(),
            trouble: providers.iter().flat_map(trouble).collect(),
        }
    }
}

impl ProviderCard {
    fn of(provider: &ProviderComparison) -> Self {
        let silence = (!provider.has_answered()).then(|| {
            let error = provider.errors.last();
            error.map_or_else(|| "it sent no row that could be kept".to_owned(), ToString::to_string)
        });
        let told = words::told(&provider.expiry);
        let told: Vec<String> = told.into_iter().map(|(kind, number)| format!("{kind}: {number}")).collect();
        let missing: Vec<&str> = provider.missing.iter().map(polyprofile::Platform::label).collect();
        Self {
            name: provider.provider.to_string(),
            vendor: provider.vendor.to_string(),
            silence,
            profiles: words::count(provider.profiles, "profile", "profiles"),
            connections: words::count(provider.connections.len() as u64, "connection", "connections"),
            verdicts: verdict_shares(&provider.health),
            told: told.join(", "),
            announced: provider.expiry.announced.map_or("not told", words::reporting),
            time: provider.latency.all_rows.map(|spread| words::time(spread.median_ms)),
            size: provider.size.and_then(|size| size.bytes_per_profile).map(words::bytes),
            missing: words::listed(&missing),
        }
    }
}

impl SwitchCard {
    fn of(switch: &Switch, providers: &[ProviderComparison]) -> Self {
        let from = providers.iter().find(|one| one.provider == switch.from);
        Self {
            from: switch.from.to_string(),
            to: switch.to.to_string(),
            kept: switch.kept,
            of: from.map_or(0, |from| from.connections.len()),
            is_complete: switch.complete,
            lost: lists(&switch.lost),
            won: lists(&switch.won),
        }
    }
}

/// `7 days`, `12 hours`.
fn warn_time(milliseconds: i64) -> String {
    let hours = u64::try_from(milliseconds).unwrap_or_default() / 3_600_000;
    match (hours / 24, hours % 24) {
        (days, 0) if days > 0 => words::count(days, "day", "days"),
        _ => words::count(hours, "hour", "hours"),
    }
}

/// The word, the sign and the look of a verdict; the look is the word.
fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Healthy => "✓",
        Verdict::Warning => "!",
        Verdict::Broken => "✗",
        _ => "?",
    }
}

fn verdict_shares(health: &HealthSummary) -> Vec<VerdictShare> {
    let shares = [
        (Verdict::Healthy, health.healthy),
        (Verdict::Warning, health.warning),
        (Verdict::Broken, health.broken),
        (Verdict::Unknown, health.unknown),
    ];
    let total = health.total().max(1) as f64;
    let mut before = 0;
    let shares = shares.into_iter().map(|(verdict, connections)| {
        let share = VerdictShare {
            word: verdict.as_str(),
            sign: sign(verdict),
            connections,
            x: percent(before as f64 / total),
            width: percent(connections as f64 / total),
        };
        before += connections;
        share
    });
    shares.collect()
}

/// `37.5%`, as SVG takes it.
fn percent(share: f64) -> String {
    format!("{:.2}%", (share * 100.0).clamp(0.0, 100.0))
}

/// A name that is no longer than a line.
fn short(name: &str) -> String {
    const LONGEST: usize = 80;
    let mut characters = name.chars();
    let mut shown: String = characters.by_ref().take(LONGEST).collect();
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}

fn lists(advantage: &polyprofile::Advantage) -> Vec<List> {
    const SHOWN: usize = 12;
    let parts = words::parts(advantage).into_iter().filter(|part| !part.names.is_empty());
    parts
        .map(|part| List {
            what: part.what,
            number: part.names.len(),
            names: part.names.iter().take(SHOWN).map(|name| short(name)).collect(),
            more: part.names.len().saturating_sub(SHOWN),
        })
        .collect()
}

/// One cell for each provider.
fn row(document: &ComparisonDocument, name: &str, cell: impl Fn(&ProviderComparison) -> MatrixCell) -> MatrixRow {
    MatrixRow { name: short(name), cells: document.comparison.providers.iter().map(cell).collect() }
}

fn cell(text: impl Into<String>, look: &'static str) -> MatrixCell {
    MatrixCell { text: text.into(), note: String::new(), look }
}

fn platforms(document: &ComparisonDocument) -> Matrix {
    let coverage = |coverage: &PlatformCoverage| {
        let HealthSummary { broken, warning, .. } = coverage.health;
        match (coverage.connections, coverage.can_connect) {
            (0, Some(true)) => cell("○ can connect", "possible"),
            (0, Some(false)) => cell("– no", "none"),
            (0, None) => cell("not told", "none"),
            (number, _) => {
                let look = if broken > 0 {
                    "broken"
                } else if warning > 0 {
                    "warning"
                } else {
                    "healthy"
                };
                let mut notes = Vec::new();
                notes.extend((broken > 0).then(|| format!("✗ {broken} broken")));
                notes.extend((warning > 0).then(|| format!("! {warning} warning")));
                MatrixCell { note: notes.join(", "), ..cell(format!("● {number}"), look) }
            }
        }
    };
    let share = |platform| {
        row(document, polyprofile::Platform::label(platform), |one| {
            one.coverage(platform).map(coverage).unwrap_or_default()
        })
    };
    Matrix { rows: document.comparison.platforms.iter().map(share).collect() }
}

fn fields(document: &ComparisonDocument) -> Matrix {
    let share = |field: &polyprofile::Field| {
        row(document, field.label(), |one| {
            let Some((share, percent)) = one.field(*field).and_then(|share| Some((share, words::percent(share)?)))
            else {
                return cell("–", "heat-0");
            };
            let look = match share.share.unwrap_or_default() {
                0.0 => "heat-0",
                ..0.34 => "heat-1",
                ..0.67 => "heat-2",
                ..1.0 => "heat-3",
                _ => "heat-4",
            };
            MatrixCell { note: format!("{} of {}", share.filled, share.of), ..cell(percent, look) }
        })
    };
    Matrix { rows: polyprofile::Field::ALL.iter().map(share).collect() }
}

fn operations(document: &ComparisonDocument) -> Matrix {
    let offered = |operation: &Operation| {
        row(document, operation.as_str(), |one| match &one.capabilities {
            Some(capabilities) if capabilities.supports(*operation) => cell("✓ yes", "healthy"),
            Some(_) => cell("– no", "none"),
            None => cell("not told", "none"),
        })
    };
    let announced = row(document, "tell the end of a connection", |one| match one.expiry.announced {
        Some(ExpiryReporting::NotReported) => cell("– no", "none"),
        Some(reporting) => MatrixCell { note: words::reporting(reporting).to_owned(), ..cell("✓ yes", "healthy") },
        None => cell("not told", "none"),
    });
    Matrix { rows: Operation::ALL.iter().map(offered).chain([announced]).collect() }
}

fn signals(provider: &ProviderComparison) -> Signals {
    let signal = |words: &str, connections| Signal { words: short(words), connections };
    let statuses = provider.statuses.iter().map(|count| signal(count.status.as_str(), count.connections));
    let reasons = provider.reasons.iter().map(|count| signal(&count.reason.to_string(), count.connections));
    Signals { provider: provider.provider.to_string(), statuses: statuses.collect(), reasons: reasons.collect() }
}

fn trouble(provider: &ProviderComparison) -> impl Iterator<Item = TroubleRow> {
    let name = provider.provider.to_string();
    words::trouble(provider).into_iter().map(move |(sort, words, times)| TroubleRow {
        provider: name.clone(),
        sort,
        // An error is told in full: it says what to do about it.
        words,
        times,
    })
}
