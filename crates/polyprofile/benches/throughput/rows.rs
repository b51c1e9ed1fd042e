//! From bytes to rows of the model, and the two steps on the way.

use std::{borrow::Cow, hint::black_box};

use criterion::{BenchmarkId, Criterion, Throughput};
use polyprofile_http::json::{Envelope, Item, ItemLexer, LexerLimits, RowType, read_row};

use crate::data::Case;

const ROWS: usize = 10_000;

const ENVELOPE: Envelope = Envelope { items: &["data"], keep: &[] };

/// The lexer alone: where each item begins and ends.
pub(crate) fn lexer(criterion: &mut Criterion) {
    let body = Case::Postproxy.body(ROWS);
    let mut group = criterion.benchmark_group("lexer");
    group.throughput(Throughput::Bytes(body.len() as u64));
    for chunk in [1_024, 16_384, body.len()] {
        group.bench_with_input(BenchmarkId::new("chunks of", chunk), &chunk, |bencher, chunk| {
            bencher.iter(|| {
                assert_eq!(items(&body, *chunk, |item| assert!(matches!(black_box(item), Item::Row(_)))), ROWS);
            });
        });
    }
    group.finish();
}

/// A row as a user of serde would write it, borrowed where it can be.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Row<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    platform: Cow<'a, str>,
    #[serde(borrow)]
    status: Cow<'a, str>,
    #[serde(borrow)]
    profile_group_id: Cow<'a, str>,
    post_count: u64,
}

impl RowType for Row<'_> {
    type Row<'de> = Row<'de>;
}

/// Lexer and parser, without the model.
pub(crate) fn decode(criterion: &mut Criterion) {
    let body = Case::Postproxy.body(ROWS);
    let mut group = criterion.benchmark_group("decode");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("postproxy", |bencher| {
        bencher.iter(|| {
            items(&body, 16_384, |item| {
                let Item::Row(bytes) = item else { return };
                let posts = read_row::<Row<'_>, _>(bytes, |row, issues| {
                    assert!(issues.is_empty());
                    black_box((&row.id, &row.name, &row.platform, &row.status, &row.profile_group_id));
                    row.post_count
                });
                black_box(posts.expect("a good row"));
            })
        });
    });
    group.finish();
}

/// All of it: wire to model, dropped.
pub(crate) fn normalize(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("normalize");
    for case in Case::ALL {
        let rows = if case == Case::Salvage { ROWS / 100 } else { ROWS };
        let body = case.body(rows);
        group.throughput(Throughput::Elements(rows as u64));
        group.bench_function(case.name(), |bencher| bencher.iter(|| assert_eq!(normalized(case, &body), rows)));
    }
    group.finish();
}

/// The cost of a row does not depend on their number.
pub(crate) fn growth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("growth");
    group.sample_size(10);
    for rows in [1_000, 10_000, 100_000, 1_000_000] {
        let body = Case::Postproxy.body(rows);
        group.throughput(Throughput::Elements(rows as u64));
        group.bench_with_input(BenchmarkId::new("rows", rows), &rows, |bencher, rows| {
            bencher.iter(|| assert_eq!(normalized(Case::Postproxy, &body), *rows));
        });
    }
    group.finish();
}

fn normalized(case: Case, body: &[u8]) -> usize {
    case.rows(body).filter(|row| black_box(row).is_ok()).count()
}

fn items(body: &[u8], chunk: usize, mut visit: impl FnMut(Item<'_>)) -> usize {
    let mut lexer = ItemLexer::new(&ENVELOPE, LexerLimits::default());
    let mut items = 0;
    for mut chunk in body.chunks(chunk) {
        while let Some(item) = lexer.next_item(&mut chunk).expect("a good list") {
            visit(item);
            items += 1;
        }
    }
    lexer.finish().expect("a whole list");
    items
}
