//! `accounts`: the accounts behind the connections, whatever provider they came through.

use polyprofile::{
    AccountFilter, AccountLink, AccountsReport, LinkRule, ListOptions, NextBreak, ProviderReport, Rejected, Sighting,
    SightingId, Suggestion, ToldBy, UnifiedAccount,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Context, Outcome,
    list::{filter, policy},
};
use crate::{
    args::{AccountsArgs, Format},
    exit::ExitStatus,
    grid::{Cell, Grid, Number, Tone},
    output::{Document, Page},
    when,
};

pub(super) async fn run(args: &AccountsArgs, context: Context<'_>) -> Outcome {
    let Context { session, printer, talk } = context;
    let aggregator = session.aggregator()?;
    let progress = talk.progress("asking every provider");
    let aggregate = aggregator.collect(&ListOptions::new()).await;
    drop(progress);

    let mut shown = AccountFilter::new();
    shown.connections = filter(&args.selection);
    shown.shared = args.shared;
    let policy = policy(&args.selection);
    let report = AccountsReport::new(aggregate, session.now(), &policy, session.accounts(), &shown);
    let document = AccountsDocument(report);
    let report = &document.0;
    match printer.format() {
        // Whose connections are whose is known only at the end: then it is one account a line.
        Format::Ndjson => {
            for account in &report.accounts {
                printer.line(account)?;
            }
            printer.flush()?;
            for notice in notices(report) {
                talk.json(&notice);
            }
        }
        _ => printer.print(&document)?,
    }
    if !printer.format().is_json() {
        for error in report.providers.iter().filter_map(|provider| provider.error.as_ref()) {
            talk.error("incomplete", error);
        }
        for Rejected { provider, index, problem, .. } in &report.rejected {
            talk.say(&format!("rejected: {provider}: row {index}: {problem}"));
        }
        for problem in &report.override_problems {
            talk.say(&format!("configuration: {problem}"));
        }
    }
    Ok(ExitStatus::of_providers(&report.providers))
}

/// What goes to standard error beside the lines of accounts.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum AccountsNotice<'a> {
    /// Accounts that may be one.
    Suggestion {
        /// Which, and why.
        suggestion: &'a Suggestion,
    },
    /// Something in the configuration that could not be followed.
    OverrideProblem {
        /// What.
        problem: &'a polyprofile::OverrideProblem,
    },
    /// A row that could not be kept.
    Rejected {
        /// The row.
        rejected: &'a Rejected,
    },
    /// A provider is done.
    Provider {
        /// How it fared.
        provider: &'a ProviderReport,
    },
}

fn notices(report: &AccountsReport) -> impl Iterator<Item = AccountsNotice<'_>> {
    let suggestions = report.suggestions.iter().map(|suggestion| AccountsNotice::Suggestion { suggestion });
    let problems = report.override_problems.iter().map(|problem| AccountsNotice::OverrideProblem { problem });
    let rejected = report.rejected.iter().map(|rejected| AccountsNotice::Rejected { rejected });
    let providers = report.providers.iter().map(|provider| AccountsNotice::Provider { provider });
    suggestions.chain(problems).chain(rejected).chain(providers)
}

/// Accounts by platform and name.
#[derive(Serialize)]
#[serde(transparent)]
struct AccountsDocument(AccountsReport);

impl Document for AccountsDocument {
    fn page(&self) -> Page {
        let report = &self.0;
        let mut grid =
            Grid::new(["platform", "account", "verdict", "seen through", "post through", "breaks first", "because"]);
        grid.spare = &["because", "post through"];
        for account in &report.accounts {
            grid.row([
                Cell::from(account.platform.label()),
                Cell::from(account.label()),
                Cell::verdict(Some(account.verdict)),
                Cell::from(joined(account.sightings.iter().map(|sighting| sighting.id.to_string()))),
                Cell::from(account.post_through.as_ref().map(ToString::to_string)),
                breaks_first(account),
                Cell::from(joined(account.because.iter().map(in_short))).toned(Tone::Quiet),
            ]);
        }
        let mut suggestions = Grid::new(["platform", "what they share", "accounts", "why it is not sure"]);
        for Suggestion { platform, reason, name, sightings, .. } in &report.suggestions {
            suggestions.row([
                Cell::from(platform.label()),
                Cell::from(name.as_str()),
                Cell::from(joined(sightings.iter().map(SightingId::to_string))),
                Cell::from(reason.words()),
            ]);
        }
        let connections: usize = report.accounts.iter().map(|account| account.sightings.len()).sum();
        let shared = report.accounts.iter().filter(|account| account.sightings.len() > 1).count();
        let page = Page::of(grid).and(Some("May be one"), suggestions);
        let page = page.closed_by(format!(
            "{} accounts behind {connections} connections, {shared} of them seen more than once: {}.",
            report.accounts.len(),
            report.summary
        ));
        if report.providers.iter().all(|provider| provider.ok) {
            return page;
        }
        page.closed_by("Not everything could be looked at.")
    }

