//! The boundary lexer: a body in any chunks gives what it gives whole, what serde finds in it, and in bounded memory.

#![no_main]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use libfuzzer_sys::fuzz_target;
use polyprofile_fuzz::json::members;
use polyprofile_http::json::{Envelope, Item, ItemLexer, LexError, LexerLimits};
use serde_json::value::RawValue;

/// The vendors' own envelopes, and one that has everything.
static ENVELOPES: [Envelope; 4] = [
    Envelope { items: &["data"], keep: &[] },
    Envelope { items: &["profiles"], keep: &[] },
    Envelope { items: &["items", "data"], keep: &["cursor", "next_cursor"] },
    Envelope { items: &["items", "data"], keep: &["cursor", "data"] },
];

/// Longest beginning of an oversized item that is shown, as the lexer promises.
const HEAD: usize = 256;

fuzz_target!(|input: &[u8]| {
    // The settings are at the end, so that a document is a seed as it is.
    let Some((body, [settings, sizes @ ..])) = input.split_last_chunk::<8>() else { return };
    let envelope = &ENVELOPES[usize::from(settings & 3)];
    let limits = match settings >> 2 & 3 {
        0 => LexerLimits { item: 24, kept: 8 },
        1 => LexerLimits { item: 300, kept: 24 },
        _ => LexerLimits::default(),
    };
    let sizes = sizes.map(|size| usize::from(size % 64) + 1);

    let whole = read(envelope, limits, [body].into_iter());
    let chunked = read(envelope, limits, chunks(body, sizes));
    assert_eq!(chunked, whole, "the chunks matter");

    if let Some(expected) = expect(envelope, limits, body) {
        assert_eq!(whole, expected, "serde reads another list");
    }
    // A list that is cut anywhere was cut, and nothing else is wrong with it.
    if whole.outcome.is_ok() {
        let cut = body.trim_ascii_end().len() * usize::from(input[0]) / 256;
        let beginning = read(envelope, limits, chunks(&body[..cut], sizes));
        assert!(whole.items.starts_with(&beginning.items), "other items before the cut");
        let cut_error = beginning.outcome.expect_err("the document is not complete");
        assert!(matches!(cut_error, LexError::Truncated | LexError::Empty), "{cut_error:?} after a cut");
    }
    stays_small(envelope, limits, chunks(body, sizes));
});

/// What the lexer makes of a body.
#[derive(Debug, PartialEq)]
struct Reading {
    items: Vec<Found>,
    /// The kept members in the envelope's order, or what is wrong.
    outcome: Result<Vec<Option<String>>, LexError>,
}

#[derive(Clone, Debug, PartialEq)]
enum Found {
    Row(Vec<u8>),
    Oversized(u64, Vec<u8>),
}

impl From<Item<'_>> for Found {
    fn from(item: Item<'_>) -> Self {
        match item {
            Item::Row(row) => Self::Row(row.to_vec()),
            Item::Oversized { bytes, head } => Self::Oversized(bytes, head.to_vec()),
        }
    }
}

fn chunks(body: &[u8], sizes: [usize; 7]) -> impl Iterator<Item = &[u8]> {
    let mut rest = body;
    let chunks = sizes.into_iter().cycle().map_while(move |size| {
        let (chunk, after) = rest.split_at(size.min(rest.len()));
        rest = after;
        (!chunk.is_empty()).then_some(chunk)
    });
    // A body may have chunks without a byte in them, too.
    [&[][..]].into_iter().chain(chunks)
}

