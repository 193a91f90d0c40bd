//! What a detector is asked and what it answers.
use std::{borrow::Cow, fmt};

use image::{DynamicImage, RgbImage};
use serde::{Deserialize, Serialize};

use crate::{
    Error, ErrorKind, data::image::flattened, geometry::BoundingBox, landmark::VisibilityEstimate,
};

/// Which of the schema's categories (FLD's clothes types) a garment is taken for: what it lacks is not returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum CategoryChoice {
    /// The likeliest by the heatmaps, if the network was [trained for it](super::DetectorConfig::infers_category); else as
    /// [`Self::All`].
    #[default]
    Inferred,
    /// This one, by its index in [`LandmarkSchema::categories`](crate::landmark::LandmarkSchema::categories).
    Known(usize),
    /// Not asked: all landmarks of the schema are returned.
    All,
}

/// An image to look at: 8-bit RGB as it is, other kinds converted, with what is transparent on
/// white.
#[derive(Debug, Clone)]
pub struct InputImage<'a>(pub(super) Cow<'a, RgbImage>);

impl<'a> From<&'a RgbImage> for InputImage<'a> {
    fn from(image: &'a RgbImage) -> Self {
        Self(Cow::Borrowed(image))
    }
}

impl<'a> From<&'a DynamicImage> for InputImage<'a> {
    fn from(image: &'a DynamicImage) -> Self {
        Self(match image {
            DynamicImage::ImageRgb8(image) => Cow::Borrowed(image),
            other => Cow::Owned(flattened(other.clone())),
        })
    }
}

/// A garment to look at.
#[derive(Debug, Clone, Copy)]
pub struct DetectionRequest<'a> {
    /// The image. A photograph should be upright
    /// ([`read_image`](crate::data::image::read_image)): networks don't know lying people.
    pub image: &'a RgbImage,
    /// The garment's box, in the image's pixels; without one, the garment is looked for in the
    /// whole image.
    pub bounding_box: Option<BoundingBox>,
    /// The garment's category.
    pub category: CategoryChoice,
}

impl<'a> DetectionRequest<'a> {
    /// A garment anywhere in `image`, of any category.
    pub fn new(image: &'a RgbImage) -> Self {
        Self { image, bounding_box: None, category: CategoryChoice::default() }
    }

    /// The garment in `bounding_box`.
    pub fn in_box(self, bounding_box: BoundingBox) -> Self {
        Self { bounding_box: Some(bounding_box), ..self }
    }

    /// A garment of this category.
    pub fn of(self, category: CategoryChoice) -> Self {
        Self { category, ..self }
    }

    /// The region that is looked at first.
    pub(super) fn first_region(&self) -> Result<BoundingBox, Error> {
        let (width, height) = self.image.dimensions();
        if width == 0 || height == 0 {
            return Err(Error::new(ErrorKind::Input, "an image without pixels has no landmarks"));
        }
        let whole = BoundingBox::whole(width, height);
        let Some(BoundingBox { x1, y1, x2, y2 }) = self.bounding_box else { return Ok(whole) };
        // The fields are public, so that a box may hold anything.
        let bounds = BoundingBox::new(x1, y1, x2, y2).ok_or_else(|| {
            let message = format!(
                "({x1}, {y1}) to ({x2}, {y2}) is no box: finite, x2 beyond x1 and y2 beyond y1, at most {} pixels",
                BoundingBox::MAX_SIDE
            );
            Error::new(ErrorKind::Input, message)
        })?;
        if x2 <= 0.0 || y2 <= 0.0 || x1 >= whole.x2 || y1 >= whole.y2 {
            let message = format!(
                "the box ({x1}, {y1}) to ({x2}, {y2}) is outside of the image of {width} × {height} pixels"
            );
            return Err(Error::new(ErrorKind::Input, message));
        }
        Ok(bounds)
    }
}

/// A landmark that was found in an image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DetectedLandmark {
    /// Its index in the schema.
    pub index: usize,
    /// Its name.
    pub name: String,
    /// Pixels from the image's left.
    pub x: f32,
    /// Pixels from the image's top.
    pub y: f32,
    /// The highest value of its heatmap, or that value's sigmoid for
    /// [logits](super::DetectorConfig::logits): about 1 where the network is sure.
    pub score: f32,
    /// How probable it is that the position is right, 0 to 1, if the model was
    /// [calibrated](super::Calibration::confidence) for that: off by at most 0.2 of the garment's
    /// box.
    pub confidence: Option<f32>,
    /// Whether it can be seen, if the model was [calibrated](super::Calibration) for that.
    pub visibility: Option<VisibilityEstimate>,
}

impl fmt::Display for DetectedLandmark {
    /// The name, the position and the score: `left collar: (104.8, 60.1), score 0.59`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, x, y, score, .. } = self;
        write!(f, "{name}: ({x:.1}, {y:.1}), score {score:.2}")
    }
}

/// The category that a garment was taken for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DetectedCategory {
    /// Its index in [`LandmarkSchema::categories`](crate::landmark::LandmarkSchema::categories).
    pub index: usize,
    /// Its name.
    pub name: String,
    /// How likely it is by the heatmaps; none if it was given.
    pub probability: Option<f64>,
    /// Whether it is given or at least as likely as [`Self::SURE`]. Otherwise it is a guess:
    /// landmarks may be returned that the garment lacks, and others left out.
    pub sure: bool,
}

impl DetectedCategory {
    /// The probability from which on a category is called sure.
    pub const SURE: f64 = 0.7;

    /// The category `index`, called `name`, as likely as `probability`, if it is inferred.
    pub(super) fn new(index: usize, name: String, probability: Option<f64>) -> Self {
        let sure = probability.is_none_or(|probability| probability >= Self::SURE);
        Self { index, name, probability, sure }
    }
}

/// What a network saw of one garment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    /// The category's landmarks, or all where that is not known, in the schema's order.
    pub landmarks: Vec<DetectedLandmark>,
    /// The category, inferred or given.
    pub category: Option<DetectedCategory>,
    /// The box that the garment was looked for in: the one that was given, or the one that was found.
    pub bounding_box: BoundingBox,
}
