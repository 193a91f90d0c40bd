//! What is unusual about a dataset that is read all the same.
use std::fmt;

use crate::{Error, ErrorKind, named::named_enum};

/// What a reader met that is no error, and did something about: it says what, once for each place.
///
/// The place (file, annotation, image, landmark) is known as far as that of an [`Error`].
#[derive(Debug)]
pub struct Finding {
    kind: FindingKind,
    place: Error,
}

/// The kinds of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FindingKind {
    /// A box is missing, empty or no box: made from the labelled landmarks.
    BoxFromLandmarks,
    /// A box is missing and fewer than two landmarks are labelled: the whole image is taken.
    BoxOfImage,
    /// An area is 0 or no number: OKS goes by the box's area.
    Area,
    /// Visibilities are 0 and 1 only, or confidences, and not COCO's 0, 1 and 2.
    VisibilityCode,
    /// A labelled landmark has no position, or its category has no such landmark: it is not used.
    Position,
    /// Names that say left or right have no partner.
    MirrorPairs,
    /// Landmarks have no names, fewer names than there are landmarks, or the same name twice.
    Names,
    /// A line of the skeleton names no landmark: it is not drawn.
    Skeleton,
    /// OKS's constants are assumed, or can't be used.
    Sigmas,
    /// A number is missing, no number or there twice: another is given.
    Number,
    /// An entry is there twice: used once.
    Repeated,
    /// An annotation without keypoints, or without any that are labelled and without a box.
    Unlabeled,
    /// The labels are of images as they are stored, not as their EXIF orientation shows them, or
    /// may be.
    Orientation,
    /// Images have other sizes than the annotations say: labels may be of other images, or of these
    /// before they were resized.
    Size,
    /// A file of the dataset is passed over.
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
    /// A finding whose place is not known yet; [`Self::at`] adds it.
    pub fn new(kind: FindingKind, message: impl Into<String>) -> Self {
        Self { kind, place: Error::new(ErrorKind::Annotation, message) }
    }

    /// With a place, which is added as to an error: `finding.at(|place| place.with_line(7))`.
    #[must_use]
    pub fn at(self, add: impl FnOnce(Error) -> Error) -> Self {
        Self { place: add(self.place), ..self }
    }

    /// What kind it is of.
    pub fn kind(&self) -> FindingKind {
        self.kind
    }

    /// What was met and what was done about it, without the place.
    pub fn message(&self) -> &str {
        self.place.message()
    }

    /// The place, as that of an error.
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
