//! Opens the splits of a command line's dataset, and collects findings about them.
use std::{path::Path, sync::Arc};

use dafe::{
    Error, ErrorKind,
    data::{DatasetFormat, ReadEvent, Subset},
    landmark::Visibility,
    prelude::*,
};

use super::{
    DatasetArgs, Findings, Kind,
    findings::Example,
    overlap::{Shared, shared},
    reading::{Available, Settled},
};
use crate::support::{Outcome, Progress, output};

/// An opened split: the requested one, or its substitute.
#[derive(Clone)]
pub struct OpenSplit {
    /// The split that was opened.
    pub split: Split,
    /// Its samples.
    pub dataset: Arc<dyn LandmarkDataset>,
}

/// The splits of a training run.
pub struct Splits {
    /// Samples to train on.
    pub train: Arc<dyn LandmarkDataset>,
    /// Samples for choosing the best epoch.
    pub val: Arc<dyn LandmarkDataset>,
    /// Samples to evaluate on.
    pub test: OpenSplit,
}

/// Where a split's samples come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// Its own files.
    Own(Split),
    /// Part of a divided dataset without splits (`None`), or of the training split.
    Part(Option<Split>),
}

/// Opens splits of a dataset, reading each file once.
pub struct Opener<'a> {
    args: &'a DatasetArgs,
    root: &'a Path,
    /// The dataset's format.
    pub format: DatasetFormat,
    available: Available,
    /// Whether to continue after unusable annotations.
    collect: bool,
    fld: Option<Vec<FldDataset>>,
    parts: Option<[Subset; 3]>,
    /// How all splits are read: orientation and visibility code, as determined by the first split.
    settled: Settled,
    /// The findings so far.
    pub(crate) findings: Findings,
    /// Messages about splits that were divided or substituted.
    pub(crate) statements: Vec<String>,
}

impl<'a> Opener<'a> {
    /// Looks for splits below `root`. With `collect`, problems that can be reported together don't
    /// end the reading.
    ///
    /// # Errors
    /// If no annotations are found.
    pub fn new(args: &'a DatasetArgs, root: &'a Path, collect: bool) -> Result<Self, Error> {
        let format = args.format_of(root)?;
        let available = args.available(root, format)?;
        let (findings, statements) = (Findings::default(), Vec::new());
        let settled = Settled { orientation: args.orientation, visibility: args.visibility };
        let mut opener = Self {
            args,
            root,
            format,
            available,
            collect,
            fld: None,
            parts: None,
            settled,
            findings,
            statements,
        };
        if opener.is_fld() {
            opener.read_fld().map_err(|error| Error::new(ErrorKind::Dataset, error.to_string()))?;
        }
        Ok(opener)
    }

    fn is_fld(&self) -> bool {
        matches!(self.format, DatasetFormat::Fld | DatasetFormat::DeepFashionC)
    }

    /// Where a split comes from; `None` if it doesn't exist.
    fn source(&self, split: Split) -> Option<Source> {
        let Available { splits: [train, val, test], whole } = self.available;
        let divided = match (whole, train, val) {
            (true, ..) => Some(None),
            (false, true, false) => Some(Some(Split::Train)),
            (false, true, true) if self.args.divide.is_some() => Some(Some(Split::Train)),
            _ => None,
        };
        // A test split of its own is kept.
        let has_own = |own: bool| own && (divided.is_none() || self.args.divide.is_none());
        match split {
            Split::Train | Split::Val if divided.is_some() => divided.map(Source::Part),
            Split::Train => train.then_some(Source::Own(split)),
            Split::Val => val.then_some(Source::Own(split)),
            Split::Test if has_own(test) => Some(Source::Own(split)),
            Split::Test => divided.map(Source::Part),
        }
    }

    /// The split that is opened when `split` is requested: validation if no test split is labeled.
    pub fn stands_in(&self, split: Split) -> Split {
        match (split, self.source(split)) {
            (Split::Test, None) => Split::Val,
            (Split::Test, Some(Source::Part(_))) if self.fractions()[2] == 0.0 => Split::Val,
            (split, _) => split,
        }
    }

    /// Whether a split exists.
    pub fn has(&self, split: Split) -> bool {
        self.source(split).is_some()
    }

