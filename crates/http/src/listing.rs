//! Reads a listing as it arrives, page by page, and mends it where it breaks off.

use std::{
    collections::HashSet,
    hash::{BuildHasher, DefaultHasher, Hasher, RandomState},
    marker::PhantomData,
    time::Duration,
};

use bytes::{Buf as _, Bytes};
use futures_util::{StreamExt as _, stream::unfold};
use polyprofile_core::{Error, ErrorKind, Listed, Normalize, NormalizeContext, Profile, ProfileStream, Rejected};
use tokio::{sync::OwnedSemaphorePermit, time::Instant};

use crate::{
    body::BodyReader,
    client::HttpClient,
    document::{describe, read_reported},
    failure::Failure,
    json::{Envelope, Item, ItemLexer, RowType, Tail},
    request::Request,
    time::after,
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
        Self { request, envelope, cursor: None }
    }

    /// A vendor that lists in pages.
    #[must_use]
    pub fn in_pages(mut self, members: &'static [&'static str], parameter: &'static str) -> Self {
        self.cursor = Some(Cursor { members, parameter });
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
        // Boxed, because `unfold` moves its state at every row.
        let reader = Box::new(ListingReader::<R>::new(self.clone(), listing));
        Box::pin(unfold(reader, |mut reader| async move { reader.next().await.map(|row| (row, reader)) }).fuse())
    }
}

/// The state of one listing between two rows.
struct ListingReader<R> {
    client: HttpClient,
    listing: Listing,
    context: NormalizeContext,
    page: Option<Page>,
    /// What of the present page was given to the caller.
    given: Prefix,
    /// What is still to be passed over, after the page was asked for again.
    passed: Option<Prefix>,
    hashing: RandomState,
    cursors: HashSet<u64>,
    pages: u32,
    rows: u64,
    /// Bytes received over all pages, attempts included.
    received: u64,
    /// Time spent waiting for the vendor, the present page's body not included.
    waited: Duration,
    /// Attempts at the present page.
    attempts: u32,
    /// Requests for all pages.
    requests: u32,
    done: bool,
    row: PhantomData<fn() -> R>,
}

/// A page on its way in.
struct Page {
    body: BodyReader,
    lexer: ItemLexer,
    chunk: Bytes,
    _permit: OwnedSemaphorePermit,
}

/// Rows at the beginning of a page: how many, and a hash over their ids.
#[derive(Clone)]
struct Prefix {
    rows: u64,
    hash: DefaultHasher,
}

/// What the next step of reading a page gave.
enum Step {
    Row(Listed),
    End(Tail),
}

