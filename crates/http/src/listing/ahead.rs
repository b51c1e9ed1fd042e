//! Decodes the chunk that comes next on another thread, while the caller decodes, and works with, the one before it.
//!
//! Where a row begins is certain only when the row before it was read. So the other thread guesses: it looks for the
//! bytes that stood between two rows before, and decodes row after row from there. When the decoder arrives at the very
//! place where that began, the guess was right, and the rows are what it would have decoded itself. When it does not,
//! they are dropped. A guess can cost time, but never changes what comes out.

use std::{
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread, vec,
};

use bytes::Bytes;
use memchr::{memchr, memmem};
use polyprofile_core::{Listed, Normalize, Profile};
use tokio::sync::oneshot;

use super::decoder::{RowReader, utf8_prefix};
use crate::json::{BLANKS, RowType, read_leading_row};

/// A smaller chunk is not worth another thread's while, ...
const WORTHWHILE: usize = 16 << 10;
/// ... and of a larger one no more than the rows that begin in so many bytes are decoded, and wait.
const MOST: usize = 128 << 10;

/// How far the last of them may go on after that.
const OVERHANG: usize = 8 << 10;

/// The longest text between the last bracket of a row and the first value of the next that is looked for.
const LONGEST_BORDER: usize = 128;

/// How often a chunk is tried again where something was no row. Each time it is looked for the next border, so this also
/// bounds what a chunk full of borders costs.
const MOST_GUESSES: usize = 64;

/// What the thread is called.
const THREAD: &str = "polyprofile-decode";

/// A thread that decodes what comes, and that lives as long as this.
pub(super) struct Ahead<R> {
    rows: RowReader<R>,
    /// The longest row.
    limit: usize,
    border: Option<Arc<Border>>,
    chunk: Bytes,
    /// Where the last row that the decoder read ended.
    passed: Option<usize>,
    /// What was made of the chunk, when it was the next one.
    part: Part,
    /// What is made of the chunk after it.
    next: Part,
    /// Rows of a part that the decoder arrived at, not taken yet.
    ready: vec::IntoIter<Listed>,
    /// Where the thread takes its jobs from, once there was a first one.
    thread: Option<mpsc::Sender<Guess<R>>>,
}

/// What the decoder finds where a row begins.
pub(super) enum Arrival {
    /// Nothing: it goes on by itself.
    Nothing,
    /// A part that may begin there, and is not ready: it has to wait.
    NotReady,
    /// So many rows, which [`Ahead::next_row`] gives, and the bytes from the first one's beginning to the last one's end.
    Decoded { rows: usize, length: usize },
}

/// The part of a chunk that is not the decoder's.
enum Part {
    None,
    /// On another thread, or waiting for one.
    Begun(Job),
    /// The same, and the decoder has arrived there.
    Awaited(Job),
    Decoded(Run),
}

/// What stands between two rows, from the bracket that ends one to the colon after the next one's first name.
struct Border {
    finder: memmem::Finder<'static>,
    /// How many of its bytes come before the next row.
    before: usize,
}

struct Job {
    marks: Arc<Marks>,
    /// Closed without a run if nothing came of it.
    outcome: oneshot::Receiver<Run>,
}

/// What both sides of a job may say.
#[derive(Default)]
struct Marks {
    /// Somebody has begun: the other thread, or the decoder, which then was there first.
    begun: AtomicBool,
    /// Nobody wants it any more.
    abandoned: AtomicBool,
}

impl Drop for Job {
    fn drop(&mut self) {
        self.marks.abandoned.store(true, Ordering::Relaxed);
    }
}

/// Rows that follow each other, with nothing but commas and blanks between them.
struct Run {
    range: Range<usize>,
    rows: Vec<Listed>,
}

