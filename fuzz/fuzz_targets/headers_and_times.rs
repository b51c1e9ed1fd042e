//! Waiting times and limits in headers, and moments in texts and numbers, against arithmetic of our own.

#![no_main]

use std::time::Duration;

use chrono::{DateTime, Datelike as _};
use http::{HeaderMap, HeaderName, HeaderValue};
use libfuzzer_sys::fuzz_target;
use polyprofile_core::{NormalizeContext, ProviderId, parse_timestamp};
use polyprofile_fuzz::{row::now, time};
use polyprofile_http::fuzzing::{rate_limit, waiting_time};

fuzz_target!(|input: &[u8]| {
    let Some((number, texts)) = input.split_first_chunk::<8>() else { return };
    let mut texts = texts.split(|byte| *byte == b'\n');
    let mut next = || texts.next().unwrap_or_default();
    timestamps(next());
    milliseconds(f64::from_le_bytes(*number));
    http_date(i64::from_le_bytes(*number));

    let names = ["retry-after", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"];
    let values = names.map(|_| HeaderValue::from_bytes(next()).ok());
    let headers: HeaderMap = names
        .into_iter()
        .zip(&values)
        .filter_map(|(name, value)| Some((HeaderName::from_static(name), value.clone()?)))
        .collect();
    let [retry_after, .., reset] = values.each_ref().map(|value| digits(value.as_ref()?));
    // A wait past 64 bits is as long as can be; a count past 64 bits is none.
    let retry_after = retry_after.map(|digits| digits.parse().unwrap_or(u64::MAX));
    let moment = |reset: u64| DateTime::from_timestamp(i64::try_from(reset).ok()?, 0);
    let [_, limit, remaining, told_reset] = values.map(|value| value?.to_str().ok()?.trim().parse::<u64>().ok());
    let (told_reset, reset) = (told_reset.and_then(moment), reset.and_then(|digits| moment(digits.parse().ok()?)));

    let told = rate_limit(&headers, now());
    let told = told.map(|told| (told.limit, told.remaining, told.resets_at));
    let expected = (limit, remaining, told_reset);
    assert_eq!(told, (expected != (None, None, None)).then_some(expected));

    let wait = waiting_time(&headers, false, now());
    let wait_when_throttled = waiting_time(&headers, true, now());
    if let Some(seconds) = retry_after {
        assert_eq!(wait, Some(Duration::from_secs(seconds)));
    }
    match wait {
        Some(_) => assert_eq!(wait_when_throttled, wait, "`Retry-After` comes first"),
        None => {
            let expected = reset.map(|at| at.signed_duration_since(now()).to_std().unwrap_or_default());
            // A number past 64 bits is no moment either.
            assert!(wait_when_throttled == expected, "{wait_when_throttled:?}, not {expected:?}");
        }
    }
});

fn timestamps(text: &[u8]) {
    let Ok(text) = std::str::from_utf8(text) else { return };
    let read = parse_timestamp(text).ok();
    assert_eq!(read, time::rfc3339(text), "{text:?}");
    // An offset can lead out of the years that four digits write.
    if let Some(moment) = read.filter(|moment| (0..=9999).contains(&moment.year())) {
        assert_eq!(parse_timestamp(&moment.to_rfc3339()), Ok(moment), "another moment when written");
    }
}

fn milliseconds(number: f64) {
    let mut context = NormalizeContext::new(ProviderId::new("fuzzed"), now());
    let moment = context.epoch_milliseconds("at", Some(number));
    assert_eq!(moment.is_none(), context.take_issues().len() == 1, "a moment or an issue");
    if let Some(moment) = moment {
        assert!((moment.timestamp_millis() as f64 - number.trunc()).abs() <= 1.0, "{number} was read as {moment}");
    } else {
        // Within a thousand years of now every number is a moment.
        assert!(!(number.abs() < 3e13), "{number} was refused");
    }
}

/// An HTTP date is the wait until then, whatever the clock says.
fn http_date(seconds: i64) {
    let Some(moment) = DateTime::from_timestamp(seconds.rem_euclid(200_000_000_000), 0) else { return };
    let text = httpdate::fmt_http_date(moment.into());
    let headers = HeaderMap::from_iter([(http::header::RETRY_AFTER, HeaderValue::from_str(&text).expect("ASCII"))]);
    let expected = moment.signed_duration_since(now()).to_std().unwrap_or_default();
    assert_eq!(waiting_time(&headers, false, now()), Some(expected), "{text}");
}

/// A whole number as it is written: digits alone.
fn digits(value: &HeaderValue) -> Option<String> {
    let text = value.to_str().ok()?.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.to_owned())
}
