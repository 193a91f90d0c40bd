//! What a landmark is: position, visibility, the kinds of clothes, and the schema that names and mirrors them.
mod deepfashion2;

use serde::{Deserialize, Serialize};

pub use deepfashion2::DeepFashion2Category;

use crate::{error::Error, geometry::BoundingBox};

/// Whether a landmark can be seen (FLD's terms).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// In the picture and seen.
    Visible,
    /// In the picture, behind something; the position is an annotator's estimate.
    Occluded,
    /// Outside the picture; coordinates mean nothing.
    Truncated,
    /// The garment has no such landmark, or it was not labelled; coordinates mean nothing.
    Absent,
}

impl Visibility {
    /// Whether the coordinates mean something: visible or occluded.
    pub fn has_position(self) -> bool {
        matches!(self, Self::Visible | Self::Occluded)
    }
}

/// A landmark's position, in pixels of its picture, and visibility.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Landmark {
    /// Pixels from the left; 0 is the first column's centre.
    pub x: f32,
    /// Pixels from the top; 0 is the first row's centre.
    pub y: f32,
    /// Whether it can be seen.
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

/// FLD's three kinds of clothes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClothesType {
    /// Upper-body clothes: collars, sleeves, hems.
    Upper,
    /// Lower-body clothes: waistlines, hems.
    Lower,
    /// Full-body clothes: all eight landmarks.
    Full,
}

impl ClothesType {
    /// All, in the order of FLD's numbers.
    pub const ALL: [Self; 3] = [Self::Upper, Self::Lower, Self::Full];

    /// FLD's number for it: 1, 2, 3.
    pub fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The kind that has FLD's number `number`.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// Which of FLD's eight slots (see [`LandmarkSchema::fld`]) it has, in the files' order.
    pub fn slots(self) -> &'static [usize] {
        match self {
            Self::Upper => &[0, 1, 2, 3, 6, 7],
            Self::Lower => &[4, 5, 6, 7],
            Self::Full => &[0, 1, 2, 3, 4, 5, 6, 7],
        }
    }

    /// Its name in tables: "upper", "lower", "full".
    pub fn name(self) -> &'static str {
        ["upper", "lower", "full"][self as usize]
    }
}

/// FLD's five variation types: how far pose and zoom are from a plain frontal picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "FLD's own terms")]
pub enum VariationType {
    Normal,
    MediumPose,
    LargePose,
    MediumZoomIn,
    LargeZoomIn,
}

impl VariationType {
    /// All, in the order of FLD's numbers.
    pub const ALL: [Self; 5] =
        [Self::Normal, Self::MediumPose, Self::LargePose, Self::MediumZoomIn, Self::LargeZoomIn];

    /// FLD's number for it: 1 to 5.
    pub fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The variation that has FLD's number `number`.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|variation| variation.number() == number)
    }

    /// Its name in tables: "normal", "medium-pose", "large-pose", "medium-zoom-in", "large-zoom-in".
    pub fn name(self) -> &'static str {
        ["normal", "medium-pose", "large-pose", "medium-zoom-in", "large-zoom-in"][self as usize]
    }
}

/// The names, mirror pairs and skeleton of a set of landmarks: what flipping, drawing and tables go by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LandmarkSchema {
    names: Vec<String>,
    mirror: Vec<usize>,
    skeleton: Vec<[usize; 2]>,
}

impl LandmarkSchema {
    /// FLD's eight: left/right collar, sleeve, waistline, hem. "Left" is the picture's left when the garment is
    /// seen from the front.
    pub fn fld() -> Self {
        let names = ["collar", "sleeve", "waistline", "hem"]
            .iter()
            .flat_map(|part| [format!("left {part}"), format!("right {part}")])
            .collect();
        Self {
            names,
            mirror: vec![1, 0, 3, 2, 5, 4, 7, 6],
            skeleton: vec![[0, 1], [0, 2], [1, 3], [0, 4], [1, 5], [4, 5], [4, 6], [5, 7], [6, 7]],
        }
    }

    /// The part of FLD's landmarks that a kind of clothes has, in the order of [`ClothesType::slots`]: what networks
    /// for one kind predict.
    pub fn fld_of(kind: ClothesType) -> Self {
        let (all, slots) = (Self::fld(), kind.slots());
        let place = |landmark: usize| slots.iter().position(|&slot| slot == landmark);
        Self {
            names: slots.iter().map(|&slot| all.names[slot].clone()).collect(),
            mirror: slots.iter().filter_map(|&slot| place(all.mirror[slot])).collect(),
            skeleton: all
                .skeleton
                .iter()
                .filter_map(|&[a, b]| Some([place(a)?, place(b)?]))
                .collect(),
        }
    }

    /// Whether mirror pairs and skeleton name landmarks that exist, and mirroring twice changes nothing.
    ///
    /// # Errors
    /// [`Error::Config`] naming the first entry at fault.
    pub fn validate(&self) -> Result<(), Error> {
        let n = self.names.len();
        if self.mirror.len() != n {
            return Err(Error::Config(format!(
                "{n} landmarks, but {} mirror entries",
                self.mirror.len()
            )));
        }
        for (i, &mirrored) in self.mirror.iter().enumerate() {
            if self.mirror.get(mirrored) != Some(&i) {
                return Err(Error::Config(format!(
                    "landmarks {i} and {mirrored} don't mirror each other"
                )));
            }
        }
        match self.skeleton.iter().flatten().find(|&&i| i >= n) {
            Some(i) => Err(Error::Config(format!("the skeleton names landmark {i} of {n}"))),
            None => Ok(()),
        }
    }

    /// How many landmarks there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Their names, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// `mirror()[i]` is the landmark that `i` becomes in a mirrored picture.
    pub fn mirror(&self) -> &[usize] {
        &self.mirror
    }

    /// The pairs of landmarks that drawings join with a line.
    pub fn skeleton(&self) -> &[[usize; 2]] {
        &self.skeleton
    }
}

/// One garment in one picture, as labelled: where the picture is, the garment's box and its landmarks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LandmarkSample {
    /// The picture's name as the annotation gives it, relative to the dataset's root.
    pub image: String,
    /// The garment's box, in picture pixels.
    pub bounding_box: BoundingBox,
    /// One entry for each landmark of the schema, in its order.
    pub landmarks: Vec<Landmark>,
    /// The kind of clothes, where known.
    pub clothes_type: Option<ClothesType>,
    /// The variation type, where known.
    pub variation_type: Option<VariationType>,
}