impl<R> ListingReader<R>
where
    R: RowType,
    for<'de> R::Row<'de>: Normalize<Output = Option<Profile>>,
{
    fn new(client: HttpClient, listing: Listing) -> Self {
        let hashing = RandomState::new();
        let context = NormalizeContext::new(client.provider().clone(), client.now());
        Self {
            context,
            page: None,
            given: Prefix::none(),
            passed: None,
            hashing,
            cursors: HashSet::new(),
            pages: 0,
            rows: 0,
            received: 0,
            waited: Duration::ZERO,
            attempts: 0,
            requests: 0,
            done: false,
            row: PhantomData,
            client,
            listing,
        }
    }

    async fn next(&mut self) -> Option<Result<Listed, Error>> {
        while !self.done {
            match self.step().await {
                Ok(Step::Row(row)) => match self.unless_given(row) {
                    Ok(Some(row)) => return Some(Ok(row)),
                    Ok(None) => {}
                    Err(failure) => return Some(Err(self.fail(failure))),
                },
                Ok(Step::End(tail)) => {
                    if let Err(failure) = self.turn_page(&tail) {
                        return Some(Err(self.fail(failure)));
                    }
                }
                Err(failure) => {
                    if let Err(failure) = self.mend(failure).await {
                        return Some(Err(self.fail(failure)));
                    }
                }
            }
        }
        None
    }

    /// Reads on to the next row or the end of the page, opening the page first if it is not open.
    async fn step(&mut self) -> Result<Step, Failure> {
        let mut page = match self.page.take() {
            Some(page) => page,
            None => self.open().await?,
        };
        loop {
            let mut rest = &page.chunk[..];
            let before = rest.len();
            let row = match page.lexer.next_item(&mut rest).map_err(|problem| Failure::from_lexer(&problem))? {
                Some(Item::Row(bytes)) => Some(self.read(bytes)),
                Some(Item::Oversized { bytes, head }) => {
                    let problem = format!("the row is {bytes} bytes long, more than the limit for one item");
                    Some(Listed::Rejected(self.reject(problem, head)))
                }
                None => None,
            };
            let used = before - rest.len();
            page.chunk.advance(used);
            if let Some(row) = row {
                self.page = Some(page);
                return Ok(Step::Row(row));
            }
            let remaining = self.remaining(page.body.waited());
            match page.body.next(&self.client.config().timeouts, remaining).await {
                Ok(Some(chunk)) => {
                    self.received += chunk.len() as u64;
                    page.chunk = chunk;
                }
                Ok(None) => {
                    self.waited += page.body.waited();
                    return page.lexer.finish().map(Step::End).map_err(|problem| Failure::from_lexer(&problem));
                }
                Err(failure) => {
                    self.client.body_failed(&failure);
                    self.waited += page.body.waited();
                    return Err(failure);
                }
            }
        }
    }

    /// Asks for the present page. Its permit is held until its body is read, or dropped.
    async fn open(&mut self) -> Result<Page, Failure> {
        let limits = self.client.config().limits;
        let started = Instant::now();
        self.attempts += 1;
        let remaining = self.remaining(Duration::ZERO);
        let answer = async {
            let permit = self.client.permit(after(remaining)).await?;
            self.requests = self.requests.saturating_add(1);
            let response = self.client.attempt(&self.listing.request, self.remaining(started.elapsed())).await?;
            Ok((permit, response))
        };
        let answer = answer.await;
        self.waited += started.elapsed();
        let (permit, response) = answer?;
        self.context = NormalizeContext::new(self.client.provider().clone(), self.client.now());
        Ok(Page {
            body: BodyReader::new(response, limits.listing.saturating_sub(self.received)),
            lexer: ItemLexer::new(self.listing.envelope, limits.lexer()),
            chunk: Bytes::new(),
            _permit: permit,
        })
    }

    /// Parses and maps one row.
    fn read(&mut self, bytes: &[u8]) -> Listed {
        let outcome = read_reported::<R, _>(bytes, &mut self.context, |row, context| row.normalize(context));
        let issues = self.client.redactor().issues(self.context.take_issues());
        let problem = match outcome {
            Ok(Some(mut profile)) => {
                profile.issues = issues;
                return Listed::Profile(profile);
            }
            Ok(None) => describe(&issues),
            Err(unusable) => unusable.to_string(),
        };
        Listed::Rejected(self.reject(problem, bytes))
    }

    fn reject(&self, problem: String, raw: &[u8]) -> Rejected {
        let raw = String::from_utf8_lossy(raw);
        let raw = self.client.redactor().text(&raw);
        Rejected::new(self.client.provider().clone(), 0, problem, raw)
    }

    /// Numbers a row and passes it on, unless it was given before the page had to be asked for again.
    fn unless_given(&mut self, mut row: Listed) -> Result<Option<Listed>, Failure> {
        if let Some(passed) = &mut self.passed {
            passed.add(&row);
            if passed.rows == self.given.rows {
                // The whole prefix was read again: the listing goes on behind it if it is the same one.
                if passed.hash.finish() != self.given.hash.finish() {
                    return Err(changed(self.given.rows));
                }
                self.passed = None;
            }
            return Ok(None);
        }
        if let Listed::Rejected(rejected) = &mut row {
            rejected.index = self.rows;
        }
        self.given.add(&row);
        self.rows += 1;
        Ok(Some(row))
    }

    /// Goes on to the next page, or ends the listing.
    fn turn_page(&mut self, tail: &Tail) -> Result<(), Failure> {
        if self.passed.is_some() {
            return Err(changed(self.given.rows));
        }
        self.client.succeeded();
        self.pages += 1;
        self.attempts = 0;
        self.given = Prefix::none();
        let Some(cursor) = self.listing.cursor else {
            self.done = true;
            return Ok(());
        };
        let Some(next) = cursor.members.iter().find_map(|member| cursor_text(tail.get(member)?)) else {
            self.done = true;
            return Ok(());
        };
        if !self.cursors.insert(self.hashing.hash_one(&next)) {
            let message = format!("the vendor's cursor repeats after {} pages: the list would never end", self.pages);
            return Err(Failure::after_sending(ErrorKind::Protocol, message));
        }
        let limit = self.client.config().limits.pages;
        if self.pages >= limit {
            let message = format!("the list has more than {limit} pages, the limit for one listing");
            return Err(Failure::after_sending(ErrorKind::TooLarge, message));
        }
        self.listing.request = self.listing.request.clone().with_query(cursor.parameter, next);
        Ok(())
    }

    /// Prepares to ask for the present page again, if the retry rules allow it.
    async fn mend(&mut self, failure: Failure) -> Result<(), Failure> {
        let started = Instant::now();
        let remaining = self.remaining(Duration::ZERO);
        self.client.wait_or_give_up(&self.listing.request, failure, self.attempts, remaining).await?;
        self.waited += started.elapsed();
        self.passed = (self.given.rows > 0).then(Prefix::none);
        Ok(())
    }

    fn fail(&mut self, failure: Failure) -> Error {
        self.done = true;
        self.page = None;
        let error = self.client.finish(&self.listing.request, failure, self.requests);
        tracing::debug!(provider = %self.client.provider(), rows = self.rows, "the listing ended early");
        error
    }

    /// How long the listing may still wait for the vendor, with `waiting` spent on the present page.
    fn remaining(&self, waiting: Duration) -> Duration {
        self.client.config().timeouts.listing.saturating_sub(self.waited + waiting)
    }
}

impl Prefix {
    fn none() -> Self {
        Self { rows: 0, hash: DefaultHasher::new() }
    }

    fn add(&mut self, row: &Listed) {
        let name = match row {
            Listed::Profile(profile) => &profile.id.key,
            Listed::Rejected(rejected) => &rejected.raw,
            _ => "",
        };
        self.hash.write(name.as_bytes());
        // No text holds this byte: two short ids are never one long one.
        self.hash.write_u8(0xff);
        self.rows += 1;
    }
}

/// The cursor in a kept member: a text, or whatever else was sent as it was sent; `None` at the end.
fn cursor_text(json: &str) -> Option<String> {
    match serde_json::from_str::<serde_json::Value>(json).ok()? {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => (!text.is_empty()).then_some(text),
        other => Some(other.to_string()),
    }
}

fn changed(rows: u64) -> Failure {
    let message = format!("the list broke off after {rows} rows and was another one when it was asked for again");
    Failure::after_sending(ErrorKind::Network, message)
}
