//! Decodes on another thread what arrives, while the caller works with the rows before.

use std::{
    collections::VecDeque,
    future::pending,
    panic::resume_unwind,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    vec,
};

use bytes::Bytes;
use polyprofile_core::{ErrorKind, Listed, Normalize, Profile};
use tokio::task::{JoinHandle, spawn_blocking};

use super::decoder::Decoder;
use crate::{
    failure::Failure,
    json::{LexError, RowType, Tail},
};

/// How many bytes may be received and not decoded, give or take a chunk: enough for a job and the one after it.
const BYTES: usize = 256 << 10;

/// How many rows are decoded in one go, and so how many may wait for the caller: twice as many at most.
const ROWS: usize = 512;

/// A decoder that works on a thread of the runtime's blocking pool.
///
/// There is one job at a time, and the decoder goes with it: so the rows stay in order, and what waits is bounded.
/// Dropping this ends the job within a row.
pub(super) struct Ahead<R> {
    /// Rows that the caller has not taken yet.
    ready: vec::IntoIter<Listed>,
    /// `None` while a job has it.
    decoder: Option<Box<Decoder<R>>>,
    job: Option<Job<R>>,
    /// What arrived while the decoder was away.
    chunks: VecDeque<Bytes>,
    /// The bytes of `chunks`, and of those that a job has.
    bytes: usize,
    /// Whether the decoder has not read all of the chunk that it was at.
    unread: bool,
}

/// What a job gives back.
struct Done<R> {
    decoder: Box<Decoder<R>>,
    chunks: VecDeque<Bytes>,
    rows: Vec<Listed>,
    end: End,
}

/// Why a job ended.
enum End {
    UsedUp,
    Full,
    Broken(LexError),
}

struct Job<R> {
    handle: JoinHandle<Done<R>>,
    abandoned: Arc<AtomicBool>,
}

impl<R> Drop for Job<R> {
    fn drop(&mut self) {
        self.abandoned.store(true, Ordering::Relaxed);
        self.handle.abort();
    }
}

impl<R> Ahead<R>
where
    R: RowType + Send + 'static,
    for<'de> R::Row<'de>: Normalize<Output = Option<Profile>>,
{
    pub(super) fn new(decoder: Box<Decoder<R>>) -> Self {
        Self {
            ready: Vec::new().into_iter(),
            decoder: Some(decoder),
            job: None,
            chunks: VecDeque::new(),
            bytes: 0,
            unread: false,
        }
    }

    /// The next of the rows that are there.
    pub(super) fn next_row(&mut self) -> Option<Listed> {
        self.ready.next()
    }

    /// Whether more should be received before [`Self::decoded`] has given rows.
    pub(super) fn has_room(&self) -> bool {
        self.bytes < BYTES
    }

    /// Whether all that was received is decoded.
    pub(super) fn is_idle(&self) -> bool {
        self.job.is_none() && !self.unread && self.chunks.is_empty()
    }

    /// Takes in the next chunk.
    pub(super) fn feed(&mut self, chunk: Bytes) {
        self.bytes += chunk.len();
        self.chunks.push_back(chunk);
        self.go_on();
    }

    /// Waits for rows; for ever, if there is nothing to decode. Nothing is lost when it is dropped.
    ///
    /// # Errors
    ///
    /// What is wrong with the page, found after the rows that are there now.
    pub(super) async fn decoded(&mut self) -> Result<(), Failure> {
        let Some(job) = &mut self.job else { return pending().await };
        let done = (&mut job.handle).await;
        self.job = None;
        let done = done.map_err(|problem| match problem.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(_) => Failure::after_sending(ErrorKind::Network, "the runtime shuts down"),
        })?;
        self.ready = done.rows.into_iter();
        self.decoder = Some(done.decoder);
        // What arrived meanwhile comes after what the job left over.
        let arrived = std::mem::replace(&mut self.chunks, done.chunks);
        self.chunks.extend(arrived);
        self.bytes = self.chunks.iter().map(Bytes::len).sum();
        self.unread = matches!(done.end, End::Full);
        if let End::Broken(problem) = &done.end {
            self.chunks.clear();
            return Err(Failure::from_lexer(problem));
        }
        self.go_on();
        Ok(())
    }

    /// Ends the page, of which all is decoded.
    pub(super) fn finish(&mut self) -> Result<Tail, LexError> {
        self.decoder.as_mut().map_or(Err(LexError::Truncated), |decoder| decoder.finish())
    }

    /// Starts the next job, if there is something to do and the decoder is back.
    fn go_on(&mut self) {
        if !self.unread && self.chunks.is_empty() {
            return;
        }
        let Some(decoder) = self.decoder.take() else { return };
        let chunks = std::mem::take(&mut self.chunks);
        let abandoned = Arc::new(AtomicBool::new(false));
        let is_abandoned = Arc::clone(&abandoned);
        let handle = spawn_blocking(move || decode(decoder, chunks, &is_abandoned));
        self.job = Some(Job { handle, abandoned });
    }
}

