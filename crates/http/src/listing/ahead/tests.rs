use std::{sync::atomic::Ordering, thread};

use bytes::Bytes;
use chrono::DateTime;
use polyprofile_core::{Listed, Normalize, NormalizeContext, Profile, ProfileId, ProviderId};
use proptest::prelude::*;
use tokio::runtime;

use super::{Part, THREAD};
use crate::{
    json::{Envelope, LexError, LexerLimits, RowType},
    listing::decoder::Decoder,
    redact::Redactor,
};

const ENVELOPE: Envelope = Envelope { items: &["data"], keep: &[] };

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

    /// Whose name says which thread it was mapped on.
    fn normalize(self, context: &mut NormalizeContext) -> Self::Output {
        let mut profile = Profile::new(ProfileId::new(context.provider().clone(), self.id));
        profile.name = thread::current().name().map(str::to_owned);
        Some(profile)
    }
}

/// What a list gives: keys, and what was rejected; and how many rows of them came from the other thread.
#[derive(Debug, PartialEq)]
struct Given {
    rows: Vec<String>,
    end: Result<(), LexError>,
}

fn decoder() -> Decoder<Row> {
    let context = NormalizeContext::new(ProviderId::new("p"), DateTime::UNIX_EPOCH);
    let limits = LexerLimits { item: 2_000, ..LexerLimits::default() };
    Decoder::with(context, Redactor::new([]), &ENVELOPE, limits)
}

/// Decodes a body of so many chunks, each told before it is its turn. Every chunk that the other thread is given it
/// also gets to begin with.
fn decode(mut decoder: Decoder<Row>, chunks: &[Bytes]) -> (Given, usize) {
    let runtime = runtime::Builder::new_current_thread().build().expect("a runtime");
    let (mut rows, mut elsewhere) = (Vec::new(), 0);
    let end = (|| {
        for (index, chunk) in chunks.iter().enumerate() {
            decoder.feed(chunk.clone(), chunks.get(index + 1));
            while let Some(Part::Begun(job)) = decoder.ahead().map(|ahead| &ahead.next)
                && !job.marks.begun.load(Ordering::Relaxed)
            {
                thread::yield_now();
            }
            loop {
                match decoder.next_row()? {
                    Some(Listed::Profile(profile)) => {
                        elsewhere += usize::from(profile.name.as_deref() == Some(THREAD));
                        rows.push(profile.id.key);
                    }
                    Some(Listed::Rejected(rejected)) => rows.push(format!("{}: {}", rejected.problem, rejected.raw)),
                    Some(_) => {}
                    None => match decoder.awaited() {
                        Some(ahead) => runtime.block_on(ahead.ready()),
                        None => break,
                    },
                }
            }
        }
        decoder.finish().map(drop)
    })();
    (Given { rows, end }, elsewhere)
}

/// The same with and without the other thread; how many rows that decoded.
fn same(body: &str, sizes: &[usize]) -> usize {
    let mut chunks = Vec::new();
    let mut rest = Bytes::copy_from_slice(body.as_bytes());
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        chunks.push(rest.split_to(rest.len().min(*size)));
    }
    let (given, elsewhere) = decode(decoder().looking_ahead(), &chunks);
    let (expected, nobody) = decode(decoder(), &chunks);
    assert_eq!(given, expected);
    assert_eq!(nobody, 0);
    elsewhere
}

fn list(rows: impl IntoIterator<Item = String>) -> String {
    format!("{{\"data\":[{}]}}", rows.into_iter().collect::<Vec<_>>().join(" ,\n"))
}

#[test]
fn about_every_other_chunk_is_decoded_by_the_other_thread() {
    let body = list((0..20_000).map(|number| format!(r#"{{"id":"a{number}","other":"Acme € ünï"}}"#)));
    let elsewhere = same(&body, &[20_000]);
    assert!((8_000..=12_000).contains(&elsewhere), "{elsewhere}");
    // The first chunk only tells what stands between two rows.
    assert_eq!(same(&body, &[body.len()]), 0);
    // Of a very long chunk it is a part.
    let elsewhere = same(&body, &[20_000, 20_000, 400_000]);
    assert!((1_000..=4_000).contains(&elsewhere), "{elsewhere}");
}

#[test]
fn what_only_looks_like_a_row_is_none() {
    // What stands between two rows stands between what is inside them, too.
    let row = |number: usize| {
        let inside: Vec<_> = (0..number % 30).map(|inside| format!(r#"{{"id":"inside {number} {inside}"}}"#)).collect();
        format!(r#"{{"id":"a{number}","others":[{}],"text":"}} ,\n{{\"id\":\"no\"}}"}}"#, inside.join(" ,\n"))
    };
    same(&list((0..3_000).map(row)), &[17_000, 20_001]);
}

#[test]
fn a_row_that_does_not_fit_costs_no_other() {
    let row = |number: usize| match number % 150 {
        40 => r#"{"id":["odd"]}"#.to_owned(),
        80 => "7".to_owned(),
        120 => format!(r#"{{"id":"long","other":"{}"}}"#, "x".repeat(3_000)),
        _ => format!(r#"{{"id":"a{number}","other":"Acme"}}"#),
    };
    let elsewhere = same(&list((0..10_000).map(row)), &[16_384, 30_000]);
    assert!(elsewhere > 300, "{elsewhere}");
}

#[test]
fn a_list_that_is_broken_breaks_at_the_same_place() {
    let body = list((0..2_000).map(|number| format!(r#"{{"id":"a{number}","other":"Acme"}}"#)));
    for broken in [
        body[..body.len() / 2].to_owned(),
        body.replace(r#"{"id":"a1100","#, r#"}{"id":"a1100","#),
        body.replace(" ,\n{\"id\":\"a1100\"", " \n{\"id\":\"a1100\""),
        body.replace(" ,\n{\"id\":\"a1100\"", " ,,\n{\"id\":\"a1100\""),
        body.replace(r#"{"id":"a1100""#, "],\"data\":[{\"id\":\"a1100\""),
        body.replace("a1100", "a11\u{0}00"),
    ] {
        same(&broken, &[17_000]);
    }
}

/// Rows of every sort, in an order that brings forth many borders.
fn any_row() -> impl Strategy<Value = String> {
    prop_oneof![
        20 => "[a-z]{1,9}".prop_map(|id| format!(r#"{{"id":"{id}","other":"0123456789012345678901234567890123456789"}}"#)),
        2 => "[a-zé🦀]{0,60}".prop_map(|id| format!(r#"{{"name":null,"id":"{id}"}}"#)),
        1 => Just(r#"{"id":"parent","children":[{"id":"child","x":1} ,
{"id":"child","x":2} ,
{"id":"child"}]}"#.to_owned()),
        1 => prop::sample::select(vec!["null", "[]", "{}", "{\"id\":7}", "{\"id\":\"a\",\"id\":\"b\"}", "{\"id\":"]).prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn however_a_list_is_cut_its_rows_are_the_same(
        rows in prop::collection::vec(any_row(), 1..200),
        times in 1_usize..20,
        sizes in prop::collection::vec(prop_oneof![16_384_usize..40_000, 1_usize..20_000], 1..4),
    ) {
        let count = rows.len() * times;
        same(&list(rows.into_iter().cycle().take(count)), &sizes);
    }
}
