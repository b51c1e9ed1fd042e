//! The record of requests, control over HTTP, and starting and stopping.

use std::time::Duration;

use axum::http::Method;
use polyprofile_emulator::{
    Data, Emulator, EmulatorError, Fault, FaultKind, POSTCORE_KEY, POSTPRESS_KEY, POSTPROXY_KEY, RecordedRequest,
};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::support::{Caller, documents};

#[tokio::test]
async fn requests_are_recorded_and_keys_are_not() {
    let emulator = Emulator::builder().data(Data::Documents).start().await.unwrap();
    let caller = Caller::postproxy(emulator.router());
    caller.get("/api/profiles?profile_group_id=a%20b&profile_group_id=c").await;
    caller.post("/api/profile_groups", json!({"profile_group": {"name": "New"}})).await;
    Caller::postpress(emulator.router()).get("/v1/accounts").await;
    let wrong = Caller::anonymous(emulator.router()).with_header("authorization", &format!("Bearer {POSTCORE_KEY}"));
    wrong.get("/api/profiles").await;
    wrong.get(&format!("/profiles/connect?platform=linkedin&apiKey={POSTCORE_KEY}&returnUrl=x%20y")).await;

    let requests = emulator.requests();
    let lines: Vec<_> = requests.iter().map(|request| format!("{} {}", request.method, request.path)).collect();
    assert_eq!(
        lines,
        [
            "GET /api/profiles",
            "POST /api/profile_groups",
            "GET /v1/accounts",
            "GET /api/profiles",
            "GET /profiles/connect"
        ]
    );
    assert_eq!(requests[0].raw_query.as_deref(), Some("profile_group_id=a%20b&profile_group_id=c"));
    let pairs = ["a b", "c"].map(|value| ("profile_group_id".to_owned(), value.to_owned()));
    assert_eq!(requests[0].query, pairs);
    assert_eq!(requests[0].header("authorization"), Some(RecordedRequest::RIGHT_KEY));
    assert_eq!(requests[1].body, r#"{"profile_group":{"name":"New"}}"#);
    assert_eq!(requests[2].header("x-api-key"), Some(RecordedRequest::RIGHT_KEY));
    assert_eq!(requests[3].header("authorization"), Some(RecordedRequest::WRONG_KEY));
    assert_eq!(requests[4].query_value("apiKey"), Some(RecordedRequest::RIGHT_KEY));
    let expected = format!("platform=linkedin&apiKey={}&returnUrl=x%20y", RecordedRequest::RIGHT_KEY);
    assert_eq!(requests[4].raw_query.as_deref(), Some(expected.as_str()));
    let everything = format!("{requests:?}");
    for key in [POSTPROXY_KEY, POSTCORE_KEY, POSTPRESS_KEY] {
        assert!(!everything.contains(key));
    }
    emulator.clear_requests();
    assert_eq!(emulator.requests(), []);
}

#[tokio::test]
async fn the_same_control_works_over_http() {
    let admin = Caller::anonymous(documents());
    admin.get("/__emulator/health").await.is(200, &json!({"status": "ok"}));
    let fault = json!({
        "path": "/profiles", "method": "get", "times": 1,
        "kind": {"status": {"status": 503, "headers": [["Retry-After", "7"]], "body": "{}"}},
    });
    admin.post("/__emulator/faults", fault).await.has_status(201);
    admin.post("/__emulator/faults", json!({"path": "/", "kind": "close", "tims": 1})).await.has_status(400);
    let caller = Caller::postcore(admin.router.clone());
    let spoilt = caller.get("/profiles").await;
    spoilt.is(503, &json!({}));
    assert_eq!((spoilt.header("retry-after"), spoilt.header("content-type")), ("7", "application/json"));
    caller.get("/profiles").await.has_status(200);

    admin.post("/__emulator/faults", json!({"path": "/", "kind": "html"})).await.has_status(201);
    admin.delete("/__emulator/faults").await.has_status(204);
    assert!(!caller.get("/profiles").await.text.contains("guest network"));

    let requests = admin.get("/__emulator/requests").await.json();
    assert_eq!(requests.as_array().unwrap().len(), 3);
    assert_eq!(requests[0]["path"], "/profiles");
    admin.delete("/__emulator/requests").await.has_status(204);
    admin.get("/__emulator/requests").await.is(200, &json!([]));
}

#[tokio::test]
async fn a_path_that_no_vendor_has_is_refused_in_the_vendors_words() {
    let caller = Caller::anonymous(documents());
    caller.get("/api/nothing").await.is(404, &json!({"error": "Not found"}));
    assert_eq!(caller.get("/v1/nothing").await.json()["type"], "errors/resource_not_found");
    assert_eq!(caller.get("/profiles/a/b").await.json()["error"], "NOT_FOUND");
    caller.get("/").await.has_status(404);
}

async fn ask(emulator: &Emulator) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(emulator.address()).await?;
    stream.write_all(b"GET /__emulator/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test(start_paused = true)]
async fn it_serves_on_loopback_until_it_is_shut_down() {
    let emulator = Emulator::builder().data(Data::Documents).start().await.unwrap();
    assert_eq!(emulator.origin(), format!("http://{}", emulator.address()));
    assert!(emulator.address().ip().is_loopback());
    assert!(ask(&emulator).await.unwrap().starts_with("HTTP/1.1 200 OK"));
    let address = emulator.address();
    // A connection that is open and idle does not hold it up, nor one that is stalled for ever.
    let _idle = TcpStream::connect(address).await.unwrap();
    emulator.add_fault(Fault::new("/", FaultKind::Stall { after_bytes: 1 }));
    let mut stalled = TcpStream::connect(address).await.unwrap();
    stalled.write_all(b"GET /profiles HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    stalled.read_u8().await.unwrap();
    emulator.shutdown().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn dropping_it_closes_every_connection() {
    let emulator = Emulator::builder().data(Data::Documents).start().await.unwrap();
    emulator.add_fault(Fault::new("/", FaultKind::Stall { after_bytes: 0 }));
    let mut stalled = TcpStream::connect(emulator.address()).await.unwrap();
    stalled.write_all(b"GET /profiles HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    stalled.read_u8().await.unwrap();
    let address = emulator.address();
    let before = Instant::now();
    drop(emulator);
    let mut rest = Vec::new();
    let _ = stalled.read_to_end(&mut rest).await;
    // At once: a drop grants no time to finish.
    assert_eq!(before.elapsed(), Duration::ZERO);
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_port_that_is_taken_is_an_error() {
    let first = Emulator::builder().start().await.unwrap();
    let port = first.address().port();
    let second = Emulator::builder().port(port).start().await;
    assert!(matches!(second, Err(EmulatorError::Bind { port: taken, .. }) if taken == port));
}

#[tokio::test]
async fn it_names_what_a_caller_needs() {
    for data in [Data::Documents, Data::Demo, Data::Synthetic { profiles: 9, seed: 1 }] {
        let emulator = Emulator::builder().data(data).start().await.unwrap();
        let group = format!("/api/profile_groups/{}", emulator.postproxy_group_id());
        Caller::postproxy(emulator.router()).send(Method::GET, &group, &[], None).await.has_status(200);
        let caller = Caller::postpress(emulator.router());
        let account = caller.get(&format!("/v1/accounts/{}", emulator.postpress_account_id())).await.json();
        assert_eq!((&account["type"], &account["sources"][0]["status"]), (&json!("LINKEDIN"), &json!("OK")));
        let person = format!("/v1/users/ada-nyberg?account_id={}", emulator.postpress_account_id());
        caller.get(&person).await.has_status(200);
    }
}
