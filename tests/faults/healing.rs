//! Faults that pass: every row arrives once, and nobody is asked more often than needed.

use polyprofile::{GetOptions, IssueKind, ListOptions, Listed, ProfileId, Provider as _, ProviderExt as _};

use crate::{
    faults::gzip,
    matrix::{aggregator, defaults, document_of, get, json, list_of, place_of, provider, rows_of},
    seconds,
    server::{Reply, SLACK, Server, timed},
    support::VENDORS,
    vendors::{document, row, row_id},
};

const ROWS: usize = 20;

/// What becomes of the right answer.
type Broken = fn(&str) -> Reply;

/// What a vendor answers once, before all is well again.
const PASSING: [(&str, Broken); 23] = [
    ("reset", |_| Reply::new().reset()),
    ("closed", |_| Reply::new().close()),
    ("closed in the headers", |_| Reply::raw("HTTP/1.1 200 OK\r\nContent-").close()),
    ("no answer", |_| Reply::new().hang()),
    ("reset after the headers", |body| Reply::promising(200, &[], body.len()).reset()),
    ("reset half-way", |body| broken(body).reset()),
    ("cut short half-way", |body| broken(body).close()),
    ("silent half-way", |body| broken(body).hang()),
    ("cut short in chunks", |body| Reply::chunked().chunk(&body[..body.len() / 2]).pause(seconds(1)).close()),
    ("without the last chunk", |body| Reply::chunked().chunk(body).close()),
    ("without the last byte", |body| Reply::promising(200, &[], body.len()).write(&body[..body.len() - 1]).close()),
    ("compressed and cut short", |body| {
        let body = gzip(body.as_bytes());
        Reply::promising(200, &["Content-Encoding: gzip"], body.len()).write(&body[..body.len() / 2]).close()
    }),
    ("too slow", |body| Reply::promising(200, &[], 1_000).drip(body.repeat(40), seconds(1))),
    ("408", |_| Reply::status(408, "")),
    ("429", |_| Reply::status(429, "")),
    ("429 for seven seconds", |_| Reply::with_headers(429, &["Retry-After: 7"], "")),
    ("500", |_| Reply::status(500, "")),
    ("500 in HTML", |_| Reply::with_headers(500, &["Content-Type: text/html"], "<html>Sorry")),
    ("502", |_| Reply::status(502, "")),
    ("503", |_| Reply::status(503, "")),
    ("503 for seven seconds", |_| Reply::with_headers(503, &["Retry-After: 7"], "")),
    ("503 that is reset", |_| Reply::promising(503, &[], 100).reset()),
    ("504", |_| Reply::status(504, "")),
];

/// Half of `body`, and time enough for the rows in it to be read.
fn broken(body: &str) -> Reply {
    Reply::half_of(body).pause(seconds(1) / 10)
}

/// What each vendor gives without a fault: its list, and its single profile.
async fn sound() -> (Vec<Vec<String>>, Vec<String>) {
    let mut documents = Vec::new();
    let mut servers = Vec::new();
    for vendor in VENDORS {
        let server = Server::start([Reply::ok(document_of(vendor))]).await;
        documents.push(json(&get(&provider(vendor, &server.url(), &defaults())).await.expect("a sound answer")));
        servers.push(Server::beside([Reply::ok(list_of(vendor, ROWS))]).await);
    }
    let all = aggregator(|vendor| provider(vendor, &servers[place_of(vendor)].url(), &defaults()));
    let aggregate = all.collect(&ListOptions::new()).await;
    (VENDORS.map(|vendor| rows_of(&aggregate, vendor)).into(), documents)
}

