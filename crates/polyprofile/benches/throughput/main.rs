//! How fast each step is, in bytes or rows a second: `cargo bench -p polyprofile`, and `-- NAME` for one group.

mod aggregate;
#[path = "../data.rs"]
#[allow(dead_code, unreachable_pub, reason = "each benchmark uses its own part")]
mod data;
mod errors;
mod health;
mod packed;
mod rows;

use criterion::{criterion_group, criterion_main};

criterion_group!(
    all,
    rows::lexer,
    rows::decode,
    rows::normalize,
    rows::growth,
    health::health,
    aggregate::aggregate,
    packed::packed,
    errors::errors
);
criterion_main!(all);