    /// One row per sighting; rows of one account have its number.
    fn records(&self) -> Grid {
        let mut grid = Grid::new([
            "account",
            "platform",
            "account_id",
            "username",
            "display_name",
            "profile_url",
            "account_verdict",
            "provider",
            "profile_id",
            "profile_name",
            "group",
            "status",
            "verdict",
            "days_left",
            "expires_at",
            "post_through",
            "breaks_first",
            "because",
        ]);
        for (account, number) in self.0.accounts.iter().zip(1..) {
            for sighting in &account.sightings {
                grid.row(record(number, account, sighting));
            }
        }
        grid
    }
}

fn record(number: u64, account: &UnifiedAccount, sighting: &Sighting) -> Vec<Cell> {
    let text =
        |choice: &Option<polyprofile::Choice<String>>| Cell::from(choice.as_ref().map(|choice| choice.value.clone()));
    let links = account.because.iter().filter(|link| link.sightings.iter().any(|one| one.sighting == sighting.id));
    let is_first = matches!(&account.breaks_first, NextBreak::Known { sighting: first, .. } if **first == sighting.id);
    vec![
        Cell::number(number),
        Cell::from(account.platform.as_str()),
        text(&account.account_id),
        text(&account.username),
        text(&account.display_name),
        text(&account.profile_url),
        Cell::from(account.verdict.as_str()),
        Cell::from(sighting.provider.as_str()),
        Cell::from(sighting.id.connection.profile.key.as_str()),
        Cell::from(sighting.profile_name.as_deref()),
        Cell::from(sighting.group.as_ref().map(polyprofile::GroupId::as_str)),
        Cell::from(sighting.status.as_str()),
        Cell::from(sighting.health.verdict.as_str()),
        Cell::from(sighting.health.days_left.map(Number)),
        Cell::from(sighting.expiry.date().map(when::timestamp)),
        Cell::from(account.post_through.as_ref() == Some(&sighting.id)),
        Cell::from(is_first),
        Cell::from(joined(links.map(ToString::to_string))),
    ]
}

/// What breaks first, and when.
fn breaks_first(account: &UnifiedAccount) -> Cell {
    match &account.breaks_first {
        NextBreak::Known { sighting, at, days_left, .. } => {
            let days = if *days_left == 1 { "1 day".to_owned() } else { format!("{days_left} days") };
            let which = if account.sightings.len() > 1 { format!(", {sighting}") } else { String::new() };
            Cell::from(format!("{} (in {days}{which})", when::date(*at)))
        }
        NextBreak::Unknown { .. } => Cell::from("not told").toned(Tone::Quiet),
        NextBreak::Never => Cell::from("never").toned(Tone::Quiet),
        _ => Cell::from("broken already").toned(Tone::Bad),
    }
}

/// A link without its sightings, which have a column of their own.
fn in_short(link: &AccountLink) -> String {
    let rule = match link.rule {
        LinkRule::PlatformId => "id",
        LinkRule::Handle => "handle",
        LinkRule::ProfileUrl => "page",
        _ => "you say so",
    };
    let is_name = link.sightings.iter().any(|one| one.told_by == Some(ToldBy::NameAsHandle));
    let told = if is_name { " (a name that starts with @)" } else { "" };
    link.name.as_ref().map_or_else(|| rule.to_owned(), |name| format!("{rule} {name}{told}"))
}

fn joined(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join("; ")
}