    /// Whether splits are divided from data that is read once.
    pub fn is_divided(&self) -> bool {
        matches!(self.source(Split::Train), Some(Source::Part(_)))
    }

    /// The fractions of a division; a test split of its own is not divided again.
    fn fractions(&self) -> [f64; 3] {
        let usual = match (self.available.whole, self.available.splits[2]) {
            (false, true) => [0.9, 0.1, 0.0],
            _ => Subset::USUAL_DIVISION,
        };
        self.args.divide.map_or(usual, |fractions| fractions.0)
    }

    /// Opens a split, or its substitute.
    ///
    /// # Errors
    /// If a file cannot be read, an annotation cannot be used (unless those are left out), or the
    /// split doesn't exist.
    pub fn open(&mut self, split: Split) -> Outcome<OpenSplit> {
        let split = self.stands_in(split);
        let dataset = match self.source(split) {
            Some(Source::Own(split)) if self.is_fld() => self.take_fld(split)?,
            Some(Source::Own(split)) => self.read(Some(split))?,
            Some(Source::Part(of)) => self.part(of, split)?,
            None => {
                let message = format!(
                    "{}: no annotations of the split '{split}'; {}",
                    self.root.display(),
                    Kind::Split.advice().remedy
                );
                return Err(message.into());
            }
        };
        Ok(OpenSplit { split, dataset: self.with_sigmas(dataset)? })
    }

    /// All samples of a dataset without splits, undivided; `None` if it has splits.
    ///
    /// # Errors
    /// The errors of [`Self::open`].
    pub fn open_whole(&mut self) -> Outcome<Option<Arc<dyn LandmarkDataset>>> {
        match self.available.whole {
            true => self.read(None).and_then(|dataset| self.with_sigmas(dataset)).map(Some),
            false => Ok(None),
        }
    }

    /// Opens all splits of a training run, reading each file once, and checks them against each
    /// other.
    ///
    /// # Errors
    /// The errors of [`Self::open`]; if splits have images in common, unless that is allowed.
    pub fn open_all(&mut self) -> Outcome<Splits> {
        let train = self.open(Split::Train)?.dataset;
        let val = self.open(Split::Val)?;
        let test = match self.stands_in(Split::Test) {
            Split::Val => val.clone(),
            split => self.open(split)?,
        };
        let opened = Splits { train, val: val.dataset, test };
        let own = [
            (Split::Train, opened.train.as_ref()),
            (Split::Val, opened.val.as_ref()),
            (opened.test.split, opened.test.dataset.as_ref()),
        ];
        let distinct = if opened.test.split == Split::Val { &own[..2] } else { &own[..] };
        if let Some(message) = self.check_overlap(distinct) {
            return Err(message.into());
        }
        Ok(opened)
    }

    /// Reports images that splits have in common; returns the error message if that is not allowed.
    pub fn check_overlap(&mut self, splits: &[(Split, &dyn LandmarkDataset)]) -> Option<String> {
        let found = shared(splits);
        let Shared { image, splits: [one, other], .. } = found.first()?;
        let message = format!(
            "{} images are in two splits, such as {image} in {one} and {other}: {}; {}",
            found.len(),
            Kind::Overlap.advice().effect,
            Kind::Overlap.advice().remedy
        );
        for Shared { image, splits: [one, other], other: name } in &found {
            let message = match image == name {
                true => format!("it is in {one} and in {other}"),
                false => format!("it is in {one}, and as {name} in {other}"),
            };
            self.findings.add(Kind::Overlap, Example::of_image(image, message));
        }
        (!self.args.allow_overlap && !self.collect).then_some(message)
    }

    /// Prints a summary of messages and findings.
    pub fn tell(&self) {
        self.statements.iter().for_each(output::tell);
        let summary = self.findings.summary();
        if !summary.is_empty() {
            output::tell(summary.trim_end());
        }
    }

    /// Reads all of FLD's splits, as each of its files covers all splits.
    fn read_fld(&mut self) -> Outcome<()> {
        let root = self.root;
        let opened =
            self.reading("reading annotations", |on_event| FldDataset::open_all(root, on_event))?;
        let has = |split| opened.iter().any(|dataset| dataset.split() == split);
        self.available.splits = [Split::Train, Split::Val, Split::Test].map(has);
        self.fld = Some(opened);
        Ok(())
    }

