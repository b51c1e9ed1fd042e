//! What an error's body means.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use polyprofile_http::{Classify, FailedAnswer};

/// One error of each vendor.
pub(crate) fn errors(criterion: &mut Criterion) {
    let cases: [(&str, Classify, u16, &str); 4] = [
        (
            "postproxy",
            polyprofile_postproxy::classify,
            422,
            r#"{"error":"The account could not be logged in","error_code":"bluesky_login_failed"}"#,
        ),
        (
            "postcore",
            polyprofile_postcore::classify,
            429,
            r#"{"error":"rate_limited","message":"Too many requests","retry_after":30}"#,
        ),
        (
            "postpress",
            polyprofile_postpress::classify,
            401,
            r#"{"type":"errors/disconnected_account","title":"Disconnected account","detail":"The account is disconnected.","status":401}"#,
        ),
        ("a page for people", polyprofile_postproxy::classify, 502, "<html><body>Bad gateway</body></html>"),
    ];
    let mut group = criterion.benchmark_group("errors");
    group.throughput(Throughput::Elements(1));
    for (name, classify, status, body) in cases {
        group.bench_function(name, |bencher| {
            bencher.iter(|| classify(black_box(&FailedAnswer::new(status, body.as_bytes()))));
        });
    }
    group.finish();
}
