//! What a dataset labels and a network finds: landmarks with position and visibility, one
//! [`LandmarkSample`] per garment, and the [`LandmarkSchema`] with the landmarks' names, mirror
//! pairs and categories.
//!
//! ```
//! use dafe::{
//!     landmark::{Landmark, LandmarkSample, Visibility},
//!     prelude::*,
//! };
//!
//! let schema = LandmarkSchema::fld();
//! let mut landmarks = vec![Landmark::ABSENT; schema.len()];
//! landmarks[0] = Landmark::new(104.8, 60.1, Visibility::Visible);
//! assert_eq!(schema.names()[0], "left collar");
//! let bounds = BoundingBox::new(40.0, 30.0, 260.0, 340.0).unwrap();
//! let sample = LandmarkSample::new("shirt.jpg", bounds, landmarks);
//! assert!(sample.landmarks[0].visibility.has_position());
//! ```
pub(crate) mod bounded;
pub(crate) mod category;
mod deepfashion2;
#[cfg(feature = "data")]
pub(crate) mod mirror;
mod schema;
mod visibility;

use serde::{Deserialize, Serialize};

pub use deepfashion2::DeepFashion2Category;
pub use schema::{LandmarkCategory, LandmarkSchema};
pub use visibility::{Visibility, VisibilityEstimate};

use crate::{geometry::BoundingBox, named::named_enum};

/// The position of a landmark, in pixels of its image, and its visibility.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Landmark {
    /// Pixels from the left; 0 is the center of the first column.
    pub x: f32,
    /// Pixels from the top; 0 is the center of the first row.
    pub y: f32,
    /// Whether the landmark can be seen.
    pub visibility: Visibility,
}

impl Landmark {
    /// A landmark that the garment does not have.
    pub const ABSENT: Self = Self { x: 0.0, y: 0.0, visibility: Visibility::Absent };

    /// A landmark at `(x, y)`.
    pub fn new(x: f32, y: f32, visibility: Visibility) -> Self {
        Self { x, y, visibility }
    }
}

/// FLD's three clothes types.
///
/// ```
/// use dafe::landmark::ClothesType;
///
/// let kind: ClothesType = "lower".parse()?;
/// assert_eq!(kind.number(), 2);
/// assert_eq!(kind.slots(), [4, 5, 6, 7]); // waistline and hem, left and right
/// # Ok::<(), dafe::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClothesType {
    /// Upper-body clothes: collars, sleeves, hems.
    Upper,
    /// Lower-body clothes: waistlines, hems.
    Lower,
    /// Full-body clothes: all eight landmarks.
    Full,
}

named_enum!(ClothesType, "clothes type", { Upper => "upper", Lower => "lower", Full => "full" });

impl ClothesType {
    /// FLD's number for it: 1, 2, 3.
    pub fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The type with FLD's number `number`.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.number() == number)
    }

    /// The slots, of FLD's eight (see [`LandmarkSchema::fld`]), that this type has, in the files'
    /// order.
    pub fn slots(self) -> &'static [usize] {
        match self {
            Self::Upper => &[0, 1, 2, 3, 6, 7],
            Self::Lower => &[4, 5, 6, 7],
            Self::Full => &[0, 1, 2, 3, 4, 5, 6, 7],
        }
    }
}

/// FLD's five variation types: how far pose and zoom differ from a plain frontal image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "FLD's own terms")]
pub enum VariationType {
    Normal,
    MediumPose,
    LargePose,
    MediumZoomIn,
    LargeZoomIn,
}

named_enum!(VariationType, "variation type", {
    Normal => "normal",
    MediumPose => "medium-pose",
    LargePose => "large-pose",
    MediumZoomIn => "medium-zoom-in",
    LargeZoomIn => "large-zoom-in",
});

impl VariationType {
    /// FLD's number for it: 1 to 5.
    pub fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The variation that has FLD's number `number`.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|variation| variation.number() == number)
    }
}

/// One garment (or other object) in one image: the image's name, the box and the landmarks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LandmarkSample {
    /// The image's name as in the annotation, relative to the dataset's root.
    pub image: String,
    /// The garment's box, in image pixels: annotated or detected.
    pub bounding_box: BoundingBox,
    /// One entry for each landmark of the schema, in its order.
    pub landmarks: Vec<Landmark>,
    /// Index in [`LandmarkSchema::categories`], if known; FLD's are [`ClothesType::ALL`].
    pub category: Option<usize>,
    /// FLD's variation type, if known.
    pub variation_type: Option<VariationType>,
    /// The detector's confidence in the box; `None` for an annotated box.
    pub score: Option<f32>,
    /// The object's area in square pixels, which OKS is relative to: the area of its outline, if
    /// the dataset has outlines. Without it, OKS uses the area of the box.
    #[serde(default)]
    pub area: Option<f32>,
    /// COCO's `iscrowd`: many objects at once, which average precision ignores.
    #[serde(default)]
    pub crowd: bool,
}

impl LandmarkSample {
    /// A sample with only an image, a box and landmarks.
    pub fn new(
        image: impl Into<String>,
        bounding_box: BoundingBox,
        landmarks: Vec<Landmark>,
    ) -> Self {
        Self {
            image: image.into(),
            bounding_box,
            landmarks,
            category: None,
            variation_type: None,
            score: None,
            area: None,
            crowd: false,
        }
    }
}
