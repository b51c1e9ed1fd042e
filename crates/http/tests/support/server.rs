//! A vendor made of raw TCP, which misbehaves exactly as its script says.
//!
//! Server and client share one current-thread runtime whose clock is paused. Tokio would move such a clock on
//! whenever nobody is ready to run, even with bytes on their way through the loopback device, and deadlines would
//! pass that nobody missed. So [`let_time_pass`] moves it instead: by 10 ms at a time, and between two steps sockets
//! are looked after several times. A deadline of seconds then passes only if nothing happens in hundreds of rounds.
//!
//! The tests across crates include this file too.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses its own part")]

use std::{
    future::Future,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::Instant,
};

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

    /// A whole answer with status 200, after what is there already.
    pub fn write_ok(mut self, body: impl AsRef<[u8]>) -> Self {
        self.0.extend(Self::ok(body).0);
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

/// What is done with one connection.
type Talk<F> = fn(TcpStream, Arc<[Reply]>, Arc<Mutex<Record>>) -> F;

/// A scripted server on loopback. It is gone when dropped; time passes as long as there is one.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    record: Arc<Mutex<Record>>,
    tasks: JoinSet<()>,
}

impl Server {
    /// Answers the first request with the first reply, and so on; the last reply also answers all further requests.
    pub async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        Self::on(listener, replies)
    }

    /// [`Self::start`] on a listener that is there already.
    pub fn on(listener: TcpListener, replies: impl IntoIterator<Item = Reply>) -> Self {
        let mut server = Self::waiting_for(converse, listener, replies);
        server.tasks.spawn(let_time_pass());
        server
    }

    /// [`Self::start`] without moving the clock, for a server beside another one: time passes once.
    pub async fn beside(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        Self::waiting_for(converse, listener, replies)
    }

    /// Plays `reply` as soon as somebody connects, whatever is asked, and ends the connection.
    pub async fn blunt(reply: Reply) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let mut server = Self::waiting_for(blurt_out, listener, [reply]);
        server.tasks.spawn(let_time_pass());
        server
    }

    fn waiting_for<F: Future<Output = ()> + Send + 'static>(
        talk: Talk<F>,
        listener: TcpListener,
        replies: impl IntoIterator<Item = Reply>,
    ) -> Self {
        let address = listener.local_addr().expect("a bound listener has an address");
        let record = Arc::<Mutex<Record>>::default();
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(talk, listener, replies.into_iter().collect(), Arc::clone(&record)));
        Self { address, record, tasks }
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

async fn serve<F: Future<Output = ()> + Send + 'static>(
    talk: Talk<F>,
    listener: TcpListener,
    replies: Arc<[Reply]>,
    record: Arc<Mutex<Record>>,
) {
    let mut conversations = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        // Otherwise the kernel holds small pieces back for a moment of real time.
        stream.set_nodelay(true).expect("a socket of TCP");
        lock(&record).connections += 1;
        conversations.spawn(talk(stream, Arc::clone(&replies), Arc::clone(&record)));
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

/// Says the first reply without reading a request first, and is done.
async fn blurt_out(mut stream: TcpStream, replies: Arc<[Reply]>, record: Arc<Mutex<Record>>) {
    let reply = replies[0].clone();
    // What is closed with unread bytes in it is reset, and the other side might lose what was said.
    if matches!(play(&mut stream, reply).await, Outcome::KeptAlive) {
        until_left(&mut stream).await;
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
