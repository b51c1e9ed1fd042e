//! The boundary lexer: where in a body, that arrives in chunks, each item of a list begins and ends.
//!
//! It is a machine of few states over the outermost object and over the list in it. What lies between two boundaries (a
//! name, an item, the value of another member) is crossed by one scanner, [`ValueScanner`], that only counts brackets
//! and knows when it is inside a string. So nesting costs a counter and no stack, and a byte is never looked at twice.

use std::fmt;

use memchr::memchr2;
use serde_json::value::RawValue;

/// How many bytes of an oversized item are shown.
const HEAD: usize = 256;

/// The longest bare word (number, `true`, `null`) that is checked in a member which is skipped: any sensible one is
/// shorter.
const CHECKED_WORD: usize = 64;

const BYTE_ORDER_MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// The object around a list: which member holds the items, and which of the others are wanted too.
///
/// Only members of the outermost object count; the same names further in are left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Names of the member that holds the list. Where a document has several of them, the one that comes first is the
    /// list, and the others are members like any other.
    pub items: &'static [&'static str],
    /// Members to hand back as raw JSON in the [`Tail`], such as a cursor.
    pub keep: &'static [&'static str],
}

/// What the lexer is willing to hold in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LexerLimits {
    /// The longest item, in bytes. A longer one is passed over and reported as [`Item::Oversized`].
    pub item: usize,
    /// The longest value of a kept member, in bytes. A longer one is an error.
    pub kept: usize,
}

impl Default for LexerLimits {
    /// 1 MiB for an item, 64 KiB for a kept member.
    fn default() -> Self {
        Self { item: 1 << 20, kept: 64 << 10 }
    }
}

/// Cuts a list into its items while the body arrives.
///
/// Of the outermost object and of the list everything is checked: names, colons, commas, what opens and what closes.
/// The inside of an item is not, beyond that its strings end and that its outermost brackets pair up: whoever parses
/// the item finds the rest, and a broken item then costs only itself. Of the other members only those named by
/// [`Envelope::keep`] are checked throughout. A member's name that cannot be read, because of a bad escape or bad
/// UTF-8, is none of those that are looked for.
///
/// An error is final: every later call gives the same one.
#[derive(Debug)]
pub struct ItemLexer {
    envelope: Envelope,
    limits: LexerLimits,
    /// No name that is written in more bytes than this can be one of the envelope's.
    longest_name: usize,
    state: State,
    scanner: ValueScanner,
    /// The beginning of a part, read from earlier chunks.
    buffer: Vec<u8>,
    /// How long that part was so far; more than the buffer holds, when the part is not kept.
    length: u64,
    /// Bytes of the body that were read, so that errors can name a place in it.
    offset: u64,
    items: u64,
    /// Which of the envelope's names the list was found under.
    list: Option<&'static str>,
    kept: Vec<(&'static str, String)>,
    failed: Option<LexError>,
}

/// One element of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// The item as it was sent: JSON of any type, not yet parsed.
    Row(&'a [u8]),
    /// An item past [`LexerLimits::item`].
    Oversized {
        /// How long it is.
        bytes: u64,
        /// Its first bytes, at most 256.
        head: &'a [u8],
    },
}

/// The kept members of a document that was read to its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tail {
    kept: Vec<(&'static str, String)>,
}

impl Tail {
    /// The raw JSON of a kept member, `None` when the document has none of that name. Of a repeated member this is the
    /// first.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.kept.iter().find(|(kept, _)| *kept == name).map(|(_, json)| json.as_str())
    }
}

