//! Renders a fabric's tile: its pattern in its colors.
use tiny_skia::Pixmap;

use super::{fabric::Fabric, prints, textures, tile::Tile, unlike};
use crate::random::dice::Dice;

/// The repeating tile, `size` pixels on a side.
pub(crate) fn tile(fabric: &Fabric, size: u32) -> Option<Pixmap> {
    let mut tile = Tile::new(size, fabric.colors[0])?;
    let mut dice = Dice::from_number(fabric.seed);
    let painted = prints::paint(fabric, &mut tile, &mut dice)
        || textures::paint(fabric, &mut tile, &mut dice)
        || unlike::paint(fabric, &mut tile, &mut dice);
    assert!(painted, "{:?} is painted nowhere", fabric.pattern);
    tile.flecks(&mut dice, fabric.surface.grain);
    Some(tile.map)
}
