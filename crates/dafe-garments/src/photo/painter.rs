//! Paints pieces into pixels: shadow, cloth, soft shading, marks, rim.
use tiny_skia::{
    FillRule, LineCap, LineJoin, Mask, Paint, Path, Pixmap, Stroke, StrokeDash, Transform,
};

use crate::{
    cloth::{fabric::Fabric, loom, weave},
    color::Color,
    drawing::{
        piece::{Fill, Mark, Piece},
        placed::Placed,
    },
    geometry::{point::pt, polygon::bounds},
    paint::{
        brush::{open_path, path},
        soft,
    },
};

/// A canvas with the scene's cloths.
pub(crate) struct Painter<'a> {
    pub map: Pixmap,
    pub fabrics: &'a [Fabric],
    tiles: Vec<Option<(u32, Pixmap)>>,
}

impl<'a> Painter<'a> {
    /// Paints on `map`.
    pub fn new(map: Pixmap, fabrics: &'a [Fabric]) -> Self {
        Self { map, fabrics, tiles: vec![None; fabrics.len()] }
    }

    /// Paints one piece.
    pub fn piece(&mut self, placed: &Placed) {
        let piece = &placed.piece;
        let (low, high) = bounds(&piece.outline);
        let (width, height) = (self.map.width() as f32, self.map.height() as f32);
        if high.x < -4.0 || high.y < -4.0 || low.x > width + 4.0 || low.y > height + 4.0 {
            return;
        }
        let Some(outline) = path(&piece.outline) else { return };
        if piece.shadow > 0.0 {
            let reach = placed.scale * 1.6;
            soft::shadow(
                &mut self.map,
                &piece.outline,
                pt(reach * 0.25, reach * 0.55),
                reach,
                piece.shadow,
            );
        }
        self.fill(&outline, piece.fill, placed, None);
        let (folds, rim) = match piece.fill {
            Fill::Cloth(number) | Fill::Veil(number) => {
                let surface = &self.fabrics[number].surface;
                (surface.folds, surface.rim)
            }
            _ => (1.0, 1.0),
        };
        // Sewn-on details are in the same light.
        self.marks(piece, placed, &outline);
        soft::shade(&mut self.map, &outline, &piece.outline, &piece.soft, placed.scale, folds);
        if piece.rim * rim > 0.0 {
            let stroke =
                Stroke { width: (placed.scale * 0.35).clamp(0.5, 1.2), ..Stroke::default() };
            let mut paint = Paint::default();
            let color = self.color_of(piece.fill).darker(0.75);
            paint.set_color(color.skia(piece.rim * rim));
            self.map.stroke_path(&outline, &paint, &stroke, Transform::identity(), None);
        }
    }

    fn color_of(&self, fill: Fill) -> Color {
        match fill {
            Fill::Plain(color) | Fill::Sheer(color, _) => color,
            Fill::Cloth(number) | Fill::Veil(number) => self.fabrics[number].colors[0],
        }
    }

    fn fill(&mut self, outline: &Path, fill: Fill, placed: &Placed, clip: Option<&Path>) {
        let mut paint = Paint { anti_alias: true, ..Paint::default() };
        match fill {
            Fill::Plain(color) => paint.set_color(color.skia(1.0)),
            Fill::Sheer(color, alpha) => paint.set_color(color.skia(alpha)),
            Fill::Cloth(number) => return self.lay(number, outline, placed, clip, true),
            Fill::Veil(number) => return self.lay(number, outline, placed, clip, false),
        }
        self.map.fill_path(outline, &paint, FillRule::Winding, Transform::identity(), None);
    }

    /// Paints cloth within `outline`, and within `clip` if given.
    fn lay(
        &mut self,
        number: usize,
        outline: &Path,
        placed: &Placed,
        clip: Option<&Path>,
        lined: bool,
    ) {
        self.prepare_tile(number, placed.scale);
        let Some((_, tile)) = &self.tiles[number] else { return };
        let area = outline.bounds();
        let within = |v: f32, limit: u32| v.clamp(0.0, limit as f32) as u32;
        let (width, height) = (self.map.width(), self.map.height());
        let corner = (within(area.left().floor(), width), within(area.top().floor(), height));
        let end = (within(area.right().ceil(), width), within(area.bottom().ceil(), height));
        let Some(mut mask) =
            Mask::new(end.0.saturating_sub(corner.0), end.1.saturating_sub(corner.1))
        else {
            return;
        };
        let to_corner = Transform::from_translate(-(corner.0 as f32), -(corner.1 as f32));
        mask.fill_path(outline, FillRule::Winding, true, to_corner);
        if let Some(clip) = clip {
            mask.intersect_path(clip, FillRule::Winding, true, to_corner);
        }
        let fabric = &self.fabrics[number];
        weave::lay(&mut self.map, &mask, corner, fabric, tile, placed.weave, lined);
    }

    /// Renders the tile once, at about the size it will be seen.
    fn prepare_tile(&mut self, number: usize, scale: f32) {
        if self.tiles[number].is_none() {
            let fabric = &self.fabrics[number];
            let size = (fabric.period * scale * 1.2).round().clamp(6.0, 128.0) as u32;
            self.tiles[number] = loom::tile(fabric, size).map(|tile| (size, tile));
        }
    }

    fn marks(&mut self, piece: &Piece, placed: &Placed, outline: &Path) {
        for mark in &piece.marks {
            match mark {
                Mark::Line { line, width, color, alpha, dash } => {
                    let Some(line) = open_path(line) else { continue };
                    let mut paint = Paint::default();
                    // Lines thinner than a pixel fade instead.
                    let pixels = width * placed.scale;
                    paint.set_color(color.skia(alpha * pixels.clamp(0.35, 1.0)));
                    let stroke = Stroke {
                        width: pixels.max(0.7),
                        line_cap: LineCap::Butt,
                        line_join: LineJoin::Round,
                        dash: if *dash > 0.0 {
                            StrokeDash::new(
                                vec![dash * placed.scale, dash * 0.7 * placed.scale],
                                0.0,
                            )
                        } else {
                            None
                        },
                        ..Stroke::default()
                    };
                    self.map.stroke_path(&line, &paint, &stroke, Transform::identity(), None);
                }
                Mark::Area { outline: area, fill } => {
                    let Some(area) = path(area) else { continue };
                    // Another cloth may cover any part of its piece, and nothing else.
                    self.fill(&area, *fill, placed, Some(outline));
                }
            }
        }
    }
}