/// Why a body is not the list that was expected.
///
/// Offsets count the bytes of the body from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LexError {
    /// There is no body, or nothing but blanks in it.
    #[error("the body is empty")]
    Empty,
    /// The body is markup, as a proxy or a login page would send it.
    #[error("the body is HTML or XML, not JSON")]
    Html,
    /// The body is UTF-16 or UTF-32, or holds NUL bytes where JSON is expected.
    #[error("the body is not UTF-8 text")]
    NotUtf8Text,
    /// The document is JSON of another type.
    #[error("the body is {found}, not an object")]
    NotAnObject {
        /// What it is: `an array`, `null`, ...
        found: &'static str,
    },
    /// The document ended as it should and had no list.
    #[error("the body has no member {}", Alternatives(expected))]
    MissingList {
        /// The names that the list could have had.
        expected: &'static [&'static str],
    },
    /// The member that should hold the list holds something else.
    #[error("the list is {found}, not an array")]
    ListIsNot {
        /// What it is: `null`, `an object`, ...
        found: &'static str,
    },
    /// The list's member is there twice.
    #[error("the body has its list twice")]
    RepeatedList,
    /// The body ended inside the document. It says nothing against what came before: the connection was probably cut.
    #[error("the body ended inside the document")]
    Truncated,
    /// The document is complete and something follows it.
    #[error("unexpected data after the document, at byte {offset}")]
    TrailingData {
        /// Where it begins.
        offset: u64,
    },
    /// The document is not JSON.
    #[error("broken JSON at byte {offset}: expected {expected}")]
    Syntax {
        /// The byte that does not belong there.
        offset: u64,
        /// What could have been there instead.
        expected: &'static str,
    },
    /// The value of a kept member is longer than [`LexerLimits::kept`].
    #[error("the member `{name}` is too large")]
    KeptTooLarge {
        /// The member.
        name: &'static str,
    },
}

impl ItemLexer {
    /// A lexer for one body.
    pub fn new(envelope: &Envelope, limits: LexerLimits) -> Self {
        let names = envelope.items.iter().chain(envelope.keep);
        // An escape writes one byte of a name in at most six; and there are two quotes.
        let longest_name = 6 * names.map(|name| name.len()).max().unwrap_or(0) + 2;
        Self {
            envelope: *envelope,
            limits,
            longest_name,
            state: State::Start,
            scanner: ValueScanner::default(),
            buffer: Vec::new(),
            length: 0,
            offset: 0,
            items: 0,
            list: None,
            kept: Vec::new(),
            failed: None,
        }
    }

    /// Takes the next item out of `chunk`, and moves `chunk` past the bytes that were read. `None`: the chunk is used
    /// up.
    ///
    /// An item that lies within one chunk is a slice of it. One that spans chunks is put together in a buffer of the
    /// lexer.
    ///
    /// # Errors
    ///
    /// As soon as it is certain that the body is not the list which was expected. Items given before remain good.
    pub fn next_item<'a, 'chunk: 'a>(&'a mut self, chunk: &mut &'chunk [u8]) -> Result<Option<Item<'a>>, LexError> {
        let bytes = *chunk;
        let progress = self.read(chunk, Until::ItemEnds)?;
        let (stored, length) = match progress.found {
            None => return Ok(None),
            Some(Found::InChunk { start }) => (&bytes[start..progress.read], (progress.read - start) as u64),
            Some(Found::InBuffer) => (self.buffer.as_slice(), self.length),
        };
        self.items += 1;
        Ok(Some(if length <= self.limits.item as u64 {
            Item::Row(stored)
        } else {
            Item::Oversized { bytes: length, head: &stored[..stored.len().min(HEAD)] }
        }))
    }

    /// Moves `chunk` to the first byte of the next item. `false`: there is none in it, or an item from an earlier chunk
    /// goes on in it.
    ///
    /// The item can then be passed over by whoever can tell its length, or taken as ever by [`Self::next_item`].
    pub(crate) fn find_item(&mut self, chunk: &mut &[u8]) -> Result<bool, LexError> {
        if !matches!(self.state, State::Inside(Part::Item)) {
            self.read(chunk, Until::ItemBegins)?;
        }
        Ok(!chunk.is_empty() && self.length == 0)
    }

