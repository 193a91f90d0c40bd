//! Duplicate images under different names.
use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
};

use dafe::prelude::*;

use crate::support::datasets::{Example, Findings, Kind, is_copy};

/// An image file and its identity.
pub struct ImageEntry {
    pub split: Split,
    pub image: String,
    pub path: PathBuf,
    /// The file's length and a hash of its end.
    pub fingerprint: Option<(u64, [u8; 32])>,
}

/// Reports images with the same content as another one, in two splits or in one. Images that share
/// a file were reported before.
pub fn find(files: Vec<ImageEntry>, findings: &mut Findings) {
    let reported: HashSet<String> = (findings.groups().into_iter())
        .filter(|group| group.kind == Kind::Overlap)
        .flat_map(|group| &group.examples)
        .filter_map(|example| example.image.clone())
        .collect();
    let mut seen: HashMap<(u64, [u8; 32]), Vec<ImageEntry>> = HashMap::new();
    for entry in files {
        let Some(fingerprint) = entry.fingerprint else { continue };
        let same = seen.entry(fingerprint).or_default();
        let copy =
            same.iter().find(|first| first.path != entry.path && is_copy(&first.path, &entry.path));
        if let Some(first) = copy {
            let message = format!("it has the same content as {} in {}", first.image, first.split);
            let kind = if first.split == entry.split { Kind::Copy } else { Kind::Overlap };
            let known = reported.contains(&entry.image) || reported.contains(&first.image);
            if kind == Kind::Copy || !known {
                findings.add(kind, Example::of_image(&entry.image, message));
            }
            continue;
        }
        same.push(entry);
    }
}
