//! One page on its way in.

use std::{future::pending, pin::pin, time::Duration};

use bytes::Bytes;
use futures_util::future::{Either, select};
use polyprofile_core::{Listed, Normalize, Profile};
use tokio::sync::OwnedSemaphorePermit;

use super::{ahead::Ahead, decoder::Decoder};
use crate::{
    body::BodyReader,
    client::HttpClient,
    failure::Failure,
    json::{LexError, RowType, Tail},
};

/// A page on its way in. Dropping it stops its traffic.
pub(super) struct Page<R> {
    body: BodyReader,
    decoding: Decoding<R>,
    /// How the body ended, or what was found wrong with it; told after the rows before.
    end: Option<Result<(), Failure>>,
    _permit: OwnedSemaphorePermit,
}

/// Where the decoder works.
enum Decoding<R> {
    /// With the caller, one row at a time.
    Here(Box<Decoder<R>>),
    /// On another thread.
    Ahead(Ahead<R>),
}

impl<R> Page<R>
where
    R: RowType + Send + 'static,
    for<'de> R::Row<'de>: Normalize<Output = Option<Profile>>,
{
    pub(super) fn new(
        client: &HttpClient,
        decoder: Decoder<R>,
        body: BodyReader,
        permit: OwnedSemaphorePermit,
    ) -> Self {
        let decoder = Box::new(decoder);
        let is_parallel = client.config().parallel_decode;
        let decoding = if is_parallel { Decoding::Ahead(Ahead::new(decoder)) } else { Decoding::Here(decoder) };
        Self { body, decoding, end: None, _permit: permit }
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
        match &mut self.decoding {
            Decoding::Ahead(ahead) => ahead.next_row(),
            Decoding::Here(decoder) => decoder.next_row().unwrap_or_else(|problem| {
                self.end = Some(Err(Failure::from_lexer(&problem)));
                None
            }),
        }
    }

    /// Waits until there may be another row, or gives the page's tail at its end. The vendor may take `remaining`.
    pub(super) async fn receive(&mut self, client: &HttpClient, remaining: Duration) -> Result<Option<Tail>, Failure> {
        loop {
            if self.decoding.is_idle()
                && let Some(end) = self.end.take()
            {
                end?;
                return self.decoding.finish().map(Some).map_err(|problem| Failure::from_lexer(&problem));
            }
            match self.next_event(client, remaining).await {
                Event::Decoded(outcome) => {
                    if let Err(failure) = outcome {
                        self.end = Some(Err(failure));
                    }
                    return Ok(None);
                }
                Event::Received(Ok(Some(chunk))) => {
                    if self.decoding.feed(chunk) {
                        return Ok(None);
                    }
                }
                Event::Received(Ok(None)) => self.end = Some(Ok(())),
                Event::Received(Err(failure)) => {
                    client.body_failed(&failure);
                    self.end = Some(Err(failure));
                }
            }
        }
    }

    async fn next_event(&mut self, client: &HttpClient, remaining: Duration) -> Event {
        let Self { body, decoding, end, .. } = self;
        let has_room = end.is_none() && decoding.has_room();
        let chunk = pin!(async {
            if has_room { body.next(&client.config().timeouts, remaining).await } else { pending().await }
        });
        let decoded = pin!(decoding.decoded());
        match select(decoded, chunk).await {
            Either::Left((outcome, _)) => Event::Decoded(outcome),
            Either::Right((chunk, _)) => Event::Received(chunk),
        }
    }
}

/// What happens to a page next.
enum Event {
    Decoded(Result<(), Failure>),
    Received(Result<Option<Bytes>, Failure>),
}

impl<R> Decoding<R>
where
    R: RowType + Send + 'static,
    for<'de> R::Row<'de>: Normalize<Output = Option<Profile>>,
{
    /// Takes in a chunk, and says whether there may be rows in it at once.
    fn feed(&mut self, chunk: Bytes) -> bool {
        match self {
            Self::Here(decoder) => decoder.feed(&chunk),
            Self::Ahead(ahead) => ahead.feed(chunk),
        }
        matches!(self, Self::Here(_))
    }

    /// As [`Ahead::decoded`].
    async fn decoded(&mut self) -> Result<(), Failure> {
        match self {
            Self::Here(_) => pending().await,
            Self::Ahead(ahead) => ahead.decoded().await,
        }
    }

    /// Whether nothing is decoded elsewhere, or waits for it.
    fn is_idle(&self) -> bool {
        match self {
            Self::Here(_) => true,
            Self::Ahead(ahead) => ahead.is_idle(),
        }
    }

    fn has_room(&self) -> bool {
        match self {
            Self::Here(_) => true,
            Self::Ahead(ahead) => ahead.has_room(),
        }
    }

    fn finish(&mut self) -> Result<Tail, LexError> {
        match self {
            Self::Here(decoder) => decoder.finish(),
            Self::Ahead(ahead) => ahead.finish(),
        }
    }
}
