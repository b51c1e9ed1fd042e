//! What one provider has and others have not.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::{ComparedConnection, Field, ProviderComparison};
use crate::{
    capabilities::{ExpiryReporting, Operation},
    ids::ProviderId,
    platform::Platform,
};

/// What would be lost and what won by moving from one provider to another one.
///
/// What is lost one way is won the other way: `switch(a, b).lost` equals `switch(b, a).won`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Switch {
    /// The provider to leave.
    pub from: ProviderId,
    /// The provider to go to.
    pub to: ProviderId,
    /// Whether both lists came to their end and every row was kept. If not, what is missing may only not have
    /// been seen.
    pub complete: bool,
    /// Connections of the provider to leave whose account is connected through the other one too: nothing has
    /// to be done for them.
    pub kept: u64,
    /// What only the provider to leave has.
    pub lost: Advantage,
    /// What only the provider to go to has.
    pub won: Advantage,
}

impl Switch {
    pub(super) fn between(from: &ProviderComparison, to: &ProviderComparison) -> Self {
        let lost = Advantage::over(from, &[to]);
        // Nothing is known about the connections of a provider that did not answer: then nothing is kept either.
        let known = if to.has_answered() { from.connections.len() } else { lost.connections.len() };
        Self {
            from: from.provider.clone(),
            to: to.provider.clone(),
            complete: from.is_complete() && to.is_complete(),
            kept: (known - lost.connections.len()) as u64,
            won: Advantage::over(to, &[from]),
            lost,
        }
    }
}

/// What one provider has and certain others have not. Only what is known of them counts: a provider that did not
/// answer has no say about connections, one without connections none about their fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Advantage {
    /// Connections whose account is connected through none of the others, in the order of the list.
    pub connections: Vec<ComparedConnection>,
    /// Connections whose account is connected through others too, but none of these tells when it ends.
    pub ends_told: Vec<ComparedConnection>,
    /// Platforms that none of the others offers.
    pub platforms: Vec<PlatformAdvantage>,
    /// Fields that some profile or connection has, and none of the others.
    pub fields: Vec<Field>,
    /// Operations that none of the others offers.
    pub operations: Vec<Operation>,
    /// What none of the others tells about the end of a connection.
    pub expiry: Vec<ExpiryTelling>,
    /// What none of the others tells beyond the model, under the vendor's own names.
    pub vendor_fields: Vec<String>,
}

impl Advantage {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What `one` has and none of `others`; nothing if there are no others.
    pub(super) fn over(one: &ProviderComparison, others: &[&ProviderComparison]) -> Self {
        let (connections, ends_told) = connections(one, others);
        Self {
            connections,
            ends_told,
            platforms: platforms(one, others),
            fields: fields(one, others),
            operations: operations(one, others),
            expiry: expiry(one, others),
            vendor_fields: vendor_fields(one, others),
        }
    }
}

/// A platform that one provider offers and others do not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PlatformAdvantage {
    /// The platform.
    pub platform: Platform,
    /// Connections to it; 0 if it could only be connected.
    pub connections: u64,
}

/// Something that a vendor can tell about the end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ExpiryTelling {
    /// The date.
    Date,
    /// How many days are left.
    DayCount,
    /// That there is no deadline.
    NoDeadline,
}

/// The accounts that only `one` connects, and those that others connect too without telling when they end.
fn connections(
    one: &ProviderComparison,
    others: &[&ProviderComparison],
) -> (Vec<ComparedConnection>, Vec<ComparedConnection>) {
    let answered: Vec<_> = others.iter().filter(|other| other.has_answered()).collect();
    if answered.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let mut ends_elsewhere: HashMap<u64, bool> = HashMap::new();
    for theirs in answered.iter().flat_map(|other| &other.connections) {
        *ends_elsewhere.entry(theirs.account).or_default() |= tells_the_end(theirs);
    }
    let (mut only_here, mut ends_told) = (Vec::new(), Vec::new());
    for connection in &one.connections {
        match ends_elsewhere.get(&connection.account) {
            None => only_here.push(connection.clone()),
            Some(false) if tells_the_end(connection) => ends_told.push(connection.clone()),
            Some(_) => {}
        }
    }
    (only_here, ends_told)
}

