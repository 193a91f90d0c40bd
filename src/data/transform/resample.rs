//! Resamples images through affine maps: antialiased when shrinking, bilinear when enlarging, with
//! one fill color around. `fast_image_resize` resamples along the axes; this module adds padding
//! and rotation. Cost and memory are bounded by the sizes of image and output, for any map.
use fast_image_resize::{
    FilterType, ResizeAlg, ResizeOptions, Resizer,
    images::{TypedCroppedImageMut, TypedImage, TypedImageRef},
    pixels::U8x3,
};
use image::{Rgb, RgbImage, imageops};

use super::warp::warp;
use crate::geometry::Affine;

/// A map that rotates or shears with at least this scale is sampled densely enough by bilinear
/// interpolation.
const BARELY_SHRINKS: f64 = 0.999;

/// The maximum number of fill pixels beside an image: enough for maps that shrink it by up to 340.
const MARGIN: f64 = 1024.0;

/// Resamples the image through `affine`, which maps image pixels to pixels of an output of `size`
/// (`[width, height]`). Everything outside the image is `fill`.
///
/// Integer coordinates are pixel centers in both. Each output pixel is a triangle-weighted mean:
/// separable, as wide as the map shrinks and at least two pixels, hence bilinear when enlarging.
/// The identity returns the image exactly, and a flip its exact mirror image. On sides where the
/// output extends beyond the image, the image fades into the fill over one pixel of the coarser
/// grid; on the other sides, the mean covers only existing pixels. A map that is not finite or is
/// degenerate returns an output of only `fill`.
///
/// Maps that rotate or shear take two steps: an antialiased reduction along the image's own axes if
/// they shrink, then a bilinear warp. A map that shrinks a diagonal of the image much more than the
/// other direction is therefore not fully antialiased: boxes several times as long as wide, rotated
/// by about 45° and shrunk a lot. An image shrunk by more than 340 may lose its edges to the fill.
///
/// # Panics
/// If a side of `size` exceeds `u32`, or the output does not fit in memory.
pub fn resample(image: &RgbImage, affine: &Affine, size: [usize; 2], fill: [u8; 3]) -> RgbImage {
    let size = size.map(|side| u32::try_from(side).expect("an output side is beyond u32"));
    let mut output = RgbImage::from_pixel(size[0], size[1], Rgb(fill));
    let Affine { xx, xy, x0, yx, yy, y0 } = *affine;
    let finite = [xx, xy, x0, yx, yy, y0].iter().all(|term| term.is_finite());
    let sees = finite && !image.is_empty() && !output.is_empty();
    let Some(inverse) = affine.inverse().filter(|_| sees) else { return output };
    if xy == 0.0 && yx == 0.0 {
        stretch(image, [(xx, x0), (yy, y0)], &mut output, fill);
        return output;
    }

    let [right, bottom] = size.map(|side| f64::from(side) - 1.0);
    let corners = [[0.0, 0.0], [right, 0.0], [0.0, bottom], [right, bottom]];
    let corners = corners.map(|corner| inverse.apply(corner));
    // The length in the output of a step of one image pixel to the right, and one down.
    let [scale_x, scale_y] = [xx.hypot(yx), xy.hypot(yy)];
    let x = seen(scale_x, image.width(), corners.map(|corner| corner[0]));
    let y = seen(scale_y, image.height(), corners.map(|corner| corner[1]));
    let (Some((x, columns)), Some((y, rows))) = (x, y) else { return output };
    let mut reduced = RgbImage::from_pixel(columns, rows, Rgb(fill));
    stretch(image, [x, y], &mut reduced, fill);
    let reduce = Affine { xx: x.0, xy: 0.0, x0: x.1, yx: 0.0, yy: y.0, y0: y.1 };
    warp(&reduced, &inverse.then(&reduce), &mut output);
    output
}

/// Resamples like [`resample`], but with bilinear samples only, like OpenCV's `warpAffine`: when
/// shrinking, pixels between the samples are ignored.
pub(super) fn sample_bilinear(
    image: &RgbImage,
    affine: &Affine,
    size: [usize; 2],
    fill: [u8; 3],
) -> RgbImage {
    let size = size.map(|side| u32::try_from(side).expect("an output side is beyond u32"));
    let mut output = RgbImage::from_pixel(size[0], size[1], Rgb(fill));
    let Some(inverse) = affine.inverse() else { return output };
    // One pixel of fill on each side, for the fade.
    let (width, height) = image.dimensions();
    let mut framed = RgbImage::from_pixel(width + 2, height + 2, Rgb(fill));
    imageops::replace(&mut framed, image, 1, 1);
    let moved = Affine { x0: 1.0, y0: 1.0, ..Affine::IDENTITY };
    warp(&framed, &inverse.then(&moved), &mut output);
    output
}

/// One axis of the part of the image that a rotated output with these `corners` sees, reduced if
/// `scale` is below 1, with fill around it: its map (scale, shift) and its length. `None` if it
/// sees nothing.
fn seen(scale: f64, side: u32, corners: [f64; 4]) -> Option<((f64, f64), u32)> {
    let scale = if scale < BARELY_SHRINKS { scale } else { 1.0 };
    // The image is visible up to one reduced pixel away.
    let reach = 1.0 / scale;
    let low = corners.into_iter().fold(f64::INFINITY, f64::min).max(-reach);
    let high = corners.into_iter().fold(f64::NEG_INFINITY, f64::max);
    let high = high.min(f64::from(side) - 1.0 + reach);
    // One more, so that every pixel has neighbors. At most about side·scale + 5 pixels.
    let (first, last) = ((low * scale).floor() - 1.0, (high * scale).ceil() + 1.0);
    (low <= high).then_some(((scale, -first), (last - first) as u32 + 1))
}

