//! The text of FLD's three files: the bounded reading of lines, and what one row of each must be.
use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
};

use super::{FldForm, Split};
use crate::{
    data::annotation::{check_name, shortened},
    error::Error,
    geometry::BoundingBox,
    landmark::{ClothesType, Landmark, VariationType, Visibility},
};

/// What is told of each problem: an error back ends the reading.
pub(super) type Report<'a> = &'a mut dyn FnMut(Error) -> Result<(), Error>;

/// The longest line that is read, in bytes; anything longer is no annotation.
const MAX_LINE: u64 = 64 * 1024;
/// The most rows that a file may announce.
const MAX_ROWS: usize = 10_000_000;
/// Lines before the first row: the count and the names of the columns.
const HEADER_LINES: usize = 2;
/// How many landmark slots a sample has.
pub(super) const SLOTS: usize = 8;

const SPACES: &str = "columns are separated by spaces, so a picture's name cannot contain any";

/// The line of row `row`, both as a reader counts them: lines from 1, rows from 0.
pub(super) fn line_of(row: usize) -> usize {
    row + HEADER_LINES + 1
}

/// Opens `path` and passes each of its rows to `accept`, as [`read_rows`].
pub(super) fn read_file(
    path: &Path,
    report: Report<'_>,
    accept: impl FnMut(usize, &str) -> Result<(), String>,
) -> Result<(), Error> {
    let file = File::open(path).map_err(Error::io("read", path))?;
    read_rows(BufReader::with_capacity(1 << 16, file), path, report, accept)
}

/// Passes the number (from 0) and the text of each row to `accept`, whose messages become errors of that line, told to
/// `report`.
///
/// Line 1 must be the number of rows that follow line 2. Memory use does not grow with the file.
pub(super) fn read_rows(
    reader: impl BufRead,
    path: &Path,
    report: Report<'_>,
    mut accept: impl FnMut(usize, &str) -> Result<(), String>,
) -> Result<(), Error> {
    let at = |line: usize, message: String| Error::Annotation { path: path.into(), line, message };
    let mut lines = Lines { reader, path, buffer: Vec::new(), number: 0 };
    let first = lines
        .next()?
        .ok_or_else(|| at(1, "the file is empty; this line is the number of rows".into()))?;
    let announced = parse_count(first).map_err(|message| at(1, message))?;
    if lines.next()?.is_none() {
        return Err(at(2, "the file ends before this line, which names the columns".into()));
    }
    let (mut rows, mut blank) = (0, None);
    while let Some(text) = lines.next()? {
        if text.trim_ascii().is_empty() {
            blank.get_or_insert(lines.number);
            continue;
        }
        if let Some(blank) = blank.take() {
            report(at(blank, "a blank line between rows".into()))?;
        }
        // Rows beyond the announced ones are only counted, for the message.
        if rows < announced {
            accept(rows, text).or_else(|message| report(at(line_of(rows), message)))?;
        }
        rows += 1;
    }
    if rows != announced {
        report(at(1, format!("announces {announced} rows, but the file has {rows}")))?;
    }
    Ok(())
}

/// The lines of a file, one at a time.
struct Lines<'p, R> {
    reader: R,
    path: &'p Path,
    buffer: Vec<u8>,
    /// The line last read, from 1.
    number: usize,
}

impl<R: BufRead> Lines<'_, R> {
    /// The next line without its ending, `None` after the last.
    fn next(&mut self) -> Result<Option<&str>, Error> {
        self.buffer.clear();
        let mut bounded = self.reader.by_ref().take(MAX_LINE + 1);
        if bounded.read_until(b'\n', &mut self.buffer).map_err(Error::io("read", self.path))? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let wrong =
            |message| Error::Annotation { path: self.path.into(), line: self.number, message };
        if self.buffer.len() as u64 > MAX_LINE {
            return Err(wrong(format!(
                "longer than {MAX_LINE} bytes: is this an annotation file?"
            )));
        }
        let text = self.buffer.strip_suffix(b"\n").unwrap_or(&self.buffer);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let text = str::from_utf8(text);
        Ok(Some(
            text.map_err(|error| wrong(format!("not UTF-8 after {} bytes", error.valid_up_to())))?,
        ))
    }
}

fn parse_count(text: &str) -> Result<usize, String> {
    // Some editors put a byte order mark in front.
    let text = text.trim_start_matches('\u{feff}').trim_ascii();
    match text.parse() {
        Ok(count) if count <= MAX_ROWS => Ok(count),
        Ok(count) => Err(format!("announces {count} rows; at most {MAX_ROWS} are read")),
        Err(_) => Err(format!("this line is the number of rows, not '{}'", shortened(text))),
    }
}

