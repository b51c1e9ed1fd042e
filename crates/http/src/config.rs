//! How a provider talks to its vendor. Every default can be changed.

use std::{fmt, sync::Arc, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use percent_encoding::percent_decode_str;
use polyprofile_core::{Clock, SystemClock};
use secrecy::{ExposeSecret as _, SecretString, zeroize::Zeroizing};
use url::Url;

use crate::{
    json::LexerLimits,
    random::{Random, ThreadRandom},
};

/// How a provider talks to its vendor.
#[derive(Clone)]
#[non_exhaustive]
pub struct HttpConfig {
    /// How long to wait for what.
    pub timeouts: Timeouts,
    /// How much to take in.
    pub limits: Limits,
    /// How often to try.
    pub retry: RetryPolicy,
    /// When to stop asking for a while.
    pub breaker: BreakerPolicy,
    /// How many requests to send in which time; as many as the vendor takes if `None`.
    pub rate: Option<Rate>,
    /// Whether every other piece of a listing is decoded on a thread of its own, while the caller works with the rows
    /// before. Off by default: it pays for lists of thousands of rows, where a second core is free.
    ///
    /// Rows, their order and errors are the same. At most one piece that was received, and the rows that begin in its
    /// first 128 KiB, wait in memory. Dropping the stream ends the thread within a row.
    pub parallel_decode: bool,
    /// Which proxy to go through.
    pub proxy: ProxyChoice,
    /// Further root certificates to trust, each as PEM.
    pub root_certificates: Vec<Vec<u8>>,
    /// The name shown to the vendor.
    pub user_agent: String,
    /// A client of the caller's own instead of the one built from this configuration.
    ///
    /// Build it from [`hardened_builder`](crate::hardened_builder): a client that follows redirects
    /// hands the key to whatever host an answer names.
    pub client: Option<reqwest::Client>,
    /// The wall clock.
    pub clock: Arc<dyn Clock>,
    /// The spread of retries.
    pub random: Arc<dyn Random>,
}

impl HttpConfig {
    /// The defaults that each field's type documents.
    pub fn new() -> Self {
        Self::default()
    }
}

impl fmt::Debug for HttpConfig {
    /// Of a client of the caller's own only that there is one: it prints its headers and proxies.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpConfig")
            .field("timeouts", &self.timeouts)
            .field("limits", &self.limits)
            .field("retry", &self.retry)
            .field("breaker", &self.breaker)
            .field("rate", &self.rate)
            .field("parallel_decode", &self.parallel_decode)
            .field("proxy", &self.proxy)
            .field("root_certificates", &self.root_certificates.len())
            .field("user_agent", &self.user_agent)
            .field("client", &self.client.as_ref().map(|_| ".."))
            .field("clock", &self.clock)
            .field("random", &self.random)
            .finish()
    }
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            timeouts: Timeouts::default(),
            limits: Limits::default(),
            retry: RetryPolicy::default(),
            breaker: BreakerPolicy::default(),
            rate: None,
            parallel_decode: false,
            proxy: ProxyChoice::default(),
            root_certificates: Vec::new(),
            user_agent: concat!("polyprofile/", env!("CARGO_PKG_VERSION")).to_owned(),
            client: None,
            clock: Arc::new(SystemClock),
            random: Arc::new(ThreadRandom),
        }
    }
}

/// How long to wait for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// For a connection: 3 s.
    pub connect: Duration,
    /// For the headers of one attempt: 15 s.
    pub headers: Duration,
    /// Between two pieces of a body: 10 s.
    pub silence: Duration,
    /// For one call in all, with its retries: 30 s.
    pub call: Duration,
    /// For one listing in all, counting only time spent waiting for the vendor: 120 s.
    pub listing: Duration,
    /// A body may come slower than [`Self::least_bytes_per_second`] for so long: 10 s.
    pub grace: Duration,
    /// How fast a body must come after the grace: 1 KiB/s.
    pub least_bytes_per_second: u32,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            headers: Duration::from_secs(15),
            silence: Duration::from_secs(10),
            call: Duration::from_secs(30),
            listing: Duration::from_secs(120),
            grace: Duration::from_secs(10),
            least_bytes_per_second: 1_024,
        }
    }
}

