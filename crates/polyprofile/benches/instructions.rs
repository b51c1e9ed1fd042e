//! One case, decoded once, for whoever counts instructions: `instructions CASE ROWS`.
//!
//! `benches/instructions.sh` runs it under callgrind and compares the count with the recorded one.

#[allow(dead_code, unreachable_pub, reason = "each benchmark uses its own part")]
mod data;

use std::hint::black_box;

use data::Case;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let case = arguments.next().and_then(|name| Case::ALL.into_iter().find(|case| case.name() == name));
    let rows = arguments.next().and_then(|rows| rows.parse().ok());
    let (Some(case), Some(rows)) = (case, rows) else {
        // `cargo bench` starts every benchmark; this one is for the script.
        return;
    };
    let body = case.body(rows);
    assert_eq!(decode_counted(case, &body), rows, "every row is kept");
}

/// What is counted, told by its name.
#[inline(never)]
fn decode_counted(case: Case, body: &[u8]) -> usize {
    case.rows(body).filter(|row| black_box(row).is_ok()).count()
}
