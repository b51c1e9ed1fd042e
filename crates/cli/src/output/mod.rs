//! The one place that writes to standard output.

mod csv;
mod json;
mod markdown;
mod table;

use std::{
    fmt::Write as _,
    io::{self, IsTerminal as _, Write as _},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::Serialize;

use crate::{args::Format, grid::Grid};

/// What a command has to say, in every format: as JSON through [`Serialize`], as rows through this.
pub(crate) trait Document: Serialize {
    /// For people.
    fn page(&self) -> Page;

    /// For spreadsheets.
    fn records(&self) -> Grid;
}

/// A page for people: grids under headings, then lines.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) sections: Vec<(Option<&'static str>, Grid)>,
    pub(crate) closing: Vec<String>,
}

impl Page {
    pub(crate) fn of(grid: Grid) -> Self {
        Self::default().and(None, grid)
    }

    /// Adds a grid, unless there is nothing in it.
    pub(crate) fn and(mut self, heading: Option<&'static str>, grid: Grid) -> Self {
        if !grid.rows.is_empty() {
            self.sections.push((heading, grid));
        }
        self
    }

    pub(crate) fn closed_by(mut self, line: impl Into<String>) -> Self {
        self.closing.push(line.into());
        self
    }
}

/// Standard output. Only whole lines are ever written, so that stopping in between leaves no half line.
#[derive(Debug)]
pub(crate) struct Printer {
    format: Format,
    lines: Vec<u8>,
    gate: OutputGate,
}

impl Printer {
    /// So many bytes of lines are kept back at most while more of them are ready.
    const ENOUGH: usize = 32 << 10;

    pub(crate) fn new(format: Format, gate: OutputGate) -> Self {
        Self { format, lines: Vec::new(), gate }
    }

    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// Prints `document` and nothing else.
    pub(crate) fn print(&mut self, document: &impl Document) -> io::Result<()> {
        match self.format {
            Format::Json => json::write_document(&mut self.lines, document)?,
            Format::Ndjson => json::write_line(&mut self.lines, document)?,
            Format::Csv => csv::write(&mut self.lines, &document.records(), io::stdout().is_terminal())?,
            Format::Markdown => self.lines.extend(markdown::render(&document.page()).into_bytes()),
            Format::Table => self.lines.extend(table::render(&document.page(), table::Look::of_stdout()).into_bytes()),
        }
        self.flush()
    }

    /// Adds one line of JSON; it is written once there are enough of them, or at [`Self::flush`].
    pub(crate) fn line(&mut self, value: &impl Serialize) -> io::Result<()> {
        json::write_line(&mut self.lines, value)?;
        if self.lines.len() < Self::ENOUGH { Ok(()) } else { self.flush() }
    }

    /// Prints a text that is ours, such as a completion script, in any format.
    pub(crate) fn text(&mut self, text: &[u8]) -> io::Result<()> {
        self.lines.extend_from_slice(text);
        self.flush()
    }

    /// Writes what is kept back.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        let _closed = self.gate.close();
        let mut stdout = io::stdout().lock();
        let written = stdout.write_all(&self.lines).and_then(|()| stdout.flush());
        self.lines.clear();
        written
    }
}

/// Closed while lines are being written: whoever ends the process waits for it to open.
#[derive(Clone, Debug, Default)]
pub(crate) struct OutputGate(Arc<Mutex<()>>);

impl OutputGate {
    fn close(&self) -> MutexGuard<'_, ()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn is_open(&self) -> bool {
        self.0.try_lock().is_ok()
    }
}

/// `value` as one line of JSON, fit for a terminal.
pub(crate) fn json_line(value: &impl Serialize) -> String {
    let mut line = Vec::new();
    match json::write_line(&mut line, value) {
        Ok(()) => String::from_utf8_lossy(&line).trim_end().to_owned(),
        Err(problem) => {
            let mut text = String::new();
            let _ = write!(text, "{{\"error\":\"{problem}\"}}");
            text
        }
    }
}
