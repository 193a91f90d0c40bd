//! The annotation of an image and its garments in DeepFashion2.
use crate::{
    geometry::BoundingBox,
    landmark::{DeepFashion2Category, Landmark},
    named::named_enum,
};

/// The photographer of an image: customer or shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeepFashion2Source {
    /// A customer.
    User,
    /// A shop.
    Shop,
}

named_enum!(DeepFashion2Source, "source", { User => "user", Shop => "shop" });

/// The annotation of one image.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DeepFashion2Image {
    /// Who took the image.
    pub source: Option<DeepFashion2Source>,
    /// The number shared by images of the same clothes.
    pub pair_id: Option<u64>,
    /// The garments: `item1`, `item2`, …
    pub items: Vec<DeepFashion2Item>,
}

/// One garment in an image.
#[derive(Debug, Clone, PartialEq)]
pub struct DeepFashion2Item {
    /// The garment's category.
    pub category: DeepFashion2Category,
    /// The garment's box, in pixels of the image.
    pub bounding_box: BoundingBox,
    /// The category's landmarks, in the category's order.
    pub landmarks: Vec<Landmark>,
    /// Additional labels.
    pub attributes: DeepFashion2Attributes,
    /// Outlines of the garment's parts, each a list of `[x, y]`. They are written but not read:
    /// empty for annotations read from a file.
    pub segmentation: Vec<Vec<[f32; 2]>>,
}

/// A garment's labels besides its landmarks, as the dataset's numbers. `None` if not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeepFashion2Attributes {
    /// Distinguishes the styles with the same `pair_id`; 0 if the garment is in no pair.
    pub style: Option<u32>,
    /// [`DeepFashion2Attribute::Scale`], 1 to 3.
    pub scale: Option<u8>,
    /// [`DeepFashion2Attribute::Occlusion`], 1 to 3.
    pub occlusion: Option<u8>,
    /// [`DeepFashion2Attribute::ZoomIn`], 1 to 3.
    pub zoom_in: Option<u8>,
    /// [`DeepFashion2Attribute::Viewpoint`], 1 to 3.
    pub viewpoint: Option<u8>,
}

/// An attribute with three values, commonly used to break down results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeepFashion2Attribute {
    /// How large the garment is in its image.
    Scale,
    /// How much of the garment is occluded.
    Occlusion,
    /// How much of the garment is outside of the image.
    ZoomIn,
    /// The viewpoint, and whether the garment is worn.
    Viewpoint,
}

impl DeepFashion2Attribute {
    /// All four attributes.
    pub const ALL: &'static [Self] = &[Self::Scale, Self::Occlusion, Self::ZoomIn, Self::Viewpoint];

    /// The key in the files: "scale", "occlusion", "zoom_in", "viewpoint".
    pub fn name(self) -> &'static str {
        ["scale", "occlusion", "zoom_in", "viewpoint"][self as usize]
    }

    /// The meanings of the numbers 1, 2 and 3.
    pub fn values(self) -> [&'static str; 3] {
        match self {
            Self::Scale => ["small", "modest", "large"],
            Self::Occlusion => ["slight", "medium", "heavy"],
            Self::ZoomIn => ["no", "medium", "large"],
            Self::Viewpoint => ["not worn", "frontal", "side or back"],
        }
    }

    /// The attribute's number for a garment, 1 to 3.
    pub fn of(self, attributes: &DeepFashion2Attributes) -> Option<u8> {
        match self {
            Self::Scale => attributes.scale,
            Self::Occlusion => attributes.occlusion,
            Self::ZoomIn => attributes.zoom_in,
            Self::Viewpoint => attributes.viewpoint,
        }
    }
}

impl DeepFashion2Attributes {
    /// Checks that every number has a meaning.
    pub(super) fn check(&self) -> Result<(), String> {
        for &attribute in DeepFashion2Attribute::ALL {
            if let Some(value) = attribute.of(self).filter(|value| !(1..=3).contains(value)) {
                return Err(format!("{} {value} is not 1, 2 or 3", attribute.name()));
            }
        }
        Ok(())
    }
}
