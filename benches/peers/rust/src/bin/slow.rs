//! Three vendors that take their time: `slow FOLDER` serves the lists in `FOLDER` on a free port of 127.0.0.1, which it
//! prints, until it is killed.
//!
//! Each list is sent from memory, at once and in one piece, after the vendor's time for an answer. A web server from the
//! package manager cannot wait without further modules, so this one is ours; all contestants ask the same.

#![allow(clippy::print_stdout, reason = "whoever starts it has to learn the port")]

use std::{
    env,
    error::Error,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::Arc,
    thread,
    time::Duration,
};

/// What is served, and after which time.
const LISTS: [(&str, Duration); 3] = [
    ("/api/profiles", Duration::from_millis(300)),
    ("/profiles", Duration::from_millis(200)),
    ("/api/v1/accounts", Duration::from_millis(100)),
];

struct List {
    path: &'static str,
    delay: Duration,
    body: Vec<u8>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args().nth(1).ok_or("usage: slow FOLDER")?;
    let read = |(path, delay): (&'static str, Duration)| {
        let body = fs::read(Path::new(&folder).join(path.trim_start_matches('/')))?;
        Ok(List { path, delay, body })
    };
    let lists: Arc<[List]> = LISTS.into_iter().map(read).collect::<Result<_, std::io::Error>>()?;
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    println!("{}", listener.local_addr()?.port());
    for connection in listener.incoming() {
        let (connection, lists) = (connection?, Arc::clone(&lists));
        // A client that goes away is no concern of the others.
        thread::spawn(move || drop(serve(&connection, &lists)));
    }
    Ok(())
}

/// Answers request after request until the client closes the connection.
fn serve(mut connection: &TcpStream, lists: &[List]) -> std::io::Result<()> {
    connection.set_nodelay(true)?;
    let mut requests = BufReader::new(connection);
    loop {
        let mut line = String::new();
        if requests.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
        // None of the requests has a body.
        while line != "\r\n" {
            line.clear();
            if requests.read_line(&mut line)? == 0 {
                return Ok(());
            }
        }
        let path = target.split('?').next().unwrap_or_default();
        let Some(list) = lists.iter().find(|list| list.path == path) else {
            connection.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")?;
            continue;
        };
        thread::sleep(list.delay);
        let length = list.body.len();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n");
        connection.write_all(head.as_bytes())?;
        connection.write_all(&list.body)?;
    }
}
