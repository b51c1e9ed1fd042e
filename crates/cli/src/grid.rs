//! What tables, spreadsheets and documents have in common: rows and columns.

use std::borrow::Cow;

use polyprofile::Verdict;

/// Rows under named columns. Texts, names of columns too, are as they came; each format makes them fit for its reader.
#[derive(Debug, Default)]
pub(crate) struct Grid {
    pub(crate) columns: Vec<Cow<'static, str>>,
    pub(crate) rows: Vec<Vec<Cell>>,
    /// Columns that people can do without where there is little room, the first to go first.
    pub(crate) spare: &'static [&'static str],
}

impl Grid {
    /// The name of a column of ids: who copies one wants it in one piece.
    pub(crate) const ID: &'static str = "id";

    pub(crate) fn new(columns: impl IntoIterator<Item = impl Into<Cow<'static, str>>>) -> Self {
        Self { columns: columns.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Names and what belongs to them, below each other. What was not told is left out.
    pub(crate) fn of_facts(facts: impl IntoIterator<Item = (impl Into<Cow<'static, str>>, Cell)>) -> Self {
        let mut grid = Self::default();
        for (name, cell) in facts.into_iter().filter(|(_, cell)| !cell.text.is_empty()) {
            grid.row([Cell::from(name.into()).toned(Tone::Quiet), cell]);
        }
        grid
    }
}

/// One cell.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) is_number: bool,
    pub(crate) tone: Tone,
}

impl Cell {
    /// A number, which stands to the right and is never mistaken for a formula.
    #[expect(clippy::needless_pass_by_value, reason = "numbers are small")]
    pub(crate) fn number(number: impl ToString) -> Self {
        Self { text: number.to_string(), is_number: true, tone: Tone::Plain }
    }

    /// A verdict, to be read without colour too.
    pub(crate) fn verdict(verdict: Option<Verdict>) -> Self {
        let (sign, tone) = match verdict {
            Some(Verdict::Healthy) => ("✓", Tone::Good),
            Some(Verdict::Warning) => ("!", Tone::Attention),
            Some(Verdict::Broken) => ("✗", Tone::Bad),
            Some(_) => ("?", Tone::Quiet),
            None => return Self::from("looked up").toned(Tone::Quiet),
        };
        Self::from(format!("{sign} {}", verdict.map_or("", |one| one.as_str()))).toned(tone)
    }

    pub(crate) fn toned(self, tone: Tone) -> Self {
        Self { tone, ..self }
    }
}

/// How a cell sounds; a colour where there are colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    #[default]
    Plain,
    Good,
    Attention,
    Bad,
    Quiet,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

impl From<Cow<'_, str>> for Cell {
    fn from(text: Cow<'_, str>) -> Self {
        Self::from(text.into_owned())
    }
}

impl From<Option<&str>> for Cell {
    fn from(text: Option<&str>) -> Self {
        text.map(Self::from).unwrap_or_default()
    }
}

impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Self {
        text.map(Self::from).unwrap_or_default()
    }
}

impl From<bool> for Cell {
    fn from(fact: bool) -> Self {
        Self::from(if fact { "yes" } else { "no" })
    }
}

impl<N: ToString> From<Option<Number<N>>> for Cell {
    fn from(number: Option<Number<N>>) -> Self {
        number.map(|Number(number)| Self::number(number)).unwrap_or_default()
    }
}

/// Marks what is a number, to tell it from a text of digits.
pub(crate) struct Number<N>(pub(crate) N);
