//! The one place that talks to a vendor.

use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use polyprofile_core::{ConnectLink, Error, ErrorKind, Operation, ProviderId, Result};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep, timeout, timeout_at},
};

use crate::{
    answer::{Classify, FailedAnswer},
    auth::ApiKey,
    base_url::BaseUrl,
    body::{BodyReader, read_document, read_error_body},
    breaker::{Breakers, Outcome},
    config::HttpConfig,
    document::Document,
    failure::Failure,
    hint::waiting_time,
    pace::{Allowance, Leave, Pace, Place, UnderWay},
    rate_limit::RateLimit,
    redact::Redactor,
    request::Request,
    retry::Retries,
    time::after,
    transport,
};

/// One provider's connection to its vendor. Cheap to clone; clones share limits, budget and connections.
#[derive(Clone)]
pub struct HttpClient {
    shared: Arc<Shared>,
}

struct Shared {
    provider: ProviderId,
    base: BaseUrl,
    key: SecretString,
    auth: (HeaderName, HeaderValue),
    classify: Classify,
    config: HttpConfig,
    transport: OnceLock<reqwest::Client>,
    permits: Arc<Semaphore>,
    retries: Retries,
    redactor: Redactor,
    allowance: Allowance,
    pace: Pace,
    breakers: Breakers,
}

impl HttpClient {
    /// A client for `provider`, which shows `key` to the vendor at `base` and understands its errors by
    /// `classify`. Nothing is sent and no certificate read before the first call.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] for a limit of no requests at once, or no attempt.
    pub fn new(
        provider: ProviderId,
        base: BaseUrl,
        key: &ApiKey,
        classify: Classify,
        config: HttpConfig,
    ) -> Result<Self> {
        if config.limits.concurrency == 0 || config.retry.attempts == 0 {
            let message = "`limits.concurrency` and `retry.attempts` must be at least 1";
            return Err(Error::new(ErrorKind::Config, message).with_provider(provider));
        }
        let auth = key.to_header().map_err(|error| error.with_provider(provider.clone()))?;
        let shared = Shared {
            provider,
            base,
            key: key.secret().clone(),
            auth,
            classify,
            permits: Arc::new(Semaphore::new(config.limits.concurrency.min(Semaphore::MAX_PERMITS))),
            retries: Retries::new(config.retry),
            transport: OnceLock::new(),
            redactor: Redactor::new([key.secret().clone()]).and(&config.proxy.secrets()),
            allowance: Allowance::default(),
            pace: Pace::new(config.rate),
            breakers: Breakers::new(config.breaker),
            config,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The provider it works for.
    pub fn provider(&self) -> &ProviderId {
        &self.shared.provider
    }

    /// What the vendor's latest answer told about its rate limit; `None` if no answer told anything.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.shared.allowance.told()
    }

    /// The address of `request` for a browser, which sends no headers: with the key in it, as the query parameter
    /// `name`. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for an identifier that cannot travel in a path.
    pub fn link_with_key(&self, request: &Request, name: &'static str) -> Result<ConnectLink> {
        let mut url = request.url(&self.shared.base).map_err(|error| self.label(error, request.operation()))?;
        url.query_pairs_mut().append_pair(name, self.shared.key.expose_secret());
        Ok(ConnectLink::new(url))
    }

    /// Sends `request` and reads the whole answer, within the limits for a single document.
    ///
    /// Failures that can pass are tried again as the [`RetryPolicy`](crate::RetryPolicy) says, if the
    /// request may be repeated or certainly was not sent.
    ///
    /// # Errors
    ///
    /// Whatever the vendor's error bodies say, and every kind that the way there can fail with.
    pub async fn fetch(&self, request: &Request) -> Result<Document> {
        let deadline = after(self.config().timeouts.call);
        let mut attempts = 0;
        let outcome = async {
            let _permit = self.permit(deadline).await?;
            loop {
                attempts += 1;
                let failure = match self.attempt_document(request, attempts, deadline).await {
                    Ok(document) => {
                        self.shared.retries.succeeded();
                        return Ok(document);
                    }
                    Err(failure) => failure,
                };
                self.wait_or_give_up(request, failure, attempts, deadline.saturating_duration_since(Instant::now()))
                    .await?;
            }
        }
        .await;
        outcome.map_err(|failure| self.finish(request, failure, attempts))
    }

    pub(crate) fn config(&self) -> &HttpConfig {
        &self.shared.config
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.config().clock.now()
    }

    pub(crate) fn succeeded(&self) {
        self.shared.retries.succeeded();
    }

    pub(crate) fn redactor(&self) -> &Redactor {
        &self.shared.redactor
    }

    /// Waits for the provider's turn, at most until `deadline`.
    pub(crate) async fn permit(&self, deadline: Instant) -> Result<OwnedSemaphorePermit, Failure> {
        // The semaphore is never closed, so the only other outcome is to be out of time.
        if let Ok(Ok(permit)) = timeout_at(deadline, Arc::clone(&self.shared.permits).acquire_owned()).await {
            return Ok(permit);
        }
        let message = "too many requests of this provider were under way for too long";
        Err(Failure::before_sending(ErrorKind::Timeout, message))
    }

    /// Waits until the request may be sent, sends it once and waits for the headers of an answer that
    /// means success.
    pub(crate) async fn attempt(&self, request: &Request, remaining: Duration) -> Result<reqwest::Response, Failure> {
        let started = Instant::now();
        let held_back = |wait| {
            let message = "nothing was sent, because too many of the latest requests failed";
            Failure::not_yet(ErrorKind::Unavailable, message, wait)
        };
        // Nobody waits for a turn at a vendor who is not asked at all.
        self.shared.breakers.check(request.account()).map_err(held_back)?;
        let _under_way = self.leave(remaining).await?;
        let place = self.place(remaining.saturating_sub(started.elapsed())).await?;
        let admission = self.shared.breakers.admit(request.account()).map_err(held_back)?;
        place.used();
        let answer = self.send(request, remaining.saturating_sub(started.elapsed())).await;
        match &answer {
            Ok(_) => admission.record(Outcome::Answered),
            Err(failure) => admission.record(Outcome::of(&failure.error)),
        }
        answer
    }

    /// Remembers that an answer which began well did not arrive.
    pub(crate) fn body_failed(&self, failure: &Failure) {
        if Outcome::of(&failure.error) == Outcome::VendorFailed {
            self.shared.breakers.body_failed();
        }
    }

    /// Waits as long as the vendor's rate limit asks for; not at all if that is longer than there is time, for what the
    /// vendor would take is sent. What it would refuse is not.
    async fn leave(&self, remaining: Duration) -> Result<UnderWay<'_>, Failure> {
        let used_up = |wait| {
            let message = "nothing was sent, because the vendor says that its rate limit is used up";
            Failure::not_yet(ErrorKind::RateLimited, message, wait)
        };
        let deadline = after(remaining);
        loop {
            let changed = self.shared.allowance.changed();
            match self.shared.allowance.ask(self.now()) {
                Leave::After(pause, under_way) => {
                    if !pause.is_zero() && pause < deadline.saturating_duration_since(Instant::now()) {
                        sleep(pause).await;
                    }
                    return Ok(under_way);
                }
                Leave::UsedUp(wait) => return Err(used_up(wait)),
                Leave::Undecided(wait) => {
                    timeout_at(deadline, changed).await.map_err(|_| used_up(wait))?;
                }
            }
        }
    }

