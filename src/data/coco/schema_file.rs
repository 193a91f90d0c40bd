//! Schema files: the categories of a COCO file without images and annotations.
use std::{collections::HashMap, path::Path};

use serde::Serialize;

use super::{
    categories::Categories,
    json::RawSchemaFile,
    schema::{Pairs, WrittenCategory, categories_of, check_agreement, schema_of},
};
use crate::{
    Error,
    atomic::write_text,
    data::{Finding, FindingKind, annotation::dataset_error, event::strictly, json::read_json},
    landmark::LandmarkSchema,
};

/// Maximum size of a schema file, in bytes.
const MAX_BYTES: u64 = 64 << 20;

/// Reads a schema file as written by [`write_schema`]: `{"categories": [{"id", "name", "keypoints",
/// "skeleton", "flip_pairs", "sigmas"}, …]}`. The keys are described in the [module's
/// table](super); a whole COCO file is also accepted.
///
/// ```
/// use dafe::{
///     data::coco::{read_schema, write_schema},
///     prelude::*,
/// };
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("schema.json");
/// write_schema(&path, &LandmarkSchema::fld())?;
/// assert_eq!(read_schema(&path)?, LandmarkSchema::fld());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// An [annotation error](crate::ErrorKind::Annotation) if the file is not JSON of this form; a
/// [dataset error](crate::ErrorKind::Dataset) for inconsistent lists, skeleton lines that refer to
/// missing keypoints, duplicated names and, without `flip_pairs`, names that contain a side but
/// have no partner; an [I/O error](crate::ErrorKind::Io) if the file can't be read.
pub fn read_schema(path: impl AsRef<Path>) -> Result<LandmarkSchema, Error> {
    let path = path.as_ref();
    let wrong = dataset_error(path);
    let file: RawSchemaFile = read_json(path, MAX_BYTES, &mut strictly)?;
    let found = Categories::new(file.categories, &HashMap::new()).map_err(&wrong)?;
    if let Some(schema) = file.landmark_schema {
        check_agreement(&found.all, &schema).map_err(&wrong)?;
        return Ok(schema);
    }
    // Schema files are written by hand, so mistakes are errors. Only missing sigmas may be assumed.
    let assumed = found.all.iter().all(|category| category.sigmas.is_some());
    let is_mistake = |finding: &Finding| finding.kind() != FindingKind::Sigmas || !assumed;
    if let Some(finding) = found.findings.into_iter().find(is_mistake) {
        return Err(wrong(finding.message().to_string()));
    }
    let read = schema_of(&found.all).map_err(&wrong)?;
    if let Some(&slot) = read.unpaired.first() {
        let name = &read.schema.names()[slot];
        return Err(wrong(format!(
            "'{name}' names a side and has no partner: give flip_pairs, which may be empty"
        )));
    }
    match read.schema.is_empty() {
        true => Err(wrong("no category names keypoints".into())),
        false => Ok(read.schema),
    }
}

#[derive(Serialize)]
struct File<'a> {
    categories: Vec<WrittenCategory<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    landmark_schema: Option<&'a LandmarkSchema>,
}

/// Writes a schema as a file for [`read_schema`], to be completed by hand: names, mirror pairs by
/// name, skeleton (counted from 1) and sigmas of each category.
///
/// # Errors
/// An [I/O error](crate::ErrorKind::Io) if the file can't be written.
pub fn write_schema(path: impl AsRef<Path>, schema: &LandmarkSchema) -> Result<(), Error> {
    let categories = categories_of(schema, Pairs::Names);
    let read: Vec<_> = categories.iter().map(WrittenCategory::read).collect();
    let follows = schema_of(&read).is_ok_and(|read| read.schema == *schema);
    let file = File { categories, landmark_schema: (!follows).then_some(schema) };
    let text = serde_json::to_string_pretty(&file).expect("names and numbers");
    write_text(path, &(text + "\n"))
}