    /// Passes over the item that [`Self::find_item`] found, which is `length` bytes long and an object or array.
    ///
    /// `false`, and nothing is passed: that is more than [`LexerLimits::item`].
    pub(crate) fn pass_item(&mut self, chunk: &mut &[u8], length: usize) -> bool {
        let fits = length <= self.limits.item;
        if fits {
            self.pass_items(chunk, 1, length);
        }
        fits
    }

    /// Passes over several items, each an object or array within [`LexerLimits::item`], of which [`Self::find_item`]
    /// found the first: `length` bytes from the first one's beginning to the last one's end, and nothing but commas
    /// and blanks between them.
    pub(crate) fn pass_items(&mut self, chunk: &mut &[u8], items: usize, length: usize) {
        *chunk = &chunk[length..];
        self.offset += length as u64;
        self.items += items as u64;
        self.state = State::AfterItem;
    }

    /// Ends the body, and gives the kept members. They are given once: a second call has none.
    ///
    /// # Errors
    ///
    /// [`LexError::Empty`], [`LexError::MissingList`], or [`LexError::Truncated`] when the document is not complete.
    pub fn finish(&mut self) -> Result<Tail, LexError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let error = match self.state {
            State::Done if self.list.is_some() => return Ok(Tail { kept: std::mem::take(&mut self.kept) }),
            State::Done => LexError::MissingList { expected: self.envelope.items },
            State::Start => LexError::Empty,
            _ => LexError::Truncated,
        };
        self.failed = Some(error.clone());
        Err(error)
    }

    /// What it is willing to hold.
    pub(crate) fn limits(&self) -> LexerLimits {
        self.limits
    }

    /// How many items were given, oversized ones among them.
    pub fn items_seen(&self) -> u64 {
        self.items
    }

    /// How much memory is held for parts that span chunks.
    #[cfg(test)]
    pub(super) fn buffer_capacity(&self) -> usize {
        self.buffer.capacity()
    }

    /// Reads on, and moves `chunk` past what was read.
    fn read(&mut self, chunk: &mut &[u8], until: Until) -> Result<Progress, LexError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let progress = self.advance(chunk, until).inspect_err(|error| self.failed = Some(error.clone()))?;
        self.offset += progress.read as u64;
        *chunk = &chunk[progress.read..];
        Ok(progress)
    }

    /// Reads until an item is complete, or begins, or the bytes are used up.
    fn advance(&mut self, bytes: &[u8], until: Until) -> Result<Progress, LexError> {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            match self.state {
                State::Inside(part) => match self.scanner.scan(bytes, at) {
                    Scan::Unfinished => {
                        self.store(part, &bytes[at..])?;
                        at = bytes.len();
                    }
                    Scan::Ended { end } if part == Part::Item => {
                        let found = if self.length == 0 {
                            Found::InChunk { start: at }
                        } else {
                            self.store(part, &bytes[at..end])?;
                            Found::InBuffer
                        };
                        self.state = State::AfterItem;
                        return Ok(Progress { read: end, found: Some(found) });
                    }
                    Scan::Ended { end } => {
                        self.store(part, &bytes[at..end])?;
                        self.state = self.complete(part, self.offset + end as u64)?;
                        at = end;
                    }
                    Scan::Mismatch { at: place, expected } => {
                        // Which error a part with several has must not depend on the chunks: its limit comes first.
                        self.store(part, &bytes[at..place])?;
                        return Err(LexError::Syntax { offset: self.offset + place as u64, expected });
                    }
                },
                State::ByteOrderMark { matched } => {
                    if byte != BYTE_ORDER_MARK[matched] {
                        return Err(self.unexpected(at));
                    }
                    let matched = matched + 1;
                    self.state =
                        if matched < BYTE_ORDER_MARK.len() { State::ByteOrderMark { matched } } else { State::Start };
                    at += 1;
                }
                State::Literal { literal, matched } => {
                    if byte != literal.as_bytes()[matched] {
                        return Err(self.unexpected(at));
                    }
                    let matched = matched + 1;
                    if matched == literal.len() {
                        return Err(LexError::NotAnObject { found: type_of(literal.as_bytes()[0]) });
                    }
                    self.state = State::Literal { literal, matched };
                    at += 1;
                }
                _ if is_blank(byte) => at += 1,
                _ => {
                    self.state = self.after_structure(byte, at)?;
                    // The first byte of a part belongs to it, and the scanner has yet to see it.
                    match self.state {
                        State::Inside(Part::Item) if until == Until::ItemBegins => break,
                        State::Inside(_) => {}
                        _ => at += 1,
                    }
                }
            }
        }
        Ok(Progress { read: at, found: None })
    }

    /// The state after a byte of the outermost object or of the list, which is at the place `at` in the chunk.
    fn after_structure(&mut self, byte: u8, at: usize) -> Result<State, LexError> {
        Ok(match (self.state, byte) {
            (State::FirstItem | State::Item, _) if begins_value(byte) => self.begin(Part::Item, byte),
            (State::AfterItem, b',') => State::Item,
            (State::AfterItem | State::FirstItem, b']') => State::AfterValue,

            (State::FirstName | State::Name, b'"') => self.begin(Part::Name, byte),
            (State::Colon(member), b':') => State::Value(member),
            (State::Value(Member::List), b'[') => State::FirstItem,
            (State::Value(Member::List), _) if begins_value(byte) => {
                return Err(LexError::ListIsNot { found: type_of(byte) });
            }
            (State::Value(Member::Kept(name)), _) if begins_value(byte) => self.begin(Part::Kept(name), byte),
            (State::Value(Member::Other), _) if begins_value(byte) => self.begin(Part::Skipped, byte),
            (State::AfterValue, b',') => State::Name,
            (State::AfterValue | State::FirstName, b'}') => State::Done,

            (State::Start, b'{') => State::FirstName,
            (State::Start, b'<') => return Err(LexError::Html),
            (State::Start, 0xFE | 0xFF) => return Err(LexError::NotUtf8Text),
            (State::Start, _) if byte == BYTE_ORDER_MARK[0] && self.offset + at as u64 == 0 => {
                State::ByteOrderMark { matched: 1 }
            }
            (State::Start, b'n') => State::Literal { literal: "null", matched: 1 },
            (State::Start, b't') => State::Literal { literal: "true", matched: 1 },
            (State::Start, b'f') => State::Literal { literal: "false", matched: 1 },
            (State::Start, b'[' | b'"' | b'-' | b'0'..=b'9') => {
                return Err(LexError::NotAnObject { found: type_of(byte) });
            }

            (State::Done, _) => return Err(LexError::TrailingData { offset: self.offset + at as u64 }),
            (_, 0) => return Err(LexError::NotUtf8Text),
            _ => return Err(self.unexpected(at)),
        })
    }

    /// Begins a part with its first byte, which is yet to be read.
    fn begin(&mut self, part: Part, first: u8) -> State {
        self.scanner = ValueScanner::new(first);
        self.buffer.clear();
        self.length = 0;
        State::Inside(part)
    }

    /// Stores a piece of a part, as far as the part is wanted.
    ///
    /// Pieces are only ever appended, so however small they are, an item costs time in proportion to its length.
    fn store(&mut self, part: Part, piece: &[u8]) -> Result<(), LexError> {
        let wanted = match part {
            Part::Item => self.limits.item.max(HEAD),
            Part::Name => self.longest_name,
            Part::Kept(_) => self.limits.kept,
            Part::Skipped => CHECKED_WORD,
        };
        self.length += piece.len() as u64;
        if let Part::Kept(name) = part
            && self.length > wanted as u64
        {
            return Err(LexError::KeptTooLarge { name });
        }
        let room = wanted - self.buffer.len();
        self.buffer.extend_from_slice(&piece[..piece.len().min(room)]);
        Ok(())
    }

    /// The state after a part other than an item, which is complete and ends at `end` in the body.
    fn complete(&mut self, part: Part, end: u64) -> Result<State, LexError> {
        let stored_whole = self.length == self.buffer.len() as u64;
        let value_expected = LexError::Syntax { offset: end - self.length, expected: "a JSON value" };
        match part {
            Part::Name => {
                let name = if stored_whole { serde_json::from_slice(&self.buffer).ok() } else { None };
                return Ok(State::Colon(self.member(name)?));
            }
            Part::Kept(name) => {
                let json: &RawValue = serde_json::from_slice(&self.buffer).map_err(|_| value_expected)?;
                self.kept.push((name, json.get().to_owned()));
            }
            Part::Skipped if self.scanner.is_word() && stored_whole => {
                serde_json::from_slice::<&RawValue>(&self.buffer).map_err(|_| value_expected)?;
            }
            Part::Skipped | Part::Item => {}
        }
        Ok(State::AfterValue)
    }

    /// What a member of the outermost object is to us.
    fn member(&mut self, name: Option<String>) -> Result<Member, LexError> {
        let Some(name) = name else {
            return Ok(Member::Other);
        };
        if self.list.is_some_and(|list| list == name) {
            return Err(LexError::RepeatedList);
        }
        let named = |names: &'static [&'static str]| names.iter().copied().find(|candidate| *candidate == name);
        if self.list.is_none()
            && let Some(list) = named(self.envelope.items)
        {
            self.list = Some(list);
            return Ok(Member::List);
        }
        Ok(match named(self.envelope.keep) {
            Some(kept) if self.kept.iter().all(|(known, _)| *known != kept) => Member::Kept(kept),
            _ => Member::Other,
        })
    }

    /// The error for a byte that the present state does not allow.
    fn unexpected(&self, at: usize) -> LexError {
        let expected = match self.state {
            State::Start | State::ByteOrderMark { .. } | State::Literal { .. } => "a JSON object",
            State::FirstName => "a member's name or `}`",
            State::Name => "a member's name",
            State::Colon(_) => "`:`",
            State::Value(_) => "a JSON value",
            State::AfterValue => "`,` or `}`",
            State::FirstItem => "an item or `]`",
            State::Item => "an item",
            State::AfterItem => "`,` or `]`",
            State::Inside(_) => "the rest of a JSON value",
            State::Done => "the end",
        };
        LexError::Syntax { offset: self.offset + at as u64, expected }
    }
}

