//! One page on its way in.

use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt as _;
use polyprofile_core::{Listed, Normalize, Profile};
use tokio::{sync::OwnedSemaphorePermit, task::yield_now};

use super::decoder::Decoder;
use crate::{
    body::BodyReader,
    client::HttpClient,
    failure::Failure,
    json::{RowType, Tail},
};

/// A page on its way in. Dropping it stops its traffic.
pub(super) struct Page<R> {
    body: BodyReader,
    decoder: Decoder<R>,
    /// What came after the chunk that is being decoded, if that was asked for already.
    next: Option<Result<Option<Bytes>, Failure>>,
    /// What was found wrong with the document; told after the rows before.
    problem: Option<Failure>,
    _permit: OwnedSemaphorePermit,
}

impl<R> Page<R>
where
    R: RowType + Send + 'static,
    for<'de> R::Row<'de>: Normalize<Output = Option<Profile>>,
{
    pub(super) fn new(decoder: Decoder<R>, body: BodyReader, permit: OwnedSemaphorePermit) -> Self {
        Self { body, decoder, next: None, problem: None, _permit: permit }
    }

    /// Time spent waiting for the vendor.
    pub(super) fn waited(&self) -> Duration {
        self.body.waited()
    }

    /// Bytes of the body.
    pub(super) fn received(&self) -> u64 {
        self.body.received()
    }

    /// The next row of what has arrived; `None` when [`Self::receive`] has to get more.
    pub(super) fn next_row(&mut self) -> Option<Listed> {
        self.decoder.next_row().unwrap_or_else(|problem| {
            self.problem = Some(Failure::from_lexer(&problem));
            None
        })
    }

    /// Waits until there may be another row, or gives the page's tail at its end. The vendor may take `remaining`.
    pub(super) async fn receive(&mut self, client: &HttpClient, remaining: Duration) -> Result<Option<Tail>, Failure> {
        if let Some(part) = self.decoder.awaited() {
            part.ready().await;
            return Ok(None);
        }
        if let Some(problem) = self.problem.take() {
            return Err(problem);
        }
        let timeouts = &client.config().timeouts;
        let received = match self.next.take() {
            Some(next) => next,
            None => self.body.next(timeouts, remaining).await,
        };
        match received {
            Ok(Some(chunk)) => {
                if self.decoder.looks_ahead() {
                    // Whoever reads from the connection may be a task of the same thread.
                    yield_now().await;
                    self.next = self.body.next(timeouts, remaining).now_or_never();
                }
                let next = self.next.as_ref().and_then(|next| next.as_ref().ok()?.as_ref());
                self.decoder.feed(chunk, next);
                Ok(None)
            }
            Ok(None) => self.decoder.finish().map(Some).map_err(|problem| Failure::from_lexer(&problem)),
            Err(failure) => {
                client.body_failed(&failure);
                Err(failure)
            }
        }
    }
}
