//! Maps of numbers over an image, as colors.
use super::drawing::Drawing;
use crate::detector::InputMap;

/// A color scale from black at the low end to violet, orange and pale yellow.
///
/// Brighter is more, also in print and with color blindness. Values beyond an end have that end's
/// color; NaN has the low end's.
///
/// ```
/// use dafe::draw::ColorScale;
///
/// let scale = ColorScale::of(&[0.25, f32::NAN, 0.75]);
/// assert_eq!(scale, ColorScale { low: 0.25, high: 0.75 });
/// assert_eq!(scale.color(0.25), [0, 0, 0]);
/// assert_eq!(scale.color(9.0), scale.color(0.75));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ColorScale {
    /// The value shown as black.
    pub low: f32,
    /// The value shown as pale yellow.
    pub high: f32,
}

impl ColorScale {
    /// The scale from the lowest to the highest of the finite values.
    pub fn of<'a>(values: impl IntoIterator<Item = &'a f32>) -> Self {
        let finite = values.into_iter().copied().filter(|value| value.is_finite());
        let ends = finite
            .map(|value| (value, value))
            .reduce(|(low, high), (value, _)| (low.min(value), high.max(value)));
        let (low, high) = ends.unwrap_or((0.0, 1.0));
        Self { low, high }
    }

    /// The color of a value; the low end's if both ends are equal.
    pub fn color(&self, value: f32) -> [u8; 3] {
        const STOPS: [[f32; 3]; 4] =
            [[0.0, 0.0, 0.0], [104.0, 28.0, 129.0], [238.0, 96.0, 60.0], [255.0, 250.0, 190.0]];
        // In f64, where the difference of two f32 is finite.
        let [low, high, value] = [self.low, self.high, value].map(f64::from);
        let part = (value - low) / (high - low);
        let position = if part > 0.0 { part.min(1.0) as f32 * 3.0 } else { 0.0 };
        let first = (position as usize).min(2);
        let fraction = position - first as f32;
        [0, 1, 2].map(|i| {
            (STOPS[first][i] * (1.0 - fraction) + STOPS[first + 1][i] * fraction).round() as u8
        })
    }
}

impl Drawing {
    /// Overlays a map on the image.
    ///
    /// Each pixel mixes its own brightness and its value's color in equal parts. Dark pixels are
    /// lifted, so that black clothes stay visible. Pixels outside the map, which the network has
    /// not seen, are dark and gray.
    ///
    /// # Panics
    /// If the map has no cells, or the number of values differs from its size.
    pub fn map(&mut self, map: &InputMap, scale: &ColorScale) -> &mut Self {
        let (count, [width, height]) = (map.values.len(), map.size);
        assert!(count == width * height && count > 0, "{count} values are not {width}×{height}");
        let Some(to_image) = self.to_drawing.inverse() else { return self };
        let to_map = to_image.then(&map.to_map);
        self.canvas.map(|[x, y], [r, g, b]| {
            let [u, v] = to_map.apply([x, y].map(f64::from));
            let heat = value(map, u, v).map_or([0; 3], |value| scale.color(value));
            let gray = 0.299 * f32::from(r) + 0.587 * f32::from(g) + 0.114 * f32::from(b);
            let lifted = (255.0 * gray).sqrt();
            heat.map(|channel| (0.5 * lifted + 0.5 * f32::from(channel)).round() as u8)
        });
        self
    }
}

/// The maximum of several maps, cell by cell; `None` without maps.
///
/// # Panics
/// If the maps differ in size.
pub(super) fn highest<'a>(maps: impl IntoIterator<Item = &'a InputMap>) -> Option<InputMap> {
    let mut maps = maps.into_iter();
    let mut highest = maps.next()?.clone();
    for map in maps {
        assert_eq!((map.size, map.to_map), (highest.size, highest.to_map), "maps of one grid");
        for (highest, &value) in highest.values.iter_mut().zip(&map.values) {
            *highest = highest.max(value);
        }
    }
    Some(highest)
}

/// The map's value at fractional cell coordinates, interpolated; `None` outside.
fn value(map: &InputMap, u: f64, v: f64) -> Option<f32> {
    let [width, height] = map.size;
    let axis = |position: f64, count: usize| {
        (-0.5..count as f64 - 0.5).contains(&position).then(|| {
            let position = position.clamp(0.0, (count - 1) as f64);
            let first = position.floor() as usize;
            (first, (first + 1).min(count - 1), (position - position.floor()) as f32)
        })
    };
    let ((x0, x1, fx), (y0, y1, fy)) = axis(u, width).zip(axis(v, height))?;
    let row = |y: usize| {
        let row = &map.values[y * width..];
        row[x0] * (1.0 - fx) + row[x1] * fx
    };
    Some(row(y0) * (1.0 - fy) + row(y1) * fy)
}