fn read<'a>(envelope: &Envelope, limits: LexerLimits, chunks: impl Iterator<Item = &'a [u8]>) -> Reading {
    let mut lexer = ItemLexer::new(envelope, limits);
    let mut items = Vec::new();
    for mut chunk in chunks {
        loop {
            match lexer.next_item(&mut chunk) {
                Ok(Some(item)) => items.push(Found::from(item)),
                Ok(None) => break,
                Err(error) => {
                    assert_eq!(lexer.finish().err().as_ref(), Some(&error), "an error is final");
                    assert_eq!(lexer.items_seen(), items.len() as u64);
                    return Reading { items, outcome: Err(error) };
                }
            }
        }
        assert!(chunk.is_empty(), "the lexer asks for more and has not read all");
    }
    let outcome =
        lexer.finish().map(|tail| envelope.keep.iter().map(|name| tail.get(name).map(str::to_owned)).collect());
    assert_eq!(lexer.items_seen(), items.len() as u64);
    Reading { items, outcome }
}

/// What the document says by serde and by the lexer's documentation; `None` for what serde does not take as an object.
fn expect(envelope: &Envelope, limits: LexerLimits, body: &[u8]) -> Option<Reading> {
    let body = std::str::from_utf8(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)).ok()?;
    let (mut items, mut list) = (Vec::new(), None);
    let mut kept: Vec<Option<String>> = vec![None; envelope.keep.len()];
    for (name, value) in members(body)? {
        let name = serde_json::from_str::<String>(name).ok();
        let names = |names: &[&str]| names.iter().position(|known| name.as_deref() == Some(*known));
        if list.is_some() && list == names(envelope.items) {
            return Some(Reading { items, outcome: Err(LexError::RepeatedList) });
        }
        if let (None, Some(place)) = (list, names(envelope.items)) {
            let Ok(rows) = serde_json::from_str::<Vec<&RawValue>>(value) else {
                return Some(Reading { items, outcome: Err(LexError::ListIsNot { found: type_of(value) }) });
            };
            list = Some(place);
            items = rows.into_iter().map(|row| found(row.get(), limits)).collect();
        } else if let Some(place) = names(envelope.keep).filter(|place| kept[*place].is_none()) {
            if value.len() > limits.kept {
                let name = envelope.keep[place];
                return Some(Reading { items, outcome: Err(LexError::KeptTooLarge { name }) });
            }
            kept[place] = Some(value.to_owned());
        }
    }
    let outcome = list.map(|_| kept).ok_or(LexError::MissingList { expected: envelope.items });
    Some(Reading { items, outcome })
}

fn found(row: &str, limits: LexerLimits) -> Found {
    let row = row.as_bytes();
    if row.len() <= limits.item {
        Found::Row(row.to_vec())
    } else {
        Found::Oversized(row.len() as u64, row[..row.len().min(HEAD)].to_vec())
    }
}

fn type_of(value: &str) -> &'static str {
    match value.as_bytes()[0] {
        b'{' => "an object",
        b'"' => "a string",
        b'n' => "null",
        b't' | b'f' => "a boolean",
        _ => "a number",
    }
}

/// However long the body, the lexer holds no more than one item, what is kept of the others, and a name.
fn stays_small<'a>(envelope: &Envelope, limits: LexerLimits, chunks: impl Iterator<Item = &'a [u8]>) {
    // A buffer that grows by doubling has, while it moves, three times what is in it.
    let bound = 3 * (limits.item.max(HEAD) + (envelope.keep.len() + 1) * limits.kept) + 2_048;
    let before = IN_USE.load(Relaxed);
    MOST_IN_USE.store(before, Relaxed);
    let mut lexer = ItemLexer::new(envelope, limits);
    for mut chunk in chunks {
        while let Ok(Some(_)) = lexer.next_item(&mut chunk) {}
    }
    drop(lexer.finish());
    let most = MOST_IN_USE.load(Relaxed) - before;
    assert!(most <= bound, "{most} bytes in use, of at most {bound}");
}

/// The system's allocator, counting.
struct Counting;

static IN_USE: AtomicUsize = AtomicUsize::new(0);
static MOST_IN_USE: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: every call is the system allocator's; the counters do not touch memory that is handed out.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let in_use = IN_USE.fetch_add(layout.size(), Relaxed) + layout.size();
        MOST_IN_USE.fetch_max(in_use, Relaxed);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}
