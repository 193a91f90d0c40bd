//! Assembles one document from all images' files, including those written by earlier runs.
use std::{io, path::PathBuf};

use dafe::{
    atomic::{write_atomically, write_text},
    detector::output::{CocoResults, CsvTable},
};

use super::folder::Folder;
use crate::{
    detect::{args::Format, record::Record},
    support::Outcome,
};

/// Writes the document of the images `done`, if the format has one, and returns its path.
pub fn assemble(folder: &Folder<'_>, format: Format, done: &[usize]) -> Outcome<Option<PathBuf>> {
    match format {
        Format::Json | Format::Png => Ok(None),
        Format::Csv => {
            let path = folder.path.join("landmarks.csv");
            write_atomically(&path, |file| {
                let mut table = CsvTable::new(file)?;
                each(folder, done, |_, record| table.add(&record.found))?;
                table.finish().map(drop)
            })?;
            Ok(Some(path))
        }
        Format::Coco => {
            let path = folder.path.join("results.json");
            let mut numbers = String::new();
            write_atomically(&path, |file| {
                let mut coco = CocoResults::list(file, folder.style.schema)?;
                each(folder, done, |id, record| coco.add(id, &record.found))?;
                numbers = serde_json::to_string(&coco.index())?;
                coco.finish().map(drop)
            })?;
            write_text(folder.path.join("images.json"), &numbers)?;
            Ok(Some(path))
        }
    }
}

/// Reads records one at a time, as there may be many.
fn each(
    folder: &Folder<'_>,
    done: &[usize],
    mut add: impl FnMut(u64, &Record) -> io::Result<()>,
) -> io::Result<()> {
    for &index in done {
        add(index as u64 + 1, &folder.record(index)?)?;
    }
    Ok(())
}
