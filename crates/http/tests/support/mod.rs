//! A vendor made of raw TCP, which misbehaves exactly as its script says, and a client to go with it.
//!
//! Server and client share one current-thread runtime whose clock is paused. Tokio would move such a clock on
//! whenever nobody is ready to run, even with bytes on their way through the loopback device, and deadlines would
//! pass that nobody missed. So [`let_time_pass`] moves it instead: by 10 ms at a time, and between two steps sockets
//! are looked after several times. A deadline of seconds then passes only if nothing happens in hundreds of rounds.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses its own part")]

use std::{
    future::Future,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use futures_util::StreamExt as _;
use polyprofile_core::{
    Error, ErrorKind, IssueKind, Listed, Normalize, NormalizeContext, Operation, Profile, ProfileId, ProviderId, Result,
};
use polyprofile_http::{
    ApiKey, BaseUrl, Document, FailedAnswer, HttpClient, HttpConfig, Listing, ProxyChoice, Random, Request,
    json::{Envelope, RowType, Text},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::Instant,
};

/// The key that every client here shows. It must never be seen anywhere but in its header.
pub const KEY: &str = "sk-live-0123456789abcdef";

/// Whom every error must name.
pub const PROVIDER: &str = "scripted";

/// The list that every listing here reads.
pub const ENVELOPE: Envelope = Envelope { items: &["data"], keep: &["cursor"] };

/// How far the clock moves at a time, and how often sockets are looked after in between.
const CLOCK_STEP: Duration = Duration::from_millis(10);
const ROUNDS_PER_STEP: u32 = 4;

/// What passes at most without a deadline, a pause or a wait: steps of the clock while bytes travel.
pub const SLACK: Duration = Duration::from_millis(500);

/// Moves the paused clock on. A [`Server`] does it by itself; only a test without one needs this.
pub async fn let_time_pass() {
    loop {
        for _ in 0..ROUNDS_PER_STEP {
            tokio::task::yield_now().await;
        }
        // Whoever carries bytes for us outside this process gets the processor too.
        std::thread::yield_now();
        tokio::time::advance(CLOCK_STEP).await;
    }
}

/// What `future` gives, and how long it took on the paused clock.
pub async fn timed<T>(future: impl Future<Output = T>) -> (T, Duration) {
    let started = Instant::now();
    let outcome = future.await;
    (outcome, started.elapsed())
}

/// One thing that the server does with a connection.
#[derive(Clone, Debug)]
enum Step {
    Write(Vec<u8>),
    Pause(Duration),
    /// Writes byte by byte, each after a pause.
    Drip(Vec<u8>, Duration),
    /// Writes the same over and over, each time after a pause, until the client goes.
    Flood(Vec<u8>, Duration),
    /// Says and does nothing until the client goes.
    Hang,
    /// Breaks the connection off with a TCP reset.
    Reset,
    Close,
}

/// What the server does once it has read a request. The connection is kept alive unless it says otherwise.
#[derive(Clone, Debug, Default)]
pub struct Reply(Vec<Step>);

impl Reply {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// These bytes, head and all.
    pub fn raw(bytes: impl AsRef<[u8]>) -> Self {
        Self::new().write(bytes)
    }

    /// A whole answer, with further header lines and a content length.
    pub fn with_headers(status: u16, headers: &[&str], body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        Self::promising(status, headers, body.len()).write(body)
    }

    /// The head of an answer that promises a body of `length` bytes.
    pub fn promising(status: u16, headers: &[&str], length: usize) -> Self {
        let length = format!("Content-Length: {length}");
        let length = (!matches!(status, 204 | 304)).then_some(length.as_str());
        let lines: Vec<_> = headers.iter().copied().chain(length).map(|line| format!("{line}\r\n")).collect();
        Self::raw(format!("HTTP/1.1 {status} Whatever\r\n{}\r\n", lines.concat()))
    }

    /// A whole answer in JSON.
    pub fn status(status: u16, body: impl AsRef<[u8]>) -> Self {
        Self::with_headers(status, &["Content-Type: application/json"], body)
    }

    /// A whole answer with status 200.
    pub fn ok(body: impl AsRef<[u8]>) -> Self {
        Self::status(200, body)
    }

    /// The head of a JSON answer whose body comes in chunks.
    pub fn chunked() -> Self {
        Self::raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    }

    /// The beginning of `body`, of which all is promised and half is written.
    pub fn half_of(body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        Self::promising(200, &["Content-Type: application/json"], body.len()).write(&body[..body.len() / 2])
    }

    pub fn write(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.0.push(Step::Write(bytes.as_ref().to_vec()));
        self
    }

    /// One chunk of a chunked body.
    pub fn chunk(self, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        self.write(format!("{:x}\r\n", bytes.len())).write(bytes).write("\r\n")
    }

    pub fn pause(mut self, duration: Duration) -> Self {
        self.0.push(Step::Pause(duration));
        self
    }

    pub fn drip(mut self, bytes: impl AsRef<[u8]>, every: Duration) -> Self {
        self.0.push(Step::Drip(bytes.as_ref().to_vec(), every));
        self
    }

    pub fn flood(mut self, bytes: impl AsRef<[u8]>, every: Duration) -> Self {
        self.0.push(Step::Flood(bytes.as_ref().to_vec(), every));
        self
    }

    pub fn hang(mut self) -> Self {
        self.0.push(Step::Hang);
        self
    }

    pub fn reset(mut self) -> Self {
        self.0.push(Step::Reset);
        self
    }

    pub fn close(mut self) -> Self {
        self.0.push(Step::Close);
        self
    }
}

/// A request as it was read from the wire.
#[derive(Clone, Debug)]
pub struct Received {
    /// `GET /profiles HTTP/1.1`
    pub line: String,
    /// Names in lower case, values as sent.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// When it was complete.
    pub at: Instant,
}

impl Received {
    /// Every value of the header `name`.
    pub fn header(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The path and query.
    pub fn target(&self) -> &str {
        self.line.split(' ').nth(1).expect("a request line has a target")
    }
}

#[derive(Debug, Default)]
struct Record {
    requests: Vec<Received>,
    connections: usize,
    /// Connections that the client closed.
    left: usize,
    /// Requests that were read and not yet answered, now and at most.
    under_way: usize,
    most_under_way: usize,
}

/// A scripted server on loopback. It is gone when dropped; time passes as long as there is one.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    record: Arc<Mutex<Record>>,
    _tasks: JoinSet<()>,
}

impl Server {
    /// Answers the first request with the first reply, and so on; the last reply also answers all further requests.
    pub async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        Self::on(listener, replies)
    }

    /// [`Self::start`] on a listener that is there already.
    pub fn on(listener: TcpListener, replies: impl IntoIterator<Item = Reply>) -> Self {
        let address = listener.local_addr().expect("a bound listener has an address");
        let replies: Arc<[Reply]> = replies.into_iter().collect();
        let record = Arc::<Mutex<Record>>::default();
        let mut tasks = JoinSet::new();
        tasks.spawn(let_time_pass());
        tasks.spawn(serve(listener, replies, Arc::clone(&record)));
        Self { address, record, _tasks: tasks }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Received> {
        lock(&self.record).requests.clone()
    }

    pub fn request_count(&self) -> usize {
        lock(&self.record).requests.len()
    }

    pub fn connections(&self) -> usize {
        lock(&self.record).connections
    }

    pub fn most_under_way(&self) -> usize {
        lock(&self.record).most_under_way
    }

    /// Waits until the client has closed `count` connections.
    ///
    /// # Panics
    ///
    /// If it does not within ten seconds of the paused clock.
    pub async fn left_by_client(&self, count: usize) {
        let waiting = async {
            while lock(&self.record).left < count {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), waiting).await.expect("the client closes its connection");
    }

    /// Waits until `count` requests have come.
    ///
    /// # Panics
    ///
    /// If they do not within a minute of the paused clock.
    pub async fn asked(&self, count: usize) {
        let waiting = async {
            while self.request_count() < count {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), waiting).await.expect("the client sends its request");
    }
}

fn lock(record: &Mutex<Record>) -> MutexGuard<'_, Record> {
    record.lock().expect("no test panics while it holds the record")
}

