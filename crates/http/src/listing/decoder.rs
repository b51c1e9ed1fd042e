//! From the bytes of a page to rows of the model. Pure: nothing in here waits.

use std::marker::PhantomData;

use bytes::Bytes;
use polyprofile_core::{Listed, Normalize, NormalizeContext, Profile, Rejected};

use super::ahead::{Ahead, Arrival};
use crate::{
    client::HttpClient,
    document::{describe, read_reported},
    json::{Envelope, Item, ItemLexer, LexError, LexerLimits, RowType, Tail, Unusable, read_leading_row},
    redact::Redactor,
};

/// Decodes one page.
///
/// A row that lies whole in a chunk and fits its type is parsed where it begins: the parser finds its end, so nobody
/// has to look for that before. Every other row is cut out by the lexer first.
pub(super) struct Decoder<R> {
    rows: RowReader<R>,
    lexer: ItemLexer,
    chunk: Bytes,
    /// How many bytes of the chunk were read.
    read: usize,
    window: Window,
    /// What decodes the chunk after this one on another thread, if anything does.
    ahead: Option<Ahead<R>>,
}

impl<R> Decoder<R>
where
    R: RowType + 'static,
    for<'de> R::Row<'de>: Normalize<Output = Option<Profile>>,
{
    /// For a page that `client` observes now.
    pub(super) fn new(client: &HttpClient, envelope: &Envelope) -> Self {
        let context = NormalizeContext::new(client.provider().clone(), client.now());
        let limits = client.config().limits.lexer();
        let decoder = Self::with(context, client.redactor().clone(), envelope, limits);
        if client.config().parallel_decode { decoder.looking_ahead() } else { decoder }
    }

    /// With another thread that decodes what comes next.
    pub(super) fn looking_ahead(mut self) -> Self {
        self.ahead = Some(Ahead::new(self.rows.clone(), self.lexer.limits().item));
        self
    }

    /// For a page that was observed at the context's moment.
    pub(super) fn with(
        context: NormalizeContext,
        redactor: Redactor,
        envelope: &Envelope,
        limits: LexerLimits,
    ) -> Self {
        Self {
            rows: RowReader { context, redactor, row: PhantomData },
            lexer: ItemLexer::new(envelope, limits),
            chunk: Bytes::new(),
            read: 0,
            window: Window::default(),
            ahead: None,
        }
    }

    /// Takes in the next chunk, when the one before was read to its end; and the one after it, if that is there.
    pub(super) fn feed(&mut self, chunk: Bytes, next: Option<&Bytes>) {
        if let Some(ahead) = &mut self.ahead {
            ahead.begin(&chunk, next);
        }
        self.window.clear();
        self.read = 0;
        self.chunk = chunk;
    }

    /// The next row, or `None` when the chunk is used up, or when the next row is on its way on another thread
    /// ([`Self::awaited`]). A rejected row has no index yet.
    ///
    /// # Errors
    ///
    /// As [`ItemLexer::next_item`].
    pub(super) fn next_row(&mut self) -> Result<Option<Listed>, LexError> {
        let Self { rows, lexer, chunk, read, window, ahead } = self;
        if let Some(row) = ahead.as_mut().and_then(Ahead::next_row) {
            return Ok(Some(row));
        }
        let mut unread = &chunk[*read..];
        if lexer.find_item(&mut unread)? {
            let start = chunk.len() - unread.len();
            *read = start;
            if let Some(ahead) = ahead {
                match ahead.arrive(start) {
                    Arrival::Nothing => {}
                    Arrival::NotReady => return Ok(None),
                    Arrival::Decoded { rows, length } => {
                        lexer.pass_items(&mut unread, rows, length);
                        *read += length;
                        return self.next_row();
                    }
                }
            }
            let text = window.text_at(chunk, start);
            if let Some((row, length)) = read_leading_row::<R>(text)
                && lexer.pass_item(&mut unread, length)
            {
                *read += length;
                if let Some(ahead) = ahead {
                    ahead.passed(start..*read);
                }
                return Ok(Some(rows.map(row, &text.as_bytes()[..length])));
            }
        }
        let row = lexer.next_item(&mut unread)?.map(|item| rows.read(item));
        *read = chunk.len() - unread.len();
        Ok(row)
    }

    #[cfg(test)]
    pub(super) fn ahead(&self) -> Option<&Ahead<R>> {
        self.ahead.as_ref()
    }

    /// Whether [`Self::feed`] has a use for the next chunk.
    pub(super) fn looks_ahead(&self) -> bool {
        self.ahead.is_some()
    }

    /// The part that is decoded on another thread, if the next row is in it and it is not ready.
    pub(super) fn awaited(&mut self) -> Option<&mut Ahead<R>> {
        self.ahead.as_mut().filter(|ahead| ahead.is_awaited())
    }

    /// Ends the page.
    ///
    /// # Errors
    ///
    /// As [`ItemLexer::finish`].
    pub(super) fn finish(&mut self) -> Result<Tail, LexError> {
        self.lexer.finish()
    }
}

