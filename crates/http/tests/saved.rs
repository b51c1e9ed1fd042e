//! A list that is there already gives the rows that it gives on its way in.

mod support;

use chrono::DateTime;
use polyprofile_core::{ErrorKind, Listed, Operation, ProviderId};
use polyprofile_http::SavedList;
use support::{ENVELOPE, PROVIDER, Reply, Row, Server, client, keys, list, listen, rows};

fn saved(body: &str) -> SavedList<'_, Row<'static>> {
    SavedList::new(ProviderId::new(PROVIDER), DateTime::UNIX_EPOCH, &ENVELOPE, body.as_bytes())
}

#[tokio::test(start_paused = true)]
async fn the_rows_are_those_of_the_listing() {
    let odd = r#"{"id":7,"name":"numeric"},{"name":"nobody"},7,{"id":"ü","name":["odd"]}"#;
    // Longer than what is read at a time, so that rows lie across the cuts.
    let body = rows(5_000).replace("]}", &format!(",{odd}],\"cursor\":\"more\"}}"));
    let server = Server::start([Reply::ok(&body)]).await;
    let listened = listen(&client(&server), list()).await;
    assert!(listened.error.is_none());

    let (mut profiles, mut rejected) = (Vec::new(), Vec::new());
    for row in saved(&body) {
        match row.expect("a good list") {
            Listed::Profile(profile) => profiles.push(profile),
            Listed::Rejected(row) => rejected.push(row),
            other => panic!("a row of an unknown sort: {other:?}"),
        }
    }
    assert_eq!(profiles.len(), 5_002);
    assert_eq!(rejected.iter().map(|row| row.index).collect::<Vec<_>>(), [5_001, 5_002]);
    assert_eq!((profiles, rejected), (listened.profiles, listened.rejected));
}

#[test]
fn a_body_that_was_cut_is_an_error_after_the_rows_before_the_cut() {
    let body = rows(20);
    let mut list = saved(&body[..body.len() - 2]);
    let given: Vec<_> = list
        .by_ref()
        .map_while(|row| match row {
            Ok(Listed::Profile(profile)) => Some(profile.id.key),
            _ => None,
        })
        .collect();
    assert_eq!(given, keys(20));
    assert!(list.next().is_none(), "nothing follows an error");

    let error = saved(r#"{"rows":[]}"#).next().expect("an error").expect_err("no list");
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(
        (error.provider().map(ProviderId::as_str), error.operation()),
        (Some(PROVIDER), Some(Operation::ListProfiles))
    );
    let error = saved(&body[..body.len() / 2]).find_map(Result::err).expect("an error");
    assert_eq!(error.kind(), ErrorKind::Network);
}
