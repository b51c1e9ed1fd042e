//! A list that somebody has already.

use std::slice::Chunks;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use polyprofile_core::{Error, Listed, Normalize, NormalizeContext, Operation, Profile, ProviderId};

use super::decoder::Decoder;
use crate::{
    failure::Failure,
    json::{Envelope, LexError, LexerLimits, RowType},
    redact::Redactor,
};

/// The rows of one page that is there already, as [`HttpClient::profiles`](crate::HttpClient::profiles) would give
/// them: for answers that were saved, and for whatever has to be the same every time. It ends after an error.
pub struct SavedList<'a, R> {
    decoder: Decoder<R>,
    provider: ProviderId,
    chunks: Chunks<'a, u8>,
    index: u64,
    done: bool,
}

/// As much of a list is read at a time: what a connection brings.
const CHUNK: usize = 64 << 10;

impl<'a, R> SavedList<'a, R>
where
    R: RowType + 'static,
    for<'de> R::Row<'de>: Normalize<Output = Option<Profile>>,
{
    /// The rows of `body`, an answer that `provider` gave at `observed_at`.
    pub fn new(provider: ProviderId, observed_at: DateTime<Utc>, envelope: &Envelope, body: &'a [u8]) -> Self {
        let context = NormalizeContext::new(provider.clone(), observed_at);
        let decoder = Decoder::with(context, Redactor::new([]), envelope, LexerLimits::default());
        Self { decoder, provider, chunks: body.chunks(CHUNK), index: 0, done: false }
    }

    fn next_row(&mut self) -> Result<Option<Listed>, LexError> {
        loop {
            if let Some(row) = self.decoder.next_row()? {
                return Ok(Some(row));
            }
            match self.chunks.next() {
                Some(chunk) => self.decoder.feed(Bytes::copy_from_slice(chunk), None),
                None => return self.decoder.finish().map(|_| None),
            }
        }
    }
}

impl<R> Iterator for SavedList<'_, R>
where
    R: RowType + 'static,
    for<'de> R::Row<'de>: Normalize<Output = Option<Profile>>,
{
    type Item = Result<Listed, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        match self.next_row() {
            Ok(Some(mut row)) => {
                if let Listed::Rejected(rejected) = &mut row {
                    rejected.index = self.index;
                }
                self.index += 1;
                Some(Ok(row))
            }
            Ok(None) => {
                self.done = true;
                None
            }
            Err(problem) => {
                self.done = true;
                Some(Err(Failure::from_lexer(&problem).error.or_from(&self.provider, Operation::ListProfiles)))
            }
        }
    }
}