/// A copy of the part of a chunk that is being read, known to be UTF-8: to check that once for all is much faster than
/// text by text.
#[derive(Default)]
struct Window {
    text: String,
    /// Where in the chunk it begins.
    start: usize,
}

/// How much is copied at a time: enough for a hundred rows of most vendors, and it stays in the processor's cache.
const WINDOW: usize = 32 << 10;

/// Less than this is not left to a row: it gets a new window. A row that is longer, and just then, goes the slow way.
const ROOM: usize = 4 << 10;

impl Window {
    fn clear(&mut self) {
        self.text.clear();
        self.start = 0;
    }

    /// The chunk from `at` on, as far as it is UTF-8, and for no more than a window.
    fn text_at(&mut self, chunk: &[u8], at: usize) -> &str {
        let end = self.start + self.text.len();
        if at < self.start || at + ROOM > end && end < chunk.len() || end < at {
            let text = utf8_prefix(&chunk[at..chunk.len().min(at + WINDOW)]);
            self.text.clear();
            self.text.push_str(text);
            self.start = at;
        }
        self.text.get(at - self.start..).unwrap_or_default()
    }
}

/// As much of the beginning of `bytes` as is UTF-8.
pub(super) fn utf8_prefix(bytes: &[u8]) -> &str {
    match str::from_utf8(bytes) {
        Ok(text) => text,
        Err(problem) => str::from_utf8(&bytes[..problem.valid_up_to()]).unwrap_or_default(),
    }
}

/// Makes rows of the model of one page's items.
pub(super) struct RowReader<R> {
    context: NormalizeContext,
    redactor: Redactor,
    row: PhantomData<fn() -> R>,
}

impl<R> Clone for RowReader<R> {
    fn clone(&self) -> Self {
        Self { context: self.context.clone(), redactor: self.redactor.clone(), row: PhantomData }
    }
}

impl<R> RowReader<R>
where
    R: RowType,
    for<'de> R::Row<'de>: Normalize<Output = Option<Profile>>,
{
    /// Reads an item that may not fit.
    fn read(&mut self, item: Item<'_>) -> Listed {
        match item {
            Item::Row(bytes) => {
                let read = read_reported::<R, _>(bytes, &mut self.context, |row, context| row.normalize(context));
                self.listed(read, bytes)
            }
            Item::Oversized { bytes, head } => {
                let problem = format!("the row is {bytes} bytes long, more than the limit for one item");
                Listed::Rejected(self.reject(problem, head))
            }
        }
    }

    /// Maps a row that fits.
    pub(super) fn map(&mut self, row: R::Row<'_>, bytes: &[u8]) -> Listed {
        let mapped = row.normalize(&mut self.context);
        self.listed(Ok(mapped), bytes)
    }

    fn listed(&mut self, mapped: Result<Option<Profile>, Unusable>, bytes: &[u8]) -> Listed {
        let issues = self.redactor.issues(self.context.take_issues());
        let problem = match mapped {
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
        let raw = self.redactor.text(&raw);
        Rejected::new(self.context.provider().clone(), 0, problem, raw)
    }
}
