//! What DeepFashion2 says of an item and of an image.
use crate::{
    geometry::BoundingBox,
    landmark::{DeepFashion2Category, Landmark},
    named::named_enum,
};

/// Who took an image.
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
    /// Who took it.
    pub source: Option<DeepFashion2Source>,
    /// The number that images of the same clothes share.
    pub pair_id: Option<u64>,
    /// Its items: `item1`, `item2`, …
    pub items: Vec<DeepFashion2Item>,
}

/// One piece of clothing in an image.
#[derive(Debug, Clone, PartialEq)]
pub struct DeepFashion2Item {
    /// What it is.
    pub category: DeepFashion2Category,
    /// Its box, in pixels of the image.
    pub bounding_box: BoundingBox,
    /// The category's landmarks, in its order.
    pub landmarks: Vec<Landmark>,
    /// What else is known.
    pub attributes: DeepFashion2Attributes,
    /// Outlines of its parts, each a list of `[x, y]`. Written, but not read: items that were read have none.
    pub segmentation: Vec<Vec<[f32; 2]>>,
}

/// An item's labels beside its landmarks, as the dataset's numbers; none where they are not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeepFashion2Attributes {
    /// Which of the styles that share a `pair_id` it is; 0 where it is in no pair.
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

/// An attribute with three values, by which results are commonly split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeepFashion2Attribute {
    /// How large the item is in its image.
    Scale,
    /// How much of it is hidden.
    Occlusion,
    /// How much of it is outside the image.
    ZoomIn,
    /// From where it is seen, and whether it is worn.
    Viewpoint,
}

impl DeepFashion2Attribute {
    /// All four.
    pub const ALL: &'static [Self] = &[Self::Scale, Self::Occlusion, Self::ZoomIn, Self::Viewpoint];

    /// Its key in the files: "scale", "occlusion", "zoom_in", "viewpoint".
    pub fn name(self) -> &'static str {
        ["scale", "occlusion", "zoom_in", "viewpoint"][self as usize]
    }

    /// What its numbers 1, 2 and 3 mean.
    pub fn values(self) -> [&'static str; 3] {
        match self {
            Self::Scale => ["small", "modest", "large"],
            Self::Occlusion => ["slight", "medium", "heavy"],
            Self::ZoomIn => ["no", "medium", "large"],
            Self::Viewpoint => ["not worn", "frontal", "side or back"],
        }
    }

    /// Its number for an item, 1 to 3.
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
    /// Whether every number has a meaning.
    pub(super) fn check(&self) -> Result<(), String> {
        for &attribute in DeepFashion2Attribute::ALL {
            if let Some(value) = attribute.of(self).filter(|value| !(1..=3).contains(value)) {
                return Err(format!("{} {value} is not 1, 2 or 3", attribute.name()));
            }
        }
        Ok(())
    }
}