    /// Waits for a place in the caller's own rate; not at all if there is not the time for it.
    async fn place(&self, remaining: Duration) -> Result<Place<'_>, Failure> {
        let place = self.shared.pace.take_place(remaining).map_err(|wait| {
            let message = "nothing was sent, because the configured rate is used up";
            Failure::not_yet(ErrorKind::RateLimited, message, wait)
        })?;
        if !place.wait().is_zero() {
            sleep(place.wait()).await;
        }
        Ok(place)
    }

    async fn send(&self, request: &Request, remaining: Duration) -> Result<reqwest::Response, Failure> {
        let unsent = |error| Failure::new(error, false);
        let client = self.transport().map_err(unsent)?;
        let url = request.url(&self.shared.base).map_err(unsent)?;
        let (name, value) = &self.shared.auth;
        let mut builder = client
            .request(request.method().clone(), url)
            .header(name, value)
            .header(header::ACCEPT, "application/json");
        if let Some(body) = request.body() {
            builder = builder.header(header::CONTENT_TYPE, "application/json").body(body.clone());
        }
        if let Some(key) = request.idempotency_key() {
            builder = builder.header("idempotency-key", key);
        }
        let started = Instant::now();
        let allowed = self.config().timeouts.headers.min(remaining);
        let response = match timeout(allowed, builder.send()).await {
            Err(_) => return Err(Failure::timeout("an answer", allowed)),
            Ok(Err(problem)) => return Err(Failure::from_reqwest(problem)),
            Ok(Ok(response)) => response,
        };
        if [header::CONTENT_LENGTH, header::TRANSFER_ENCODING].iter().all(|name| response.headers().contains_key(name))
        {
            // Two answers to where it ends: the second one may be somebody else's answer.
            return Err(Failure::after_sending(ErrorKind::Protocol, "the answer has a length and comes in chunks"));
        }
        if let Some(told) = RateLimit::read(response.headers(), self.now()) {
            self.shared.allowance.tell(told);
        }
        let status = response.status().as_u16();
        tracing::debug!(provider = %self.shared.provider, operation = %request.operation(), status, "answered");
        if request.accepts(status) {
            return Ok(response);
        }
        let remaining = remaining.saturating_sub(started.elapsed());
        Err(Failure::new(self.refusal(response, remaining).await, true))
    }

    /// Sleeps before the next attempt, or hands the failure back if there is to be none.
    pub(crate) async fn wait_or_give_up(
        &self,
        request: &Request,
        failure: Failure,
        attempts: u32,
        remaining: Duration,
    ) -> Result<(), Failure> {
        let retries = &self.shared.retries;
        let wait = retries.wait_before_next(&failure, request.is_repeatable(), attempts, remaining, self.config());
        let Some(wait) = wait else { return Err(failure) };
        tracing::debug!(
            provider = %self.shared.provider,
            operation = %request.operation(),
            kind = %failure.error.kind(),
            ?wait,
            "trying again"
        );
        sleep(wait).await;
        Ok(())
    }

    /// Completes the error of a call: who, what, how often, and nothing secret.
    pub(crate) fn finish(&self, request: &Request, failure: Failure, attempts: u32) -> Error {
        let Failure { error, sent, is_final } = failure;
        // What is wrong on our side is found before anything is sent.
        let ours = !sent && matches!(error.kind(), ErrorKind::Config | ErrorKind::Invalid);
        // An attempt that was held back is none.
        let attempts = if is_final { attempts - 1 } else { attempts };
        let error = self.shared.redactor.and(request.secrets()).error(error);
        let error = self.label(error, request.operation()).with_attempts(if ours { 0 } else { attempts });
        let lost = matches!(error.kind(), ErrorKind::Timeout | ErrorKind::Network | ErrorKind::Protocol);
        if !sent || !lost || request.is_repeatable() {
            return error;
        }
        let message = format!("{}: it may have been applied", error.message());
        let mut ambiguous = self.label(Error::new(ErrorKind::Ambiguous, message), request.operation());
        if let Some(status) = error.status() {
            ambiguous = ambiguous.with_status(status);
        }
        if let Some(id) = error.request_id() {
            ambiguous = ambiguous.with_request_id(id);
        }
        ambiguous.with_attempts(attempts).with_source(error)
    }

    /// Says which provider and operation an error belongs to, and blots out secrets.
    pub(crate) fn label(&self, error: Error, operation: Operation) -> Error {
        let error = self.shared.redactor.error(error);
        error.with_provider(self.shared.provider.clone()).with_operation(operation)
    }

    async fn attempt_document(&self, request: &Request, attempts: u32, deadline: Instant) -> Result<Document, Failure> {
        let remaining = || deadline.saturating_duration_since(Instant::now());
        let response = self.attempt(request, remaining()).await?;
        let status = response.status().as_u16();
        let config = self.config();
        let reader = BodyReader::new(response, config.limits.document as u64);
        let body =
            read_document(reader, &config.timeouts, deadline).await.inspect_err(|failure| self.body_failed(failure))?;
        Document::new(self.clone(), request, attempts, status, body)
    }

    /// The error that an answer with another status than a documented success means.
    async fn refusal(&self, response: reqwest::Response, remaining: Duration) -> Error {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        if status < 400 {
            let problem = match status {
                300..=399 => "a redirect, which is never followed: check the base URL",
                _ => "a status that no document mentions",
            };
            return Error::new(ErrorKind::Protocol, format!("the vendor answered with {problem}")).with_status(status);
        }
        let body = read_error_body(response, self.config().limits.error_body, remaining).await;
        let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let mut error = (self.shared.classify)(&FailedAnswer { status, content_type, body: &body, now: self.now() })
            .with_status(status);
        if let Some(wait) = self.hint(&headers, &error) {
            error = error.with_retry_after(wait);
        }
        if error.request_id().is_none()
            && let Some(id) = headers.get("x-request-id").and_then(|value| value.to_str().ok())
        {
            error = error.with_request_id(id);
        }
        error
    }

    /// The waiting time: `Retry-After` wins over the body, the body over the rate-limit headers.
    fn hint(&self, headers: &HeaderMap, error: &Error) -> Option<Duration> {
        let throttled = error.kind() == ErrorKind::RateLimited && error.retry_after().is_none();
        waiting_time(headers, throttled, self.now())
    }

    fn transport(&self) -> Result<&reqwest::Client> {
        if let Some(client) = self.shared.transport.get() {
            return Ok(client);
        }
        let client = transport::build(&self.shared.base, self.config())?;
        Ok(self.shared.transport.get_or_init(|| client))
    }
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpClient")
            .field("provider", &self.shared.provider)
            .field("base", &self.shared.base)
            .finish_non_exhaustive()
    }
}
