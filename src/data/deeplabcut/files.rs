//! Finding a project's tables.
use std::{
    fs,
    path::{Path, PathBuf},
};

use super::config::Config;
use crate::{
    Error,
    data::{
        Finding, FindingKind, ReadEvent,
        annotation::{dataset_error, shortened},
    },
};

pub(super) const LABELED_DATA: &str = "labeled-data";
pub(super) const PREFIX: &str = "CollectedData_";

/// The tables of a project or of a part of it.
pub(super) struct Files {
    /// The folder that image names are relative to.
    pub(super) root: PathBuf,
    pub(super) config: Config,
    /// In the order of their folders.
    pub(super) tables: Vec<PathBuf>,
}

impl Files {
    /// Finds the tables. `path` is a project's folder or its `config.yaml`, `labeled-data`, a
    /// folder in that, or a single table.
    pub(super) fn find(
        path: &Path,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let wrong = dataset_error::<String>(path);
        if path.is_file() {
            if path.extension().is_some_and(|kind| kind == "yaml") {
                return Self::find(&parent(path), on_event);
            }
            if path.extension().is_none_or(|kind| kind != "csv") {
                let message = "not a table of labels: CollectedData_<scorer>.csv, as DeepLabCut writes \
                               it beside the .h5";
                return Err(wrong(message.into()));
            }
            let table = absolute(path)?;
            let folder = parent(&table);
            let root = project_of(&folder).unwrap_or(folder);
            return Ok(Self { config: Config::open(&root)?, root, tables: vec![table] });
        }
        if !path.is_dir() {
            return Err(wrong("there is no such file or folder".into()));
        }
        let (below, own) = (path.join(LABELED_DATA), absolute(path)?);
        let (root, folders) = if below.is_dir() {
            (path.into(), videos(&below, on_event)?)
        } else if named(&own, LABELED_DATA) {
            (parent(&own), videos(&own, on_event)?)
        } else {
            (project_of(&own).unwrap_or_else(|| own.clone()), vec![own])
        };
        let config = Config::open(&root)?;
        let mut tables = Vec::new();
        for folder in folders {
            tables.extend(table_of(&folder, config.scorer.as_deref(), on_event)?);
        }
        if tables.is_empty() {
            let message = format!(
                "there are no labels: neither {LABELED_DATA}/<video>/{PREFIX}<scorer>.csv nor \
                 {PREFIX}<scorer>.csv"
            );
            return Err(wrong(message));
        }
        Ok(Self { root, config, tables })
    }
}

/// The project that a folder in `labeled-data` belongs to.
fn project_of(folder: &Path) -> Option<PathBuf> {
    let labeled = folder.parent().filter(|labeled| named(labeled, LABELED_DATA))?;
    Some(parent(labeled))
}

fn absolute(path: &Path) -> Result<PathBuf, Error> {
    std::path::absolute(path).map_err(Error::io("read", path))
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.into(),
        _ => PathBuf::from("."),
    }
}

fn named(path: &Path, name: &str) -> bool {
    path.file_name().is_some_and(|own| own == name)
}

/// The videos' folders, without those that contain the same frames as another.
fn videos(
    labeled: &Path,
    on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
) -> Result<Vec<PathBuf>, Error> {
    let folders: Vec<PathBuf> =
        entries(labeled)?.into_iter().filter(|path| path.is_dir()).collect();
    let mut kept = Vec::with_capacity(folders.len());
    for folder in &folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let whole = name.strip_suffix("_cropped").map(|name| labeled.join(name));
        if whole.is_some_and(|whole| folders.contains(&whole)) {
            let message = "the frames of the folder without _cropped: passed over";
            let finding = Finding::new(FindingKind::PassedOver, message);
            on_event(ReadEvent::Finding(finding.at(|place| place.with_path(folder))))?;
        } else {
            kept.push(folder.clone());
        }
    }
    Ok(kept)
}

/// The table of a folder: that of the project's scorer, or the only one.
fn table_of(
    folder: &Path,
    scorer: Option<&str>,
    on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
) -> Result<Option<PathBuf>, Error> {
    let mut tables: Vec<PathBuf> = entries(folder)?;
    tables.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(PREFIX) && name.ends_with(".csv") && path.is_file()
    });
    let of_scorer = scorer.map(|scorer| format!("{PREFIX}{scorer}.csv"));
    let own = of_scorer.and_then(|name| tables.iter().position(|path| named(path, &name)));
    match (own, tables.len()) {
        (_, 0 | 1) => Ok(tables.pop()),
        (Some(own), _) => {
            let table = tables.swap_remove(own);
            for other in tables {
                let message = "the table of another scorer than config.yaml's: passed over";
                let finding = Finding::new(FindingKind::PassedOver, message);
                on_event(ReadEvent::Finding(finding.at(|place| place.with_path(other))))?;
            }
            Ok(Some(table))
        }
        (None, count) => {
            let names: Vec<_> = (tables.iter().take(3))
                .map(|path| shortened(&path.file_name().unwrap_or_default().to_string_lossy()))
                .collect();
            let message = format!(
                "{count} tables of labels ({}), and no config.yaml selects a scorer",
                names.join(", ")
            );
            on_event(ReadEvent::Problem(dataset_error(folder)(message)))?;
            Ok(None)
        }
    }
}

/// The sorted entries of a folder. Hidden entries are skipped.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::io("read", folder))? {
        let entry = entry.map_err(Error::io("read", folder))?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            all.push(entry.path());
        }
    }
    all.sort_unstable();
    Ok(all)
}
