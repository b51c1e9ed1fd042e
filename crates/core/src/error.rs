//! The one error of the library.

use std::{borrow::Cow, fmt, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{capabilities::Operation, ids::ProviderId, issue::printable_excerpt};

/// A result with the library's own [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, where, and what to do about it.
///
/// One pointer wide. It never holds a key, a header, a query string or a body: only the documented
/// message and code of an answer enter it, without control characters and cut to
/// [`Error::MESSAGE_LIMIT`] characters.
///
/// Displays as one line: `postproxy: get profile: not found (404): Not found`.
#[derive(Clone, Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<Inner>);

type Source = Box<dyn std::error::Error + Send + Sync>;

#[derive(Clone, Debug, thiserror::Error)]
struct Inner {
    kind: ErrorKind,
    provider: Option<ProviderId>,
    operation: Option<Operation>,
    status: Option<u16>,
    code: Option<String>,
    message: String,
    retry_after: Option<Duration>,
    request_id: Option<String>,
    attempts: u32,
    retryable: Option<bool>,
    remedy: Option<Remedy>,
    // Shared, so that an error can be kept and handed on.
    #[source]
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// Longest message, in characters; one that was cut ends with `…` behind them.
    pub const MESSAGE_LIMIT: usize = 500;
    /// Longest vendor code or request id, in characters.
    pub const CODE_LIMIT: usize = 100;

    /// An error of `kind`. The message says what happened and what to do; control characters are
    /// replaced and it is cut to [`Self::MESSAGE_LIMIT`].
    pub fn new(kind: ErrorKind, message: impl AsRef<str>) -> Self {
        Self(Box::new(Inner {
            kind,
            provider: None,
            operation: None,
            status: None,
            code: None,
            message: printable_excerpt(message.as_ref().trim(), Self::MESSAGE_LIMIT),
            retry_after: None,
            request_id: None,
            attempts: 0,
            retryable: None,
            remedy: None,
            source: None,
        }))
    }

    /// What sort of trouble.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Which provider it came from.
    pub fn provider(&self) -> Option<&ProviderId> {
        self.0.provider.as_ref()
    }

    /// What was being done.
    pub fn operation(&self) -> Option<Operation> {
        self.0.operation
    }

    /// The HTTP status of the answer, if there was an answer.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The vendor's own code: `PROFILE_NOT_FOUND`, `errors/disconnected_account`.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// What happened, in words: the vendor's where it said something.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// How long the vendor asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// What the vendor's support asks for.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How many requests were sent for this; 0 if none.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the same call can succeed later without anybody doing anything.
    pub fn is_retryable(&self) -> bool {
        self.0.retryable.unwrap_or_else(|| self.0.kind.is_retryable())
    }

    /// Who must act, and how.
    pub fn remedy(&self) -> Remedy {
        self.0.remedy.unwrap_or_else(|| self.0.kind.remedy())
    }

    /// Says which provider it came from.
    #[must_use]
    pub fn with_provider(mut self, provider: ProviderId) -> Self {
        self.0.provider = Some(provider);
        self
    }

    /// Says what was being done.
    #[must_use]
    pub fn with_operation(mut self, operation: Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    /// Adds the HTTP status of the answer.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    /// Adds the vendor's own code, cut to [`Self::CODE_LIMIT`].
    #[must_use]
    pub fn with_code(mut self, code: impl AsRef<str>) -> Self {
        self.0.code = Some(printable_excerpt(code.as_ref(), Self::CODE_LIMIT));
        self
    }

    /// Adds how long the vendor asks to wait.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// Adds what the vendor's support asks for, cut to [`Self::CODE_LIMIT`].
    #[must_use]
    pub fn with_request_id(mut self, request_id: impl AsRef<str>) -> Self {
        self.0.request_id = Some(printable_excerpt(request_id.as_ref(), Self::CODE_LIMIT));
        self
    }

    /// Adds how many requests were sent.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// Overrides what the kind says about trying again.
    #[must_use]
    pub fn with_retryable(mut self, retryable: bool) -> Self {
        self.0.retryable = Some(retryable);
        self
    }

    /// Overrides what the kind says about who must act.
    #[must_use]
    pub fn with_remedy(mut self, remedy: Remedy) -> Self {
        self.0.remedy = Some(remedy);
        self
    }

    /// Adds the cause. It must hold no secret: whoever prints the chain prints it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    /// Says which provider and operation it came from, where it does not say so itself.
    #[must_use]
    pub fn or_from(mut self, provider: &ProviderId, operation: Operation) -> Self {
        self.0.provider.get_or_insert_with(|| provider.clone());
        self.0.operation.get_or_insert(operation);
        self
    }

    /// Rewrites every text that came from outside, for example to blot out secrets that a vendor echoed.
    #[must_use]
    pub fn map_texts(mut self, map: impl Fn(&str) -> Cow<'_, str>) -> Self {
        let inner = &mut *self.0;
        for text in [Some(&mut inner.message), inner.code.as_mut(), inner.request_id.as_mut()].into_iter().flatten() {
            if let Cow::Owned(changed) = map(text) {
                *text = changed;
            }
        }
        self
    }
}

impl fmt::Display for Inner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(provider) = &self.provider {
            write!(formatter, "{provider}: ")?;
        }
        if let Some(operation) = self.operation {
            write!(formatter, "{operation}: ")?;
        }
        formatter.write_str(self.kind.words())?;
        match (self.status, &self.code) {
            (Some(status), Some(code)) => write!(formatter, " ({status} {code})")?,
            (Some(status), None) => write!(formatter, " ({status})")?,
            (None, Some(code)) => write!(formatter, " ({code})")?,
            (None, None) => {}
        }
        if self.message.is_empty() {
            return Ok(());
        }
        write!(formatter, ": {}", self.message)
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind, "")
    }
}

