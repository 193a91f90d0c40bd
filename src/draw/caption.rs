//! A title above an image, and a color scale below it.
use image::{Rgb, RgbImage, imageops};
use tiny_skia::Transform;

use super::{
    canvas::{Canvas, DARK},
    heat::ColorScale,
    text::Font,
};

/// The size of titles relative to an image's width, and the minimum in pixels.
const SIZE: (f32, f32) = (0.04, 13.0);

/// Returns `image` on white with `title` above it and, if given, a color scale below it, between
/// the numbers of its two ends. Text that doesn't fit is cut off; an image less than about 200
/// pixels wide has little room.
///
/// ```
/// use dafe::{draw::captioned, image::RgbImage};
///
/// // A line of text is 1.6 times as high as its 13 pixels.
/// let page = captioned(&RgbImage::new(300, 400), "spatial attention", None);
/// assert_eq!(page.dimensions(), (300, 421));
/// ```
pub fn captioned(image: &RgbImage, title: &str, scale: Option<&ColorScale>) -> RgbImage {
    let width = image.width().max(1);
    let size = text_size(width);
    let line = (1.6 * size).ceil() as u32;
    let below = if scale.is_some() { line } else { 0 };
    let mut page = RgbImage::from_pixel(width, line + image.height() + below, Rgb([255; 3]));
    imageops::replace(&mut page, image, 0, line.into());
    let mut canvas = Canvas::new(&page);
    let inset = 0.25 * size;
    let (left, right) = (inset, width as f32 - inset);
    write(&mut canvas, title, size, [left, 1.15 * size, right - left], Align::Left);
    let Some(scale) = scale else { return canvas.image() };

    let number = 0.85 * size;
    let base = (line + image.height()) as f32 + 1.15 * size;
    let third = (right - left) / 3.0;
    let low = write(&mut canvas, &short(scale.low), number, [left, base, third], Align::Left);
    let high = write(&mut canvas, &short(scale.high), number, [right, base, third], Align::Right);
    let (left, right) = (left + low + 0.5 * size, right - high - 0.5 * size);
    let (top, bottom) = (base - Font::CAPITAL * size, base);
    canvas.map(|[x, y], was| {
        let [x, y] = [x, y].map(|v| v as f32 + 0.5);
        let inside = (left..right).contains(&x) && (top..bottom).contains(&y);
        let part = (x - left) / (right - left);
        if inside { ColorScale { low: 0.0, high: 1.0 }.color(part) } else { was }
    });
    canvas.image()
}

/// The size of titles on an image `width` pixels wide.
pub(super) fn text_size(width: u32) -> f32 {
    (SIZE.0 * width as f32).max(SIZE.1)
}

/// Which end of a text is at its position.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// Writes a text with its end and baseline at `[x, y]`, at most `room` pixels wide
/// (`[x, y, room]`); returns its width.
pub(super) fn write(
    canvas: &mut Canvas,
    text: &str,
    size: f32,
    [x, y, room]: [f32; 3],
    align: Align,
) -> f32 {
    let line = Font::bundled().line(text, size, room);
    let left = if align == Align::Left { x } else { x - line.width };
    let placed = line.path.and_then(|path| path.transform(Transform::from_translate(left, y)));
    if let Some(path) = placed {
        canvas.fill(&path, DARK, 255);
    }
    line.width
}

/// Formats a number with three significant digits.
pub(super) fn short(value: f32) -> String {
    match value.abs() {
        0.0 => "0".into(),
        size if (1e-3..1e4).contains(&size) => {
            let decimals = 2 - size.log10().floor() as i32;
            format!("{value:.*}", decimals.clamp(0, 5) as usize)
        }
        _ => format!("{value:.1e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_image_is_whole_between_its_title_and_its_scale() {
        let image = RgbImage::from_fn(300, 40, |x, y| Rgb([x as u8, y as u8, 7]));
        let scale = ColorScale { low: 0.0, high: 0.25 };
        let page = captioned(&image, "left collar", Some(&scale));
        // 1.6 times 13 pixels of text, rounded up.
        assert_eq!(page.dimensions(), (300, 21 + 40 + 21));
        let part = imageops::crop_imm(&page, 0, 21, 300, 40).to_image();
        assert_eq!(part, image);
        let dark = |from: u32, to: u32| {
            page.enumerate_pixels().any(|(_, y, pixel)| (from..to).contains(&y) && pixel.0 == DARK)
        };
        assert!(dark(0, 21) && dark(61, 82));
        // The scale grows brighter from left to right.
        let row: Vec<u32> =
            (60..220).map(|x| page.get_pixel(x, 70).0.map(u32::from).iter().sum()).collect();
        assert!(row.windows(2).all(|pair| pair[0] <= pair[1]), "{row:?}");
        assert_eq!(captioned(&image, "left collar", None).dimensions(), (300, 61));
    }

    #[test]
    fn no_image_is_too_small_and_no_number_too_large() {
        let scale = ColorScale { low: f32::NEG_INFINITY, high: f32::NAN };
        for [width, height] in [[0, 0], [1, 1], [1, 900], [900, 1]] {
            let page = captioned(&RgbImage::new(width, height), "a title", Some(&scale));
            assert_eq!(page.width(), width.max(1));
        }
    }

    #[test]
    fn three_digits_count() {
        let cases = [
            (0.0, "0"),
            (1.0, "1.00"),
            (0.12345, "0.123"),
            (-12.345, "-12.3"),
            (999.6, "1000"),
            (1234.5, "1234"),
            (0.001234, "0.00123"),
            (12345.0, "1.2e4"),
            (1e-9, "1.0e-9"),
            (f32::NAN, "NaN"),
        ];
        for (value, text) in cases {
            assert_eq!(short(value), text);
        }
    }
}