    fn take_fld(&mut self, split: Split) -> Outcome<Arc<dyn LandmarkDataset>> {
        let opened = self.fld.iter().flatten().find(|dataset| dataset.split() == split);
        let dataset = opened.cloned().ok_or_else(|| {
            format!("{}: no image is in the split '{split}'", self.root.display())
        })?;
        Ok(Arc::new(dataset.with_orientation(self.args.orientation)))
    }

    fn read(&mut self, split: Option<Split>) -> Outcome<Arc<dyn LandmarkDataset>> {
        let (args, root, format) = (self.args, self.root, self.format);
        let what = split.map_or("reading annotations".into(), |split| format!("reading {split}"));
        let settled = self.settled;
        let (dataset, settled) =
            self.reading(&what, |on_event| args.read(root, format, split, settled, on_event))?;
        self.settled = settled;
        self.check_visible(split, dataset.as_ref());
        Ok(dataset)
    }

    /// A part of the divided data.
    fn part(&mut self, of: Option<Split>, split: Split) -> Outcome<Arc<dyn LandmarkDataset>> {
        if self.parts.is_none() {
            let whole = match of {
                Some(split) if self.is_fld() => self.take_fld(split)?,
                of => self.read(of)?,
            };
            let (fractions, seed) = (self.fractions(), self.args.divide_seed);
            let parts = Subset::divide(whole, fractions, seed)?;
            let counts = parts.each_ref().map(|part| part.images().len());
            let what = of.map_or("there are no splits: the".into(), |split| {
                format!("there is no validation split: the {split} split's")
            });
            let [train, val, test] = counts;
            self.statements.push(format!(
                "{what} images are divided by seed {seed} into {train} to train, {val} to \
                 validate, {test} to test on (--split, --divide-seed)"
            ));
            self.parts = Some(parts);
        }
        let parts = self.parts.as_ref().expect("divided above");
        Ok(Arc::new(parts[split as usize].clone()))
    }

    /// Reports a split without visible landmarks, on which nothing can be measured.
    fn check_visible(&mut self, split: Option<Split>, dataset: &dyn LandmarkDataset) {
        let mut landmarks = (0..dataset.len()).flat_map(|index| dataset.sample(index).landmarks);
        if !landmarks.any(|landmark| landmark.visibility == Visibility::Visible) {
            let name = split.map_or("the dataset", Split::name);
            let message = "no landmark is visible: all that are labeled are occluded";
            self.findings.add(Kind::NoneVisible, Example::of_image(name, message));
        }
    }

    /// The same dataset with the requested sigmas.
    fn with_sigmas(&self, dataset: Arc<dyn LandmarkDataset>) -> Outcome<Arc<dyn LandmarkDataset>> {
        let Some(sigma) = self.args.sigma else { return Ok(dataset) };
        let schema = dataset.schema().clone();
        let sigmas = vec![sigma; schema.len()];
        let schema = schema.with_sigmas(sigmas).map_err(|error| format!("--sigma: {error}"))?;
        Ok(Arc::new(dafe::data::WithSchema::new(dataset, schema)))
    }

    /// Reads with `open`, showing progress. Problems end the reading or are reported, depending on
    /// `collect`.
    fn reading<T>(
        &mut self,
        what: &str,
        open: impl FnOnce(&mut dyn FnMut(ReadEvent) -> Result<(), Error>) -> Result<T, Error>,
    ) -> Outcome<T> {
        let progress = Progress::new(what, 1);
        let goes_on = self.collect || self.args.skip_bad_annotations;
        let findings = &mut self.findings;
        let mut ended = false;
        let opened = open(&mut |event| {
            match event {
                ReadEvent::Progress { done, total } => progress.update(done, total, ""),
                ReadEvent::Problem(problem) if goes_on => {
                    findings.problem(Kind::Annotation, &problem);
                }
                ReadEvent::Problem(problem) => {
                    ended = true;
                    return Err(problem);
                }
                ReadEvent::Finding(finding) => findings.found(&finding),
                _ => (),
            }
            Ok(())
        });
        progress.done();
        opened.map_err(|error| match ended {
            true => format!("{error:#}; {}", Kind::Annotation.advice().remedy).into(),
            false => error.into(),
        })
    }
}
