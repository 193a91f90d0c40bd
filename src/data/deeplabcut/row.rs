//! The rows of a table: one image each, with its points.
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

/// The labeled points of a row.
pub(super) type Labeled<'a> = Vec<(&'a Point, [f32; 2])>;

impl Head {
    /// The image's name and points, from a row with as many cells as the head.
    pub(super) fn row(&self, line: &str) -> Result<(String, Labeled<'_>), String> {
        let cells = cells(line)?;
        if cells.len() != self.columns {
            return Err(format!("{} cells, but the head has {}", cells.len(), self.columns));
        }
        let name = image_name(&cells[..self.index])?;
        let mut labeled = Vec::new();
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
                    labeled.push((point, [x, y]));
                }
                [Some(_), None] => return Err(about("x without y".into())),
                [None, Some(_)] => return Err(about("y without x".into())),
            }
        }
        Ok((name, labeled))
    }
}

/// Parses a cell; `None` if it is empty.
fn number(cell: &str) -> Result<Option<f32>, String> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Ok(None);
    }
    let number: f32 = cell.parse().map_err(|_| format!("'{}' is not a number", shortened(cell)))?;
    Ok((!number.is_nan()).then_some(number))
}

/// The image's name relative to the project, from the cells that contain it.
fn image_name(cells: &[String]) -> Result<String, String> {
    let name = cells.join("/").replace('\\', "/");
    let is_elsewhere = name.starts_with('/') || name.as_bytes().get(1) == Some(&b':');
    // The project was moved: drop the old absolute path.
    let below = is_elsewhere.then(|| name.rfind(&format!("/{LABELED_DATA}/"))).flatten();
    let name = below.map_or(name.as_str(), |at| &name[at + 1..]);
    if name.split('/').any(|part| part.is_empty() || part == ".") {
        return Err(format!("'{}' is not an image name", shortened(name)));
    }
    check_name(name)?;
    Ok(name.into())
}

/// The name under which the image is found. It differs from the row's if folders of the project
/// were renamed and the image is in the same folder as its table.
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
