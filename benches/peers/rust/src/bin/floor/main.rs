//! The least that the work takes in Rust: no dates, no enums, no retries, no limits, no errors but the end.
//!
//! ```text
//! floor chunks    ORIGIN                     the body's bytes, dropped
//! floor streamed  ORIGIN                     rows decoded into owned structs as they arrive, dropped
//! floor sonic     ORIGIN                     the same with sonic-rs
//! floor collected ORIGIN                     the whole body, then the whole list decoded into owned structs
//! floor ndjson    ORIGIN                     rows decoded as they arrive and written to standard output
//! floor three     ORIGIN                     the lists of three vendors, streamed, on two threads
//! floor people    ORIGIN COUNT IN_FLIGHT     people looked up, each decoded into an owned struct
//! floor answers   ORIGIN COUNT IN_FLIGHT     the same, the bytes dropped
//! ```
//!
//! Standard error's last line says what was read. With `--check` it also says how many rows were active.

#![allow(clippy::print_stderr, reason = "what was read is told beside standard output, which holds rows")]

mod items;
mod rows;

use std::{
    env,
    error::Error,
    io::{self, BufWriter, Write as _},
};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use reqwest::Client;
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::runtime::{Builder, Runtime};

use items::Items;
use rows::{Account, Container, List, Person, Profile};

type Failure = Box<dyn Error + Send + Sync>;

/// The bearer key and the account's id: whoever serves these files asks for neither.
const KEY: &str = "key";

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--check").collect();
    let is_checked = env::args().any(|argument| argument == "--check");
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut told = match arguments[..] {
        ["chunks", origin] => one_task()?.block_on(chunks(origin))?,
        ["streamed", origin] => one_task()?.block_on(streamed(origin, |row| Ok(serde_json::from_slice(row)?)))?,
        ["sonic", origin] => one_task()?.block_on(streamed(origin, |row| Ok(sonic_rs::from_slice(row)?)))?,
        ["collected", origin] => one_task()?.block_on(collected(origin))?,
        ["ndjson", origin] => one_task()?.block_on(ndjson(origin))?,
        ["three", origin] => three(origin)?,
        ["people", origin, count, in_flight] => {
            one_task()?.block_on(people(origin, count.parse()?, in_flight.parse()?, true))?
        }
        ["answers", origin, count, in_flight] => {
            one_task()?.block_on(people(origin, count.parse()?, in_flight.parse()?, false))?
        }
        _ => return Err("usage: floor MODE ORIGIN [COUNT IN_FLIGHT]".into()),
    };
    if !is_checked && let Some(members) = told.as_object_mut() {
        members.remove("active");
    }
    eprintln!("{told}");
    Ok(())
}

fn one_task() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

/// TLS is linked, as in whatever talks to a vendor; its root certificates are not read for `http`.
fn client() -> reqwest::Result<Client> {
    Client::builder().http1_only().no_proxy().tls_certs_only([]).build()
}

async fn chunks(origin: &str) -> Result<serde_json::Value, Failure> {
    let mut answer = client()?.get(format!("{origin}/api/profiles")).bearer_auth(KEY).send().await?;
    let mut bytes = 0;
    while let Some(chunk) = answer.chunk().await? {
        bytes += chunk.len();
    }
    Ok(json!({ "bytes": bytes }))
}

async fn streamed(
    origin: &str,
    decode: impl Fn(&[u8]) -> Result<Profile, Failure>,
) -> Result<serde_json::Value, Failure> {
    let (mut rows, mut active) = (0, 0);
    let each = |row: &[u8]| {
        let row = decode(row)?;
        rows += 1;
        active += u64::from(row.status == "active");
        Ok(())
    };
    for_each_row(&client()?, &format!("{origin}/api/profiles"), each).await?;
    Ok(json!({ "rows": rows, "active": active }))
}

async fn collected(origin: &str) -> Result<serde_json::Value, Failure> {
    let answer = client()?.get(format!("{origin}/api/profiles")).bearer_auth(KEY).send().await?;
    let list: List = serde_json::from_slice(&answer.bytes().await?)?;
    let active = list.data.iter().filter(|row| row.status == "active").count();
    Ok(json!({ "rows": list.data.len(), "active": active }))
}

async fn ndjson(origin: &str) -> Result<serde_json::Value, Failure> {
    let mut output = BufWriter::new(io::stdout().lock());
    let mut rows = 0;
    let each = |row: &[u8]| {
        let row: Profile = serde_json::from_slice(row)?;
        rows += 1;
        serde_json::to_writer(&mut output, &row)?;
        Ok(output.write_all(b"\n")?)
    };
    for_each_row(&client()?, &format!("{origin}/api/profiles"), each).await?;
    output.flush()?;
    Ok(json!({ "rows": rows }))
}

fn three(origin: &str) -> Result<serde_json::Value, Failure> {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let client = client()?;
        let lists = [
            tokio::spawn(count::<Profile>(client.clone(), format!("{origin}/api/profiles"))),
            tokio::spawn(count::<Container>(client.clone(), format!("{origin}/profiles"))),
            tokio::spawn(count::<Account>(client, format!("{origin}/api/v1/accounts"))),
        ];
        let mut rows = 0;
        for list in lists {
            rows += list.await??;
        }
        Ok(json!({ "rows": rows }))
    })
}

async fn count<T: DeserializeOwned>(client: Client, url: String) -> Result<u64, Failure> {
    let mut rows = 0;
    let each = |row: &[u8]| {
        let _: T = serde_json::from_slice(row)?;
        rows += 1;
        Ok(())
    };
    for_each_row(&client, &url, each).await?;
    Ok(rows)
}

async fn people(origin: &str, count: usize, in_flight: usize, is_typed: bool) -> Result<serde_json::Value, Failure> {
    let client = &client()?;
    let read = stream::iter(0..count).map(async |number| -> Result<usize, Failure> {
        let url = format!("{origin}/api/v1/users/person-{number}?account_id={KEY}");
        let answer = client.get(url).header("x-api-key", KEY).send().await?.bytes().await?;
        if !is_typed {
            return Ok(usize::from(!answer.is_empty()));
        }
        let person: Person = serde_json::from_slice(&answer)?;
        Ok(usize::from(person.public_identifier == format!("person-{number}")))
    });
    let read: usize = read.buffer_unordered(in_flight).try_fold(0, async |sum, one| Ok(sum + one)).await?;
    Ok(json!({ "rows": read }))
}

async fn for_each_row(
    client: &Client,
    url: &str,
    mut each: impl FnMut(&[u8]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut answer = client.get(url).bearer_auth(KEY).send().await?;
    let mut items = Items::default();
    while let Some(chunk) = answer.chunk().await? {
        items.feed(&chunk, &mut each)?;
    }
    if items.are_complete() { Ok(()) } else { Err("the list was cut short".into()) }
}