/// Draws the image into `output`, which contains only fill: `u = scale·x + shift` on each axis.
fn stretch(image: &RgbImage, maps: [(f64, f64); 2], output: &mut RgbImage, fill: [u8; 3]) {
    let (width, height) = (f64::from(image.width()), f64::from(image.height()));
    let columns = Span::of_axis(maps[0], width, output.width());
    for y in Span::of_axis(maps[1], height, output.height()) {
        for x in &columns {
            let shown = [x.start, y.start, x.length, y.length];
            let onto = [x.target[0], y.target[0], x.target[1], y.target[1]];
            let ([left, right], [top, bottom]) = (x.read, y.read);
            if left >= 0.0 && top >= 0.0 && right <= width && bottom <= height {
                place(image, shown, output, onto);
                continue;
            }
            let size = [right - left, bottom - top].map(|side| side as u32);
            let mut padded = RgbImage::from_pixel(size[0], size[1], Rgb(fill));
            let part = [left.max(0.0), top.max(0.0), right.min(width), bottom.min(height)];
            let part = [part[0], part[1], part[2] - part[0], part[3] - part[1]];
            let moved = |[x, y, w, h]: [f64; 4]| [x - left, y - top, w, h];
            place(image, part, &mut padded, moved(part).map(|side| side as u32));
            place(&padded, moved(shown), output, onto);
        }
    }
    if maps[0].0 < 0.0 {
        imageops::flip_horizontal_in_place(output);
    }
    if maps[1].0 < 0.0 {
        imageops::flip_vertical_in_place(output);
    }
}

/// Resizes a box of `source` to a box of `target`, each `[left, top, width, height]` from the outer
/// edges of the first pixel. Copies if both boxes have the same whole-pixel size.
fn place(source: &RgbImage, from: [f64; 4], target: &mut RgbImage, onto: [u32; 4]) {
    let (width, height) = source.dimensions();
    let [w, h] = [from[2].min(f64::from(width)), from[3].min(f64::from(height))];
    // Rounding errors may have moved it across the edge.
    let x = from[0].clamp(0.0, f64::from(width) - w);
    let y = from[1].clamp(0.0, f64::from(height) - h);
    let triangle = ResizeAlg::Convolution(FilterType::Bilinear);
    let options = ResizeOptions::new().resize_alg(triangle).crop(x, y, w, h);
    // Typed images avoid compiling the filters of a dozen other pixel formats.
    let source = TypedImageRef::<U8x3>::from_buffer(width, height, source);
    let (columns, rows) = target.dimensions();
    let target = TypedImage::<U8x3>::from_buffer(columns, rows, target);
    let (source, mut target) = source.ok().zip(target.ok()).expect("images have their sizes");
    let target = TypedCroppedImageMut::from_ref(&mut target, onto[0], onto[1], onto[2], onto[3]);
    let mut target = target.expect("the target's box is in the target");
    let resized = Resizer::new().resize_typed(&source, &mut target, &options);
    resized.expect("the source's box is in the source");
}

/// A run of output pixels along one axis and the part of the image they see. Positions are measured
/// from the outer edge of the image's pixel 0, which spans 0..1.
struct Span {
    /// The first output pixel and the number of pixels.
    target: [u32; 2],
    /// Start and length of the part they show.
    start: f64,
    length: f64,
    /// The first pixel that their filters read, and the one after the last. Beyond the image only
    /// if the part they show is.
    read: [f64; 2],
}

impl Span {
    /// The output pixels of an axis that see the image. Where the output extends beyond the image,
    /// pixels that also see fill are separate runs. Mirrored if `scale` is negative.
    fn of_axis((scale, shift): (f64, f64), side: f64, out: u32) -> Vec<Self> {
        let out = f64::from(out);
        let (scale, shift) = if scale < 0.0 { (-scale, out - 1.0 - shift) } else { (scale, shift) };
        let to_output = |x: f64| scale * (x - 0.5) + shift + 0.5;
        // Positions at a whole pixel up to rounding errors need no filter.
        let tolerance = 1e-7 / scale.max(1.0);
        let snap = |x: f64| if (x - x.round()).abs() < tolerance { x.round() } else { x };
        let to_image = |u: f64| snap((u - shift - 0.5) / scale + 0.5);
        // The filter's radius is one pixel of the coarser grid, around centers of the finer one.
        let (radius, reach) = ((1.0 / scale).max(1.0), (scale / 2.0).max(1.0));
        let first = (to_output(0.0) - reach).floor().max(to_output(-MARGIN).ceil()).max(0.0);
        let last = (to_output(side) + reach).ceil().min(to_output(side + MARGIN).floor()).min(out);
        let (low, high) = (to_output(radius).ceil(), to_output(side - radius).floor());
        let low = if to_image(first) < 0.0 { low } else { first };
        let high = if to_image(last) > side { high } else { last };
        let cuts = if low < high { [first, low, high, last] } else { [first, last, last, last] };
        let runs = cuts.windows(2).map(|cut| (cut[0], cut[1])).filter(|(from, to)| from < to);
        let span = |(from, to): (f64, f64)| {
            // A shorter part would also show a single color.
            let (start, length) = (to_image(from), snap((to - from) / scale).max(1e-6));
            let end = to_image(to);
            let floor = if start < 0.0 { -MARGIN } else { 0.0 };
            let ceiling = if end > side { side + MARGIN } else { side };
            let from_pixel = (start - radius).floor().clamp(floor, side - 1.0);
            let read = [from_pixel, (end + radius).ceil().clamp(1.0, ceiling)];
            Self { target: [from as u32, (to - from) as u32], start, length, read }
        };
        runs.map(span).collect()
    }
}
