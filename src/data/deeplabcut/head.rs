//! The head of a table: its first lines, which define the columns.
use std::{collections::HashMap, fs::File, io::BufReader, path::Path};

use super::row::cells;
use crate::{
    Error, ErrorKind,
    data::{
        annotation::{dataset_error, shortened},
        lines::Lines,
    },
    file::open_regular,
};

/// Maximum length of a line, in bytes: about 50,000 columns.
const MAX_LINE: u64 = 1 << 20;
/// The individual that holds the unique body parts.
pub(super) const SINGLE: &str = "single";

/// The columns of a table.
#[derive(Debug)]
pub(super) struct Head {
    /// The number of cells that name the image: 1 or 3.
    pub(super) index: usize,
    /// The names of the individuals. A single empty name if there is no such line.
    pub(super) individuals: Vec<String>,
    /// The names of the landmarks, in order of first appearance.
    pub(super) parts: Vec<String>,
    /// The points with columns, in order.
    pub(super) points: Vec<Point>,
    /// The number of cells per row.
    pub(super) columns: usize,
}

/// A landmark of an individual.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    /// Index of the individual.
    pub(super) individual: usize,
    /// Index of the body part.
    pub(super) part: usize,
    /// The columns of x and y.
    pub(super) columns: [usize; 2],
}

/// Opens a table and reads its head; the remaining lines are the rows.
pub(super) fn open(path: &Path) -> Result<(Lines<'_, BufReader<File>>, Head), Error> {
    let (file, _) = open_regular(path, dataset_error(path))?;
    let mut lines = Lines::new(BufReader::with_capacity(1 << 16, file), path, MAX_LINE);
    let mut levels: Vec<(String, Vec<String>)> = Vec::new();
    loop {
        let count = lines.advance()?;
        let line = lines.number;
        let at = |message: String| {
            Error::new(ErrorKind::Annotation, message).with_path(path).with_line(line.max(1))
        };
        if count == 0 {
            return Err(at("the table ends before the line of coords".into()));
        }
        let mut found = lines.text().and_then(cells).map_err(at)?;
        let name = if found.is_empty() { String::new() } else { found.remove(0) };
        // Some editors add a byte-order mark.
        let name = name.trim_start_matches('\u{feff}').trim().to_lowercase();
        let expected: &[&str] = match levels.len() {
            0 => &["scorer"],
            1 => &["individuals", "individual", "bodyparts"],
            _ if levels[levels.len() - 1].0 == "bodyparts" => &["coords"],
            _ => &["bodyparts"],
        };
        if !expected.contains(&name.as_str()) {
            let (name, expected) = (shortened(&name), expected.join(" or "));
            return Err(at(format!(
                "begins with '{name}', not with {expected}: not a table of labels"
            )));
        }
        if levels.first().is_some_and(|(_, first)| first.len() != found.len()) {
            let (own, first) = (found.len() + 1, levels[0].1.len() + 1);
            return Err(at(format!("{own} cells, but line 1 has {first}")));
        }
        let is_last = name == "coords";
        levels.push((name, found));
        if is_last {
            return head(levels).map(|head| (lines, head)).map_err(at);
        }
    }
}

/// Combines the lines of the head, given as name and remaining cells of each.
fn head(levels: Vec<(String, Vec<String>)>) -> Result<Head, String> {
    let columns = levels[0].1.len() + 1;
    let (coords, parts) = (&levels[levels.len() - 1].1, &levels[levels.len() - 2].1);
    let individuals = (levels.len() == 4).then(|| &levels[1].1);
    let blank = coords.iter().take_while(|cell| cell.trim().is_empty()).count();
    if blank != 0 && blank != 2 {
        return Err(format!("{} cells before x and y: 1 or 3 name the image", blank + 1));
    }
    let (mut individual_names, mut part_names) = (Names::default(), Names::default());
    let mut points: Vec<(usize, usize, [Option<usize>; 2])> = Vec::new();
    let mut places = HashMap::new();
    for column in blank..coords.len() {
        let part = parts[column].trim();
        let individual = individuals.map_or("", |names| names[column].trim());
        let axis = match coords[column].trim() {
            "x" => 0,
            "y" => 1,
            "likelihood" => return Err(PREDICTIONS.into()),
            other => return Err(format!("coords has '{}', not x or y", shortened(other))),
        };
        if part.is_empty() || (individuals.is_some() && individual.is_empty()) {
            return Err(format!("column {} has no name", column + 2));
        }
        let key = (individual_names.place(individual), part_names.place(part));
        let place = *places.entry(key).or_insert_with(|| {
            points.push((key.0, key.1, [None; 2]));
            points.len() - 1
        });
        if points[place].2[axis].replace(column + 1).is_some() {
            let axis = ["x", "y"][axis];
            return Err(format!("there are two columns {axis} of '{}'", shortened(part)));
        }
    }
    if points.is_empty() {
        return Err("there are no columns of body parts".into());
    }
    let point = |(individual, part, axes): (usize, usize, [Option<usize>; 2])| match axes {
        [Some(x), Some(y)] => Ok(Point { individual, part, columns: [x, y] }),
        _ => Err(format!("'{}' has no x or no y", shortened(&part_names.all[part]))),
    };
    let points = points.into_iter().map(point).collect::<Result<_, _>>()?;
    Ok(Head {
        index: blank + 1,
        individuals: individual_names.all,
        parts: part_names.all,
        points,
        columns,
    })
}

const PREDICTIONS: &str = "predictions, not labels: there is a column 'likelihood'. Labels are in \
    labeled-data/<video>/CollectedData_<scorer>.csv; DeepLabCut makes them of predictions with \
    extract_outlier_frames, refine_labels and merge_datasets";

/// Names in order of first appearance.
#[derive(Default)]
struct Names {
    all: Vec<String>,
    places: HashMap<String, usize>,
}

impl Names {
    fn place(&mut self, name: &str) -> usize {
        if let Some(&place) = self.places.get(name) {
            return place;
        }
        self.all.push(name.into());
        self.places.insert(name.into(), self.all.len() - 1);
        self.all.len() - 1
    }
}