async fn serve(listener: TcpListener, replies: Arc<[Reply]>, record: Arc<Mutex<Record>>) {
    let mut conversations = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        // Otherwise the kernel holds small pieces back for a moment of real time.
        stream.set_nodelay(true).expect("a socket of TCP");
        lock(&record).connections += 1;
        conversations.spawn(converse(stream, Arc::clone(&replies), Arc::clone(&record)));
    }
}

/// Answers the requests of one connection until one of both sides ends it.
async fn converse(mut stream: TcpStream, replies: Arc<[Reply]>, record: Arc<Mutex<Record>>) {
    while let Some(request) = read_request(&mut stream).await {
        let reply = {
            let mut record = lock(&record);
            record.requests.push(request);
            record.under_way += 1;
            record.most_under_way = record.most_under_way.max(record.under_way);
            let place = record.requests.len().min(replies.len()) - 1;
            replies[place].clone()
        };
        let outcome = play(&mut stream, reply).await;
        let mut record = lock(&record);
        record.under_way -= 1;
        match outcome {
            Outcome::KeptAlive => {}
            Outcome::EndedByUs => return,
            Outcome::Left => break,
        }
    }
    lock(&record).left += 1;
}

/// How a reply ended.
enum Outcome {
    KeptAlive,
    EndedByUs,
    Left,
}

