//! Patterns of cloth with their probabilities and sizes: the table for tuning them.
use crate::style::Style;

/// A cloth's pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pattern {
    Plain,
    /// Plain with fine flecks.
    Heather,
    /// Streaks of two shades.
    Melange,
    /// Coarse flecks of several colors.
    Tweed,
    /// Diagonal twill.
    Denim,
    /// Plain and glossy.
    Satin,
    /// Plain, glossy and grained.
    Leather,
    /// Small rows of stitches.
    Knit,
    /// Vertical ridges.
    Rib,
    /// Plaits between ridges.
    Cable,
    StripesAcross,
    StripesDown,
    Plaid,
    Gingham,
    Dots,
    Flowers,
    /// Small flowers, densely.
    Ditsy,
    Paisley,
    Leaves,
    /// Large leaves and flowers.
    Tropical,
    /// Irregular patches.
    Patches,
    /// Blots of several colors.
    Blots,
    /// Strokes of a brush.
    Strokes,
    /// Colors that run into each other.
    Watercolor,
    Leopard,
    Zebra,
    Camouflage,
    Zigzag,
    Checks,
    /// From one color to another, top to bottom.
    Gradient,
    /// Flowers on a net, with holes between.
    Lace,
    /// Rings with holes.
    Crochet,
    /// Small holes.
    Mesh,
    /// Thin cloth.
    Chiffon,

    // Patterns of unlike images only.
    Houndstooth,
    Herringbone,
    TieDye,
    Rings,
    Sequins,
    Marble,
    Brocade,
    /// Large panels of color.
    Graphic,
    Argyle,
    /// Tiles with joints.
    Mosaic,
    Quilted,
    Corduroy,
    Velvet,
    /// Uneven threads in both directions, like linen.
    Slub,
    Ikat,
    /// Flowers as outlines.
    Outlines,
    /// A coarse net of cords.
    Guipure,
    /// Holes in rows.
    Eyelet,
    /// Bleached spots.
    Bleached,
}

use Pattern::*;

/// Probabilities, patterns, and their periods in centimeters, for a usual garment's main cloth.
const USUAL: &[(f32, (Pattern, f32))] = &[
    (0.26, (Plain, 8.0)),
    (0.05, (Heather, 12.0)),
    (0.035, (Melange, 16.0)),
    (0.025, (Tweed, 10.0)),
    (0.025, (Satin, 8.0)),
    (0.025, (Leather, 9.0)),
    (0.025, (Denim, 3.0)),
    (0.02, (Knit, 1.6)),
    (0.03, (Rib, 4.0)),
    (0.02, (Cable, 9.0)),
    (0.06, (StripesAcross, 5.0)),
    (0.03, (StripesDown, 4.0)),
    (0.04, (Plaid, 12.0)),
    (0.02, (Gingham, 3.2)),
    (0.045, (Dots, 3.6)),
    (0.04, (Flowers, 20.0)),
    (0.045, (Ditsy, 11.0)),
    (0.025, (Paisley, 14.0)),
    (0.015, (Leaves, 18.0)),
    (0.025, (Tropical, 34.0)),
    (0.01, (Patches, 26.0)),
    (0.025, (Blots, 20.0)),
    (0.02, (Strokes, 20.0)),
    (0.015, (Watercolor, 40.0)),
    (0.02, (Leopard, 16.0)),
    (0.01, (Zebra, 22.0)),
    (0.015, (Camouflage, 30.0)),
    (0.01, (Zigzag, 6.0)),
    (0.01, (Checks, 5.0)),
    (0.02, (Gradient, 80.0)),
    (0.035, (Lace, 9.0)),
    (0.01, (Crochet, 5.0)),
    (0.01, (Mesh, 2.2)),
    (0.015, (Chiffon, 8.0)),
];

/// The same for unlike images.
const UNLIKE: &[(f32, (Pattern, f32))] = &[
    (0.07, (Houndstooth, 4.5)),
    (0.06, (Herringbone, 4.0)),
    (0.05, (TieDye, 95.0)),
    (0.05, (Rings, 9.0)),
    (0.04, (Sequins, 5.0)),
    (0.05, (Marble, 36.0)),
    (0.05, (Brocade, 16.0)),
    (0.06, (Graphic, 64.0)),
    (0.04, (Argyle, 12.0)),
    (0.04, (Mosaic, 18.0)),
    (0.05, (Quilted, 9.0)),
    (0.09, (Corduroy, 3.0)),
    (0.1, (Velvet, 10.0)),
    (0.12, (Slub, 16.0)),
    (0.04, (Ikat, 22.0)),
    (0.05, (Outlines, 18.0)),
    (0.04, (Guipure, 10.0)),
    (0.03, (Eyelet, 6.0)),
    (0.03, (Bleached, 26.0)),
];

impl Pattern {
    /// Probabilities of patterns with their periods.
    pub fn table(style: Style) -> &'static [(f32, (Self, f32))] {
        match style {
            Style::Usual => USUAL,
            Style::Unlike => UNLIKE,
        }
    }

    /// Sheer cloth and cloth with holes, for sleeves, yokes and bands.
    pub fn open(style: Style) -> &'static [(f32, (Self, f32))] {
        match style {
            Style::Usual => &[
                (0.5, (Lace, 9.0)),
                (0.12, (Crochet, 5.0)),
                (0.13, (Mesh, 2.2)),
                (0.25, (Chiffon, 8.0)),
            ],
            Style::Unlike => &[(0.6, (Guipure, 10.0)), (0.4, (Eyelet, 6.0))],
        }
    }

    /// Denim.
    pub fn jeans(style: Style) -> &'static [(f32, (Self, f32))] {
        match style {
            Style::Usual => &[(1.0, (Denim, 3.0))],
            Style::Unlike => {
                &[(0.35, (Bleached, 26.0)), (0.35, (Corduroy, 3.0)), (0.3, (Slub, 16.0))]
            }
        }
    }

    /// Whether the layer below shows through.
    pub fn is_open(self) -> bool {
        matches!(self, Lace | Crochet | Mesh | Chiffon | Guipure | Eyelet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_pattern_is_both_usual_and_unlike() {
        let all = |style| {
            let tables = [Pattern::table(style), Pattern::open(style), Pattern::jeans(style)];
            tables.concat().into_iter().map(|row| row.1.0).collect::<Vec<Pattern>>()
        };
        for pattern in all(Style::Usual) {
            assert!(!all(Style::Unlike).contains(&pattern), "{pattern:?}");
        }
        for style in [Style::Usual, Style::Unlike] {
            assert!(Pattern::open(style).iter().all(|row| row.1.0.is_open()));
        }
    }
}
