//! Our one answer about a connection: does it work, and for how long.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{expiry::Expiry, profile::ConnectionStatus};

/// The verdict about one connection, with everything that speaks for it.
///
/// | # | condition | verdict | reason |
/// | --- | --- | --- | --- |
/// | 1 | status expired, or the end is reached | broken | [`Reason::Expired`] |
/// | 2 | status needs reconnect | broken | [`Reason::NeedsReconnect`] |
/// | 3 | status inactive or failed | broken | [`Reason::Inactive`], [`Reason::Failed`] |
/// | 4 | the end comes within the policy's `warn_within`; the last day counts | warning | [`Reason::ExpiresSoon`] |
/// | 5 | the answer contradicts itself | at least warning | [`Reason::Contradiction`] |
/// | 6 | any other status than active; or active with a date that cannot be read | unknown | [`Reason::StatusUnknown`], [`Reason::ExpiryUnreadable`] |
/// | 7 | active | healthy | none, or the note [`Reason::ExpiryNotReported`] |
///
/// The first row that matches decides the verdict; every row that matches gives its reason. As `now`
/// goes on and the answer stays the same, the verdict only gets worse.
///
/// A day count without a date ends the connection somewhere within a day: row 1 takes the later end,
/// row 4 and `days_left` the earlier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Health {
    /// The one word.
    pub verdict: Verdict,
    /// Whether a post would go out now: `false` for rows 1 to 3, `true` for any other active
    /// connection, `None` where nobody can say.
    pub can_post: Option<bool>,
    /// Whole days left: rounded down, 0 on the last day, negative once past.
    pub days_left: Option<i64>,
    /// Everything that speaks for the verdict, the deciding reason first.
    pub reasons: Vec<Reason>,
}

impl Health {
    /// Judges a connection by what its vendor says, at `now`.
    ///
    /// [`NormalizedPlatform::health`](crate::NormalizedPlatform::health) is the same for a row.
    pub fn judge(
        status: &ConnectionStatus,
        status_reason: Option<&str>,
        expiry: &Expiry,
        now: DateTime<Utc>,
        policy: &HealthPolicy,
    ) -> Self {
        let window = expiry.window();
        let end_reached = window.is_some_and(|end| end.latest <= now);
        let is_active = *status == ConnectionStatus::Active;
        let vendor_reason = || status_reason.map(str::to_owned);

        // The verdict of the first rule that matches; rules are asked in their order.
        let mut verdict = None;
        let mut reasons = Vec::new();
        let mut matched = |rule_verdict: Verdict, reason: Reason| {
            verdict.get_or_insert(rule_verdict);
            reasons.push(reason);
        };

        if end_reached || *status == ConnectionStatus::Expired {
            matched(Verdict::Broken, Reason::Expired);
        }
        match status {
            ConnectionStatus::NeedsReconnect => {
                matched(Verdict::Broken, Reason::NeedsReconnect { vendor_reason: vendor_reason() });
            }
            ConnectionStatus::Inactive => matched(Verdict::Broken, Reason::Inactive { vendor_reason: vendor_reason() }),
            ConnectionStatus::Failed => matched(Verdict::Broken, Reason::Failed { vendor_reason: vendor_reason() }),
            _ => {}
        }
        if !end_reached && window.is_some_and(|end| end.earliest.signed_duration_since(now) <= policy.warn_within) {
            matched(Verdict::Warning, Reason::ExpiresSoon);
        }
        for contradiction in contradictions(status, expiry, now) {
            matched(Verdict::Warning, Reason::Contradiction { between: contradiction });
        }
        match (status, expiry) {
            (ConnectionStatus::Active, Expiry::Unreadable { .. }) => {
                matched(Verdict::Unknown, Reason::ExpiryUnreadable);
            }
            (ConnectionStatus::Active, Expiry::NotReported) => matched(Verdict::Healthy, Reason::ExpiryNotReported),
            (ConnectionStatus::Connecting | ConnectionStatus::Unknown | ConnectionStatus::Other(_), _) => {
                matched(Verdict::Unknown, Reason::StatusUnknown { status: status.clone() });
            }
            _ => {}
        }

        let verdict = verdict.unwrap_or(Verdict::Healthy);
        let can_post = if verdict == Verdict::Broken { Some(false) } else { is_active.then_some(true) };
        Self { verdict, can_post, days_left: expiry.days_left(now), reasons }
    }
}

/// What [`Health`] is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HealthPolicy {
    /// A connection that ends within this time is a warning. 7 days by default.
    pub warn_within: TimeDelta,
}

impl HealthPolicy {
    /// Warns about connections that end within `duration`.
    pub const fn warn_within(duration: TimeDelta) -> Self {
        Self { warn_within: duration }
    }
}

impl Default for HealthPolicy {
    fn default() -> Self {
        Self { warn_within: TimeDelta::days(7) }
    }
}

/// Does a connection work?
///
/// Ordered from best to worst; an unknown state is worse than a healthy one and better than a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// It works and nothing says that it will stop soon.
    Healthy,
    /// The vendor does not say enough.
    Unknown,
    /// It works and will stop soon, or the answer contradicts itself.
    Warning,
    /// It does not work: posts through it fail.
    Broken,
}

