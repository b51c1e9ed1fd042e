//! Tables for documents, issues and chats.

use std::fmt::Write as _;

use super::Page;
use crate::{
    grid::{Cell, Grid},
    text::printable,
};

pub(super) fn render(page: &Page) -> String {
    let mut blocks = Vec::new();
    for (heading, grid) in &page.sections {
        blocks.extend(heading.map(|heading| format!("## {heading}\n")));
        blocks.push(table(grid));
    }
    blocks.extend(page.closing.iter().map(|line| format!("{}\n", escaped(line))));
    blocks.join("\n")
}

fn table(grid: &Grid) -> String {
    let width = grid.rows.first().map_or(grid.columns.len(), Vec::len);
    // A table has a head; facts below each other have none of their own.
    let head = (0..width).map(|column| grid.columns.get(column).map(|name| escaped(name)).unwrap_or_default());
    let is_number = |column: usize| grid.rows.iter().any(|row| row.get(column).is_some_and(|cell| cell.is_number));
    let rule = (0..width).map(|column| if is_number(column) { "---:" } else { "---" });

    let mut text = line(head);
    text += &line(rule.map(str::to_owned));
    for row in &grid.rows {
        text += &line(row.iter().map(|Cell { text, .. }| escaped(text)));
    }
    text
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let mut line = cells.fold("|".to_owned(), |mut line, cell| {
        // Writing to a string cannot fail.
        let _ = write!(line, " {cell} |");
        line
    });
    line.push('\n');
    line
}

/// A name must not become a column, a link or a tag.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in printable(text).chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '\\' | '|' | '*' | '`' | '[' | ']' => escaped.extend(['\\', character]),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::{
        grid::{Cell, Grid},
        output::Page,
    };

    #[test]
    fn a_name_cannot_leave_its_cell() {
        let mut grid = Grid::new(["name", "days"]);
        grid.row([Cell::from("a|b\n[x](y)<b>"), Cell::number(3)]);
        let text = render(&Page::of(grid).closed_by("1 row"));
        assert_eq!(text, "| name | days |\n| --- | ---: |\n| a\\|b\\\\n\\[x\\](y)&lt;b> | 3 |\n\n1 row\n");
    }
}
