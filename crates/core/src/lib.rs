//! The vendor-neutral heart of polyprofile.
//!
//! A *vendor* sells one API over many social networks. A *provider* is one configured access to a
//! vendor. Each [`Provider`] lists [`Profile`]s; a profile holds [`ConnectedPlatform`]s, the units
//! that expire, break and are reconnected. This crate defines that model, what it means for a
//! connection to be healthy ([`Health`]), what a provider must do ([`Provider`], [`VendorApi`]),
//! what can go wrong ([`Error`]) and how many providers are asked at once ([`Aggregator`]).
//!
//! It opens no socket and knows no vendor: adapters do, in crates of their own.
//!
//! Three rules hold everywhere:
//!
//! * Nothing is invented. What the vendor did not send is `None`, [`Expiry::NotReported`] or
//!   [`ConnectionStatus::Unknown`].
//! * Nothing is lost. A value that this version does not know is kept as sent; a value that cannot
//!   be understood becomes a [`FieldIssue`] and costs neither its row nor its list.
//! * `now` is an argument. Nothing in here reads the wall clock except [`SystemClock`].
//!
//! # Example
//!
//! ```
//! use chrono::{TimeDelta, Utc};
//! use polyprofile_core::{
//!     ConnectedPlatform, ConnectionStatus, Expiry, HealthPolicy, NormalizedPlatform, Platform, Verdict,
//! };
//!
//! let now = Utc::now();
//! let mut page = ConnectedPlatform::new(Platform::LinkedIn, ConnectionStatus::Active);
//! page.expiry = Expiry::at(now + TimeDelta::hours(5));
//!
//! let health = page.health(now, &HealthPolicy::default()).expect("a connection has a verdict");
//! assert_eq!(health.verdict, Verdict::Warning);
//! assert_eq!(health.days_left, Some(0)); // the last day counts
//! ```

mod aggregate;
mod audience;
mod capabilities;
mod clock;
mod compare;
mod error;
mod expiry;
mod health;
mod ids;
mod issue;
mod normalize;
mod open_enum;
mod operations;
mod packed;
mod person;
mod platform;
mod profile;
mod provider;
mod report;
mod stats;
mod timestamp;
mod traffic;
mod unify;

pub use aggregate::{Aggregate, Aggregator, Event, EventStream, ProviderOutcome};
pub use audience::Audience;
pub use capabilities::{Capabilities, ConnectMethod, ConnectSupport, ExpiryReporting, Operation};
pub use clock::{Clock, FixedClock, SystemClock};
pub use compare::{
    Advantage, ComparedConnection, Comparison, ContradictionCount, ExpiryTelling, ExpiryTold, Field, FieldShare,
    IssueCount, Latency, ListingSize, PlatformAdvantage, PlatformCoverage, ProviderComparison, ReasonCount, Spread,
    StatusCount, Switch, VendorField,
};
pub use error::{Error, ErrorKind, Remedy, Result};
pub use expiry::{Expiry, ReportedDays};
pub use health::{Contradiction, Health, HealthPolicy, HealthSummary, Reason, Verdict};
pub use ids::{ConnectionKey, GroupId, PlacementId, ProfileId, ProviderId, Vendor};
pub use issue::{FieldIssue, IssueKind};
pub use normalize::{Normalize, NormalizeContext, NormalizedPlatform, NormalizedProfile};
pub use operations::{
    CallbackOutcome, ConnectCallback, ConnectCredentials, ConnectLink, ConnectOutcome, ConnectRequest, ConnectTarget,
    ConnectedAccount, CreateGroup, CreateProfile, DeleteOutcome, GetOptions, Group, ListOptions, PersonApi,
    PersonQuery, Placement, StatsQuery, StatsSeries, WaitOptions,
};
pub use packed::{PackedIntoIter, PackedIter, PackedProfiles};
pub use person::{
    Certification, Contact, Education, IncompleteList, Language, Link, Locale, PartialDate, Person, Picture,
    PictureKind, Position, Skill, ViewerRelation,
};
pub use platform::Platform;
pub use profile::{ConnectedPlatform, ConnectionStatus, Profile, Relation};
pub use provider::{
    Listed, PackedList, ProfileStream, Provider, ProviderExt, Rejected, VendorApi, VendorApiExt, failed_stream,
};
pub use report::{ConnectionFilter, ConnectionReport, ListReport, ProfileHead, ProfileReport, ProviderReport};
pub use stats::{Metric, StatsScope, StatsSnapshot};
pub use timestamp::{TimestampProblem, parse_timestamp};
pub use traffic::Traffic;
pub use unify::{
    AccountFilter, AccountLink, AccountOverrides, Accounts, AccountsReport, Choice, ChoiceRule, ConnectionSelector,
    Disagreement, LinkRule, LinkedSighting, NextBreak, Note, NoteKind, OverrideProblem, Sighting, SightingId,
    Suggestion, SuggestionReason, ToldBy, UnifiedAccount, unify,
};

/// What providers and their users need from other crates to implement and call the traits.
pub mod reexport {
    pub use async_trait::async_trait;
    pub use chrono;
    pub use futures_core;
    pub use futures_util;
    pub use secrecy;
    pub use serde_json;
}
