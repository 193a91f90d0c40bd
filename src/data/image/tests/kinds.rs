//! Pixel and file formats, compared with hand-derived values and with Pillow.
use image::{GrayAlphaImage, GrayImage, ImageBuffer, LumaA, Rgba, RgbaImage};

use super::*;

#[test]
fn every_kind_of_jpeg_becomes_rgb() {
    let quarters = [
        ((3, 3), [255, 0, 0]),
        ((20, 3), [0, 255, 0]),
        ((3, 12), [0, 0, 255]),
        ((20, 12), [255; 3]),
    ];
    for name in
        ["progressive.jpg", "cmyk.jpg", "turned_by_exif.jpg", "with_thumbnail.jpg", "lossless.webp"]
    {
        let image = read(&fixture(name)).unwrap();
        assert_eq!(image.dimensions(), (24, 16), "{name}");
        for (at, expected) in quarters {
            assert_near(&image, at, expected);
        }
    }
    let gray = read(&fixture("gray.jpg")).unwrap();
    for (at, expected) in [((3, 3), 76), ((20, 3), 150), ((3, 12), 29), ((20, 12), 255)] {
        assert_near(&gray, at, [expected; 3]);
    }
}

#[test]
fn every_kind_of_png_becomes_rgb_on_white() {
    let first = |bytes: Vec<u8>| read(&bytes).unwrap().get_pixel(0, 0).0;
    assert_eq!(first(png(GrayImage::from_pixel(2, 2, image::Luma([77])))), [77; 3]);
    assert_eq!(first(png(GrayAlphaImage::from_pixel(2, 2, LumaA([0, 51])))), [204; 3]);
    assert_eq!(first(png(RgbaImage::from_pixel(2, 2, Rgba([10, 20, 30, 255])))), [10, 20, 30]);
    assert_eq!(first(png(RgbaImage::from_pixel(2, 2, Rgba([10, 20, 30, 0])))), [255; 3]);
    // 255 − (255 − 10)·128/255 and so on.
    assert_eq!(first(png(RgbaImage::from_pixel(2, 2, Rgba([10, 20, 30, 128])))), [132, 137, 142]);
    let deep = ImageBuffer::from_pixel(2, 2, Rgb([257u16 * 9, 65_535, 128]));
    assert_eq!(first(png(DynamicImage::ImageRgb16(deep))), [9, 255, 0]);
    let deep = ImageBuffer::from_pixel(2, 2, Rgba([0u16, 65_535, 0, 65_535 / 5]));
    assert_eq!(first(png(DynamicImage::ImageRgba16(deep))), [204, 255, 204]);
}

/// A JPEG's inverse cosine transform may be rounded in several ways, which differ by 1 here and
/// perhaps by one more on other processors. WebP's lossy pixels are defined exactly. 16-bit and
/// 5-bit samples are rounded here but truncated by Pillow, and Pillow rounds transparent pixels
/// twice.
fn tolerance(name: &str) -> u8 {
    match name {
        _ if name.ends_with(".jpg") || name == "jpeg.tif" => 2,
        _ if name.contains("_16") || name.contains("_565") || name.contains("alpha") => 1,
        _ => 0,
    }
}

#[test]
fn pixels_are_those_that_pillow_reads() {
    let expected = expected();
    assert_eq!(expected.len(), 83, "fixtures");
    for (name, Expected { stored, upright }) in &expected {
        let bytes = fixture(name);
        let difference = stored.difference(&read(&bytes).unwrap(), name);
        assert!(difference <= tolerance(name), "{name}: {difference}");
        let turned = decode_image(&bytes, name).unwrap();
        let difference = upright.as_ref().unwrap_or(stored).difference(&turned, name);
        assert!(difference <= tolerance(name), "{name}, upright: {difference}");
    }
}

#[test]
fn of_an_animation_the_first_frame_is_read() {
    let frame = read(&fixture("orientation_1.png")).unwrap();
    for name in ["animated.png", "animated.webp", "animated.gif", "pages.tif"] {
        assert_eq!(read(&fixture(name)).unwrap(), frame, "{name}");
    }
    let default = RgbImage::from_pixel(6, 4, Rgb([1, 2, 3]));
    assert_eq!(read(&fixture("animated_with_default.png")).unwrap(), default);
}

#[test]
fn what_image_writes_is_read() {
    let image = gradient(7, 5);
    for format in [ImageFormat::Bmp, ImageFormat::Tiff] {
        assert_eq!(read(&encoded(image.clone(), format)).unwrap(), image, "{format:?}");
    }
    let few = RgbImage::from_fn(7, 5, |x, y| Rgb([[0, 0, 0], [255, 0, 9]][(x + y) as usize % 2]));
    assert_eq!(read(&encoded(few.clone(), ImageFormat::Gif)).unwrap(), few);
    let deep = ImageBuffer::from_pixel(2, 2, Rgb([257u16 * 9, 65_535, 128]));
    let deep = encoded(DynamicImage::ImageRgb16(deep), ImageFormat::Tiff);
    assert_eq!(read(&deep).unwrap().get_pixel(0, 0).0, [9, 255, 0]);
}

#[test]
fn one_pixel_is_an_image() {
    let pixel = RgbImage::from_pixel(1, 1, Rgb([200, 100, 50]));
    for bytes in [png(pixel.clone()), webp(pixel.clone())] {
        assert_eq!(read(&bytes).unwrap(), pixel);
        assert_eq!(decode_image(&bytes, "pixel").unwrap(), pixel);
    }
    assert_near(&read(&jpeg(&pixel)).unwrap(), (0, 0), [200, 100, 50]);
}

#[test]
fn the_content_says_which_format_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [
        ("jpeg.png", fixture("progressive.jpg")),
        ("png.webp", png(gradient(3, 2))),
        ("webp.jpg", webp(gradient(3, 2))),
        ("no extension", fixture("lossy.webp")),
        ("gif.bmp", fixture("palette.gif")),
        ("bmp.tif", fixture("rgb.bmp")),
        ("tiff.gif", fixture("raw.tif")),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        assert!(read_image(&path).is_ok(), "{name}");
    }
}
