//! One listing between two rows: reads it page by page, and mends it where it breaks off.

use std::{
    collections::HashSet,
    hash::{BuildHasher, DefaultHasher, Hasher, RandomState},
    time::Duration,
};

use polyprofile_core::{Error, ErrorKind, Listed, Normalize, Profile};
use tokio::time::Instant;

use super::{Listing, decoder::Decoder, page::Page};
use crate::{
    body::BodyReader,
    client::HttpClient,
    failure::Failure,
    json::{RowType, Tail},
    time::after,
};

/// The state of one listing between two rows.
pub(super) struct ListingReader<R> {
    client: HttpClient,
    listing: Listing,
    page: Option<Page<R>>,
    /// What of the present page was given to the caller.
    given: Prefix,
    /// What is still to be passed over, after the page was asked for again.
    passed: Option<Prefix>,
    hashing: RandomState,
    cursors: HashSet<u64>,
    pages: u32,
    /// Rows given over all pages.
    numbered: u64,
    /// Bytes received over all pages, attempts included, those of the present page not.
    received: u64,
    /// Time spent waiting for the vendor, the present page's body not included.
    waited: Duration,
    /// Attempts at the present page.
    attempts: u32,
    /// Requests for all pages.
    requests: u32,
    done: bool,
}

/// Rows at the beginning of a page: how many, and a hash over their ids.
#[derive(Clone)]
struct Prefix {
    rows: u64,
    hash: DefaultHasher,
}

impl<R> ListingReader<R>
where
    R: RowType + Send + 'static,
    for<'de> R::Row<'de>: Normalize<Output = Option<Profile>>,
{
    pub(super) fn new(client: HttpClient, listing: Listing) -> Self {
        Self {
            page: None,
            given: Prefix::none(),
            passed: None,
            hashing: RandomState::new(),
            cursors: HashSet::new(),
            pages: 0,
            numbered: 0,
            received: 0,
            waited: Duration::ZERO,
            attempts: 0,
            requests: 0,
            done: false,
            client,
            listing,
        }
    }

    /// Whether there will be no further row.
    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    /// The next row of what has arrived; `None` when [`Self::advance`] has to get more.
    pub(super) fn next_row(&mut self) -> Option<Result<Listed, Error>> {
        loop {
            let row = self.page.as_mut()?.next_row()?;
            match self.unless_given(row) {
                Ok(Some(row)) => return Some(Ok(row)),
                Ok(None) => {}
                Err(failure) => return Some(Err(self.fail(failure))),
            }
        }
    }

    /// Gets more to read: opens the page or waits for its next chunk, mends what broke off, and goes on to the next
    /// page or ends the listing where the page ends.
    pub(super) async fn advance(&mut self) -> Result<(), Error> {
        let outcome = match self.receive().await {
            Ok(None) => Ok(()),
            Ok(Some(tail)) => self.turn_page(&tail),
            Err(failure) => self.mend(failure).await,
        };
        outcome.map_err(|failure| self.fail(failure))
    }

    /// Waits until there is more to read, or gives the page's tail at its end. A page that broke off is dropped.
    async fn receive(&mut self) -> Result<Option<Tail>, Failure> {
        let mut page = match self.page.take() {
            Some(page) => page,
            None => self.open().await?,
        };
        let outcome = page.receive(&self.client, self.remaining(page.waited())).await;
        if matches!(outcome, Ok(None)) {
            self.page = Some(page);
        } else {
            self.waited += page.waited();
            self.received += page.received();
        }
        outcome
    }

    /// Asks for the present page. Its permit is held until its body is read, or dropped.
    async fn open(&mut self) -> Result<Page<R>, Failure> {
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
        let body = BodyReader::new(response, limits.listing.saturating_sub(self.received));
        let body = body.counted_by(self.listing.traffic.clone());
        let decoder = Decoder::new(&self.client, self.listing.envelope);
        Ok(Page::new(decoder, body, permit))
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
            rejected.index = self.numbered;
        }
        self.given.add(&row);
        self.numbered += 1;
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
        tracing::debug!(provider = %self.client.provider(), rows = self.numbered, "the listing ended early");
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