async fn play(stream: &mut TcpStream, reply: Reply) -> Outcome {
    for step in reply.0 {
        let played = match step {
            Step::Write(bytes) => stream.write_all(&bytes).await,
            Step::Pause(duration) => {
                tokio::select! {
                    () = tokio::time::sleep(duration) => Ok(()),
                    () = until_left(stream) => return Outcome::Left,
                }
            }
            Step::Drip(bytes, every) => drip(stream, bytes.iter().map(std::slice::from_ref), every).await,
            Step::Flood(bytes, every) => drip(stream, std::iter::repeat(&bytes[..]), every).await,
            Step::Hang => {
                until_left(stream).await;
                return Outcome::Left;
            }
            Step::Reset => {
                socket2::SockRef::from(&*stream).set_linger(Some(Duration::ZERO)).expect("a socket can linger");
                return Outcome::EndedByUs;
            }
            Step::Close => return Outcome::EndedByUs,
        };
        if played.is_err() {
            return Outcome::Left;
        }
    }
    Outcome::KeptAlive
}

async fn drip<'a>(
    stream: &mut TcpStream,
    pieces: impl Iterator<Item = &'a [u8]>,
    every: Duration,
) -> std::io::Result<()> {
    for piece in pieces {
        tokio::time::sleep(every).await;
        stream.write_all(piece).await?;
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// Reads and drops what comes until nothing can come any more.
async fn until_left(stream: &mut TcpStream) {
    let mut buffer = [0; 1_024];
    while stream.read(&mut buffer).await.is_ok_and(|length| length > 0) {}
}

/// Reads one request; `None` if the client went before it was complete.
async fn read_request(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let mut body = bytes.split_off(head);
    let text = String::from_utf8(bytes).expect("a request's head is text");
    let mut lines = text.trim_end().lines();
    let line = lines.next().expect("a request has a first line").to_owned();
    let headers: Vec<_> = lines
        .map(|line| line.split_once(": ").expect("a header is a name and a value"))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.map_or(0, |(_, value)| value.parse().expect("a content length is a number"));
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some(Received { line, headers, body, at: Instant::now() })
}

/// The same chance every time.
#[derive(Debug)]
pub struct Always(pub f64);

impl Random for Always {
    fn unit(&self) -> f64 {
        self.0
    }
}

/// A row of the vendor that this server plays.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Row<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

impl RowType for Row<'_> {
    type Row<'de> = Row<'de>;
}

impl Normalize for Row<'_> {
    type Output = Option<Profile>;

    fn normalize(self, context: &mut NormalizeContext) -> Self::Output {
        let Some(id) = self.id.filter(|id| !id.is_empty()) else {
            context.report("id", IssueKind::Missing, "expected an id", None);
            return None;
        };
        let mut profile = Profile::new(ProfileId::new(context.provider().clone(), &*id));
        profile.name = self.name.map(String::from);
        Some(profile)
    }
}

/// A client of `server` with the defaults.
pub fn client(server: &Server) -> HttpClient {
    client_with(server, |_| {})
}

/// A client of `server` with some defaults changed.
pub fn client_with(server: &Server, change: impl FnOnce(&mut HttpConfig)) -> HttpClient {
    client_of(&server.url(), change)
}

/// A client of whoever is at `base`.
pub fn client_of(base: &str, change: impl FnOnce(&mut HttpConfig)) -> HttpClient {
    let base = BaseUrl::parse("base_url", base).expect("a good base URL");
    let key = ApiKey::header("api_key", "x-api-key", KEY.into()).expect("a good key");
    let mut config = HttpConfig::new();
    config.proxy = ProxyChoice::Direct;
    change(&mut config);
    HttpClient::new(ProviderId::new(PROVIDER), base, &key, classify, config).expect("a good configuration")
}