/// The sort of an [`Error`]: what a caller can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// Our key at the vendor is missing, wrong or too narrow.
    ApiKey,
    /// The social account must be connected again; our key is fine.
    ReconnectRequired,
    /// The key or the account may not do this.
    Permission,
    /// No such thing, or none that the key can see.
    NotFound,
    /// The request is wrong.
    Invalid,
    /// It clashes with what is there or still going on.
    Conflict,
    /// Too many requests.
    RateLimited,
    /// The vendor, or the network behind it, does not work at present.
    Unavailable,
    /// No answer in time.
    Timeout,
    /// The connection could not be made or broke.
    Network,
    /// The vendor's certificate cannot be trusted. Never tried again.
    Tls,
    /// The answer is no proper HTTP, a redirect, or has a status that no document mentions.
    Protocol,
    /// A write whose answer never came: it may have been applied.
    Ambiguous,
    /// The answer cannot be read.
    Decode,
    /// The answer is larger than allowed.
    TooLarge,
    /// The vendor does not offer this.
    Unsupported,
    /// The configuration is wrong.
    Config,
}

impl ErrorKind {
    /// Every kind there is.
    pub const ALL: [Self; 17] = [
        Self::ApiKey,
        Self::ReconnectRequired,
        Self::Permission,
        Self::NotFound,
        Self::Invalid,
        Self::Conflict,
        Self::RateLimited,
        Self::Unavailable,
        Self::Timeout,
        Self::Network,
        Self::Tls,
        Self::Protocol,
        Self::Ambiguous,
        Self::Decode,
        Self::TooLarge,
        Self::Unsupported,
        Self::Config,
    ];

    /// Whether errors of this kind can pass by themselves, unless one says otherwise.
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::RateLimited | Self::Unavailable | Self::Timeout | Self::Network)
    }

    /// Who must act, unless an error says otherwise.
    pub const fn remedy(self) -> Remedy {
        match self {
            Self::ApiKey => Remedy::FixKey,
            Self::ReconnectRequired => Remedy::ReconnectAccount,
            Self::NotFound | Self::Invalid | Self::Conflict | Self::Unsupported => Remedy::FixRequest,
            Self::RateLimited => Remedy::Wait,
            Self::Unavailable | Self::Timeout | Self::Network => Remedy::Retry,
            Self::Permission | Self::Tls | Self::Protocol | Self::Decode | Self::TooLarge => Remedy::AskVendor,
            Self::Ambiguous => Remedy::CheckFirst,
            Self::Config => Remedy::FixConfiguration,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::ApiKey => "the API key was refused",
            Self::ReconnectRequired => "the social account must be reconnected",
            Self::Permission => "not allowed",
            Self::NotFound => "not found",
            Self::Invalid => "invalid request",
            Self::Conflict => "conflict",
            Self::RateLimited => "too many requests",
            Self::Unavailable => "unavailable",
            Self::Timeout => "no answer in time",
            Self::Network => "connection failed",
            Self::Tls => "the certificate cannot be trusted",
            Self::Protocol => "unexpected answer",
            Self::Ambiguous => "it is unknown whether this was applied",
            Self::Decode => "unreadable answer",
            Self::TooLarge => "the answer is too large",
            Self::Unsupported => "not supported",
            Self::Config => "wrong configuration",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.words())
    }
}

