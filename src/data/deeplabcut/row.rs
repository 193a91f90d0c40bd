//! A table's rows: an image each, and its points.
use std::path::Path;

use super::{
    files::LABELED_DATA,
    head::{Head, Point},
};
use crate::data::annotation::{check_name, check_position, shortened};

/// The cells of a line.
pub(super) fn cells(line: &str) -> Result<Vec<String>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(line.len().max(1))
        .from_reader(line.as_bytes());
    let record = reader.records().next().transpose();
    let record = record.map_err(|error| shortened(&error.to_string()))?;
    Ok(record
        .into_iter()
        .flat_map(|record| record.iter().map(String::from).collect::<Vec<_>>())
        .collect())
}

/// What a row's points are: those that are labelled, with their places among the head's.
pub(super) type Labelled<'a> = Vec<(&'a Point, [f32; 2])>;

impl Head {
    /// The image's name and points, of a row with so many cells as the head.
    pub(super) fn row(&self, line: &str) -> Result<(String, Labelled<'_>), String> {
        let cells = cells(line)?;
        if cells.len() != self.columns {
            return Err(format!("{} cells, but the head has {}", cells.len(), self.columns));
        }
        let name = image_name(&cells[..self.index])?;
        let mut labelled = Vec::new();
        for point in &self.points {
            let about = |message: String| {
                let part = shortened(&self.parts[point.part]);
                match self.individuals[point.individual].as_str() {
                    "" => format!("'{part}': {message}"),
                    individual => format!("'{part}' of '{}': {message}", shortened(individual)),
                }
            };
            let [x, y] = point.columns.map(|column| number(&cells[column]));
            match [x.map_err(about)?, y.map_err(about)?] {
                [None, None] => (),
                [Some(x), Some(y)] => {
                    check_position(x, y).map_err(about)?;
                    labelled.push((point, [x, y]));
                }
                [Some(_), None] => return Err(about("x without y".into())),
                [None, Some(_)] => return Err(about("y without x".into())),
            }
        }
        Ok((name, labelled))
    }
}

/// A number, if the cell has one.
fn number(cell: &str) -> Result<Option<f32>, String> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Ok(None);
    }
    let number: f32 = cell.parse().map_err(|_| format!("'{}' is no number", shortened(cell)))?;
    Ok((!number.is_nan()).then_some(number))
}

/// The image's name below the project, from the cells that have it.
fn image_name(cells: &[String]) -> Result<String, String> {
    let name = cells.join("/").replace('\\', "/");
    let is_elsewhere = name.starts_with('/') || name.as_bytes().get(1) == Some(&b':');
    // A project that was moved: what is in front is another place's.
    let below = is_elsewhere.then(|| name.rfind(&format!("/{LABELED_DATA}/"))).flatten();
    let name = below.map_or(name.as_str(), |at| &name[at + 1..]);
    if name.split('/').any(|part| part.is_empty() || part == ".") {
        return Err(format!("'{}' is no image's name", shortened(name)));
    }
    check_name(name)?;
    Ok(name.into())
}

/// The name by which the image is found: another one where the project's folders have been renamed
/// and the image lies beside its table.
pub(super) fn found_name(root: &Path, table: &Path, name: String) -> String {
    let beside = table.parent().unwrap_or(root);
    let folder = beside.strip_prefix(root).unwrap_or(beside);
    if Path::new(&name).parent() == Some(folder) || root.join(&name).is_file() {
        return name;
    }
    let file = name.rsplit('/').next().unwrap_or_default();
    match (folder.join(file).to_str(), root.join(folder).join(file).is_file()) {
        (Some(found), true) => found.replace('\\', "/"),
        _ => name,
    }
}
