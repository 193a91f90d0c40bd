//! Tables of the report, sortable by any column.
use dafe::metric::{Estimate, Interval};
use serde::Serialize;

#[derive(Serialize)]
pub struct Table {
    pub title: String,
    /// A sentence on what the table shows; may be empty.
    pub note: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// Whether the table is collapsed at first.
    pub folded: bool,
}

#[derive(Serialize)]
pub struct Column {
    pub title: String,
    /// Whether the column holds numbers, which are right-aligned and sort numerically.
    pub numbers: bool,
}

#[derive(Serialize)]
pub struct Cell {
    pub text: String,
    /// The sort key: a number in full precision, or the text. Cells without a key stay at the end.
    pub key: Option<String>,
}

impl Table {
    /// Creates a table without rows. Columns whose titles start with '#' hold numbers.
    pub fn new(title: impl Into<String>, note: impl Into<String>, columns: &[&str]) -> Self {
        let column = |title: &&str| Column {
            title: title.trim_start_matches('#').to_string(),
            numbers: title.starts_with('#'),
        };
        Self {
            title: title.into(),
            note: note.into(),
            columns: columns.iter().map(column).collect(),
            rows: Vec::new(),
            folded: false,
        }
    }

    pub fn folded(self) -> Self {
        Self { folded: true, ..self }
    }

    pub fn push(&mut self, row: impl IntoIterator<Item = Cell>) {
        let row: Vec<_> = row.into_iter().collect();
        assert_eq!(row.len(), self.columns.len(), "a cell for each column of '{}'", self.title);
        self.rows.push(row);
    }

    /// The table, or `None` if it has no rows.
    pub fn unless_empty(self) -> Option<Self> {
        (!self.rows.is_empty()).then_some(self)
    }
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { key: Some(text.clone()).filter(|text| !text.is_empty()), text }
    }

    pub fn count(count: u64) -> Self {
        Self { text: grouped(count), key: Some(count.to_string()) }
    }

    /// A number with four decimals, as on the terminal.
    pub fn number(value: Option<f64>) -> Self {
        Self { text: number(value), key: value.filter(|value| !value.is_nan()).map(key) }
    }

    /// A number and its interval's ends, in three cells.
    pub fn estimate(estimate: &Estimate) -> [Self; 3] {
        let Interval { low, high } =
            estimate.interval.unwrap_or(Interval { low: f64::NAN, high: f64::NAN });
        [estimate.value, Some(low), Some(high)].map(Self::number)
    }
}

/// The text of [`Cell::number`]; a dash if there is no value.
pub fn number(value: Option<f64>) -> String {
    match value {
        Some(value) if value.is_finite() => format!("{value:.4}"),
        Some(value) if value.is_infinite() => "∞".to_string(),
        _ => "–".to_string(),
    }
}

/// The number as JavaScript parses it.
fn key(value: f64) -> String {
    if value.is_finite() { value.to_string() } else { "Infinity".to_string() }
}

/// The number with a thin space between thousands.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}
