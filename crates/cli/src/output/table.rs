//! Tables for people, as wide as their terminal.

use std::{
    env,
    io::{self, IsTerminal as _},
};

use comfy_table::{
    Cell as TableCell, CellAlignment, Color, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle,
    presets::NOTHING,
};

use super::Page;
use crate::{
    grid::{Cell, Grid, Tone},
    text::printable,
};

/// What the reader's terminal can show.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Look {
    /// Columns; without a number lines are as long as they need to be.
    width: Option<u16>,
    has_colour: bool,
}

impl Look {
    pub(super) fn of_stdout() -> Self {
        let is_terminal = io::stdout().is_terminal();
        let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        // https://no-color.org: any value but an empty one.
        let has_colour = is_terminal && !is_set("NO_COLOR") && env::var_os("TERM").is_none_or(|term| term != "dumb");
        let asked_for = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|width| *width > 0);
        let width = asked_for.or_else(|| if is_terminal { Table::new().width() } else { None });
        Self { width, has_colour }
    }
}

/// One line under the head, and none between rows: many rows fit on a screen, and `grep` finds whole ones.
const UNDER_THE_HEAD: TableStyle = NOTHING.header_separator(LineStyle::none().fill('─'));

pub(super) fn render(page: &Page, look: Look) -> String {
    let mut blocks = Vec::new();
    for (heading, grid) in &page.sections {
        let head = heading.map(|heading| format!("{heading}\n")).unwrap_or_default();
        blocks.push(format!("{head}{}", grid_block(grid, look)));
    }
    if !page.closing.is_empty() {
        let lines: Vec<String> = page.closing.iter().map(|line| wrapped(&printable(line), look.width)).collect();
        blocks.push(lines.concat());
    }
    blocks.join("\n")
}

/// A line broken between words where it is longer than `width`. A word alone stays whole, such as a link.
fn wrapped(line: &str, width: Option<u16>) -> String {
    let width = width.map_or(usize::MAX, usize::from);
    let mut text = String::new();
    let mut used = 0;
    for word in line.split(' ') {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            text.push('\n');
            used = 0;
        } else if used > 0 {
            text.push(' ');
            used += 1;
        }
        text.push_str(word);
        used += length;
    }
    text.push('\n');
    text
}

fn grid_block(grid: &Grid, look: Look) -> String {
    if grid.columns.is_empty() {
        return lines(&facts(&grid.rows, look));
    }
    let Some(shown) = columns_within(grid, look.width) else { return cards(grid, look) };
    let mut table = table(look);
    let head = shown.iter().filter_map(|index| grid.columns.get(*index)).map(|name| printable(name));
    table.load_style(UNDER_THE_HEAD).set_header(head.map(TableCell::new));
    for row in &grid.rows {
        table.add_row(shown.iter().filter_map(|index| row.get(*index)).map(|cell| shown_cell(cell, look)));
    }
    for (place, index) in shown.iter().enumerate() {
        let is_number = grid.rows.iter().any(|row| row.get(*index).is_some_and(|cell| cell.is_number));
        let Some(column) = table.column_mut(place) else { continue };
        if is_number {
            column.set_cell_alignment(CellAlignment::Right);
        }
        if !may_break(grid, *index) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    lines(&table)
}

/// Each row as a list of its cells.
fn cards(grid: &Grid, look: Look) -> String {
    let cards = grid.rows.iter().map(|row| {
        let named = grid.columns.iter().zip(row).filter(|(_, cell)| !cell.text.is_empty());
        let rows: Vec<_> =
            named.map(|(name, cell)| vec![Cell::from(name.clone()).toned(Tone::Quiet), cell.clone()]).collect();
        lines(&facts(&rows, look))
    });
    cards.collect::<Vec<_>>().join("\n")
}

/// A column may be as narrow as this; its lines are then broken.
const NARROW: usize = 14;

/// The columns that fit into `width`: all of them, or all but some that the grid can do without. `None` if
/// even the rest does not fit.
fn columns_within(grid: &Grid, width: Option<u16>) -> Option<Vec<usize>> {
    let mut shown: Vec<usize> = (0..grid.columns.len()).collect();
    let Some(width) = width else { return Some(shown) };
    let mut spare = grid.spare.iter();
    while least_width(grid, &shown) > usize::from(width) {
        let given_up = spare.next()?;
        shown.retain(|index| grid.columns.get(*index).is_none_or(|name| name != given_up));
    }
    Some(shown)
}

fn least_width(grid: &Grid, shown: &[usize]) -> usize {
    // A blank on both sides of each cell.
    const AROUND: usize = 2;
    let least = |index: &usize| {
        let natural = widest(texts(grid, *index).chain(grid.columns.get(*index).map(AsRef::as_ref)));
        AROUND + if may_break(grid, *index) { natural.min(NARROW) } else { natural }
    };
    shown.iter().map(least).sum()
}

/// Who copies an id wants it in one piece.
fn may_break(grid: &Grid, index: usize) -> bool {
    grid.columns.get(index).is_none_or(|name| name != Grid::ID) && widest(texts(grid, index)) > NARROW
}

fn texts(grid: &Grid, index: usize) -> impl Iterator<Item = &str> {
    grid.rows.iter().filter_map(move |row| row.get(index)).map(|cell| cell.text.as_str())
}

/// Characters of the longest text: an estimate that is good enough to choose a layout.
fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(|text| printable(text).chars().count()).max().unwrap_or_default()
}

/// Names to the left, what belongs to them to the right.
fn facts(rows: &[Vec<Cell>], look: Look) -> Table {
    let mut table = table(look);
    table.load_style(NOTHING);
    for row in rows {
        table.add_row(row.iter().map(|cell| shown_cell(cell, look)));
    }
    table
}

fn table(look: Look) -> Table {
    let mut table = Table::new();
    if look.has_colour {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    match look.width {
        Some(width) => table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
    table
}

fn shown_cell(cell: &Cell, look: Look) -> TableCell {
    let shown = TableCell::new(printable(&cell.text));
    let colour = match cell.tone {
        Tone::Plain => None,
        Tone::Good => Some(Color::DarkGreen),
        Tone::Attention => Some(Color::DarkYellow),
        Tone::Bad => Some(Color::DarkRed),
        Tone::Quiet => Some(Color::DarkGrey),
    };
    match colour.filter(|_| look.has_colour) {
        Some(colour) => shown.fg(colour),
        None => shown,
    }
}

/// Lines without the blanks that fill up their last column.
fn lines(table: &Table) -> String {
    table.lines().fold(String::new(), |text, line| text + line.trim_end() + "\n")
}
