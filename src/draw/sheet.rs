//! Many images on one sheet.
use image::{Rgb, RgbImage, imageops};

/// Places images in rows of `columns` on white, each shrunk to fit `cell` (`[width, height]`,
/// pixels) and centered in it.
///
/// ```
/// use dafe::{draw::sheet, image::RgbImage};
///
/// // Two rows and two columns, with gaps of 8 pixels.
/// let images = vec![RgbImage::new(300, 400); 3];
/// assert_eq!(sheet(&images, 2, [90, 120]).dimensions(), (3 * 8 + 2 * 90, 3 * 8 + 2 * 120));
/// ```
///
/// # Panics
/// If `columns` or a side of `cell` is 0.
pub fn sheet(images: &[RgbImage], columns: usize, cell: [u32; 2]) -> RgbImage {
    const GAP: u32 = 8;
    assert!(columns > 0 && !cell.contains(&0), "a sheet needs columns and cells");
    let columns = columns.min(images.len().max(1));
    let rows = images.len().div_ceil(columns).max(1);
    let length = |count: usize, cell: u32| GAP + count as u32 * (cell + GAP);
    let mut sheet =
        RgbImage::from_pixel(length(columns, cell[0]), length(rows, cell[1]), Rgb([255; 3]));
    for (i, image) in images.iter().enumerate() {
        if image.width() == 0 || image.height() == 0 {
            continue;
        }
        let scale = (f64::from(cell[0]) / f64::from(image.width()))
            .min(f64::from(cell[1]) / f64::from(image.height()));
        let side = |length: u32| ((f64::from(length) * scale).round() as u32).max(1);
        let (width, height) = (side(image.width()), side(image.height()));
        let fitted = imageops::resize(image, width, height, imageops::FilterType::Triangle);
        let left = length(i % columns, cell[0]) + cell[0].saturating_sub(width) / 2;
        let top = length(i / columns, cell[1]) + cell[1].saturating_sub(height) / 2;
        imageops::replace(&mut sheet, &fitted, left.into(), top.into());
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_stand_in_rows_and_keep_their_shape() {
        let red = RgbImage::from_pixel(10, 20, Rgb([255, 0, 0]));
        let blue = RgbImage::from_pixel(20, 10, Rgb([0, 0, 255]));
        let sheet = sheet(&[red.clone(), red, blue], 2, [40, 40]);
        assert_eq!(sheet.dimensions(), (8 + 2 * 48, 8 + 2 * 48));
        // Red is 20×40 in the middle of its cell, blue 40×20 in the second row's first.
        assert_eq!(sheet.get_pixel(8 + 20, 8 + 2).0, [255, 0, 0]);
        assert_eq!(sheet.get_pixel(8 + 5, 8 + 20).0, [255; 3]);
        assert_eq!(sheet.get_pixel(8 + 2, 8 + 48 + 20).0, [0, 0, 255]);
        assert_eq!(sheet.get_pixel(8 + 48 + 20, 8 + 48 + 20).0, [255; 3]);
    }
}
