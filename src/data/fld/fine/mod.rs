//! DeepFashion-C's `Anno_fine`: for each split, a file of names and further files about the same
//! images, matched by row number.
use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    fs,
    path::{Path, PathBuf},
};

use self::{clothes::Categories, split::SplitFiles};
use super::{
    format::{FINE_FOLDER, FldFormat},
    tables::Listing,
};
use crate::{
    Error, ErrorKind,
    data::{Finding, FindingKind, ReadEvent, Split, annotation::shortened, event::Reporter},
    landmark::LandmarkSample,
};

mod clothes;
mod columns;
mod split;
#[cfg(test)]
mod tests;

/// The files of one dataset.
pub(super) struct FineFiles {
    pub(super) folder: PathBuf,
    splits: Vec<SplitFiles>,
    /// The file with the clothes type of each category, if it exists.
    clothes: Option<PathBuf>,
}

impl FineFiles {
    /// Finds the files below `root`; `None` if there is no split.
    pub(super) fn find(root: &Path) -> Result<Option<Self>, Error> {
        let folder = root.join(FINE_FOLDER);
        let splits = Split::ALL.iter().filter_map(|&split| SplitFiles::find(&folder, split));
        let splits = splits.collect::<Result<Vec<_>, _>>()?;
        let clothes = clothes::find(root);
        Ok((!splits.is_empty()).then_some(Self { folder, splits, clothes }))
    }

    /// The first file of names, if there is one.
    pub(super) fn first(root: &Path) -> Option<PathBuf> {
        let names = |split: &Split| root.join(FINE_FOLDER).join(format!("{split}.txt"));
        Split::ALL.iter().map(names).find(|path| path.is_file())
    }

    /// Reads all files, like [`Source::read`](super::source::Source::read).
    pub(super) fn read(
        &self,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<Listing, Error> {
        let mut total = 0;
        for path in self.splits.iter().flat_map(SplitFiles::paths).chain(self.clothes.as_ref()) {
            total += fs::metadata(path).map_err(Error::io("read", path))?.len();
        }
        let reporter = &mut Reporter::new(on_event, total);
        self.findings(reporter)?;
        let clothes = match &self.clothes {
            Some(path) => Categories::read(path, reporter)?,
            None => Categories::usual(),
        };
        let mut samples = [const { Vec::new() }; 3];
        let (mut seen, mut repeated) = (HashMap::new(), HashSet::new());
        for files in &self.splits {
            let rows = files.read(&clothes, reporter)?;
            for &(line, ref sample) in &rows {
                let name = sample.image.as_str();
                match seen.entry(sample.image.clone()) {
                    Entry::Vacant(entry) => {
                        entry.insert((files.split, line));
                    }
                    Entry::Occupied(first) => {
                        let (split, first) = first.get();
                        let shown = shortened(name);
                        let message = format!(
                            "'{shown}' appears again, first in {split}.txt on line {first}"
                        );
                        reporter.problem(files.names_error(line, message))?;
                        repeated.insert(name.to_owned());
                    }
                }
            }
            samples[files.split as usize].extend(rows.into_iter().map(|(_, sample)| sample));
        }
        reporter.finish()?;
        if seen.is_empty() {
            let message = "lists no images";
            return Err(Error::new(ErrorKind::Dataset, message).with_path(&self.folder));
        }
        // It is unknown which of an image's rows is right, and which split it belongs to.
        let is_single = |sample: &LandmarkSample| !repeated.contains(&sample.image);
        samples.iter_mut().for_each(|samples| samples.retain(is_single));
        samples.iter_mut().for_each(Vec::shrink_to_fit);
        Ok(Listing { format: FldFormat::DeepFashionC, samples })
    }

    /// Reports what the files don't contain.
    fn findings(&self, reporter: &mut Reporter<'_>) -> Result<(), Error> {
        let message = "these files don't say which landmarks are occluded: each that has a position \
                       counts as visible";
        let finding = Finding::new(FindingKind::VisibilityCode, message);
        reporter.finding(finding.at(|place| place.with_path(&self.folder)))?;
        for SplitFiles { split, names, categories, .. } in &self.splits {
            if categories.is_none() {
                let message = format!(
                    "there is no {split}_cate.txt: clothes types are inferred from which landmarks \
                     have positions, so that a dress whose waistline has none counts as upper \
                     clothes"
                );
                let finding = Finding::new(FindingKind::Number, message);
                reporter.finding(finding.at(|place| place.with_path(names)))?;
            }
        }
        Ok(())
    }
}
