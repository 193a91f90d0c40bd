//! The HTML report: tables, plots, the worst and the best cases, and how the model was made, in one
//! self-contained file.
mod cases;
mod estimates;
mod metrics;
mod page;
mod parts;
mod plots;
mod provenance;
mod samples;
mod table;

use std::path::{Path, PathBuf};

use dafe::{
    atomic::{create_folder, write_text},
    detector::DetectorConfig,
    metric::LandmarkReport,
    predict::Predictions,
    prelude::*,
};
use minijinja::{Environment, State, Value};

use self::page::Page;
use super::{args::Args, numbers::Numbers};
use crate::support::Outcome;

/// The data of a report.
pub struct Measured<'a> {
    pub args: &'a Args,
    pub root: &'a Path,
    /// The evaluated split.
    pub split: Split,
    pub model: &'a DetectorConfig,
    pub dataset: &'a dyn LandmarkDataset,
    pub found: &'a Predictions,
    pub report: &'a LandmarkReport,
    pub numbers: &'a Numbers,
}

/// The report's file name.
const FILE: &str = "index.html";

/// The templates by name. Values inserted into those that end in .html are escaped.
const TEMPLATES: [(&str, &str); 5] = [
    ("page.html", include_str!("page.html")),
    ("table.html", include_str!("table.html")),
    ("case.html", include_str!("case.html")),
    ("style.css", include_str!("style.css")),
    ("sort.js", include_str!("sort.js")),
];

/// Writes the report into `folder`, atomically, and returns its path.
pub fn write(folder: &Path, measured: &Measured<'_>) -> Outcome<PathBuf> {
    let html = render(&Page::of(measured)?)?;
    create_folder(folder)?;
    let path = folder.join(FILE);
    write_text(&path, &html)?;
    Ok(path)
}

fn render(page: &Page) -> Result<String, minijinja::Error> {
    let mut templates = Environment::new();
    for (name, text) in TEMPLATES {
        templates.add_template(name, text)?;
    }
    templates.add_function("part", part);
    templates.get_template("page.html")?.render(page)
}

/// Renders another template with `value`; its output counts as escaped HTML.
fn part(state: &State, name: &str, value: Value) -> Result<Value, minijinja::Error> {
    state.env().get_template(name)?.render(value).map(Value::from_safe_string)
}
