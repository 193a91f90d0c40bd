//! Files without headings that have one row per image, and the format of their rows.
use std::{
    io::{BufRead, BufReader},
    path::Path,
};

use super::super::rows::{MAX_LINE, MAX_ROWS, SLOTS, parse_number};
use crate::{
    Error, ErrorKind,
    data::{
        annotation::{self, check_name, check_position, dataset_error, shortened},
        event::Reporter,
        lines::Lines,
    },
    file::open_regular,
    geometry::BoundingBox,
};

/// Reads the rows of `path`, like [`read_rows`].
pub(super) fn read_file<T>(
    path: &Path,
    reporter: &mut Reporter<'_>,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<Option<T>>, Error> {
    let (file, _) = open_regular(path, dataset_error(path))?;
    read_rows(BufReader::with_capacity(1 << 16, file), path, reporter, parse)
}

/// The parsed rows in order; `None` for invalid rows, which are reported to `reporter`. Blank lines
/// after the last row are ignored.
pub(super) fn read_rows<T>(
    reader: impl BufRead,
    path: &Path,
    reporter: &mut Reporter<'_>,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<Option<T>>, Error> {
    let at = |line: usize, message: String| {
        Error::new(ErrorKind::Annotation, message).with_path(path).with_line(line)
    };
    let mut lines = Lines::new(reader, path, MAX_LINE);
    let mut rows = Vec::new();
    loop {
        let count = lines.advance()?;
        if count == 0 {
            return Ok(rows);
        }
        reporter.advance(count)?;
        let mut text = lines.text();
        if lines.number == 1 {
            // Some editors add a byte-order mark.
            text = text.map(|text| text.trim_start_matches('\u{feff}'));
        }
        if text.as_ref().is_ok_and(|text| text.trim_ascii().is_empty()) {
            continue;
        }
        if lines.number > MAX_ROWS {
            return Err(at(lines.number, format!("at most {MAX_ROWS} rows are read")));
        }
        let blank = rows.len() + 1;
        if blank < lines.number {
            // Counts as a row so that the rows below keep their numbers.
            reporter.problem(at(blank, "a blank line between rows".into()))?;
            rows.resize_with(lines.number - 1, || None);
        }
        let value = text.and_then(&parse);
        rows.push(match value {
            Ok(value) => Some(value),
            Err(message) => {
                reporter.problem(at(lines.number, message))?;
                None
            }
        });
    }
}

/// An image name.
pub(super) fn parse_name(row: &str) -> Result<String, String> {
    let name = row.trim_ascii();
    check_name(name).map(|()| name.into())
}

/// `x_1 y_1 x_2 y_2`.
pub(super) fn parse_box(row: &str) -> Result<BoundingBox, String> {
    let [x1, y1, x2, y2] = parse_numbers(row, "a box")?;
    let shown = format_args!("{x1} {y1} {x2} {y2} (left, top, right, bottom)");
    annotation::parse_box([x1, y1, x2, y2], &shown)
}

/// x and y of all eight landmarks; `None` for those at 0 0.
pub(super) fn parse_landmarks(row: &str) -> Result<[Option<[f32; 2]>; SLOTS], String> {
    let numbers: [f32; 2 * SLOTS] = parse_numbers(row, "x and y of eight landmarks")?;
    let mut landmarks = [None; SLOTS];
    for (landmark, position) in landmarks.iter_mut().zip(numbers.chunks_exact(2)) {
        let [x, y] = [position[0], position[1]];
        check_position(x, y)?;
        *landmark = (x != 0.0 || y != 0.0).then_some([x, y]);
    }
    Ok(landmarks)
}

/// A category number.
pub(super) fn parse_category(row: &str) -> Result<usize, String> {
    let text = row.trim_ascii();
    text.parse().map_err(|_| format!("the category '{}' is not a number", shortened(text)))
}

fn parse_numbers<const N: usize>(row: &str, what: &str) -> Result<[f32; N], String> {
    let found = row.split_ascii_whitespace().count();
    if found != N {
        return Err(format!("{found} columns instead of {N}, {what}"));
    }
    let mut numbers = [0.0; N];
    for (number, text) in numbers.iter_mut().zip(row.split_ascii_whitespace()) {
        *number = parse_number(text)?;
    }
    Ok(numbers)
}
