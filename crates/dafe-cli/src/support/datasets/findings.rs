//! Findings about a dataset, grouped by kind.
use std::{collections::BTreeMap, fmt};

use dafe::{
    Error,
    data::{Finding, FindingKind},
};
use serde::{Serialize, Serializer};

use super::advice::{Advice, Level};

/// The kinds of findings: those of the readers, and those of the program's own checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An annotation file can't be read.
    File,
    /// An annotation can't be used.
    Annotation,
    /// An image is missing or can't be read.
    Image,
    /// The same image is in two splits.
    Overlap,
    /// A split is missing.
    Split,
    /// No landmark of a split is visible.
    NoneVisible,
    /// The same image occurs twice under different names.
    Copy,
    /// A visible landmark lies outside of its image.
    Outside,
    /// A box lies outside of its image.
    BoxOutside,
    /// A JPEG lacks its end marker.
    EndMarker,
    /// An image's EXIF orientation turns it.
    Turned,
    /// A reader's finding.
    Found(FindingKind),
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "unusable-file",
            Self::Annotation => "unusable-annotation",
            Self::Image => "unusable-image",
            Self::Overlap => "image-in-two-splits",
            Self::Split => "split-missing",
            Self::NoneVisible => "no-visible-landmark",
            Self::Copy => "image-twice",
            Self::Outside => "landmark-outside",
            Self::BoxOutside => "box-outside",
            Self::EndMarker => "jpeg-without-end",
            Self::Turned => "image-turned",
            Self::Found(kind) => kind.name(),
        }
    }
}

/// An example of a finding: its place and message.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Example {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annotation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub landmark: Option<String>,
    pub message: String,
    /// The whole example in one line.
    #[serde(skip)]
    shown: String,
}

impl Example {
    /// An error's place and message.
    pub fn of(error: &Error) -> Self {
        Self {
            file: error.path().map(|path| path.display().to_string()),
            line: error.line(),
            image: error.image().map(String::from),
            annotation: error.annotation().map(String::from),
            landmark: error.landmark().map(String::from),
            message: error.message().to_string(),
            shown: format!("{error:#}"),
        }
    }

    /// Sets the image.
    #[must_use]
    pub fn in_image(mut self, image: &str) -> Self {
        self.image = Some(image.to_string());
        self
    }

    /// A message about an image.
    pub fn of_image(image: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        let shown = format!("{image}: {message}");
        let image = Some(image.to_string());
        Self { file: None, line: None, image, annotation: None, landmark: None, message, shown }
    }
}

impl fmt::Display for Example {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// All findings of a kind: all are counted, the first are kept as examples.
#[derive(Debug)]
pub struct FindingGroup {
    pub kind: Kind,
    pub count: usize,
    pub examples: Vec<Example>,
}

impl Serialize for FindingGroup {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Written<'a> {
            level: Level,
            kind: &'a str,
            count: usize,
            effect: &'a str,
            remedy: &'a str,
            examples: &'a [Example],
        }
        let Advice { level, effect, remedy } = self.kind.advice();
        let kind = self.kind.name();
        Written { level, kind, count: self.count, effect, remedy, examples: &self.examples }
            .serialize(serializer)
    }
}

/// The most examples that are kept of a kind, so that a large file of nonsense doesn't fill the
/// memory.
const KEPT: usize = 10_000;

/// Findings of all kinds.
#[derive(Debug, Default)]
pub struct Findings(BTreeMap<Kind, FindingGroup>);

impl Findings {
    pub fn add(&mut self, kind: Kind, example: Example) {
        let empty = FindingGroup { kind, count: 0, examples: Vec::new() };
        let group = self.0.entry(kind).or_insert(empty);
        group.count += 1;
        if group.examples.len() < KEPT {
            group.examples.push(example);
        }
    }

    /// Adds a reader's finding.
    pub fn found(&mut self, finding: &Finding) {
        self.add(Kind::Found(finding.kind()), Example::of(finding.place()));
    }

    /// Adds something that can't be used.
    pub fn problem(&mut self, kind: Kind, error: &Error) {
        self.add(kind, Example::of(error));
    }

    /// The groups, most severe first.
    pub fn groups(&self) -> Vec<&FindingGroup> {
        let mut groups: Vec<_> = self.0.values().collect();
        groups.sort_by_key(|group| (group.kind.advice().level, group.kind));
        groups
    }

    /// The number of findings of a level.
    pub fn count(&self, level: Level) -> usize {
        let of_level = self.0.values().filter(|group| group.kind.advice().level == level);
        of_level.map(|group| group.count).sum()
    }

    /// All findings as lines, with at most `show` examples of each kind.
    pub fn shown(&self, show: usize) -> String {
        let mut shown = String::new();
        for group in self.groups() {
            let Advice { level, effect, remedy } = group.kind.advice();
            let (level, kind, count) = (level.name(), group.kind.name(), group.count);
            shown += &format!("{level}: {kind}: {count}\n");
            for example in group.examples.iter().take(show) {
                shown += &format!("    {example}\n");
            }
            if count > show {
                shown += &format!("    … and {} more\n", count - show);
            }
            shown += &format!("  effect: {effect}\n  fix: {remedy}\n");
        }
        shown
    }

    /// One line per kind except notes, with the first example and the remedy.
    pub fn summary(&self) -> String {
        let mut shown = String::new();
        let groups = self.groups();
        let worth = groups.iter().filter(|group| group.kind.advice().level != Level::Note);
        for group in worth {
            let remedy = group.kind.advice().remedy;
            let (level, count) = (group.kind.advice().level.name(), group.count);
            let first = group.examples.first().map(ToString::to_string).unwrap_or_default();
            let times =
                if count > 1 { format!(" (and {} more)", count - 1) } else { String::new() };
            shown += &format!("{level}: {first}{times}; {remedy}\n");
        }
        if groups.iter().any(|group| group.kind.advice().level == Level::Note) {
            let count = self.count(Level::Note);
            shown += &format!("{count} notes: dafe check shows them\n");
        }
        shown
    }
}
