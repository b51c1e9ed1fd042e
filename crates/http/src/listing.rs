//! A listing as an adapter says it, and as its caller gets it: a stream of rows.

mod ahead;
mod decoder;
mod page;
mod reader;
mod saved;

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_util::Stream;
use polyprofile_core::{Error, Listed, Normalize, Profile, ProfileStream, Traffic};

use self::reader::ListingReader;
pub use self::saved::SavedList;
use crate::{
    client::HttpClient,
    json::{Envelope, RowType},
    request::Request,
};

/// A listing as an adapter says it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Listing {
    /// The request for the first page.
    pub request: Request,
    /// Where the rows are in an answer.
    pub envelope: &'static Envelope,
    /// How to ask for the next page; `None` for a vendor that lists everything at once.
    pub cursor: Option<Cursor>,
    /// Where the bytes of its answers are counted, after decompression.
    pub traffic: Option<Traffic>,
}

/// How a vendor tells where the next page is.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Cursor {
    /// Members of the answer that may hold it; the envelope must keep them. The first that holds
    /// something counts; null, nothing and an empty text are the end.
    pub members: &'static [&'static str],
    /// The query parameter to send it back in.
    pub parameter: &'static str,
}

impl Listing {
    /// A vendor that lists everything at once.
    pub fn new(request: Request, envelope: &'static Envelope) -> Self {
        Self { request, envelope, cursor: None, traffic: None }
    }

    /// A vendor that lists in pages.
    #[must_use]
    pub fn in_pages(mut self, members: &'static [&'static str], parameter: &'static str) -> Self {
        self.cursor = Some(Cursor { members, parameter });
        self
    }

    /// Counts what is received, if anybody wants to know.
    #[must_use]
    pub fn counted_by(mut self, traffic: Option<Traffic>) -> Self {
        self.traffic = traffic;
        self
    }
}

impl HttpClient {
    /// Lists profiles as they arrive, each row read as `R`. Nothing is sent before the first poll.
    ///
    /// A row that cannot be kept comes as [`Listed::Rejected`]. A listing that breaks off is asked for
    /// again within the retry rules, and goes on after the rows that were given, as long as they are
    /// still the same ones.
    pub fn profiles<R>(&self, listing: Listing) -> ProfileStream
    where
        R: RowType + Send + 'static,
        for<'de> R::Row<'de>: Normalize<Output = Option<Profile>>,
    {
        let reader = Box::new(ListingReader::<R>::new(self.clone(), listing));
        Box::pin(Rows { reader: Some(reader), waiting: None })
    }
}

/// The stream of a listing.
///
/// Written by hand, because most rows are there when they are asked for: those come without a future between the
/// chunk and the caller. Only what waits for the vendor is one.
struct Rows<R> {
    /// `None` while it waits, and after the end.
    reader: Option<Box<ListingReader<R>>>,
    waiting: Option<Waiting<R>>,
}

/// Gives the reader back when there is more to read, or when it is done.
type Waiting<R> = Pin<Box<dyn Future<Output = (Box<ListingReader<R>>, Result<(), Error>)> + Send>>;

impl<R> Stream for Rows<R>
where
    R: RowType + Send + 'static,
    for<'de> R::Row<'de>: Normalize<Output = Option<Profile>>,
{
    type Item = Result<Listed, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(waiting) = &mut self.waiting {
                let (reader, outcome) = ready!(waiting.as_mut().poll(context));
                self.waiting = None;
                self.reader = Some(reader);
                if let Err(error) = outcome {
                    return Poll::Ready(Some(Err(error)));
                }
            }
            if let Some(row) = self.reader.as_mut().and_then(|reader| reader.next_row()) {
                return Poll::Ready(Some(row));
            }
            let Some(mut reader) = self.reader.take().filter(|reader| !reader.is_done()) else {
                return Poll::Ready(None);
            };
            self.waiting = Some(Box::pin(async move {
                let outcome = reader.advance().await;
                (reader, outcome)
            }));
        }
    }
}