fn decode<R>(mut decoder: Box<Decoder<R>>, mut chunks: VecDeque<Bytes>, is_abandoned: &AtomicBool) -> Done<R>
where
    R: RowType,
    for<'de> R::Row<'de>: Normalize<Output = Option<Profile>>,
{
    let mut rows = Vec::with_capacity(ROWS);
    let end = loop {
        // Nobody waits for what an abandoned job gives: this only ends it.
        if rows.len() == ROWS || is_abandoned.load(Ordering::Relaxed) {
            break End::Full;
        }
        match decoder.next_row() {
            Ok(Some(row)) => rows.push(row),
            Ok(None) => match chunks.pop_front() {
                Some(chunk) => decoder.feed(&chunk),
                None => break End::UsedUp,
            },
            Err(problem) => break End::Broken(problem),
        }
    };
    Done { decoder, chunks, rows, end }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use chrono::DateTime;
    use polyprofile_core::{Normalize, NormalizeContext, Profile, ProfileId, ProviderId};

    use super::{Ahead, BYTES, Decoder, ROWS};
    use crate::{
        json::{Envelope, LexerLimits, RowType},
        redact::Redactor,
    };

    #[derive(Default, serde::Deserialize)]
    #[serde(default)]
    struct Row {
        id: String,
    }

    impl RowType for Row {
        type Row<'de> = Self;
    }

    impl Normalize for Row {
        type Output = Option<Profile>;

        fn normalize(self, context: &mut NormalizeContext) -> Self::Output {
            Some(Profile::new(ProfileId::new(context.provider().clone(), self.id)))
        }
    }

    #[tokio::test]
    async fn however_long_the_list_no_more_waits_than_is_said() {
        const CHUNK: usize = 10_000;
        let row = r#"{"id":"0123456789","other":"01234567890123456789012345678901234567890123456789"},"#;
        let context = NormalizeContext::new(ProviderId::new("p"), DateTime::UNIX_EPOCH);
        let envelope = Envelope { items: &["data"], keep: &[] };
        let decoder = Decoder::with(context, Redactor::new([]), &envelope, LexerLimits::default());
        let mut ahead = Ahead::<Row>::new(Box::new(decoder));

        ahead.feed(Bytes::from_static(br#"{"data":["#));
        let endless: Bytes = row.repeat(CHUNK).into();
        let (mut fed, mut taken) = (0, 0);
        for turn in 0..200 {
            while ahead.has_room() {
                let start = fed % row.len();
                ahead.feed(endless.slice(start..start + CHUNK));
                fed += CHUNK;
            }
            ahead.decoded().await.expect("a good list");
            let mut rows = 0;
            while ahead.next_row().is_some() {
                rows += 1;
            }
            taken += rows;
            assert!(rows <= ROWS);
            assert!(fed - taken * row.len() <= BYTES + 2 * CHUNK, "{fed} bytes fed, {taken} rows taken, turn {turn}");
        }
        assert!(taken > 100 * ROWS, "{taken}");
    }
}