fn tells_the_end(connection: &ComparedConnection) -> bool {
    connection.expiry == crate::Expiry::NoDeadline || connection.expiry.window().is_some()
}

fn platforms(one: &ProviderComparison, others: &[&ProviderComparison]) -> Vec<PlatformAdvantage> {
    let is_refused = |platform: &Platform| {
        let theirs = others.iter().filter_map(|other| other.coverage(platform));
        !others.is_empty()
            && theirs.into_iter().all(|theirs| theirs.connections == 0 && theirs.can_connect == Some(false))
    };
    let offered = one.platforms.iter().filter(|coverage| coverage.is_offered() && is_refused(&coverage.platform));
    offered
        .map(|coverage| PlatformAdvantage { platform: coverage.platform.clone(), connections: coverage.connections })
        .collect()
}

fn fields(one: &ProviderComparison, others: &[&ProviderComparison]) -> Vec<Field> {
    let is_left_out = |field: Field| {
        let mut theirs = others.iter().filter_map(|other| other.field(field)).filter(|share| share.of > 0).peekable();
        theirs.peek().is_some() && theirs.all(|share| share.filled == 0)
    };
    let filled = one.fields.iter().filter(|share| share.filled > 0).map(|share| share.field);
    filled.filter(|field| is_left_out(*field)).collect()
}

fn operations(one: &ProviderComparison, others: &[&ProviderComparison]) -> Vec<Operation> {
    let known: Vec<_> = others.iter().filter_map(|other| other.capabilities.as_ref()).collect();
    if known.is_empty() {
        return Vec::new();
    }
    let offered = one.capabilities.iter().flat_map(|capabilities| &capabilities.operations);
    offered.filter(|operation| !known.iter().any(|theirs| theirs.supports(**operation))).copied().collect()
}

fn expiry(one: &ProviderComparison, others: &[&ProviderComparison]) -> Vec<ExpiryTelling> {
    let can_be_known = |other: &&&ProviderComparison| !other.connections.is_empty() || other.capabilities.is_some();
    let known: Vec<_> = others.iter().filter(can_be_known).collect();
    if known.is_empty() {
        return Vec::new();
    }
    let theirs: BTreeSet<ExpiryTelling> = known.into_iter().flat_map(|other| tellings(other)).collect();
    tellings(one).difference(&theirs).copied().collect()
}

/// What a provider told about the end of its connections, or says that it would tell.
fn tellings(provider: &ProviderComparison) -> BTreeSet<ExpiryTelling> {
    let told = &provider.expiry;
    let announced: &[ExpiryTelling] = match told.announced {
        Some(ExpiryReporting::Date) => &[ExpiryTelling::Date, ExpiryTelling::NoDeadline],
        Some(ExpiryReporting::DateAndDays) => &[ExpiryTelling::Date, ExpiryTelling::DayCount],
        Some(ExpiryReporting::NotReported) | None => &[],
    };
    let seen = [
        (ExpiryTelling::Date, told.date),
        (ExpiryTelling::DayCount, told.day_count),
        (ExpiryTelling::NoDeadline, told.no_deadline),
    ];
    let seen = seen.into_iter().filter(|(_, connections)| *connections > 0).map(|(telling, _)| telling);
    seen.chain(announced.iter().copied()).collect()
}

fn vendor_fields(one: &ProviderComparison, others: &[&ProviderComparison]) -> Vec<String> {
    let mut listed = others.iter().filter(|other| other.profiles > 0).peekable();
    if listed.peek().is_none() {
        return Vec::new();
    }
    let theirs: BTreeSet<&str> =
        listed.flat_map(|other| &other.vendor_fields).map(|field| field.name.as_str()).collect();
    let ours = one.vendor_fields.iter().map(|field| &field.name);
    ours.filter(|name| !theirs.contains(name.as_str())).cloned().collect()
}
