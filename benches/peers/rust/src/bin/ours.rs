//! The same work through polyprofile, as a user would write it: normalized profiles, with every default on.
//!
//! ```text
//! ours stream  ORIGIN [--parallel]          rows of Postproxy as they arrive, dropped
//! ours collect ORIGIN [--parallel]          the same into one list
//! ours pack    ORIGIN [--parallel]          the same into one list in the compact form
//! ours three   ORIGIN [--parallel]          three vendors at once, as they arrive, dropped
//! ours people  ORIGIN COUNT IN_FLIGHT       people looked up through Postpress
//! ```
//!
//! Standard error's last line says what was read, and after which time the first row was there. With `--check` it also
//! says how many rows were active.

#![allow(clippy::print_stderr, reason = "what was read is told as the other contestants do")]

use std::{
    env,
    error::Error,
    time::{Duration, Instant},
};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use polyprofile::{
    Aggregator, AnyProvider, ConnectionStatus, Event, ListOptions, Listed, PackedProfiles, PersonQuery, Profile,
    Provider as _, VendorApi as _,
    http::HttpConfig,
    postcore::{Postcore, PostcoreConfig},
    postpress::{Postpress, PostpressConfig},
    postproxy::{Postproxy, PostproxyConfig},
};
use serde_json::{Value, json};
use tokio::runtime::Builder;

type Failure = Box<dyn Error + Send + Sync>;

/// The keys and the account's id: whoever serves these files asks for neither.
const KEY: &str = "key";

fn main() -> Result<(), Failure> {
    let is_flag = |argument: &String| argument.starts_with("--");
    let (flags, arguments): (Vec<String>, Vec<String>) = env::args().skip(1).partition(is_flag);
    let has = |flag: &str| flags.iter().any(|given| given == flag);
    let http = http_config(has("--parallel"));
    let mut runtime = if has("--parallel") { Builder::new_multi_thread() } else { Builder::new_current_thread() };
    let runtime = runtime.enable_all().build()?;

    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut told = match arguments[..] {
        ["stream", origin] => runtime.block_on(streamed(&postproxy(origin, http)?))?,
        ["collect", origin] => runtime.block_on(collected(&postproxy(origin, http)?))?,
        ["pack", origin] => runtime.block_on(packed(&postproxy(origin, http)?))?,
        ["three", origin] => runtime.block_on(three(origin, http))?,
        ["people", origin, count, in_flight] => {
            runtime.block_on(people(origin, count.parse()?, in_flight.parse()?, http))?
        }
        _ => return Err("usage: ours MODE ORIGIN [COUNT IN_FLIGHT] [--parallel]".into()),
    };
    if !has("--check")
        && let Some(members) = told.as_object_mut()
    {
        members.remove("active");
    }
    eprintln!("{told}");
    Ok(())
}

/// The defaults; with parallel decoding, those and that.
fn http_config(is_parallel: bool) -> HttpConfig {
    let mut http = HttpConfig::new();
    http.parallel_decode = is_parallel;
    http
}

fn postproxy(origin: &str, http: HttpConfig) -> polyprofile::Result<AnyProvider> {
    let mut config = PostproxyConfig::new(KEY);
    origin.clone_into(&mut config.base_url);
    config.http = http;
    Ok(Postproxy::new(config)?.into())
}

fn postcore(origin: &str, http: HttpConfig) -> polyprofile::Result<AnyProvider> {
    let mut config = PostcoreConfig::new(KEY);
    origin.clone_into(&mut config.base_url);
    config.http = http;
    Ok(Postcore::new(config)?.into())
}

fn postpress(origin: &str, http: HttpConfig) -> polyprofile::Result<AnyProvider> {
    let mut config = PostpressConfig::new(KEY);
    origin.clone_into(&mut config.base_url);
    config.account = Some(KEY.to_owned());
    config.http = http;
    Ok(Postpress::new(config)?.into())
}

async fn streamed(provider: &AnyProvider) -> Result<Value, Failure> {
    let start = Instant::now();
    let (mut rows, mut active, mut first_row) = (0, 0, Duration::ZERO);
    let mut list = provider.profiles(ListOptions::new());
    while let Some(row) = list.try_next().await? {
        let profile = kept(row)?;
        if rows == 0 {
            first_row = start.elapsed();
        }
        rows += 1;
        active += u64::from(is_active(&profile));
    }
    Ok(json!({ "rows": rows, "active": active, "first_row_ms": first_row.as_secs_f64() * 1e3 }))
}

async fn collected(provider: &AnyProvider) -> Result<Value, Failure> {
    let mut profiles = Vec::new();
    let mut list = provider.profiles(ListOptions::new());
    while let Some(row) = list.try_next().await? {
        profiles.push(kept(row)?);
    }
    let active = profiles.iter().filter(|profile| is_active(profile)).count();
    Ok(json!({ "rows": profiles.len(), "active": active }))
}

async fn packed(provider: &AnyProvider) -> Result<Value, Failure> {
    let mut profiles = PackedProfiles::new();
    let mut active = 0;
    let mut list = provider.profiles(ListOptions::new());
    while let Some(row) = list.try_next().await? {
        let profile = kept(row)?;
        active += u64::from(is_active(&profile));
        profiles.push(&profile);
    }
    Ok(json!({ "rows": profiles.len(), "active": active, "bytes": profiles.bytes() }))
}

async fn three(origin: &str, http: HttpConfig) -> Result<Value, Failure> {
    let vendors = [postproxy(origin, http.clone())?, postcore(origin, http.clone())?, postpress(origin, http)?];
    let mut rows = 0;
    let mut events = Aggregator::new().with_all(vendors)?.stream(&ListOptions::new());
    while let Some(event) = events.next().await {
        match event {
            Event::Profile(_) => rows += 1,
            Event::Rejected(rejected) => return Err(rejected.problem.into()),
            Event::Finished(outcome) => outcome.error.map_or(Ok(()), Err)?,
            _ => {}
        }
    }
    Ok(json!({ "rows": rows }))
}

async fn people(origin: &str, count: usize, in_flight: usize, mut http: HttpConfig) -> Result<Value, Failure> {
    // The default lets fewer requests be under way at once than the others are given here.
    http.limits.concurrency = in_flight;
    let provider = &postpress(origin, http)?;
    let read = stream::iter(0..count).map(async |number| -> Result<usize, Failure> {
        let identifier = format!("person-{number}");
        let profile = provider.person(PersonQuery::new(&identifier)).await?;
        let found = profile.connected_platforms.first().and_then(|platform| platform.username.as_deref());
        Ok(usize::from(found == Some(&identifier)))
    });
    let read: usize = read.buffer_unordered(in_flight).try_fold(0, async |sum, one| Ok(sum + one)).await?;
    Ok(json!({ "rows": read }))
}

/// A row that was not kept, or not in full, is a defect of this comparison.
fn kept(row: Listed) -> Result<Profile, Failure> {
    match row {
        Listed::Profile(profile) if profile.issues.is_empty() => Ok(profile),
        Listed::Profile(profile) => Err(format!("{:?}", profile.issues).into()),
        other => Err(format!("{other:?}").into()),
    }
}

fn is_active(profile: &Profile) -> bool {
    profile.connected_platforms.first().is_some_and(|platform| platform.status == ConnectionStatus::Active)
}