/// Who must act after an error, and how. Displays as a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Remedy {
    /// The caller sets another key.
    FixKey,
    /// The account's owner signs in again.
    ReconnectAccount,
    /// Nobody: it passes after the time that the error names.
    Wait,
    /// Nobody: try again.
    Retry,
    /// The caller asks for something else.
    FixRequest,
    /// The caller mends the configuration.
    FixConfiguration,
    /// The caller looks whether the write was applied before sending it again.
    CheckFirst,
    /// The vendor: their side, the plan or the permissions are at fault.
    AskVendor,
}

impl fmt::Display for Remedy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::FixKey => "check the provider's API key",
            Self::ReconnectAccount => "connect the social account again",
            Self::Wait => "wait, then try again",
            Self::Retry => "try again later",
            Self::FixRequest => "change the request",
            Self::FixConfiguration => "mend the configuration",
            Self::CheckFirst => "look whether it was applied before sending it again",
            Self::AskVendor => "ask the vendor, or look at the plan and permissions there",
        })
    }
}

/// How an error is written and read: all of it but the cause, which has no form of its own.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Error"))]
struct ErrorForm {
    kind: ErrorKind,
    provider: Option<ProviderId>,
    operation: Option<Operation>,
    status: Option<u16>,
    code: Option<String>,
    message: String,
    retry_after_ms: Option<u64>,
    request_id: Option<String>,
    attempts: u32,
    retryable: bool,
    remedy: Remedy,
}

impl Serialize for Error {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let inner = &*self.0;
        ErrorForm {
            kind: inner.kind,
            provider: inner.provider.clone(),
            operation: inner.operation,
            status: inner.status,
            code: inner.code.clone(),
            message: inner.message.clone(),
            retry_after_ms: inner.retry_after.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
            request_id: inner.request_id.clone(),
            attempts: inner.attempts,
            retryable: self.is_retryable(),
            remedy: self.remedy(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Error {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let form = ErrorForm::deserialize(deserializer)?;
        let mut error = Self::new(form.kind, form.message);
        error.0.provider = form.provider;
        error.0.operation = form.operation;
        error.0.status = form.status;
        error.0.code = form.code;
        error.0.retry_after = form.retry_after_ms.map(Duration::from_millis);
        error.0.request_id = form.request_id;
        error.0.attempts = form.attempts;
        error.0.retryable = Some(form.retryable);
        error.0.remedy = Some(form.remedy);
        Ok(error)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Error {
    fn schema_name() -> Cow<'static, str> {
        "Error".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        ErrorForm::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Error, ErrorKind, Remedy};
    use crate::{Operation, ProviderId};

    #[test]
    fn an_error_is_one_pointer_wide() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn it_reads_as_one_line_whatever_the_vendor_sent() {
        let error = Error::new(ErrorKind::NotFound, "Not\nfound\u{1b}[31m\u{202e}")
            .with_provider(ProviderId::new("main"))
            .with_operation(Operation::GetProfile)
            .with_status(404)
            .with_code("PROFILE\r\nNOT_FOUND");
        assert_eq!(error.to_string(), "main: get profile: not found (404 PROFILE  NOT_FOUND): Not found [31m ");
    }

    #[test]
    fn a_long_message_is_cut_by_characters() {
        let error = Error::new(ErrorKind::Decode, "ü".repeat(10_000));
        assert_eq!(error.message().chars().count(), Error::MESSAGE_LIMIT + 1);
        assert!(error.message().ends_with('…'));
    }

    #[test]
    fn an_override_beats_the_kind() {
        let error = Error::from(ErrorKind::Conflict);
        assert!(!error.is_retryable());
        let in_flight = error.with_retryable(true).with_remedy(Remedy::Wait);
        assert!(in_flight.is_retryable());
        assert_eq!(in_flight.remedy(), Remedy::Wait);
    }

    #[test]
    fn it_is_written_and_read_back_without_its_cause() {
        let error = Error::new(ErrorKind::RateLimited, "slow down")
            .with_retry_after(Duration::from_secs(3))
            .with_attempts(2)
            .with_source(std::io::Error::other("inner"));
        let json = serde_json::to_value(&error).expect("an error serializes");
        let again: Error = serde_json::from_value(json.clone()).expect("it was written so");
        assert_eq!(serde_json::to_value(&again).expect("an error serializes"), json);
        assert_eq!(again.retry_after(), Some(Duration::from_secs(3)));
    }

    #[test]
    fn texts_from_outside_can_be_blotted_out() {
        let error = Error::new(ErrorKind::ApiKey, "bad key sk-1").with_code("sk-1").with_request_id("r sk-1");
        let error = error.map_texts(|text| text.replace("sk-1", "[redacted]").into());
        assert!(!format!("{error:?} {error}").contains("sk-1"));
    }
}