#[cfg(test)]
mod tests {
    use image::RgbImage;

    use super::*;
    use crate::geometry::Affine;

    #[test]
    fn the_scales_ends_and_the_stops_between_have_their_colors() {
        let scale = ColorScale::of(&[f32::NAN, 2.0, f32::INFINITY, -1.0, 0.5]);
        assert_eq!(scale, ColorScale { low: -1.0, high: 2.0 });
        assert_eq!(scale.color(-1.0), [0; 3]);
        assert_eq!(scale.color(0.0), [104, 28, 129]);
        assert_eq!(scale.color(1.0), [238, 96, 60]);
        for over in [2.0, 3.0, f32::INFINITY] {
            assert_eq!(scale.color(over), [255, 250, 190]);
        }
        for under in [-7.0, f32::NAN, f32::NEG_INFINITY] {
            assert_eq!(scale.color(under), [0; 3]);
        }
        // Nothing overflows, and a constant has the low end's color.
        let wide = ColorScale { low: f32::MIN, high: f32::MAX };
        assert_eq!(wide.color(f32::MAX), [255, 250, 190]);
        assert_eq!(ColorScale::of(&[3.0; 4]).color(3.0), [0; 3]);
        assert_eq!(ColorScale::of(&[]), ColorScale { low: 0.0, high: 1.0 });
    }

    #[test]
    fn brighter_is_more() {
        let scale = ColorScale { low: 0.0, high: 1.0 };
        let brightness = |step: u16| {
            let [r, g, b] = scale.color(f32::from(step) / 100.0).map(f32::from);
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        for step in 0..100 {
            assert!(brightness(step + 1) > brightness(step), "at {step} of 100");
        }
    }

    #[test]
    fn a_map_lies_where_its_affine_says() {
        // Cells of 100 pixels over an image of 600×512: the map's two columns and one row begin at
        // (100, 200).
        let image = RgbImage::from_pixel(600, 512, image::Rgb([200; 3]));
        let scale = 0.01;
        let to_map = Affine {
            xx: scale,
            x0: -99.5 * scale - 0.5,
            yy: scale,
            y0: -199.5 * scale - 0.5,
            ..Affine::IDENTITY
        };
        let map = InputMap { values: vec![0.0, 1.0], size: [2, 1], to_map };
        let mut drawing = Drawing::new(&image);
        let shown = drawing.map(&map, &ColorScale::of(&map.values)).image();
        // √(255·200) / 2 = 112.9, plus half of (255, 250, 190).
        let (dark, bright) = ([113; 3], [240, 238, 208]);
        assert_eq!(shown.get_pixel(250, 200).0, bright);
        assert_eq!(shown.get_pixel(299, 299).0, bright);
        for [x, y] in [[300, 250], [250, 199], [250, 300], [99, 250], [100, 250]] {
            assert_eq!(shown.get_pixel(x, y).0, dark, "({x}, {y})");
        }
        // Between the cells' centers, the middle of the scale.
        let middle = shown.get_pixel(200, 250).0;
        assert!(middle[0] > 130 && middle[0] < 220, "{middle:?}");
    }

    #[test]
    fn the_highest_is_taken_cell_by_cell() {
        let map = |values: [f32; 3]| InputMap {
            values: values.to_vec(),
            size: [3, 1],
            to_map: Affine::IDENTITY,
        };
        let maps = [map([0.0, f32::NAN, 2.0]), map([1.0, 5.0, -1.0])];
        assert_eq!(highest(&maps).unwrap().values, [1.0, 5.0, 2.0]);
        assert!(highest([]).is_none());
    }

    #[test]
    fn maps_that_nothing_can_be_said_of_darken_the_image() {
        let image = RgbImage::from_pixel(600, 520, image::Rgb([200; 3]));
        for to_map in [
            Affine { xx: f64::NAN, ..Affine::IDENTITY },
            Affine { xx: 0.0, yy: 0.0, x0: 9e99, ..Affine::IDENTITY },
            Affine { x0: f64::INFINITY, ..Affine::IDENTITY },
        ] {
            let map = InputMap { values: vec![f32::NAN; 4], size: [2, 2], to_map };
            let mut drawing = Drawing::new(&image);
            let shown = drawing.map(&map, &ColorScale::of(&map.values)).image();
            assert!(shown.pixels().all(|pixel| pixel.0 == [113; 3]));
        }
    }
}
