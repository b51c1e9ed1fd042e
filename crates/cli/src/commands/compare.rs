//! `compare`: the providers side by side, and what moving from one to another would cost.

mod page;
mod tables;
mod words;

use std::{fs, time::Duration};

use polyprofile::{
    Aggregate, Aggregator, Comparison, ErrorKind, HealthPolicy, ListOptions, Provider as _, ProviderId, Switch,
};
use schemars::JsonSchema;
use serde::Serialize;
use tokio::time::Instant;

use super::{Context, Outcome};
use crate::{args::CompareArgs, exit::ExitStatus, failure::Failure, session::Session, talk::Talk};

pub(super) async fn run(args: &CompareArgs, context: Context<'_>) -> Outcome {
    let Context { session, printer, talk } = context;
    let (from, to) = (provider_id(session, args.from.as_deref())?, provider_id(session, args.to.as_deref())?);
    if from.is_some() && from == to {
        return Err(Failure::usage("`--from` and `--to` name the same provider"));
    }
    let samples = take_samples(session, args.samples, talk).await?;
    let capabilities = session.aggregator()?.capabilities();
    let comparison = Comparison::new(&samples, &capabilities, session.now(), &HealthPolicy::warn_within(args.within));
    let exit = ExitStatus::of_comparison(&comparison);
    let document = ComparisonDocument::new(comparison, from.as_ref(), to.as_ref());

    if let Some(path) = &args.html {
        fs::write(path, page::html(&document)?).map_err(|problem| Failure::file(path, problem))?;
        talk.say(&format!("written into {}", path.display()));
    }
    printer.print(&document)?;
    if !printer.format().is_json() {
        for error in document.comparison.providers.iter().flat_map(|provider| &provider.errors) {
            talk.error("incomplete", error);
        }
    }
    Ok(exit)
}

/// The providers side by side.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ComparisonDocument {
    #[serde(flatten)]
    comparison: Comparison,
    /// What moving from one provider to another one would cost: every pair, unless `--from` or `--to` names one.
    switches: Vec<Switch>,
}

impl ComparisonDocument {
    fn new(comparison: Comparison, from: Option<&ProviderId>, to: Option<&ProviderId>) -> Self {
        let is_asked_for =
            |switch: &Switch| from.is_none_or(|from| *from == switch.from) && to.is_none_or(|to| *to == switch.to);
        let switches = comparison.switches().filter(is_asked_for).collect();
        Self { comparison, switches }
    }

    /// The switches to show to people. Where every pair was asked for, each is shown one way: the other way round,
    /// lost and won change places.
    fn shown_switches(&self) -> impl Iterator<Item = &Switch> {
        let place = |id: &ProviderId| self.comparison.providers.iter().position(|one| one.provider == *id);
        let has_both_ways = self.has_both_ways();
        self.switches.iter().filter(move |switch| !has_both_ways || place(&switch.from) < place(&switch.to))
    }

    fn has_both_ways(&self) -> bool {
        let providers = self.comparison.providers.len();
        self.switches.len() == providers * providers.saturating_sub(1)
    }
}

/// The provider that an argument names.
fn provider_id(session: &Session, name: Option<&str>) -> Result<Option<ProviderId>, Failure> {
    name.map(|name| session.provider(name).map(|provider| provider.id().clone())).transpose()
}

/// Asks every provider for its list `count` times.
///
/// One list after the other, also of different providers: otherwise the time of one would hold the work that another
/// one makes. A list that fails is asked for again if that can help, within the time that the provider has.
async fn take_samples(session: &Session, count: u32, talk: &Talk) -> Result<Vec<Aggregate>, Failure> {
    let mut samples = Vec::new();
    for provider in session.all()? {
        let (started, mut has_complete) = (Instant::now(), false);
        for turn in 1..=count {
            let left = session.timeout().map(|timeout| timeout.saturating_sub(started.elapsed()));
            if turn > 1 && left == Some(Duration::ZERO) {
                break;
            }
            let progress = talk.progress(format!("asking {}, {turn} of {count}", provider.id()));
            let aggregator = Aggregator::new().with(provider.clone())?;
            let aggregator = if let Some(left) = left { aggregator.deadline(left) } else { aggregator };
            let sample = aggregator.collect(&ListOptions::new()).await;
            drop(progress);

            let error = sample.outcomes.iter().find_map(|outcome| outcome.error.as_ref());
            // What the user's own limit cut short, after a list came in time, says nothing about the vendor.
            let is_out_of_time = left.is_some_and(|left| left < session.timeout().unwrap_or_default())
                && error.is_some_and(|error| error.kind() == ErrorKind::Timeout);
            if has_complete && is_out_of_time {
                break;
            }
            has_complete |= error.is_none();
            let is_hopeless = error.is_some_and(|error| !error.is_retryable());
            samples.push(sample);
            if is_hopeless {
                break;
            }
        }
    }
    Ok(samples)
}