impl<R> Ahead<R>
where
    R: RowType + 'static,
    for<'de> R::Row<'de>: Normalize<Output = Option<Profile>>,
{
    /// Of which no row may be longer than `limit`.
    pub(super) fn new(rows: RowReader<R>, limit: usize) -> Self {
        Self {
            rows,
            limit,
            border: None,
            chunk: Bytes::new(),
            passed: None,
            part: Part::None,
            next: Part::None,
            ready: Vec::new().into_iter(),
            thread: None,
        }
    }

    /// Begins with a chunk, before which `next` was known to come after it.
    pub(super) fn begin(&mut self, chunk: &Bytes, next: Option<&Bytes>) {
        self.chunk = chunk.clone();
        self.passed = None;
        self.part = std::mem::replace(&mut self.next, Part::None);
        // One chunk in two: the decoder has its hands free meanwhile.
        if let (Part::None, Some(next)) = (&self.part, next) {
            self.next = self.begin_part(next);
        }
    }

    /// The next of the rows that the decoder arrived at.
    pub(super) fn next_row(&mut self) -> Option<Listed> {
        self.ready.next()
    }

    /// The decoder read a row.
    pub(super) fn passed(&mut self, row: Range<usize>) {
        let before = self.passed.replace(row.end);
        if self.border.is_none() {
            self.border = before.and_then(|end| Border::between(&self.chunk, end, row.start)).map(Arc::new);
        }
    }

    /// The decoder is at `place`, where a row begins.
    pub(super) fn arrive(&mut self, place: usize) -> Arrival {
        match std::mem::replace(&mut self.part, Part::None) {
            Part::Begun(job) => {
                if !job.marks.begun.swap(true, Ordering::Relaxed) {
                    // The thread was not there in time, and to wait for it would take longer than the chunk.
                    return Arrival::Nothing;
                }
                self.part = Part::Awaited(job);
                Arrival::NotReady
            }
            Part::Awaited(job) => {
                self.part = Part::Awaited(job);
                Arrival::NotReady
            }
            Part::Decoded(run) if run.range.start == place => self.take(run),
            Part::Decoded(run) if run.range.start < place => {
                // A bad guess: the next one is made of the border of other rows.
                self.border = None;
                Arrival::Nothing
            }
            part => {
                self.part = part;
                Arrival::Nothing
            }
        }
    }

    /// Whether the decoder has arrived at a part that is not ready.
    pub(super) fn is_awaited(&self) -> bool {
        matches!(self.part, Part::Awaited(_))
    }

    /// Waits for the part that the decoder has arrived at. Nothing is lost when this is dropped.
    pub(super) async fn ready(&mut self) {
        if let Part::Awaited(job) = &mut self.part {
            // What went wrong there will go wrong again here, when the decoder reads the part itself.
            self.part = (&mut job.outcome).await.map_or(Part::None, Part::Decoded);
        }
    }

    fn take(&mut self, run: Run) -> Arrival {
        let Run { range, rows } = run;
        let arrival = Arrival::Decoded { rows: rows.len(), length: range.len() };
        self.ready = rows.into_iter();
        self.passed = Some(range.end);
        arrival
    }

    /// Lets a chunk be decoded, if it is known what to look for in it.
    fn begin_part(&mut self, chunk: &Bytes) -> Part {
        let Some(border) = self.border.clone().filter(|_| chunk.len() >= WORTHWHILE) else { return Part::None };
        let marks = Arc::new(Marks::default());
        let (told, outcome) = oneshot::channel();
        let guess = Guess {
            rows: self.rows.clone(),
            limit: self.limit,
            chunk: chunk.clone(),
            end: chunk.len().min(MOST),
            border,
            marks: Arc::clone(&marks),
            told,
        };
        let thread = self.thread.take().or_else(start_thread);
        // Where no thread can be had, the decoder does everything itself.
        self.thread = thread.filter(|thread| thread.send(guess).is_ok());
        Part::Begun(Job { marks, outcome })
    }
}

/// A thread that works on what it is sent, until nobody can send any more.
///
/// It is none of the runtime's: a listing that outlives its runtime must not keep that from ending.
fn start_thread<R>() -> Option<mpsc::Sender<Guess<R>>>
where
    R: RowType + 'static,
    for<'de> R::Row<'de>: Normalize<Output = Option<Profile>>,
{
    let (sender, jobs) = mpsc::channel::<Guess<R>>();
    let work = move || jobs.into_iter().for_each(Guess::work);
    thread::Builder::new().name(THREAD.to_owned()).spawn(work).ok()?;
    Some(sender)
}

impl Border {
    /// Between a row that ended at `end` and the next one, which begins at `start`.
    fn between(chunk: &[u8], end: usize, start: usize) -> Option<Self> {
        let from = end.checked_sub(1)?;
        let border = chunk.get(from..chunk.len().min(from + LONGEST_BORDER))?;
        let before = start - from;
        let name = memchr(b':', border.get(before..)?)?;
        Some(Self { finder: memmem::Finder::new(&border[..=before + name]).into_owned(), before })
    }
}

/// Rows of a chunk, from wherever one may begin.
struct Guess<R> {
    rows: RowReader<R>,
    limit: usize,
    chunk: Bytes,
    /// No row that begins after this.
    end: usize,
    border: Arc<Border>,
    marks: Arc<Marks>,
    told: oneshot::Sender<Run>,
}

impl<R> Guess<R>
where
    R: RowType,
    for<'de> R::Row<'de>: Normalize<Output = Option<Profile>>,
{
    fn work(mut self) {
        let is_first = !self.marks.begun.swap(true, Ordering::Relaxed);
        if let Some(run) = is_first.then(|| self.run()).flatten() {
            // Whoever does not want it any more does not mind.
            let _ = self.told.send(run);
        }
    }

    /// The rows of the chunk; of the longest run of them, if something in between is no row.
    fn run(&mut self) -> Option<Run> {
        let (chunk, border) = (self.chunk.clone(), Arc::clone(&self.border));
        let mut borders = border.finder.find_iter(&chunk[..self.end]).map(|place| place + border.before);
        let first = borders.next()?;
        // A chunk may begin, and end, inside a character.
        let text = utf8_prefix(&chunk[first..chunk.len().min(self.end + OVERHANG)]);
        let mut longest = self.run_from(first, text);
        let mut end = longest.range.end;
        for _ in 1..MOST_GUESSES {
            let Some(start) = borders.find(|start| *start >= end) else { break };
            let Some(rest) = text.get(start - first..) else { break };
            let run = self.run_from(start, rest);
            end = run.range.end;
            if run.range.len() > longest.range.len() {
                longest = run;
            }
        }
        (!longest.rows.is_empty()).then_some(longest)
    }

    /// The rows at the beginning of `text`, which is at `start` in the chunk, until one begins after the end, or does
    /// not fit.
    fn run_from(&mut self, start: usize, text: &str) -> Run {
        let mut run = Run { range: start..start, rows: Vec::new() };
        let mut unread = text;
        while start + text.len() - unread.len() < self.end && !self.marks.abandoned.load(Ordering::Relaxed) {
            let read = read_leading_row::<R>(unread).filter(|(_, length)| *length <= self.limit);
            let Some((row, length)) = read else { break };
            run.rows.push(self.rows.map(row, &unread.as_bytes()[..length]));
            unread = &unread[length..];
            run.range.end = start + text.len() - unread.len();
            let Some(next) = unread.trim_start_matches(BLANKS).strip_prefix(',') else { break };
            unread = next.trim_start_matches(BLANKS);
        }
        run
    }
}

#[cfg(test)]
mod tests;