/// Where in the document the lexer is: what may come next.
#[derive(Clone, Copy, Debug)]
enum State {
    /// Before the document.
    Start,
    ByteOrderMark {
        matched: usize,
    },
    /// In a document that begins like `null`, `true` or `false`. Told apart from text that only begins so.
    Literal {
        literal: &'static str,
        matched: usize,
    },
    /// After `{`: a name or `}`.
    FirstName,
    /// After a comma in the object: a name.
    Name,
    Colon(Member),
    Value(Member),
    /// After a member: `,` or `}`.
    AfterValue,
    /// After `[`: an item or `]`.
    FirstItem,
    /// After a comma in the list: an item.
    Item,
    /// After an item: `,` or `]`.
    AfterItem,
    /// Between the first and the last byte of a part.
    Inside(Part),
    /// After the document.
    Done,
}

/// What the scanner is crossing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Name,
    Item,
    Kept(&'static str),
    Skipped,
}

/// What the value of a member is to us.
#[derive(Clone, Copy, Debug)]
enum Member {
    List,
    Kept(&'static str),
    Other,
}

/// Where to stop reading.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    ItemBegins,
    ItemEnds,
}

/// How far a chunk was read, and the item that ends there.
struct Progress {
    read: usize,
    found: Option<Found>,
}

