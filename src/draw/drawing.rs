//! A drawing on an image, in the image's own coordinates.
use std::fmt;

use image::RgbImage;
use tiny_skia::{PathBuilder, Rect};

use super::{
    canvas::{Canvas, WHITE},
    placement::Occupancy,
};
use crate::{
    data::CropTransform,
    geometry::{Affine, Alignment, BoundingBox},
};

/// A drawing of landmarks, boxes and maps on an image.
///
/// All positions are in pixels of the original image, whatever size it is drawn at. An image
/// smaller than [`SIDES`](Self::SIDES) is enlarged first, so that dots and names don't cover it.
/// Lines, dots and text scale with the drawing: a thin line is 1/300 of its side wide (the square
/// root of its area), but at least 1.8 pixels, so that small drawings are readable. Anything
/// outside the drawing or without a finite position is left out.
///
/// Each call draws over the previous ones, so names come last:
///
/// ```
/// use dafe::{
///     draw::{Drawing, LandmarkMark, Marker},
///     geometry::BoundingBox,
///     landmark::LandmarkSchema,
/// };
///
/// let image = image::RgbImage::new(200, 300);
/// let schema = LandmarkSchema::fld();
/// let marks = [
///     LandmarkMark::new(0, [80.0, 40.0]),
///     LandmarkMark { visible: Some(false), ..LandmarkMark::new(1, [120.0, 42.0]) },
/// ];
/// let shown = Drawing::new(&image)
///     .bounding_box(&BoundingBox::new(20.0, 30.0, 180.0, 280.0).unwrap())
///     .skeleton(&schema, &marks)
///     .landmarks(&schema, &marks, Marker::Dot)
///     .names(&schema, &marks)
///     .image();
/// assert_eq!(shown.dimensions(), (341, 512));
/// ```
pub struct Drawing {
    pub(super) canvas: Canvas,
    /// From the image's pixels to the drawing's, center to center.
    pub(super) to_drawing: Affine,
    /// The unit of widths and radii.
    pub(super) unit: f32,
    /// Where names should not be placed.
    pub(super) occupancy: Occupancy,
}

impl fmt::Debug for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drawing").field("to_drawing", &self.to_drawing).finish_non_exhaustive()
    }
}

impl Drawing {
    /// The minimum and the maximum of the longer side of a drawing, in pixels.
    pub const SIDES: [u32; 2] = [512, 4096];

    /// The minimum unit in pixels.
    const LEAST_UNIT: f32 = 1.8;

    /// Creates a drawing of the whole `image`, in its own size if that is within
    /// [`SIDES`](Self::SIDES). An image without pixels is treated as one black pixel.
    pub fn new(image: &RgbImage) -> Self {
        let longer = image.width().max(image.height()).max(1);
        let side = longer.clamp(Self::SIDES[0], Self::SIDES[1]);
        let whole = BoundingBox::whole(image.width(), image.height());
        Self::of_region(image, &whole, [side; 2])
    }

    /// Creates a drawing of the part of `image` in `bounds`, with a margin of 15 % of its longer
    /// side (within the image), as large as fits `within` (`[width, height]`, pixels). If the box
    /// is outside the image, the whole image is shown.
    pub fn around(image: &RgbImage, bounds: &BoundingBox, within: [u32; 2]) -> Self {
        let whole = BoundingBox::whole(image.width(), image.height());
        let margin = 0.15 * bounds.width().max(bounds.height());
        let region = BoundingBox::new(
            (bounds.x1 - margin).max(0.0),
            (bounds.y1 - margin).max(0.0),
            (bounds.x2 + margin).min(whole.x2),
            (bounds.y2 + margin).min(whole.y2),
        );
        Self::of_region(image, &region.unwrap_or(whole), within)
    }

    /// Creates a drawing of `region` of the image, as large as fits `within`.
    fn of_region(image: &RgbImage, region: &BoundingBox, within: [u32; 2]) -> Self {
        let empty = image.width() == 0 || image.height() == 0;
        let (black, pixel) = (RgbImage::new(1, 1), BoundingBox::whole(1, 1));
        let (image, region) = if empty { (&black, &pixel) } else { (image, region) };
        let (width, height) = (f64::from(region.width()), f64::from(region.height()));
        let scale = (f64::from(within[0]) / width).min(f64::from(within[1]) / height);
        let size = [width, height].map(|side| (side * scale).round().max(1.0) as usize);
        let crop = CropTransform::plain(region, size, Alignment::HalfPixel);
        Self::on(&crop.image(image, size), crop.affine)
    }

    /// Creates a drawing on `shown`; `to_drawing` maps the original image's pixels to it.
    pub(super) fn on(shown: &RgbImage, to_drawing: Affine) -> Self {
        let canvas = Canvas::new(shown);
        let [width, height] = canvas.size();
        let unit = ((width * height).sqrt() / 300.0).max(Self::LEAST_UNIT);
        Self { occupancy: Occupancy::new([width, height], 1.5 * unit), canvas, to_drawing, unit }
    }

    /// The image with everything drawn so far.
    pub fn image(&self) -> RgbImage {
        self.canvas.image()
    }

