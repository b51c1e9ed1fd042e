//! From the bytes of a page to rows of the model. Pure: nothing in here waits.

use std::marker::PhantomData;

use polyprofile_core::{Listed, Normalize, NormalizeContext, Profile, Rejected};

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
    /// The beginning of the chunk that is UTF-8: to check that once for all is much faster than text by text.
    text: String,
    /// What comes after the text: mostly nothing, or a character that goes on in the next chunk.
    rest: Vec<u8>,
    /// How many bytes of the text, and of the rest, were read.
    read: usize,
    rest_read: usize,
}

impl<R> Decoder<R>
where
    R: RowType,
    for<'de> R::Row<'de>: Normalize<Output = Option<Profile>>,
{
    /// For a page that `client` observes now.
    pub(super) fn new(client: &HttpClient, envelope: &Envelope) -> Self {
        let context = NormalizeContext::new(client.provider().clone(), client.now());
        Self::with(context, client.redactor().clone(), envelope, client.config().limits.lexer())
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
            text: String::new(),
            rest: Vec::new(),
            read: 0,
            rest_read: 0,
        }
    }

    /// Takes in the next chunk, when the one before was read to its end.
    pub(super) fn feed(&mut self, chunk: &[u8]) {
        let text = match str::from_utf8(chunk) {
            Ok(text) => text,
            Err(problem) => str::from_utf8(&chunk[..problem.valid_up_to()]).unwrap_or_default(),
        };
        self.text.clear();
        self.text.push_str(text);
        self.rest.clear();
        self.rest.extend_from_slice(&chunk[text.len()..]);
        (self.read, self.rest_read) = (0, 0);
    }

    /// The next row, or `None` when the chunk is used up. A rejected row has no index yet.
    ///
    /// # Errors
    ///
    /// As [`ItemLexer::next_item`].
    pub(super) fn next_row(&mut self) -> Result<Option<Listed>, LexError> {
        let Self { rows, lexer, text, rest, read, rest_read } = self;
        let mut unread = &text.as_bytes()[*read..];
        if lexer.find_item(&mut unread)? {
            let start = text.len() - unread.len();
            if let Some((row, length)) = text.get(start..).and_then(read_leading_row::<R>)
                && lexer.pass_item(&mut unread, length)
            {
                *read = start + length;
                return Ok(Some(rows.map(row, &text.as_bytes()[start..*read])));
            }
        }
        let row = lexer.next_item(&mut unread)?.map(|item| rows.read(item));
        *read = text.len() - unread.len();
        if row.is_some() {
            return Ok(row);
        }
        let mut unread = &rest[*rest_read..];
        let row = lexer.next_item(&mut unread)?.map(|item| rows.read(item));
        *rest_read = rest.len() - unread.len();
        Ok(row)
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

/// Makes rows of the model of one page's items.
struct RowReader<R> {
    context: NormalizeContext,
    redactor: Redactor,
    row: PhantomData<fn() -> R>,
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
    fn map(&mut self, row: R::Row<'_>, bytes: &[u8]) -> Listed {
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
