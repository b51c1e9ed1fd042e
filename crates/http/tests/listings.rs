//! Listings: pages, rows that do not fit, and a list that breaks off half-way and is mended.

mod support;

use std::time::Duration;

use futures_util::StreamExt as _;
use polyprofile_core::{ErrorKind, IssueKind, Listed, Operation, Traffic};
use support::{
    KEY, Reply, Row, SLACK, Server, assert_error, client, client_with, everything_said_by, keys, list, list_in_pages,
    listen, rows, rows_from, timed,
};

/// The first `count` rows of `body` and a little of the next one, of which all is promised.
fn broken_after(body: &str, count: usize) -> Reply {
    let end = body.match_indices('}').nth(count - 1).expect("so many rows").0 + 5;
    // Time enough for the rows that came to be read before the connection breaks.
    Reply::promising(200, &[], body.len()).write(&body[..end]).pause(Duration::from_millis(100))
}

#[tokio::test(start_paused = true)]
async fn a_list_that_breaks_off_once_is_given_whole_and_every_row_once() {
    let whole = rows(40);
    for (name, broken) in [
        ("reset", broken_after(&whole, 20).reset()),
        ("cut short", broken_after(&whole, 20).close()),
        ("silence", broken_after(&whole, 20).hang()),
        ("unavailable", Reply::status(503, "")),
        ("no answer", Reply::new().reset()),
        ("broken in its first row", broken_after(&whole, 1).close()),
        ("broken in its last row", broken_after(&whole, 39).reset()),
        ("only its end is missing", Reply::promising(200, &[], whole.len()).write(&whole[..whole.len() - 1]).close()),
    ] {
        let server = Server::start([broken, Reply::ok(&whole)]).await;
        let listened = listen(&client(&server), list()).await;
        assert!(listened.error.is_none(), "{name}: {:?}", listened.error);
        assert_eq!(listened.keys, keys(40), "{name}");
        assert_eq!(server.request_count(), 2, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_may_break_off_twice_in_other_places() {
    let whole = rows(40);
    for (first, second) in [(10, 30), (30, 10), (20, 20)] {
        let replies = [broken_after(&whole, first).reset(), broken_after(&whole, second).reset(), Reply::ok(&whole)];
        let server = Server::start(replies).await;
        let listened = listen(&client(&server), list()).await;
        assert!(listened.error.is_none(), "{:?}", listened.error);
        assert_eq!(listened.keys, keys(40));
        assert_eq!(server.request_count(), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_keeps_breaking_off_ends_with_an_error_after_the_rows_that_came() {
    let whole = rows(40);
    let server = Server::start([broken_after(&whole, 20).reset()]).await;
    let listened = listen(&client(&server), list()).await;
    assert_eq!(listened.keys, keys(20));
    assert_error(&listened.error.expect("broken"), ErrorKind::Network, Operation::ListProfiles, 3);
    assert_eq!(server.request_count(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_another_one_when_asked_again_is_an_error_after_the_rows_that_came() {
    let whole = rows(40);
    for (name, second) in [
        ("other rows", rows_from(1, 40)),
        ("fewer rows", rows(10)),
        ("no rows", rows(0)),
        ("the same rows in another order", rows(40).replace("a19", "a_").replace("a18", "a19").replace("a_", "a18")),
    ] {
        let server = Server::start([broken_after(&whole, 20).reset(), Reply::ok(second)]).await;
        let listened = listen(&client(&server), list()).await;
        assert_eq!(listened.keys, keys(20), "{name}");
        assert_error(&listened.error.expect(name), ErrorKind::Network, Operation::ListProfiles, 2);
        assert_eq!(server.request_count(), 2, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn rows_without_an_id_take_part_in_mending() {
    let nameless = r#"{"name":"nobody"}"#;
    let whole = format!(r#"{{"data":[{{"id":"a0"}},{nameless},{{"id":"a1"}},{nameless},{{"id":"a2"}}]}}"#);
    let server = Server::start([broken_after(&whole, 3).reset(), Reply::ok(&whole)]).await;
    let listened = listen(&client(&server), list()).await;
    assert!(listened.error.is_none(), "{:?}", listened.error);
    assert_eq!(listened.keys, keys(3));
    assert_eq!(listened.rejected.iter().map(|row| row.index).collect::<Vec<_>>(), [1, 3]);
}

#[tokio::test(start_paused = true)]
async fn pages_are_turned_wherever_the_cursor_stands() {
    let items = |first| rows_from(first, 2).trim_start_matches('{').trim_end_matches('}').to_owned();
    // Before the list and after it, as text and as a number, and every way to say that there is no more.
    let pages = [format!(r#"{{"cursor":"a b&c=d",{}}}"#, items(0)), format!(r#"{{{},"cursor":17}}"#, items(2))];
    for last in [r#","cursor":null"#, r#","cursor":"""#, ""] {
        let replies = pages.iter().cloned().chain([format!("{{{}{last}}}", items(4))]).map(Reply::ok);
        let server = Server::start(replies).await;
        let listened = listen(&client(&server), list_in_pages()).await;
        assert!(listened.error.is_none(), "{last}: {:?}", listened.error);
        assert_eq!(listened.keys, keys(6), "{last}");
        let requests = server.requests();
        let targets: Vec<_> = requests.iter().map(support::Received::target).collect();
        assert_eq!(targets, ["/profiles", "/profiles?cursor=a+b%26c%3Dd", "/profiles?cursor=17"]);
        assert_eq!(server.connections(), 1, "a page read to its end leaves its connection for the next");
    }
}

#[tokio::test(start_paused = true)]
async fn each_page_has_its_own_attempts_and_mends_by_itself() {
    let first = r#"{"data":[{"id":"a0"},{"id":"a1"}],"cursor":"2"}"#;
    let second = r#"{"data":[{"id":"a2"},{"id":"a3"}]}"#;
    let server = Server::start([
        Reply::status(503, ""),
        broken_after(first, 1).reset(),
        Reply::ok(first),
        Reply::status(503, ""),
        broken_after(second, 1).reset(),
        Reply::ok(second),
    ])
    .await;
    let listened = listen(&client(&server), list_in_pages()).await;
    assert!(listened.error.is_none(), "{:?}", listened.error);
    assert_eq!(listened.keys, keys(4));
    let requests = server.requests();
    assert_eq!(requests[2].target(), "/profiles");
    assert_eq!(requests[5].target(), "/profiles?cursor=2");
}

#[tokio::test(start_paused = true)]
async fn every_byte_of_a_list_is_counted_whoever_sent_it_how_often() {
    let first = r#"{"data":[{"id":"a0"},{"id":"a1"}],"cursor":"2"}"#;
    let second = r#"{"data":[{"id":"a2"}]}"#;
    // The first row, and five bytes of what comes behind it.
    let broken = r#"{"data":[{"id":"a0"}"#.len() + 4;
    let replies = [Reply::status(503, "{}"), broken_after(first, 1).reset(), Reply::ok(first), Reply::ok(second)];
    let server = Server::start(replies).await;
    let traffic = Traffic::new();
    let listened = listen(&client(&server), list_in_pages().counted_by(Some(traffic.clone()))).await;
    assert_eq!(listened.keys, keys(3));
    // An error's body is no part of a list.
    assert_eq!(traffic.received(), Some((broken + first.len() + second.len()) as u64));
}

#[tokio::test(start_paused = true)]
async fn a_cursor_that_repeats_is_an_error_after_the_rows_that_came() {
    let pages = [("x", 0), ("y", 1), ("x", 2)]
        .map(|(cursor, number)| Reply::ok(format!(r#"{{"data":[{{"id":"a{number}"}}],"cursor":"{cursor}"}}"#)));
    let server = Server::start(pages).await;
    let listened = listen(&client(&server), list_in_pages()).await;
    assert_eq!(listened.keys, keys(3));
    assert_error(&listened.error.expect("a loop"), ErrorKind::Protocol, Operation::ListProfiles, 3);
    assert_eq!(server.request_count(), 3);
}

#[tokio::test(start_paused = true)]
async fn pages_without_end_stop_at_the_limit() {
    let pages = (0..100).map(|number| Reply::ok(format!(r#"{{"data":[{{"id":"a{number}"}}],"cursor":"{number}"}}"#)));
    let server = Server::start(pages).await;
    let listened = listen(&client_with(&server, |config| config.limits.pages = 7), list_in_pages()).await;
    assert_eq!(listened.keys, keys(7));
    assert_error(&listened.error.expect("no end"), ErrorKind::TooLarge, Operation::ListProfiles, 7);
    assert_eq!(server.request_count(), 7);
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_a_listing_counts_over_its_pages() {
    let page =
        |number| format!(r#"{{"data":[{{"id":"a{number}"}}],"cursor":"{number}","pad":"{}"}}"#, "x".repeat(1_000));
    let server = Server::start((0..100).map(page).map(Reply::ok)).await;
    let listened = listen(&client_with(&server, |config| config.limits.listing = 5_000), list_in_pages()).await;
    assert_error(&listened.error.expect("too much"), ErrorKind::TooLarge, Operation::ListProfiles, 5);
    assert!(keys(5).starts_with(&listened.keys) && listened.keys.len() >= 4, "{:?}", listened.keys);
}

#[tokio::test(start_paused = true)]
async fn a_rejected_row_is_numbered_over_all_pages() {
    let server = Server::start([
        Reply::ok(r#"{"data":[{"id":"a0"},{"name":"nobody"}],"cursor":"2"}"#),
        Reply::ok(r#"{"data":[{"id":"a1"},[],{"id":""}]}"#),
    ])
    .await;
    let listened = listen(&client(&server), list_in_pages()).await;
    assert!(listened.error.is_none(), "{:?}", listened.error);
    assert_eq!(listened.keys, keys(2));
    let rejected: Vec<_> = listened.rejected.iter().map(|row| (row.index, row.raw.as_str())).collect();
    assert_eq!(rejected, [(1, r#"{"name":"nobody"}"#), (3, "[]"), (4, r#"{"id":""}"#)]);
    assert!(listened.rejected.iter().all(|row| row.provider.as_str() == support::PROVIDER));
}

#[tokio::test(start_paused = true)]
async fn one_bad_row_in_a_thousand_costs_itself_only() {
    let good = r#"{"id":"a500","name":"Acme"}"#;
    for (bad, kept) in [
        // The id fits, so the row is kept without what does not.
        (r#"{"id":"a500","name":["Acme"]}"#, true),
        (r#"{"id":["a500"],"name":"Acme"}"#, false),
        (r#"{"name":"Acme"}"#, false),
        (r#"{"id":"a500",,}"#, false),
        ("null", false),
        ("17", false),
    ] {
        let server = Server::start([Reply::ok(rows(1_000).replace(good, bad))]).await;
        let listened = listen(&client(&server), list()).await;
        assert!(listened.error.is_none(), "{bad}: {:?}", listened.error);
        assert_eq!(listened.keys.len() + listened.rejected.len(), 1_000, "{bad}");
        assert_eq!(listened.rejected.len(), usize::from(!kept), "{bad}");
        match listened.rejected.first() {
            Some(row) => assert_eq!((row.index, row.raw.as_str()), (500, bad)),
            None => {
                let issues = &listened.profiles[500].issues;
                assert_eq!((issues.len(), issues[0].kind, issues[0].path.as_str()), (1, IssueKind::WrongType, "/name"));
            }
        }
        assert_eq!(server.request_count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_row_past_its_limit_is_rejected_and_the_list_goes_on() {
    let huge = format!(r#"{{"id":"a1","name":"{}"}}"#, "x".repeat(10_000));
    let server = Server::start([Reply::ok(format!(r#"{{"data":[{{"id":"a0"}},{huge},{{"id":"a1"}}]}}"#))]).await;
    let listened = listen(&client_with(&server, |config| config.limits.item = 1_000), list()).await;
    assert!(listened.error.is_none(), "{:?}", listened.error);
    assert_eq!(listened.keys, keys(2));
    let row = &listened.rejected[0];
    assert_eq!(row.index, 1);
    assert!(row.raw.len() <= 1_000 && huge.starts_with(&row.raw), "{}", row.raw);
    assert!(row.problem.contains(&huge.len().to_string()), "{}", row.problem);
}

#[tokio::test(start_paused = true)]
async fn an_echoed_key_is_seen_in_no_row_that_was_refused() {
    let excerpt = "x".repeat(40);
    let cut_excerpt = "x".repeat(52);
    let long = "x".repeat(230);
    for row in [
        format!(r#"{{"name":"{KEY}"}}"#),
        // In an excerpt of what was found, where such an excerpt is cut, and where an oversized row is.
        format!(r#"{{"id":["{excerpt}{KEY}"]}}"#),
        format!(r#"{{"id":["{cut_excerpt}{KEY}"]}}"#),
        format!(r#"{{"id":"{long}{KEY}{long}{long}{long}{long}"}}"#),
    ] {
        let server = Server::start([Reply::ok(format!(r#"{{"data":[{row}]}}"#))]).await;
        let listened = listen(&client_with(&server, |config| config.limits.item = 1_000), list()).await;
        let [rejected] = &listened.rejected[..] else { panic!("one row: {listened:?}") };
        let said = format!("{rejected:?} {}", serde_json::to_string(rejected).expect("a row serializes"));
        assert!(!said.contains(&KEY[..12]), "{said}");
        assert!(said.contains("[redacted]"), "{said}");

        let server = Server::start([Reply::ok(row)]).await;
        let error = support::fetch_profile(&client(&server)).await;
        assert!(!error.is_err_and(|error| everything_said_by(&error).contains(&KEY[..12])));
    }
}

#[tokio::test(start_paused = true)]
async fn a_consumer_may_take_minutes_over_a_row() {
    let whole = rows(4_000);
    let half = whole.len() / 2;
    let reply = Reply::promising(200, &[], whole.len()).write(&whole[..half]).write(&whole[half..]);
    let server = Server::start([reply]).await;
    let client = client(&server);
    let mut stream = client.profiles::<Row<'_>>(list());
    let mut count = 0;
    while let Some(row) = stream.next().await {
        row.expect("nobody keeps us waiting");
        count += 1;
        if count % 1_000 == 0 {
            tokio::time::advance(Duration::from_secs(600)).await;
        }
    }
    assert_eq!((count, server.request_count()), (4_000, 1));
}

#[tokio::test(start_paused = true)]
async fn a_listing_that_never_ends_stops_after_the_time_for_listings() {
    // Ten rows of a kibibyte each second: neither silent nor too slow.
    let row = format!(r#"{{"id":"a","name":"{}"}},"#, "x".repeat(1_024)).repeat(10);
    let reply = Reply::raw("HTTP/1.1 200 OK\r\n\r\n{\"data\":[").flood(row, Duration::from_secs(1));
    let server = Server::start([reply]).await;
    let (listened, elapsed) = timed(listen(&client(&server), list())).await;
    assert_error(&listened.error.expect("no end"), ErrorKind::Timeout, Operation::ListProfiles, 1);
    assert!(listened.keys.len() >= 1_100, "{}", listened.keys.len());
    assert!(elapsed <= Duration::from_secs(120) + SLACK, "{elapsed:?}");
    server.left_by_client(1).await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_before_the_first_poll_and_nothing_after_the_end() {
    let server = Server::start([Reply::ok(rows(1))]).await;
    let client = client(&server);
    let mut stream = client.profiles::<Row<'_>>(list());
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!((server.request_count(), server.connections()), (0, 0));
    assert!(matches!(stream.next().await, Some(Ok(Listed::Profile(_)))));
    for _ in 0..3 {
        assert!(stream.next().await.is_none());
    }
    assert_eq!(server.request_count(), 1);
}
