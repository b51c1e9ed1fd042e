//! Reads a body with a limit on its size, its silence and its slowness.

use std::time::Duration;

use bytes::Bytes;
use polyprofile_core::{ErrorKind, Traffic};
use tokio::time::{Instant, timeout};

use crate::{config::Timeouts, failure::Failure};

/// A body on its way in.
pub(crate) struct BodyReader {
    response: reqwest::Response,
    limit: u64,
    received: u64,
    /// Time spent waiting for the vendor; what the reader's caller does in between does not count.
    waited: Duration,
    /// How much of it was spent since the latest piece.
    silent: Duration,
    /// Where somebody else sees how much came.
    traffic: Option<Traffic>,
}

impl BodyReader {
    /// Reads at most `limit` bytes, counted after decompression.
    pub(crate) fn new(response: reqwest::Response, limit: u64) -> Self {
        Self { response, limit, received: 0, waited: Duration::ZERO, silent: Duration::ZERO, traffic: None }
    }

    /// Counts what is received there too.
    pub(crate) fn counted_by(mut self, traffic: Option<Traffic>) -> Self {
        self.traffic = traffic;
        self
    }

    pub(crate) fn received(&self) -> u64 {
        self.received
    }

    pub(crate) fn waited(&self) -> Duration {
        self.waited
    }

    /// The next piece; `None` at the end. `remaining` is how long the caller has left to wait.
    ///
    /// Dropped before it is done, it has lost nothing, and the time counts all the same.
    pub(crate) async fn next(&mut self, timeouts: &Timeouts, remaining: Duration) -> Result<Option<Bytes>, Failure> {
        let allowed = timeouts.silence.min(remaining);
        let watch = Watch { started: Instant::now(), waited: &mut self.waited, silent: &mut self.silent };
        let chunk = timeout(allowed.saturating_sub(*watch.silent), self.response.chunk()).await;
        drop(watch);
        let chunk = match chunk {
            Err(_) => return Err(Failure::timeout("the next piece of the answer", allowed)),
            Ok(Err(problem)) => return Err(Failure::from_reqwest(problem)),
            Ok(Ok(None)) => return Ok(None),
            Ok(Ok(Some(chunk))) => chunk,
        };
        self.silent = Duration::ZERO;
        self.received += chunk.len() as u64;
        if let Some(traffic) = &self.traffic {
            traffic.add(chunk.len() as u64);
        }
        if self.received > self.limit {
            return Err(too_large(self.limit));
        }
        if self.is_too_slow(timeouts) {
            let message = format!("the answer comes slower than {} bytes a second", timeouts.least_bytes_per_second);
            return Err(Failure::after_sending(ErrorKind::Timeout, message));
        }
        Ok(Some(chunk))
    }

    fn is_too_slow(&self, timeouts: &Timeouts) -> bool {
        let counted = self.waited.saturating_sub(timeouts.grace);
        !counted.is_zero()
            && (self.received as f64) < counted.as_secs_f64() * f64::from(timeouts.least_bytes_per_second)
    }
}

/// Counts the time until it is dropped.
struct Watch<'a> {
    started: Instant,
    waited: &'a mut Duration,
    silent: &'a mut Duration,
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        let elapsed = self.started.elapsed();
        *self.waited += elapsed;
        *self.silent += elapsed;
    }
}

/// Reads the whole body.
pub(crate) async fn read_document(
    mut reader: BodyReader,
    timeouts: &Timeouts,
    deadline: Instant,
) -> Result<Vec<u8>, Failure> {
    // The declared length is the vendor's word: nothing is allocated by it.
    let mut body = Vec::new();
    while let Some(chunk) = reader.next(timeouts, deadline.saturating_duration_since(Instant::now())).await? {
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Reads the beginning of an error's body: what comes within `limit` bytes, two seconds and the `remaining`
/// time. Trouble with it must not hide the status.
pub(crate) async fn read_error_body(mut response: reqwest::Response, limit: usize, remaining: Duration) -> Vec<u8> {
    const PATIENCE: Duration = Duration::from_secs(2);
    let mut body = Vec::new();
    let reading = async {
        while body.len() < limit {
            match response.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk[..chunk.len().min(limit - body.len())]),
                Ok(None) | Err(_) => break,
            }
        }
    };
    // Out of patience: what has come so far is what there is.
    let _ = timeout(PATIENCE.min(remaining), reading).await;
    body
}

fn too_large(limit: u64) -> Failure {
    Failure::after_sending(ErrorKind::TooLarge, format!("the answer is larger than the limit of {limit} bytes"))
}
