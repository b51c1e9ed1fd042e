//! Each fault as it looks on the wire.

use std::time::Duration;

use polyprofile_emulator::{Data, Emulator, Fault, FaultKind, POSTPROXY_KEY};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use crate::support::Caller;

/// The path that the faults spoil.
const LIST: &str = "/api/profiles";

async fn emulator(fault: Fault) -> Emulator {
    let emulator = Emulator::builder().data(Data::Documents).start().await.unwrap();
    emulator.add_fault(fault);
    emulator
}

async fn open(emulator: &Emulator) -> TcpStream {
    let mut stream = TcpStream::connect(emulator.address()).await.unwrap();
    let request = format!("GET {LIST} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {POSTPROXY_KEY}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Everything until the server closes.
async fn until_closed(emulator: &Emulator) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    open(emulator).await.read_to_end(&mut bytes).await.unwrap();
    split(&bytes)
}

fn split(answer: &[u8]) -> (String, Vec<u8>) {
    match answer.windows(4).position(|window| window == b"\r\n\r\n") {
        Some(end) => (String::from_utf8_lossy(&answer[..end]).into_owned(), answer[end + 4..].to_vec()),
        None => (String::from_utf8_lossy(answer).into_owned(), Vec::new()),
    }
}

fn content_length(head: &str) -> Option<usize> {
    let line = head.lines().find_map(|line| line.strip_prefix("content-length: "))?;
    Some(line.parse().unwrap())
}

/// The undisturbed body.
async fn whole() -> Vec<u8> {
    let router = Emulator::builder().data(Data::Documents).into_router();
    Caller::postproxy(router).get(LIST).await.text.into_bytes()
}

#[tokio::test(start_paused = true)]
async fn cut_after_promises_the_whole_and_sends_a_part() {
    let whole = whole().await;
    for bytes in [0, 1, 100, whole.len() - 1] {
        let emulator = emulator(Fault::new(LIST, FaultKind::CutAfter { bytes: bytes as u64, chunked: false })).await;
        let (head, body) = until_closed(&emulator).await;
        assert!(head.starts_with("HTTP/1.1 200 OK"), "{bytes}: {head}");
        assert_eq!((content_length(&head), body.as_slice()), (Some(whole.len()), &whole[..bytes]));
    }
}

#[tokio::test(start_paused = true)]
async fn cut_after_in_chunks_lacks_the_last_one() {
    let whole = whole().await;
    let emulator = emulator(Fault::new(LIST, FaultKind::CutAfter { bytes: 100, chunked: true })).await;
    let (head, body) = until_closed(&emulator).await;
    assert!(head.contains("transfer-encoding: chunked"), "{head}");
    assert_eq!(body, [b"64\r\n", &whole[..100], b"\r\n"].concat());
    emulator.clear_faults();
    emulator.add_fault(Fault::new(LIST, FaultKind::CutAfter { bytes: 1 << 20, chunked: true }));
    let (_, body) = until_closed(&emulator).await;
    assert!(!body.ends_with(b"0\r\n\r\n"));
}

#[tokio::test(start_paused = true)]
async fn a_cut_far_into_a_long_answer_is_exact() {
    let data = Data::Synthetic { profiles: 5_000, seed: 1 };
    let emulator = Emulator::builder().data(data).start().await.unwrap();
    emulator.add_fault(Fault::new(LIST, FaultKind::CutAfter { bytes: 500_000, chunked: true }));
    let (_, body) = until_closed(&emulator).await;
    // Chunks of 8 KiB and less: the framing adds a little.
    assert!((500_000..502_000).contains(&body.len()), "{}", body.len());
}

#[tokio::test(start_paused = true)]
async fn stall_sends_a_part_and_then_nothing() {
    let whole = whole().await;
    let emulator = emulator(Fault::new(LIST, FaultKind::Stall { after_bytes: 50 })).await;
    let mut stream = open(&emulator).await;
    let mut answer = Vec::new();
    while split(&answer).1.len() < 50 {
        stream.read_buf(&mut answer).await.unwrap();
    }
    let (head, body) = split(&answer);
    assert_eq!((content_length(&head), body.as_slice()), (Some(whole.len()), &whole[..50]));
    let silence = timeout(Duration::from_secs(3600), stream.read_u8()).await;
    assert!(silence.is_err(), "{silence:?}");
}

#[tokio::test(start_paused = true)]
async fn trickle_takes_its_time_and_arrives_whole() {
    let whole = whole().await;
    let emulator = emulator(Fault::new(LIST, FaultKind::Trickle { bytes_per_chunk: 100, pause_ms: 1000 })).await;
    let before = Instant::now();
    let mut stream = open(&emulator).await;
    let mut answer = Vec::new();
    while split(&answer).1.len() < whole.len() {
        stream.read_buf(&mut answer).await.unwrap();
    }
    assert_eq!(split(&answer).1, whole);
    let pauses = (whole.len() - 1) / 100;
    assert!(before.elapsed() >= Duration::from_secs(pauses as u64));
}

#[tokio::test(start_paused = true)]
async fn close_ends_the_connection_without_an_answer() {
    let emulator = emulator(Fault::new(LIST, FaultKind::Close)).await;
    assert_eq!(until_closed(&emulator).await, (String::new(), Vec::new()));
    assert_eq!(emulator.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn delay_comes_before_the_answer_and_adds_to_what_follows() {
    let emulator = emulator(Fault::new("/", FaultKind::Delay { ms: 5_000 }).times(1)).await;
    emulator.add_fault(Fault::new("/", FaultKind::Delay { ms: 1_000 }));
    emulator.add_fault(Fault::new(LIST, FaultKind::Html));
    let caller = Caller::postproxy(emulator.router());
    for seconds in [6, 1] {
        let before = Instant::now();
        let reply = caller.get(LIST).await;
        assert_eq!(before.elapsed().as_secs(), seconds);
        assert!(reply.header("content-type").starts_with("text/html"));
        assert!(reply.text.contains("guest network"));
    }
}

#[tokio::test]
async fn stand_ins_replace_the_answer() {
    let emulator = Emulator::builder().data(Data::Documents).start().await.unwrap();
    let caller = Caller::postproxy(emulator.router());
    let spoilt = async |kind: FaultKind| {
        emulator.clear_faults();
        emulator.add_fault(Fault::new(LIST, kind));
        caller.get(LIST).await
    };
    let headers = vec![("X-Request-Id".to_owned(), "abc".to_owned())];
    let (body, content_type) = ("<h1>Bad gateway</h1>".to_owned(), "text/html".to_owned());
    let reply = spoilt(FaultKind::Status { status: 502, headers, body, content_type }).await;
    reply.has_status(502);
    assert_eq!((reply.header("x-request-id"), reply.header("content-type")), ("abc", "text/html"));
    assert_eq!(reply.text, "<h1>Bad gateway</h1>");

    let reply = spoilt(FaultKind::Garbage).await;
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/json"));
    assert!(serde_json::from_str::<serde_json::Value>(&reply.text).is_err());
    assert_eq!(reply.text, spoilt(FaultKind::Garbage).await.text);

    let (body, content_type) = ("null".to_owned(), "application/json".to_owned());
    spoilt(FaultKind::Replace { body, content_type }).await.is(200, &serde_json::Value::Null);

    let reply = spoilt(FaultKind::Redirect { status: 307, location: "https://elsewhere.test/".to_owned() }).await;
    assert_eq!((reply.status.as_u16(), reply.header("location")), (307, "https://elsewhere.test/"));
}

#[tokio::test]
async fn path_method_skip_and_times_choose_the_requests() {
    let emulator = Emulator::builder().data(Data::Documents).start().await.unwrap();
    let caller = Caller::postproxy(emulator.router());
    let teapot = || {
        let (headers, body, content_type) = (Vec::new(), String::new(), "text/plain".to_owned());
        FaultKind::Status { status: 418, headers, body, content_type }
    };
    let statuses = async |targets: &[&str]| {
        let mut statuses = Vec::new();
        for target in targets {
            statuses.push(caller.get(target).await.status.as_u16());
        }
        statuses
    };
    emulator.add_fault(Fault::new("/api/profiles", teapot()));
    let targets = ["/api/profiles", "/api/profiles?x=1", "/api/profiles/prof123abc", "/api/profile_groups"];
    assert_eq!(statuses(&targets).await, [418, 418, 418, 200]);
    emulator.clear_faults();
    emulator.add_fault(Fault::new("/api/profiles$", teapot()));
    assert_eq!(statuses(&targets).await, [418, 418, 200, 200]);
    emulator.clear_faults();
    emulator.add_fault(Fault::new("/", teapot()).skip(1).times(2));
    assert_eq!(statuses(&targets).await, [200, 418, 418, 200]);
    emulator.clear_faults();
    emulator.add_fault(Fault::new("/", teapot()).method("DELETE"));
    assert_eq!(statuses(&targets).await, [200, 200, 200, 200]);
    assert_eq!(caller.delete("/api/profiles/prof123abc").await.status.as_u16(), 418);
    emulator.clear_faults();
    // A request that met a stand-in was not carried out.
    caller.get("/api/profiles/prof123abc").await.has_status(200);
}