/// `list_bbox.txt`: `image_name x_1 y_1 x_2 y_2`.
pub(super) fn parse_box(row: &str) -> Result<(&str, BoundingBox), String> {
    let mut tokens = row.split_ascii_whitespace();
    let (Some(name), Some(x1), Some(y1), Some(x2), Some(y2), None) =
        (tokens.next(), tokens.next(), tokens.next(), tokens.next(), tokens.next(), tokens.next())
    else {
        let found = row.split_ascii_whitespace().count();
        return Err(format!("{found} columns instead of 5, a name and a box ({SPACES})"));
    };
    check_name(name)?;
    let [x1, y1, x2, y2] =
        [parse_number(x1)?, parse_number(y1)?, parse_number(x2)?, parse_number(y2)?];
    let bounds = BoundingBox::new(x1, y1, x2, y2).ok_or_else(|| {
        let reason = if x2 <= x1 || y2 <= y1 { "is empty" } else { "is too large or too far away" };
        format!("the box {x1} {y1} {x2} {y2} (left, top, right, bottom) {reason}")
    })?;
    Ok((name, bounds))
}

/// `list_eval_partition.txt`: `image_name evaluation_status`.
pub(super) fn parse_partition(row: &str) -> Result<(&str, Split), String> {
    let mut tokens = row.split_ascii_whitespace();
    let (Some(name), Some(split), None) = (tokens.next(), tokens.next(), tokens.next()) else {
        let found = row.split_ascii_whitespace().count();
        return Err(format!("{found} columns instead of 2, a name and a split ({SPACES})"));
    };
    check_name(name)?;
    Ok((name, Split::parse(split)?))
}

/// A row of `list_landmarks.txt`.
pub(super) struct LandmarkRow<'a> {
    pub(super) name: &'a str,
    pub(super) form: FldForm,
    pub(super) clothes_type: ClothesType,
    pub(super) variation_type: Option<VariationType>,
    pub(super) landmarks: [Landmark; SLOTS],
}

/// `list_landmarks.txt`: `image_name clothes_type [variation_type]`, then `visibility x y` for each landmark that
/// the type has.
pub(super) fn parse_landmarks(row: &str) -> Result<LandmarkRow<'_>, String> {
    let columns = row.split_ascii_whitespace().count();
    // The name, the type, the variation and whole triplets, or the same without the variation.
    let form = match columns % 3 {
        0 => FldForm::Fld,
        2 => FldForm::DeepFashionC,
        _ => {
            return Err(format!(
                "{columns} columns are no whole number of 'visibility x y' triplets ({SPACES})"
            ));
        }
    };
    let mut tokens = row.split_ascii_whitespace();
    let mut token = || tokens.next().ok_or_else(|| format!("ends after {columns} columns"));
    let name = token()?;
    check_name(name)?;
    let clothes = token()?;
    let clothes_type = clothes.parse().ok().and_then(ClothesType::from_number);
    let clothes_type = clothes_type.ok_or_else(|| {
        format!("clothes type '{}' is not 1, 2 or 3 ({SPACES})", shortened(clothes))
    })?;
    let mut variation_type = None;
    if form == FldForm::Fld {
        let variation = token()?;
        variation_type = variation.parse().ok().and_then(VariationType::from_number);
        if variation_type.is_none() {
            return Err(format!("variation type '{}' is not one of 1 to 5", shortened(variation)));
        }
    }
    let slots = clothes_type.slots();
    let triplets = columns / 3 - usize::from(form == FldForm::Fld);
    if triplets != slots.len() {
        let (kind, number) = (clothes_type.name(), clothes_type.number());
        let needed = slots.len();
        return Err(format!(
            "clothes type {number} ({kind}) has {needed} landmarks, the row has {triplets}"
        ));
    }
    let mut landmarks = [Landmark::ABSENT; SLOTS];
    for &slot in slots {
        let visibility = parse_visibility(token()?)?;
        landmarks[slot] =
            Landmark::new(parse_number(token()?)?, parse_number(token()?)?, visibility);
    }
    Ok(LandmarkRow { name, form, clothes_type, variation_type, landmarks })
}

fn parse_visibility(text: &str) -> Result<Visibility, String> {
    match text.parse::<u8>() {
        Ok(0) => Ok(Visibility::Visible),
        Ok(1) => Ok(Visibility::Occluded),
        Ok(2) => Ok(Visibility::Truncated),
        _ => Err(format!("visibility '{}' is not 0, 1 or 2", shortened(text))),
    }
}

fn parse_number(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(number) if number.is_finite() => Ok(number),
        Ok(_) => Err(format!("'{}' is not finite", shortened(text))),
        Err(_) => Err(format!("'{}' is not a number", shortened(text))),
    }
}