/// Where a complete item is.
enum Found {
    InChunk { start: usize },
    InBuffer,
}

/// Finds the end of one JSON value that arrives in pieces.
#[derive(Debug, Default)]
struct ValueScanner {
    /// The first byte of the value.
    opener: u8,
    /// Brackets that are open.
    depth: u64,
    in_string: bool,
    /// The last piece ended with a backslash: the next byte is escaped.
    escaped: bool,
}

/// What a piece says about the value.
enum Scan {
    /// It goes on in the next piece.
    Unfinished,
    /// It ends before this place.
    Ended { end: usize },
    /// The byte at this place cannot be.
    Mismatch { at: usize, expected: &'static str },
}

impl ValueScanner {
    /// A scanner for the value that begins with this byte.
    fn new(opener: u8) -> Self {
        Self { opener, ..Self::default() }
    }

    /// Whether the value has neither brackets nor quotes.
    fn is_word(&self) -> bool {
        !matches!(self.opener, b'{' | b'[' | b'"')
    }

    /// Reads on at `from`, which is the first byte of the value when nothing of it was read yet.
    fn scan(&mut self, bytes: &[u8], from: usize) -> Scan {
        if self.is_word() {
            // Nothing marks the end of a number but what follows it.
            return match bytes[from..].iter().position(|byte| !is_word_byte(*byte)) {
                Some(length) => Scan::Ended { end: from + length },
                None => Scan::Unfinished,
            };
        }
        let mut at = from;
        loop {
            if self.in_string {
                match self.string_end(bytes, at) {
                    None => return Scan::Unfinished,
                    Some(end) => at = end,
                }
                self.in_string = false;
                if self.depth == 0 {
                    return Scan::Ended { end: at };
                }
            }
            let Some(plain) = bytes[at..].iter().position(|byte| MATTERS[usize::from(*byte)]) else {
                return Scan::Unfinished;
            };
            at += plain;
            match bytes[at] {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                // A value begins with a quote or an opening bracket, so something is open here.
                closer => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return match (self.opener, closer) {
                            (b'{', b'}') | (b'[', b']') => Scan::Ended { end: at + 1 },
                            (b'{', _) => Scan::Mismatch { at, expected: "`}`" },
                            _ => Scan::Mismatch { at, expected: "`]`" },
                        };
                    }
                }
            }
            at += 1;
        }
    }

    /// The place after the closing quote of the string that `at` is in.
    fn string_end(&mut self, bytes: &[u8], mut at: usize) -> Option<usize> {
        if self.escaped && at < bytes.len() {
            self.escaped = false;
            at += 1;
        }
        loop {
            at += memchr2(b'"', b'\\', &bytes[at..])?;
            if bytes[at] == b'"' {
                return Some(at + 1);
            }
            if at + 1 == bytes.len() {
                self.escaped = true;
                return None;
            }
            at += 2;
        }
    }
}

/// The bytes that matter outside strings.
static MATTERS: [bool; 256] = {
    let mut table = [false; 256];
    table[b'"' as usize] = true;
    table[b'{' as usize] = true;
    table[b'}' as usize] = true;
    table[b'[' as usize] = true;
    table[b']' as usize] = true;
    table
};

/// Names, for a message.
struct Alternatives<'a>(&'a [&'a str]);

impl fmt::Display for Alternatives<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.0.iter().enumerate() {
            write!(formatter, "{}`{name}`", if index == 0 { "" } else { " or " })?;
        }
        Ok(())
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Whether a value can begin so. Words are taken as they come; it is for a parser to say which of them are JSON.
fn begins_value(byte: u8) -> bool {
    matches!(byte, b'{' | b'[' | b'"') || is_word_byte(byte)
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.' | b'_')
}

/// The type of the value that begins so.
fn type_of(first: u8) -> &'static str {
    match first {
        b'{' => "an object",
        b'[' => "an array",
        b'"' => "a string",
        b't' | b'f' => "a boolean",
        b'n' => "null",
        b'-' | b'0'..=b'9' => "a number",
        _ => "a bare word",
    }
}
