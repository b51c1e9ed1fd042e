//! What holds for any identifier, text, header and failure.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, header::RETRY_AFTER};
use percent_encoding::percent_decode_str;
use polyprofile_core::{Error, ErrorKind, Operation};
use proptest::prelude::*;
use secrecy::SecretString;

use crate::{
    auth::ApiKey,
    base_url::BaseUrl,
    config::{HttpConfig, ProxyChoice, RetryPolicy},
    failure::Failure,
    hint::waiting_time,
    redact::Redactor,
    request::Request,
    retry::Retries,
};

/// Texts with what could lead out of a path, a query, a header or a line.
fn any_identifier() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "..",
            ".",
            "/",
            "../",
            "\\",
            "?",
            "#",
            "%2f",
            "%2F",
            "%2e%2e",
            "%00",
            "\r\n",
            "\n",
            "\0",
            "\t",
            " ",
            "&",
            "=",
            "+",
            ";",
            ":",
            "@",
            "//",
            "\u{202e}",
            "\u{feff}",
            "\u{85}",
            "\u{7f}",
            "\u{e9}",
            "\u{1f511}",
        ])
        .prop_map(str::to_owned),
        "[a-zA-Z0-9_-]{1,8}",
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn any_base() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "https://api.example.com",
        "http://127.0.0.1:8080/",
        "https://example.com/a/b/",
        "https://example.com/base/?port=1",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_identifier_is_one_segment_and_itself_or_refused(base in any_base(), identifier in any_identifier()) {
        let base = BaseUrl::parse("base_url", base).expect("a good base URL");
        let before = base.join(["before"], &[]).expect("it can travel");
        let request = Request::get(Operation::GetProfile, ["before", &identifier]);
        match request.url(&base) {
            Ok(url) => {
                prop_assert_eq!((url.scheme(), url.host_str(), url.port()), (before.scheme(), before.host_str(), before.port()));
                prop_assert_eq!((url.query(), url.fragment(), url.username()), (before.query(), None, ""));
                let rest = url.path().strip_prefix(before.path()).and_then(|rest| rest.strip_prefix('/'));
                let segment = rest.expect("below what came before");
                prop_assert!(segment.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'/'), "{}", segment);
                let decoded = percent_decode_str(segment).decode_utf8().expect("UTF-8");
                prop_assert_eq!(decoded, identifier);
            }
            Err(error) => {
                prop_assert_eq!(error.kind(), ErrorKind::Invalid);
                let is_odd = matches!(identifier.as_str(), "" | "." | "..") || identifier.chars().any(char::is_control);
                prop_assert!(is_odd, "{:?}", identifier);
            }
        }
    }

    #[test]
    fn the_value_of_a_query_arrives_as_itself(base in any_base(), value in any_identifier(), next in any_identifier()) {
        let base = BaseUrl::parse("base_url", base).expect("a good base URL");
        let request = Request::get(Operation::ListProfiles, ["profiles"]).query("first", &value).with_query("next", &next);
        let url = request.url(&base).expect("it can travel");
        let of = |name: &str| url.query_pairs().filter(|(known, _)| known == name).map(|(_, value)| value.into_owned()).collect::<Vec<_>>();
        prop_assert_eq!(of("first"), [value]);
        prop_assert_eq!(of("next"), [next]);
        prop_assert_eq!(url.fragment(), None);
    }

    #[test]
    fn a_key_is_sent_as_it_is_or_refused_without_being_repeated(key in prop_oneof![any_identifier(), "[!-~]{1,60}"]) {
        let is_fit = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
        match ApiKey::bearer("api_key", key.as_str().into()).and_then(|key| key.to_header()) {
            Ok((_, value)) => {
                prop_assert!(is_fit && value.is_sensitive());
                let sent = format!("Bearer {key}");
                prop_assert_eq!(value.as_bytes(), sent.as_bytes());
            }
            Err(error) => {
                prop_assert!(!is_fit);
                prop_assert!(key.chars().count() < 4 || !error.to_string().contains(&key), "{}", error);
            }
        }
    }

    #[test]
    fn a_secret_is_blotted_out_of_any_text_in_every_spelling(
        secret in "[!-~]{12,40}",
        around in (".{0,30}", ".{0,30}"),
        spelling in 0_usize..3,
    ) {
        let spelled = match spelling {
            0 => secret.clone(),
            1 => percent_encoding::utf8_percent_encode(&secret, crate::base_url::SEGMENT).to_string(),
            _ => url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
        };
        let text = format!("{}{spelled}{}", around.0, around.1);
        let redactor = Redactor::new([SecretString::from(secret.as_str())]);
        let clean = redactor.text(&text).into_owned();
        prop_assert!(!clean.contains(&spelled), "{}", clean);
        // What stands before it, and is no beginning of it, stays.
        let others: String = around.0.chars().filter(|character| !character.is_ascii_graphic()).collect();
        prop_assert_eq!(redactor.text(&others), &*others);
    }

    #[test]
    fn a_proxys_password_is_blotted_out_and_its_user_is_not(user in "[a-z]{3,8}", password in "[!-~]{8,24}") {
        let encode = |text: &str| percent_encoding::utf8_percent_encode(text, crate::base_url::SEGMENT).to_string();
        let url = format!("http://{user}:{}@proxy.example:3128", encode(&password));
        let redactor = Redactor::new(ProxyChoice::Url(url.into()).secrets());
        for said in [password.clone(), encode(&password)] {
            let text = format!("no {said} here");
            prop_assert!(!redactor.text(&text).contains(&said), "{}", text);
        }
        prop_assert_eq!(redactor.text(&user), &*user);
    }

    #[test]
    fn seconds_to_wait_are_read_whatever_they_are(text in prop_oneof!["[0-9]{1,30}", "[ -~]{0,30}", any_identifier()]) {
        let Ok(value) = HeaderValue::from_str(&text) else { return Ok(()) };
        let headers = HeaderMap::from_iter([(RETRY_AFTER, value)]);
        let wait = waiting_time(&headers, true, DateTime::UNIX_EPOCH);
        let digits = text.trim();
        if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            prop_assert_eq!(wait, Some(Duration::from_secs(digits.parse().unwrap_or(u64::MAX))));
        }
    }

    #[test]
    fn a_date_to_wait_for_is_the_time_until_then(moment in 0_i64..253_402_300_800, now in 0_i64..253_402_300_800) {
        let at = |seconds| DateTime::<Utc>::from_timestamp(seconds, 0).expect("a year of four digits");
        let text = httpdate::fmt_http_date(at(moment).into());
        let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_str(&text).expect("a header value"))]);
        let expected = Duration::from_secs(u64::try_from(moment - now).unwrap_or_default());
        prop_assert_eq!(waiting_time(&headers, false, at(now)), Some(expected), "{}", text);
    }

    #[test]
    fn a_retry_waits_no_less_than_it_is_told_and_no_longer_than_there_is_time(
        told in prop::option::of(0_u64..200),
        remaining in 0_u64..100,
        attempts in 1_u32..5,
        repeatable in any::<bool>(),
        sent in any::<bool>(),
    ) {
        let mut error = Error::from(ErrorKind::RateLimited);
        if let Some(seconds) = told {
            error = error.with_retry_after(Duration::from_secs(seconds));
        }
        let policy = RetryPolicy::default();
        let remaining = Duration::from_secs(remaining);
        let wait = Retries::new(policy).wait_before_next(&Failure::new(error, sent), repeatable, attempts, remaining, &HttpConfig::new());
        if let Some(wait) = wait {
            prop_assert!(attempts < policy.attempts && (repeatable || !sent));
            prop_assert!(wait < remaining);
            match told.map(Duration::from_secs) {
                Some(told) => prop_assert!(wait >= told && wait <= told.max(Duration::from_millis(10)) + policy.base_throttled),
                None => prop_assert!(wait <= policy.longest),
            }
        } else {
            let is_final = attempts >= policy.attempts || (sent && !repeatable);
            let longest = told.map_or(policy.longest, |told| Duration::from_secs(told) + policy.base_throttled);
            prop_assert!(is_final || remaining <= longest);
        }
    }
}