#[tokio::test(start_paused = true)]
async fn one_failure_that_passes_costs_one_more_request_and_nothing_else() {
    let (lists, documents) = sound().await;
    for (name, reply) in PASSING {
        for vendor in VENDORS {
            let case = format!("{vendor}: {name}");
            // All three at once, so that the others are seen to be none the wiser.
            let mut servers = Vec::new();
            for other in VENDORS {
                let body = list_of(other, ROWS);
                let replies =
                    if other == vendor { vec![reply(&body), Reply::ok(&body)] } else { vec![Reply::ok(&body)] };
                servers.push(if other == vendor {
                    Server::start(replies).await
                } else {
                    Server::beside(replies).await
                });
            }
            let all = aggregator(|other| provider(other, &servers[place_of(other)].url(), &defaults()));
            let aggregate = all.collect(&ListOptions::new()).await;
            assert!(aggregate.is_complete(), "{case}: {:?}", aggregate.outcomes);
            for (place, other) in VENDORS.into_iter().enumerate() {
                assert!(rows_of(&aggregate, other) == lists[place], "{case}: {other}: every row once, in its order");
                let requests = if other == vendor { 2 } else { 1 };
                assert_eq!(servers[place].request_count(), requests, "{case}: {other}");
            }

            let body = document_of(vendor);
            let server = Server::start([reply(&body), Reply::ok(&body)]).await;
            let profile = get(&provider(vendor, &server.url(), &defaults())).await;
            let profile = profile.unwrap_or_else(|error| panic!("{case}: {error:?}"));
            assert_eq!(json(&profile), documents[place_of(vendor)], "{case}");
            assert_eq!(server.request_count(), 2, "{case}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_breaks_off_anywhere_is_given_whole_and_every_row_once() {
    let (lists, _) = sound().await;
    for vendor in VENDORS {
        let body = list_of(vendor, ROWS);
        // A few bytes more each time, so that every sort of place is met.
        for length in (1..body.len()).step_by(97) {
            let half = Reply::promising(200, &[], body.len()).write(&body[..length]).pause(seconds(1) / 10).reset();
            let server = Server::start([half, Reply::ok(&body)]).await;
            let rows = provider(vendor, &server.url(), &defaults());
            let rows = rows.list(ListOptions::new()).await;
            let rows: Vec<String> = rows
                .unwrap_or_else(|error| panic!("{vendor} {length}: {error:?}"))
                .iter()
                .map(|row| match row {
                    Listed::Profile(profile) => json(profile),
                    other => panic!("{vendor} {length}: {other:?}"),
                })
                .collect();
            assert!(rows == lists[place_of(vendor)], "{vendor} {length}: {} rows", rows.len());
            assert_eq!(server.request_count(), 2, "{vendor} {length}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_was_closed_between_two_calls_costs_nothing() {
    for vendor in VENDORS {
        for closed_at_once in [true, false] {
            for listing in [true, false] {
                let body = if listing { list_of(vendor, ROWS) } else { document_of(vendor) };
                // Closed when it is idle, or only when the next request comes: that one is lost, and sent again.
                let replies = if closed_at_once {
                    vec![Reply::ok(&body).close(), Reply::ok(&body)]
                } else {
                    vec![Reply::ok(&body), Reply::new().reset(), Reply::ok(&body)]
                };
                let requests = replies.len();
                let server = Server::start(replies).await;
                let provider = provider(vendor, &server.url(), &defaults());
                for call in 1..=2 {
                    let case = format!("{vendor}, closed at once: {closed_at_once}, listing: {listing}, call {call}");
                    let (outcome, elapsed) = timed(async {
                        if listing {
                            return provider.list(ListOptions::new()).await.map(drop);
                        }
                        get(&provider).await.map(drop)
                    })
                    .await;
                    outcome.unwrap_or_else(|error| panic!("{case}: {error:?}"));
                    assert!(elapsed <= seconds(1) / 5 + SLACK, "{case}: {elapsed:?}");
                    // Long enough for the end of the connection to be seen.
                    tokio::time::sleep(seconds(1)).await;
                }
                assert_eq!(server.request_count(), requests, "{vendor} {closed_at_once} {listing}");
            }
        }
    }
}

/// Postproxy's own example asks for one profile and is answered with another: such an answer is no failure. It is given
/// under the name that it has, and says that it is not what was asked for.
#[tokio::test(start_paused = true)]
async fn an_answer_about_another_profile_is_kept_under_its_own_name_and_says_so() {
    for vendor in VENDORS {
        let body = document(vendor, &row(vendor, 7)).to_string();
        let server = Server::start([Reply::ok(body)]).await;
        let provider = provider(vendor, &server.url(), &defaults());
        let id = ProfileId::new(provider.id().clone(), row_id(0));
        let profile = provider.profile(&id, GetOptions::new()).await.expect("a sound answer");
        assert_eq!(profile.id.key, row_id(7), "{vendor}: nothing is made up");
        let issues: Vec<_> = profile.issues.iter().map(|issue| (issue.path.as_str(), issue.kind)).collect();
        let pointer = if vendor == "postcore" { "/profile/profileKey" } else { "/id" };
        assert_eq!(issues, [(pointer, IssueKind::Contradiction)], "{vendor}");
        assert_eq!(server.request_count(), 1, "{vendor}");
    }
}