/// The vendor documents `{"message": ..., "code": ...}` for its errors.
pub fn classify(answer: &FailedAnswer<'_>) -> Error {
    #[derive(serde::Deserialize)]
    struct Body {
        message: String,
        code: Option<String>,
    }
    let error = answer.undocumented();
    let Some(body) = answer.json::<Body>() else { return error };
    let error = Error::new(error.kind(), body.message);
    match body.code {
        Some(code) => error.with_code(code),
        None => error,
    }
}

/// `GET /profiles/a1`
pub fn get() -> Request {
    Request::get(Operation::GetProfile, ["profiles", "a1"])
}

/// `POST /groups`
pub fn post() -> Request {
    let body = serde_json::json!({ "name": "Acme" });
    Request::write(Operation::CreateGroup, http::Method::POST, ["groups"]).json(&body).expect("a body in JSON")
}

/// `GET /profiles`, everything at once.
pub fn list() -> Listing {
    Listing::new(Request::get(Operation::ListProfiles, ["profiles"]), &ENVELOPE)
}

/// `GET /profiles`, page by page.
pub fn list_in_pages() -> Listing {
    list().in_pages(&["cursor"], "cursor")
}

/// A document of one profile.
pub const PROFILE: &str = r#"{"id":"a1","name":"Acme"}"#;

/// A listing of `count` profiles, `a0`, `a1`, ...
pub fn rows(count: usize) -> String {
    rows_from(0, count)
}

/// A listing of `count` profiles, the first of them `a{first}`.
pub fn rows_from(first: usize, count: usize) -> String {
    let rows: Vec<_> = (first..first + count).map(|number| format!(r#"{{"id":"a{number}","name":"Acme"}}"#)).collect();
    format!(r#"{{"data":[{}]}}"#, rows.join(","))
}

/// What a listing gave, taken apart.
#[derive(Debug, Default)]
pub struct Listened {
    /// Keys of the profiles, in order.
    pub keys: Vec<String>,
    pub rejected: Vec<polyprofile_core::Rejected>,
    pub profiles: Vec<Profile>,
    pub error: Option<Error>,
}

/// Reads a listing to its end and checks that nothing follows an error.
pub async fn listen(client: &HttpClient, listing: Listing) -> Listened {
    let mut stream = client.profiles::<Row<'_>>(listing);
    let mut listened = Listened::default();
    while let Some(row) = stream.next().await {
        assert!(listened.error.is_none(), "a row after an error: {row:?}");
        match row {
            Ok(Listed::Profile(profile)) => {
                listened.keys.push(profile.id.key.clone());
                listened.profiles.push(profile);
            }
            Ok(Listed::Rejected(rejected)) => listened.rejected.push(rejected),
            Ok(other) => panic!("a row of an unknown sort: {other:?}"),
            Err(error) => listened.error = Some(error),
        }
    }
    listened
}

/// The keys that [`rows_from`] gives.
pub fn keys(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("a{number}")).collect()
}

/// Fetches one profile.
pub async fn fetch_profile(client: &HttpClient) -> Result<Profile> {
    client.fetch(&get()).await.and_then(|document: Document| document.read_profile::<Row<'_>>())
}

/// Checks what every error must say: what sort, who, what for, and after how many requests.
#[track_caller]
pub fn assert_error(error: &Error, kind: ErrorKind, operation: Operation, attempts: u32) {
    assert_eq!(error.kind(), kind, "{error:?}");
    assert_eq!(error.provider().map(ProviderId::as_str), Some(PROVIDER), "{error:?}");
    assert_eq!(error.operation(), Some(operation), "{error:?}");
    assert_eq!(error.attempts(), attempts, "{error:?}");
    assert!(!everything_said_by(error).contains(KEY), "{error:?}");
}

/// All that an error prints in any form, its causes included.
pub fn everything_said_by(error: &Error) -> String {
    let mut said = format!("{error} {error:?} {error:#?} ");
    let mut cause = std::error::Error::source(error);
    while let Some(current) = cause {
        said = format!("{said} {current} {current:?}");
        cause = current.source();
    }
    said + &serde_json::to_string(error).expect("an error serializes")
}
