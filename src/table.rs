//! Aligned tables for terminals.
use std::fmt;

/// A column of a table: its alignment and its minimum width in characters.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Column {
    Left(usize),
    Right(usize),
}

/// Rows of cells in aligned columns, one line each. Columns grow to fit their longest cell.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self { columns: columns.into_iter().collect(), rows: Vec::new() }
    }

    /// Adds a row; missing cells at the end stay empty.
    ///
    /// # Panics
    /// If there are more cells than columns.
    pub fn row<C: Into<String>>(&mut self, cells: impl IntoIterator<Item = C>) {
        let cells: Vec<String> = cells.into_iter().map(C::into).collect();
        let (count, columns) = (cells.len(), self.columns.len());
        assert!(count <= columns, "{count} cells for {columns} columns");
        self.rows.push(cells);
    }

    /// The columns, widened to fit their cells.
    fn grown(&self) -> Vec<Column> {
        let longest = |at: usize| {
            self.rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max()
        };
        let grown = |(at, column): (usize, &Column)| match (*column, longest(at).unwrap_or(0)) {
            (Column::Left(width), longest) => Column::Left(width.max(longest)),
            // A space separates it from the column before.
            (Column::Right(width), longest) => Column::Right(width.max(longest + 1)),
        };
        self.columns.iter().enumerate().map(grown).collect()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.grown();
        for row in &self.rows {
            let cell = |(column, cell): (&Column, &String)| match *column {
                Column::Left(width) => format!("{cell:<width$}"),
                Column::Right(width) => format!("{cell:>width$}"),
            };
            let line: String = columns.iter().zip(row).map(cell).collect();
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// A count with commas between thousands.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        let counts = [(0, "0"), (999, "999"), (1000, "1,000"), (34_418_299, "34,418,299")];
        for (count, text) in counts {
            assert_eq!(grouped(count), text);
        }
    }

    #[test]
    fn columns_are_aligned_and_grow_with_their_cells() {
        let mut table = Table::new([Column::Left(6), Column::Right(7), Column::Left(0)]);
        table.row(["name", "value", "  note"]);
        table.row(["äöü", "1.5"]);
        table.row(["collar", "12", "  no blanks behind it"]);
        assert_eq!(
            table.to_string(),
            "name    value  note\näöü       1.5\ncollar     12  no blanks behind it\n"
        );
        table.row(["long name", "1234567", ""]);
        let last = table.to_string();
        assert_eq!(last.lines().last(), Some("long name 1234567"));
    }
}
