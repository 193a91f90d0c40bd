//! What generated images and datasets of them promise.
mod garment_datasets;
mod garments;
mod kinds;
mod pinned;
mod scene_datasets;
mod scenes;
mod sewing;
mod styles;

use dafe::data::Split;

use crate::Style;

const STYLES: [Style; 2] = [Style::Usual, Style::Unlike];
const SPLITS: [Split; 3] = [Split::Train, Split::Val, Split::Test];
