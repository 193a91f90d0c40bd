//! Requests to a detector, and its results.
use std::{borrow::Cow, fmt};

use image::{DynamicImage, RgbImage};
use serde::{Deserialize, Serialize};

use crate::{
    Error, ErrorKind, data::image::flattened, geometry::BoundingBox, landmark::VisibilityEstimate,
};

/// Which of the schema's categories (FLD's clothes types) a garment has. Landmarks that the
/// category lacks are not returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum CategoryChoice {
    /// The likeliest category by the heatmaps, if the network was [trained for
    /// it](super::DetectorConfig::infers_category); otherwise the same as [`Self::All`].
    #[default]
    Inferred,
    /// A given category, by its index in
    /// [`LandmarkSchema::categories`](crate::landmark::LandmarkSchema::categories).
    Known(usize),
    /// No category: all landmarks of the schema are returned.
    All,
}

/// An input image. 8-bit RGB images are borrowed; others are converted, with transparent pixels on
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

/// A request to find the landmarks of one garment.
///
#[cfg_attr(all(feature = "bundled", feature = "flex"), doc = "```")]
#[cfg_attr(not(all(feature = "bundled", feature = "flex")), doc = "```ignore")]
/// use dafe::{detector::CategoryChoice, landmark::ClothesType, prelude::*};
///
/// let detector = LandmarkDetector::bundled(&Device::flex());
/// let image = image::RgbImage::new(200, 300);
/// let skirt = DetectionRequest::new(&image)
///     .in_box(BoundingBox::new(20.0, 50.0, 180.0, 250.0).unwrap())
///     .of(CategoryChoice::Known(ClothesType::Lower as usize));
/// let detections = detector.detect_batch(&[skirt])?;
/// // Left and right waistline and hem.
/// assert_eq!(detections[0].landmarks.len(), 4);
/// # Ok::<(), dafe::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct DetectionRequest<'a> {
    /// The image. Photographs should be upright ([`read_image`](crate::data::image::read_image)):
    /// networks are not trained on rotated people.
    pub image: &'a RgbImage,
    /// The garment's box, in the image's pixels. Without one, the garment is searched for in the
    /// whole image.
    pub bounding_box: Option<BoundingBox>,
    /// The garment's category.
    pub category: CategoryChoice,
}

impl<'a> DetectionRequest<'a> {
    /// Requests the garment anywhere in `image`, of any category.
    pub fn new(image: &'a RgbImage) -> Self {
        Self { image, bounding_box: None, category: CategoryChoice::default() }
    }

    /// Requests the garment in `bounding_box`.
    pub fn in_box(self, bounding_box: BoundingBox) -> Self {
        Self { bounding_box: Some(bounding_box), ..self }
    }

    /// Sets the category.
    pub fn of(self, category: CategoryChoice) -> Self {
        Self { category, ..self }
    }

    /// The region of the first pass: the box, or the whole image.
    pub(super) fn first_region(&self) -> Result<BoundingBox, Error> {
        let (width, height) = self.image.dimensions();
        if width == 0 || height == 0 {
            return Err(Error::new(ErrorKind::Input, "an image without pixels has no landmarks"));
        }
        let whole = BoundingBox::whole(width, height);
        let Some(BoundingBox { x1, y1, x2, y2 }) = self.bounding_box else { return Ok(whole) };
        // The fields are public, so a box may hold any values.
        let bounds = BoundingBox::new(x1, y1, x2, y2).ok_or_else(|| {
            let message = format!(
                "({x1}, {y1}) to ({x2}, {y2}) is not a valid box: it needs finite numbers, x2 > x1, y2 > y1 and sides of at most {} pixels",
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

/// A landmark found in an image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DetectedLandmark {
    /// The landmark's index in the schema.
    pub index: usize,
    /// The landmark's name.
    pub name: String,
    /// Horizontal position in pixels, from the image's left.
    pub x: f32,
    /// Vertical position in pixels, from the image's top.
    pub y: f32,
    /// The maximum of the heatmap, or its sigmoid for [logits](super::DetectorConfig::logits):
    /// about 1 where the network is confident.
    pub score: f32,
    /// The probability that the position is off by at most 0.2 of the garment's box, 0 to 1, if the
    /// model is [calibrated](super::Calibration::confidence) for it.
    pub confidence: Option<f32>,
    /// Whether the landmark is visible, if the model is [calibrated](super::Calibration) for it.
    pub visibility: Option<VisibilityEstimate>,
}

impl fmt::Display for DetectedLandmark {
    /// Formats name, position and score: `left collar: (104.8, 60.1), score 0.59`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, x, y, score, .. } = self;
        write!(f, "{name}: ({x:.1}, {y:.1}), score {score:.2}")
    }
}

/// The category of a detected garment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DetectedCategory {
    /// The category's index in
    /// [`LandmarkSchema::categories`](crate::landmark::LandmarkSchema::categories).
    pub index: usize,
    /// The category's name.
    pub name: String,
    /// The probability by the heatmaps; `None` if the category was given.
    pub probability: Option<f64>,
    /// Whether the category was given or its probability is at least [`Self::SURE`]. Otherwise it
    /// is uncertain: some returned landmarks may not exist on the garment, and others may be
    /// missing.
    pub sure: bool,
}

impl DetectedCategory {
    /// The probability from which on a category counts as sure.
    pub const SURE: f64 = 0.7;

    /// Creates a category; `probability` is `None` if it was given.
    pub(super) fn new(index: usize, name: String, probability: Option<f64>) -> Self {
        let sure = probability.is_none_or(|probability| probability >= Self::SURE);
        Self { index, name, probability, sure }
    }
}

/// The detected landmarks, category and box of one garment.
///
/// ```
/// use dafe::{detector::DetectedLandmark, prelude::*};
///
/// let collar = DetectedLandmark {
///     index: 0,
///     name: "left collar".into(),
///     x: 95.9,
///     y: 75.2,
///     score: 0.75,
///     confidence: None,
///     visibility: None,
/// };
/// assert_eq!(collar.to_string(), "left collar: (95.9, 75.2), score 0.75");
///
/// let bounding_box = BoundingBox::new(10.0, 20.0, 110.0, 220.0).unwrap();
/// let detection = Detection { landmarks: vec![collar], category: None, bounding_box };
/// let json = serde_json::to_string(&detection)?;
/// assert_eq!(serde_json::from_str::<Detection>(&json)?, detection);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    /// The category's landmarks, or all if the category is not known, in the schema's order.
    pub landmarks: Vec<DetectedLandmark>,
    /// The category, inferred or given.
    pub category: Option<DetectedCategory>,
    /// The garment's box, given or found.
    pub bounding_box: BoundingBox,
}
