//! Which of several values stands for an account.

use std::collections::{HashMap, HashSet};

use super::{
    account::{Choice, ChoiceRule, Disagreement, Sighting, SightingId},
    naming,
};
use crate::{audience::Audience, ids::ProviderId, platform::Platform};

/// A value that a sighting told, and the spelling under which it counts.
pub(super) struct Told<'a, T> {
    pub(super) value: T,
    pub(super) spelling: String,
    pub(super) by: &'a Sighting,
}

/// Chooses by [`ChoiceRule`]; `None` if nobody told any. `told` is in the order of the sightings.
pub(super) fn choose<T: Clone>(told: Vec<Told<'_, T>>) -> Option<Choice<T>> {
    let mut values: Vec<Value<'_, T>> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let count = told.len();
    for Told { value, spelling, by } in told {
        let place = *known.entry(spelling).or_insert_with(|| {
            values.push(Value { value: value.clone(), best: by, tellers: Vec::new() });
            values.len() - 1
        });
        let entry = &mut values[place];
        if by.health.verdict < entry.best.health.verdict {
            entry.value = value;
            entry.best = by;
        }
        entry.tellers.push(by);
    }
    // The first of equals wins: values are in the order of the sightings.
    let mut ranked: Vec<usize> = (0..values.len()).collect();
    ranked.sort_by_key(|place| {
        let value = &values[*place];
        (std::cmp::Reverse(value.providers()), value.best.health.verdict)
    });
    let (first, second) = (&values[*ranked.first()?], ranked.get(1).map(|place| &values[*place]));
    let rule = match second {
        None if count == 1 => ChoiceRule::OnlyOne,
        None => ChoiceRule::AllAgree,
        Some(second) if first.providers() > second.providers() => ChoiceRule::MostProviders,
        Some(second) if first.best.health.verdict < second.best.health.verdict => ChoiceRule::Healthiest,
        Some(_) => ChoiceRule::FirstByName,
    };
    let mut choice = Choice::new(first.value.clone(), rule, first.best.id.clone());
    choice.disagreed = ranked[1..].iter().map(|place| values[*place].disagreement()).collect();
    Some(choice)
}

/// Chooses counts: those taken last, for they all count the same account.
pub(super) fn choose_audience(told: Vec<Told<'_, Audience>>) -> Option<Choice<Audience>> {
    let latest = told.iter().filter_map(|told| told.value.recorded_at).max();
    let Some(latest) = latest.filter(|_| told.len() > 1) else { return choose(told) };
    let (last, earlier): (Vec<_>, Vec<_>) = told.into_iter().partition(|told| told.value.recorded_at == Some(latest));
    let mut choice = choose(last)?;
    if let (true, Some(others)) = (!earlier.is_empty(), choose(earlier)) {
        choice.rule = ChoiceRule::Latest;
        // Who counted the same at another time does not disagree.
        let counts = |audience: &Audience| Audience { recorded_at: None, ..audience.clone() };
        let chosen = counts(&choice.value);
        choice.disagreed.push(Disagreement::new(others.value, vec![others.from]));
        choice.disagreed.extend(others.disagreed);
        choice.disagreed.retain(|other| counts(&other.value) != chosen);
    }
    Some(choice)
}

/// The spelling under which two ids, handles or addresses are the same.
pub(super) fn spelling_of_name(reading: &Result<naming::Name, naming::Nobody>, text: &str) -> String {
    match reading {
        Ok(name) => name.text.clone(),
        Err(_) => text.trim().to_owned(),
    }
}

/// As people compare names of people: without regard to case and the width of blanks.
pub(super) fn spelling_of_display_name(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// A field as text, with the spellings of its platform.
pub(super) fn spelling_of(field: Field, platform: &Platform, text: &str) -> String {
    match field {
        Field::AccountId => spelling_of_name(&naming::of_id(platform, text), text),
        Field::Username => spelling_of_name(&naming::of_handle(platform, text), text),
        Field::ProfileUrl => spelling_of_name(&naming::of_page(platform, text), text),
        Field::DisplayName | Field::AvatarUrl => text.trim().to_owned(),
    }
}

/// A field that is a text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Field {
    AccountId,
    Username,
    DisplayName,
    AvatarUrl,
    ProfileUrl,
}

struct Value<'a, T> {
    value: T,
    /// The healthiest sighting that tells it.
    best: &'a Sighting,
    tellers: Vec<&'a Sighting>,
}

impl<T: Clone> Value<'_, T> {
    fn providers(&self) -> usize {
        self.tellers.iter().map(|sighting| &sighting.provider).collect::<HashSet<&ProviderId>>().len()
    }

    fn disagreement(&self) -> Disagreement<T> {
        let from: Vec<SightingId> = self.tellers.iter().map(|sighting| sighting.id.clone()).collect();
        Disagreement::new(self.value.clone(), from)
    }
}
