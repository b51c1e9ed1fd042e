//! Answers that are one document, and the addresses that owners come back to.

#![no_main]

use std::fmt::Debug;

use libfuzzer_sys::fuzz_target;
use polyprofile_core::{
    ConnectCallback, ConnectOutcome, DeleteOutcome, Error, ErrorKind, NormalizeContext, PlacementId, Platform, Profile,
    ProfileId, ProviderId, Result, StatsQuery, StatsScope,
};
use polyprofile_fuzz::row::{Fields, PROVIDER, check, check_issues, now};
use polyprofile_http::json::Unusable;
use polyprofile_postcore::fuzzing as postcore;
use polyprofile_postpress::fuzzing as postpress;
use polyprofile_postproxy::fuzzing as postproxy;
use serde::{Serialize, de::DeserializeOwned};
use url::Url;

fuzz_target!(|input: &[u8]| {
    // The selector is at the end, so that a document is a seed as it is.
    let Some((selector, body)) = input.split_last() else { return };
    let fields = std::str::from_utf8(body).ok().and_then(Fields::of);
    let context = &mut NormalizeContext::new(ProviderId::new(PROVIDER), now());
    match selector % 15 {
        0 => profile(postcore::single(body, context), context),
        1 => profile(postcore::created(body, context), context),
        2 => profile(postproxy::row(body, context), context),
        3 => list(postproxy::placements(body, context), |placement| {
            // What cannot be named is not the account itself.
            assert!(placement.id.as_ref().is_none_or(|id| !id.as_str().is_empty()));
        }),
        4 => list(postproxy::groups(body, context), |group| assert!(!group.id.as_str().is_empty())),
        5 => list(postproxy::group(body, context).map(|group| vec![group]), |group| {
            assert!(!group.id.as_str().is_empty());
        }),
        6 => stats(body, None, context),
        7 => stats(body, Some("page_1"), context),
        8 => connected(postproxy::connected(body, &Platform::LinkedIn, context), fields.as_ref()),
        9 => connected(postcore::connected(body, &Platform::Bluesky, context), fields.as_ref()),
        10 => connected(postpress::hosted(body, context), fields.as_ref()),
        11 => deleted(
            &postproxy::deleted(body, context),
            fields.as_ref().map(|fields| {
                let told = [fields.flag("success"), fields.flag("deleted")];
                told.contains(&Some(true)) && !told.contains(&Some(false)) && fields.text("error").is_none()
            }),
        ),
        12 => deleted(&postcore::deleted(body, context), fields.as_ref().map(|fields| fields.text("error").is_none())),
        13 => deleted(
            &postpress::deleted(body, context),
            fields.as_ref().map(|fields| fields.text("object").as_deref() == Some("AccountDeleted")),
        ),
        _ => callbacks(body),
    }
    check_issues(&context.take_issues());
});

fn profile(outcome: Result<Option<Profile>, Unusable>, context: &mut NormalizeContext) {
    let issues = context.take_issues();
    match outcome {
        Ok(Some(mut profile)) => {
            assert!(!profile.id.key.is_empty(), "a profile without a name");
            profile.issues = issues;
            check(&profile);
        }
        Ok(None) => assert!(!issues.is_empty(), "no profile, and no reason"),
        Err(problem) => assert!(!problem.message.is_empty()),
    }
}

fn list<T: Serialize + DeserializeOwned + PartialEq + Debug>(outcome: Result<Vec<T>>, check: impl Fn(&T)) {
    match outcome {
        Ok(rows) => {
            rows.iter().for_each(check);
            is_written_as_read(&rows);
        }
        Err(error) => is_decode(&error),
    }
}

fn stats(body: &[u8], placement: Option<&str>, context: &mut NormalizeContext) {
    let mut query = StatsQuery::new(ProfileId::new(ProviderId::new(PROVIDER), "prof_1"));
    query.placement = placement.map(PlacementId::new);
    match postproxy::stats(body, &query, context) {
        Ok(series) => {
            is_written_as_read(&series);
            check_issues(&series.issues);
            assert_eq!(series.profile, query.profile, "it is about what was asked for");
            let scope = series.placement.clone().map_or(StatsScope::Account, StatsScope::Placement);
            assert!(series.records.iter().all(|record| record.scope == scope));
            // A normalized figure is one of those that were sent.
            let sent = |record: &polyprofile_core::StatsSnapshot| {
                record.metrics.values().all(|metric| {
                    record.raw.values().any(|raw| match raw {
                        serde_json::Value::Number(number) => number == metric,
                        serde_json::Value::String(text) => text.parse().ok().as_ref() == Some(metric),
                        _ => false,
                    })
                })
            };
            assert!(series.records.iter().all(sent));
        }
        Err(error) => is_decode(&error),
    }
}

fn connected(outcome: Result<ConnectOutcome>, fields: Option<&Fields<'_>>) {
    let Ok(outcome) = outcome else { return };
    if let Some(fields) = fields {
        assert!(fields.text("error").is_none() || matches!(outcome, ConnectOutcome::Link(_)), "connected by an error");
    }
    match outcome {
        ConnectOutcome::Link(link) => {
            let url = Url::parse(link.expose_url()).expect("a link that can be opened");
            assert!(matches!(url.scheme(), "http" | "https"));
            assert!(!format!("{link:?}").contains(link.expose_url()), "a link prints");
        }
        ConnectOutcome::Connected(account) | ConnectOutcome::Pending { account, .. } => {
            assert!(account.profile.is_none_or(|profile| !profile.key.is_empty()));
        }
        other => panic!("no vendor answers {other:?}"),
    }
}

/// Only what says that it was done was done.
fn deleted(outcome: &Result<DeleteOutcome>, is_told: Option<bool>) {
    if let Some(is_told) = is_told {
        assert_eq!(outcome.is_ok(), is_told, "{outcome:?}");
    }
}

fn callbacks(body: &[u8]) {
    let Ok(text) = std::str::from_utf8(body) else { return };
    for outcome in [postproxy::callback(text), postcore::callback(text), postpress::callback(text)] {
        let Ok(url) = Url::parse(text) else {
            assert_eq!(outcome.expect_err("no URL").kind(), ErrorKind::Invalid);
            continue;
        };
        let ConnectCallback { query, .. } = outcome.expect("a URL");
        // What the caller gets is what was sent, in its order, without what the vendor added.
        let mut sent = url.query_pairs().into_owned();
        assert!(query.iter().all(|pair| sent.any(|other| other == *pair)), "{query:?}");
    }
}

fn is_written_as_read<T: Serialize + DeserializeOwned + PartialEq + Debug>(told: &T) {
    let text = serde_json::to_string(told).expect("it is JSON");
    assert_eq!(&serde_json::from_str::<T>(&text).expect("it is read as it was written"), told);
}

fn is_decode(error: &Error) {
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
}
