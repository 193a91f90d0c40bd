//! Tests of generated images and datasets.
mod garment_datasets;
mod garments;
mod kinds;
mod pinned;
mod scene_datasets;
mod scenes;
mod sewing;
mod styles;

use dafe::data::Split;

use crate::{
    Style,
    color::hex,
    drawing::piece::Owner,
    sewing::{layer::Layer, panels::Panels},
};

const STYLES: [Style; 2] = [Style::Usual, Style::Unlike];
const SPLITS: [Split; 3] = [Split::Train, Split::Val, Split::Test];

/// Plain gray cloth of the first garment.
fn layer(order: f32, worn: bool) -> Layer {
    Layer {
        owner: Owner::Garment(0),
        cloth: [0, 1],
        color: [hex(0x808080); 2],
        panels: Panels::plain(0, hex(0x808080)),
        order,
        over: 0.0,
        covered: false,
        light: 1.0,
        worn,
    }
}
