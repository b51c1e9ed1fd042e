//! Comma-separated values after RFC 4180, safe to open in a spreadsheet.

use std::{borrow::Cow, io};

use csv::{Terminator, WriterBuilder};

use crate::{
    grid::{Cell, Grid},
    text::printable,
};

/// Characters with which a spreadsheet takes a text for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

pub(super) fn write(lines: &mut Vec<u8>, grid: &Grid, is_for_terminal: bool) -> io::Result<()> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(lines);
    writer.write_record(grid.columns.iter().map(|name| value(&name.clone().into(), is_for_terminal).into_owned()))?;
    for row in &grid.rows {
        writer.write_record(row.iter().map(|cell| value(cell, is_for_terminal).into_owned()))?;
    }
    writer.flush()
}

/// A text that could be a formula starts with an apostrophe: spreadsheets then show it as it is.
fn value(cell: &Cell, is_for_terminal: bool) -> Cow<'_, str> {
    // Programs get texts as they came; a terminal must not obey them.
    let text = if is_for_terminal { printable(&cell.text) } else { Cow::Borrowed(cell.text.as_str()) };
    if cell.is_number || !cell.text.starts_with(FORMULA) { text } else { format!("'{text}").into() }
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::grid::{Cell, Grid};

    fn csv(cell: Cell) -> String {
        let mut grid = Grid::new(["a", "b"]);
        grid.row([cell, Cell::from("x")]);
        let mut lines = Vec::new();
        write(&mut lines, &grid, false).expect("memory can be written");
        String::from_utf8(lines).expect("it was text")
    }

    #[test]
    fn a_formula_is_only_a_text() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"] {
            let line = csv(Cell::from(formula));
            assert!(line.starts_with("a,b\r\n'") || line.starts_with("a,b\r\n\"'"), "{line:?}");
        }
        assert_eq!(csv(Cell::number(-3)), "a,b\r\n-3,x\r\n");
    }

    #[test]
    fn quotes_commas_and_line_breaks_are_kept() {
        assert_eq!(csv(Cell::from("say \"hi\",\nbye")), "a,b\r\n\"say \"\"hi\"\",\nbye\",x\r\n");
    }
}
