//! Findings: unusual data that is read anyway.
use std::fmt;

use crate::{Error, ErrorKind, named::named_enum};

/// Unusual data that a reader handled without an error. Reported once per place, with what was
/// done.
///
/// The place (file, annotation, image, landmark) is as specific as that of an [`Error`].
#[derive(Debug)]
pub struct Finding {
    kind: FindingKind,
    place: Error,
}

/// The kind of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FindingKind {
    /// A box is missing, empty or invalid, and is derived from the labeled landmarks.
    BoxFromLandmarks,
    /// A box is missing and fewer than two landmarks are labeled: the box is the whole image.
    BoxOfImage,
    /// An area is 0 or not a number: OKS uses the area of the box.
    Area,
    /// Visibility values are only 0 and 1, or confidences, instead of COCO's 0, 1 and 2.
    VisibilityCode,
    /// A labeled landmark has no position, or its category does not have this landmark: it is
    /// ignored.
    Position,
    /// Landmark names with a side (left or right) have no mirror partner.
    MirrorPairs,
    /// Landmarks are unnamed, have too few names, or share a name.
    Names,
    /// A skeleton line refers to a missing landmark: it is not rendered.
    Skeleton,
    /// OKS constants are assumed or can't be used.
    Sigmas,
    /// A number is missing, invalid or duplicated: a different one is assigned.
    Number,
    /// An entry is duplicated: it is used once.
    Repeated,
    /// An annotation has no keypoints, or no labeled keypoints and no box.
    Unlabeled,
    /// The labels refer, or may refer, to images as stored rather than as rotated by their EXIF
    /// orientation.
    Orientation,
    /// Image sizes differ from those in the annotations: the labels may belong to other images, or
    /// to these before they were resized.
    Size,
    /// A file of the dataset is skipped.
    PassedOver,
}

named_enum!(FindingKind, "kind of finding", {
    BoxFromLandmarks => "box-from-landmarks",
    BoxOfImage => "box-of-image",
    Area => "area",
    VisibilityCode => "visibility-code",
    Position => "position",
    MirrorPairs => "mirror-pairs",
    Names => "names",
    Skeleton => "skeleton",
    Sigmas => "sigmas",
    Number => "number",
    Repeated => "repeated",
    Unlabeled => "unlabeled",
    Orientation => "orientation",
    Size => "size",
    PassedOver => "passed-over",
});

impl Finding {
    /// A finding without a place; add one with [`Self::at`].
    pub fn new(kind: FindingKind, message: impl Into<String>) -> Self {
        Self { kind, place: Error::new(ErrorKind::Annotation, message) }
    }

    /// Adds a place, in the same way as to an error: `finding.at(|place| place.with_line(7))`.
    #[must_use]
    pub fn at(self, add: impl FnOnce(Error) -> Error) -> Self {
        Self { place: add(self.place), ..self }
    }

    /// The finding's kind.
    pub fn kind(&self) -> FindingKind {
        self.kind
    }

    /// The message without the place: what was found and how it was handled.
    pub fn message(&self) -> &str {
        self.place.message()
    }

    /// The place, stored as an [`Error`].
    pub fn place(&self) -> &Error {
        &self.place
    }
}

impl fmt::Display for Finding {
    /// The message with its place.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.place.fmt(f)
    }
}