    /// Draws a box's outline.
    pub fn bounding_box(&mut self, bounds: &BoundingBox) -> &mut Self {
        // A box's coordinates are edges of pixels, half a pixel before and after their centers.
        let corner = |x: f32, y: f32| self.place([x - 0.5, y - 0.5]);
        let corners = corner(bounds.x1, bounds.y1).zip(corner(bounds.x2, bounds.y2));
        let rect = corners.and_then(|([x1, y1], [x2, y2])| Rect::from_ltrb(x1, y1, x2, y2));
        if let Some(rect) = rect {
            self.canvas.cased(&PathBuilder::from_rect(rect), WHITE, 0.7 * self.unit, false);
        }
        self
    }

    /// The canvas position of a position in the image, counted from pixels' edges; `None` if it
    /// can't be drawn.
    pub(super) fn place(&self, position: [f32; 2]) -> Option<[f32; 2]> {
        let limit = 2.0 * BoundingBox::MAX_SIDE;
        let place = self.to_drawing.apply_f32(position).map(|coordinate| coordinate + 0.5);
        Some(place).filter(|place| place.iter().all(|v| v.abs() < limit))
    }
}

#[cfg(test)]
mod tests {
    use image::Rgb;
    use proptest::prelude::*;

    use super::*;
    use crate::{
        draw::{LandmarkMark, Marker},
        landmark::LandmarkSchema,
    };

    #[test]
    fn a_drawing_is_as_large_as_its_image_unless_that_is_small_or_huge() {
        let size = |width, height| Drawing::new(&RgbImage::new(width, height)).image().dimensions();
        assert_eq!(size(200, 300), (341, 512));
        assert_eq!(size(700, 600), (700, 600));
        assert_eq!(size(1, 1), (512, 512));
        assert_eq!(size(0, 7), (512, 512));
        assert_eq!(size(1, 6000), (1, 4096));
    }

    #[test]
    fn an_image_that_is_large_enough_keeps_its_pixels() {
        let image = RgbImage::from_fn(520, 30, |x, y| Rgb([x as u8, y as u8, 3]));
        assert_eq!(Drawing::new(&image).image(), image);
    }

    #[test]
    fn positions_are_those_of_the_image_whatever_the_drawings_size() {
        // Four times as large: the pixel (10, 20) covers 40..44 and 80..84.
        let drawing = Drawing::new(&RgbImage::new(128, 100));
        assert_eq!(drawing.place([10.0, 20.0]), Some([42.0, 82.0]));
        // Around a box of 20×10 there is a margin of 3: 13..39 and 17..33 remain, enlarged ten
        // times.
        let bounds = BoundingBox::new(16.0, 20.0, 36.0, 30.0).unwrap();
        let drawing = Drawing::around(&RgbImage::new(128, 100), &bounds, [260, 400]);
        assert_eq!(drawing.canvas.size(), [260.0, 160.0]);
        assert_eq!(drawing.place([13.0, 17.0]), Some([5.0, 5.0]));
    }

    #[test]
    fn a_box_lies_on_the_edges_of_pixels() {
        let mut drawing = Drawing::new(&RgbImage::from_pixel(600, 600, Rgb([90; 3])));
        drawing.bounding_box(&BoundingBox::new(100.0, 200.0, 300.0, 500.0).unwrap());
        let shown = drawing.image();
        // The unit is 2, so the line is 1.4 pixels wide: 0.7 on either side of the edge.
        let [left, right] = [99, 100].map(|x| shown.get_pixel(x, 300).0);
        assert_eq!(left, right);
        assert!(left[0] > 180, "{left:?}");
        assert_eq!(shown.get_pixel(97, 300).0, [90; 3]);
        assert_eq!(shown.get_pixel(102, 300).0, [90; 3]);
    }

    #[test]
    fn a_box_outside_the_image_shows_all_of_it() {
        let image = RgbImage::new(40, 80);
        let far = BoundingBox::new(500.0, 500.0, 600.0, 600.0).unwrap();
        let nothing = BoundingBox { x1: f32::NAN, y1: 0.0, x2: f32::NAN, y2: f32::NEG_INFINITY };
        for bounds in [far, nothing] {
            let mut drawing = Drawing::around(&image, &bounds, [100, 100]);
            assert_eq!(drawing.bounding_box(&bounds).image().dimensions(), (50, 100));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn whatever_the_positions_are_they_can_be_drawn(
            size in (0u32..30, 0u32..30),
            points in prop::collection::vec((0usize..8, any::<f32>(), any::<f32>(), any::<Option<bool>>()), 0..10),
            bounds in any::<[f32; 4]>(),
        ) {
            let schema = LandmarkSchema::fld();
            let mark = |&(index, x, y, visible)| LandmarkMark { index, position: [x, y], visible };
            let marks: Vec<_> = points.iter().map(mark).collect();
            let bounds = BoundingBox { x1: bounds[0], y1: bounds[1], x2: bounds[2], y2: bounds[3] };
            let image = RgbImage::new(size.0, size.1);
            for mut drawing in [Drawing::new(&image), Drawing::around(&image, &bounds, [90, 70])] {
                let before = drawing.image().dimensions();
                drawing
                    .bounding_box(&bounds)
                    .skeleton(&schema, &marks)
                    .errors(&schema, &marks, &marks)
                    .landmarks(&schema, &marks, Marker::Ring)
                    .names(&schema, &marks);
                prop_assert_eq!(drawing.image().dimensions(), before);
            }
        }
    }
}
