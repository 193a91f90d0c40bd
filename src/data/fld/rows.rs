//! The rows of FLD's three files: reading lines with a maximum length, and parsing rows.
use std::{
    io::{BufRead, BufReader},
    path::Path,
};

use super::format::FldFormat;
use crate::{
    Error, ErrorKind,
    data::{
        Split,
        annotation::{self, check_name, check_position, dataset_error, shortened},
        event::Reporter,
        lines::Lines,
    },
    file::open_regular,
    geometry::BoundingBox,
    landmark::{ClothesType, Landmark, VariationType, Visibility},
};

/// Maximum length of a line, in bytes; longer lines are not annotations.
pub(super) const MAX_LINE: u64 = 64 * 1024;
/// Maximum number of rows per file.
pub(super) const MAX_ROWS: usize = 10_000_000;
/// Number of landmarks of a sample.
pub(super) const SLOTS: usize = 8;

const SPACES: &str = "columns are separated by spaces, so an image's name cannot contain any";

/// The image name of a row, whatever else it contains.
pub(super) fn name_of(row: &str) -> &str {
    row.split_ascii_whitespace().next().unwrap_or_default()
}

/// Opens `path` and passes each of its rows to `accept`, like [`read_rows`].
pub(super) fn read_file(
    path: &Path,
    reporter: &mut Reporter<'_>,
    accept: impl FnMut(usize, &str) -> Result<(), String>,
) -> Result<(), Error> {
    let (file, _) = open_regular(path, dataset_error(path))?;
    read_rows(BufReader::with_capacity(1 << 16, file), path, reporter, accept)
}

/// Passes the line number (from 1) and the text of each row to `accept`. Its error messages become
/// errors of that line, which are reported to `reporter` together with the progress.
///
/// Line 1 must be the number of rows after line 2. Memory use does not depend on the file's size.
pub(super) fn read_rows(
    reader: impl BufRead,
    path: &Path,
    reporter: &mut Reporter<'_>,
    mut accept: impl FnMut(usize, &str) -> Result<(), String>,
) -> Result<(), Error> {
    let at = |line: usize, message: String| {
        Error::new(ErrorKind::Annotation, message).with_path(path).with_line(line)
    };
    let mut lines = Lines::new(reader, path, MAX_LINE);
    let advance = |lines: &mut Lines<'_, _>, reporter: &mut Reporter<'_>| {
        let count = lines.advance()?;
        reporter.advance(count).map(|()| count > 0)
    };
    if !advance(&mut lines, reporter)? {
        return Err(at(1, "the file is empty; this line is the number of rows".into()));
    }
    let announced = lines.text().and_then(parse_count).map_err(|message| at(1, message))?;
    if !advance(&mut lines, reporter)? {
        return Err(at(2, "the file ends before this line, which names the columns".into()));
    }
    lines.text().map(drop).or_else(|message| reporter.problem(at(2, message)))?;
    let (mut rows, mut blank) = (0, None);
    while advance(&mut lines, reporter)? {
        let text = lines.text();
        if text.as_ref().is_ok_and(|text| text.trim_ascii().is_empty()) {
            blank.get_or_insert(lines.number);
            continue;
        }
        if let Some(blank) = blank.take() {
            reporter.problem(at(blank, "a blank line between rows".into()))?;
        }
        // Rows beyond the announced number are only counted, for the message.
        if rows < announced {
            let accepted = text.and_then(|text| accept(lines.number, text));
            accepted.or_else(|message| reporter.problem(at(lines.number, message)))?;
        }
        rows += 1;
    }
    if rows != announced {
        let message = format!("announces {announced} rows, but the file has {rows}");
        reporter.problem(at(1, message))?;
    }
    Ok(())
}

fn parse_count(text: &str) -> Result<usize, String> {
    // Some editors add a byte-order mark.
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
    let shown = format_args!("{x1} {y1} {x2} {y2} (left, top, right, bottom)");
    Ok((name, annotation::parse_box([x1, y1, x2, y2], &shown)?))
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
    pub(super) format: FldFormat,
    pub(super) clothes_type: ClothesType,
    pub(super) variation_type: Option<VariationType>,
    pub(super) landmarks: [Landmark; SLOTS],
}

/// `list_landmarks.txt`: `image_name clothes_type [variation_type]`, then `visibility x y` for each
/// landmark of the type.
pub(super) fn parse_landmarks(row: &str) -> Result<LandmarkRow<'_>, String> {
    let columns = row.split_ascii_whitespace().count();
    // Name, type, variation and whole triplets, or the same without the variation.
    let format = match columns % 3 {
        0 => FldFormat::Fld,
        2 => FldFormat::DeepFashionC,
        _ => {
            return Err(format!(
                "{columns} columns are not a whole number of 'visibility x y' triplets ({SPACES})"
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
    if format == FldFormat::Fld {
        let variation = token()?;
        variation_type = variation.parse().ok().and_then(VariationType::from_number);
        if variation_type.is_none() {
            return Err(format!("variation type '{}' is not one of 1 to 5", shortened(variation)));
        }
    }
    let slots = clothes_type.slots();
    let triplets = columns / 3 - usize::from(format == FldFormat::Fld);
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
        let (x, y) = (parse_number(token()?)?, parse_number(token()?)?);
        if visibility.has_position() {
            check_position(x, y)?;
        }
        landmarks[slot] = Landmark::new(x, y, visibility);
    }
    Ok(LandmarkRow { name, format, clothes_type, variation_type, landmarks })
}

fn parse_visibility(text: &str) -> Result<Visibility, String> {
    match text.parse::<u8>() {
        Ok(0) => Ok(Visibility::Visible),
        Ok(1) => Ok(Visibility::Occluded),
        Ok(2) => Ok(Visibility::Truncated),
        _ => Err(format!("visibility '{}' is not 0, 1 or 2", shortened(text))),
    }
}

pub(super) fn parse_number(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(number) if number.is_finite() => Ok(number),
        Ok(_) => Err(format!("'{}' is not finite", shortened(text))),
        Err(_) => Err(format!("'{}' is not a number", shortened(text))),
    }
}