impl Verdict {
    /// The word as it is written in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Unknown => "unknown",
            Self::Warning => "warning",
            Self::Broken => "broken",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// Something that speaks for a [`Verdict`]. Displays as words for people.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// Its end is reached, or the vendor says so.
    Expired,
    /// Somebody has to sign in again.
    NeedsReconnect {
        /// The vendor's own words, where told.
        vendor_reason: Option<String>,
    },
    /// Disconnected or suspended on the platform.
    Inactive {
        /// The vendor's own words, where told.
        vendor_reason: Option<String>,
    },
    /// The vendor failed to keep it up.
    Failed {
        /// The vendor's own words, where told.
        vendor_reason: Option<String>,
    },
    /// Its end comes within the policy's `warn_within`.
    ExpiresSoon,
    /// Two parts of the answer contradict each other.
    Contradiction {
        /// Which parts.
        between: Contradiction,
    },
    /// The status says neither that it works nor that it does not.
    StatusUnknown {
        /// The status.
        status: ConnectionStatus,
    },
    /// A date was sent and cannot be read.
    ExpiryUnreadable,
    /// The vendor says nothing about the end: it may come at any time.
    ExpiryNotReported,
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (words, vendor_reason) = match self {
            Self::Expired => ("expired", None),
            Self::NeedsReconnect { vendor_reason } => ("needs to be reconnected", vendor_reason.as_deref()),
            Self::Inactive { vendor_reason } => ("disconnected or suspended on the platform", vendor_reason.as_deref()),
            Self::Failed { vendor_reason } => ("the vendor failed to keep it up", vendor_reason.as_deref()),
            Self::ExpiresSoon => ("expires soon", None),
            Self::Contradiction { between } => (between.words(), None),
            Self::StatusUnknown { status } => ("the vendor says neither good nor bad", Some(status.as_str())),
            Self::ExpiryUnreadable => ("its expiry date cannot be read", None),
            Self::ExpiryNotReported => ("the vendor does not tell when it expires", None),
        };
        formatter.write_str(words)?;
        match vendor_reason {
            Some(reason) => write!(formatter, " ({reason})"),
            None => Ok(()),
        }
    }
}

/// Two parts of an answer that cannot both be true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Contradiction {
    /// Said to be active, past its own end.
    ActivePastExpiry,
    /// Said to be expired, before its own end.
    ExpiredBeforeExpiry,
    /// The day count is more than a day off the date it came with.
    DaysDisagreeWithDate,
}

impl Contradiction {
    const fn words(self) -> &'static str {
        match self {
            Self::ActivePastExpiry => "said to be active past its expiry date",
            Self::ExpiredBeforeExpiry => "said to be expired before its expiry date",
            Self::DaysDisagreeWithDate => "its day count disagrees with its expiry date",
        }
    }
}

/// How many connections have which verdict. People who were only looked up are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct HealthSummary {
    /// Connections that work.
    pub healthy: u64,
    /// Connections that will stop soon, or whose answer contradicts itself.
    pub warning: u64,
    /// Connections that do not work.
    pub broken: u64,
    /// Connections about which the vendor does not say enough.
    pub unknown: u64,
}

impl HealthSummary {
    /// Nothing counted.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts one more verdict.
    pub fn add(&mut self, verdict: Verdict) {
        *match verdict {
            Verdict::Healthy => &mut self.healthy,
            Verdict::Warning => &mut self.warning,
            Verdict::Broken => &mut self.broken,
            Verdict::Unknown => &mut self.unknown,
        } += 1;
    }

    /// All that was counted.
    pub const fn total(&self) -> u64 {
        self.healthy + self.warning + self.broken + self.unknown
    }
}

impl Extend<Verdict> for HealthSummary {
    fn extend<I: IntoIterator<Item = Verdict>>(&mut self, verdicts: I) {
        verdicts.into_iter().for_each(|verdict| self.add(verdict));
    }
}

impl FromIterator<Verdict> for HealthSummary {
    fn from_iter<I: IntoIterator<Item = Verdict>>(verdicts: I) -> Self {
        let mut summary = Self::new();
        summary.extend(verdicts);
        summary
    }
}

impl fmt::Display for HealthSummary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { healthy, warning, broken, unknown } = self;
        write!(formatter, "{healthy} healthy, {warning} warning, {broken} broken, {unknown} unknown")
    }
}

fn contradictions(
    status: &ConnectionStatus,
    expiry: &Expiry,
    now: DateTime<Utc>,
) -> impl Iterator<Item = Contradiction> + use<> {
    let window = expiry.window();
    let of_status = match status {
        ConnectionStatus::Active => {
            window.is_some_and(|end| end.latest <= now).then_some(Contradiction::ActivePastExpiry)
        }
        ConnectionStatus::Expired => {
            window.is_some_and(|end| end.earliest > now).then_some(Contradiction::ExpiredBeforeExpiry)
        }
        _ => None,
    };
    let of_days = match expiry {
        Expiry::At { at, reported: Some(reported) } if reported.contradicts(*at) => {
            Some(Contradiction::DaysDisagreeWithDate)
        }
        _ => None,
    };
    of_status.into_iter().chain(of_days)
}