/// How much to take in. Bytes are counted after decompression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of a single document: 16 MiB.
    pub document: usize,
    /// Bytes of one item of a listing: 1 MiB. A larger one is rejected and the listing goes on.
    pub item: usize,
    /// Bytes of a whole listing: 1 GiB.
    pub listing: u64,
    /// Bytes of an error body that are looked at: 64 KiB.
    pub error_body: usize,
    /// Pages of a listing: 100,000.
    pub pages: u32,
    /// Requests under way at once: 8. The rest wait their turn. A listing counts until its stream is
    /// read to the end or dropped: whoever makes calls between two rows needs room for them.
    pub concurrency: usize,
}

impl Limits {
    pub(crate) fn lexer(&self) -> LexerLimits {
        LexerLimits { item: self.item, ..LexerLimits::default() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document: 16 << 20,
            item: 1 << 20,
            listing: 1 << 30,
            error_body: 64 << 10,
            pages: 100_000,
            concurrency: 8,
        }
    }
}

/// How often to try, and how long to wait in between.
///
/// Before retry `n` a random part of `base * 2^(n-1)`, at most `longest`, is waited ("full jitter").
/// A waiting time that the vendor names is honoured instead, with a little jitter on top. All retries
/// of a provider draw on one budget, so that an outage is not answered with a storm.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// Requests for one call, the first included: 3.
    pub attempts: u32,
    /// First waiting time after a failure: 200 ms.
    pub base: Duration,
    /// First waiting time after "too many requests" without a time named: 1 s.
    pub base_throttled: Duration,
    /// Longest waiting time of our own choice: 5 s.
    pub longest: Duration,
    /// Tokens in the provider's retry budget: 500. A retry takes [`Self::RETRY_COST`]; a success gives one back.
    pub budget: u32,
}

impl RetryPolicy {
    /// Tokens that one retry takes from the budget.
    pub const RETRY_COST: u32 = 14;

    /// Every request is sent once.
    pub fn never() -> Self {
        Self { attempts: 1, ..Self::default() }
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 3,
            base: Duration::from_millis(200),
            base_throttled: Duration::from_secs(1),
            longest: Duration::from_secs(5),
            budget: 500,
        }
    }
}

/// When to stop asking a vendor for a while (a "circuit breaker").
///
/// Failures of the way there, and server errors that carry no error type of the vendor's own, count for
/// the whole provider. The vendor's own errors about one linked account count for that account alone.
/// While it is open every call fails at once, as unavailable, and nothing is sent; then one probe is let
/// through, and decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BreakerPolicy {
    /// How many of the latest attempts are looked at, at most 64: 20.
    pub window: u32,
    /// How many of them must have failed to open it: 10. More than the window is never reached.
    pub failures: u32,
    /// How long it stays open: 30 s.
    pub open: Duration,
}

impl BreakerPolicy {
    /// Asks on, whatever fails.
    pub fn never() -> Self {
        Self { failures: u32::MAX, ..Self::default() }
    }
}

impl Default for BreakerPolicy {
    fn default() -> Self {
        Self { window: 20, failures: 10, open: Duration::from_secs(30) }
    }
}

/// A number of requests in a time. A first burst of as many may go at once; the rest is spaced evenly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rate {
    /// How many requests.
    pub requests: u32,
    /// In which time.
    pub per: Duration,
}

impl Rate {
    /// At most `requests` in any time of `per`, give or take the first burst.
    pub const fn new(requests: u32, per: Duration) -> Self {
        Self { requests, per }
    }
}

/// Which proxy to go through.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum ProxyChoice {
    /// The one that the environment names, for `https` only: over `http` it would see the key.
    #[default]
    System,
    /// None.
    Direct,
    /// This one, for everything. It may hold a user name and password and never prints.
    Url(SecretString),
}

impl ProxyChoice {
    /// What of its address must not be printed: the password, alone and as the header that it travels in.
    pub(crate) fn secrets(&self) -> Vec<SecretString> {
        let Self::Url(url) = self else { return Vec::new() };
        let Ok(url) = Url::parse(url.expose_secret()) else { return Vec::new() };
        let Some(password) = url.password().filter(|password| !password.is_empty()) else { return Vec::new() };
        let decoded = |text| Zeroizing::new(percent_decode_str(text).decode_utf8_lossy().into_owned());
        let (user, plain) = (decoded(url.username()), decoded(password));
        let pair = Zeroizing::new(format!("{}:{}", *user, *plain));
        let header = BASE64_STANDARD.encode(&*pair);
        // A user name is no secret, and may be a word of the message.
        vec![header.into(), SecretString::from(plain.as_str()), SecretString::from(password)]
    }
}

impl fmt::Debug for ProxyChoice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::System => "System",
            Self::Direct => "Direct",
            Self::Url(_) => "Url(redacted)",
        })
    }
}
