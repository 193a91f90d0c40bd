//! Pictures through affine maps: antialiased where they shrink, bilinear where they grow, one fill colour all around.
//!
//! A picture is taken as an infinite plane of the fill colour with the picture in it, so that its edge fades into the
//! fill over one pixel, exactly where the map puts it. Cost and memory are bounded by the sizes of the picture and of
//! the output, whatever the map.
use image::{Rgb, RgbImage};

use crate::geometry::Affine;

/// Where a map turns or shears and has at least this scale, bilinear samples are dense enough by themselves.
const BARELY_SHRINKS: f64 = 0.999;

/// The picture seen through `affine`, which maps its pixels to those of an output of `size` (`[width, height]`);
/// what lies outside the picture is `fill`.
///
/// A pixel's integer coordinate is its centre, in both. Each output pixel is a triangle-weighted mean (separable, as
/// wide as the map shrinks, at least two pixels: bilinear where it enlarges), so the identity returns the picture
/// exactly. A map that is not finite, or that flattens the plane, gives an output that is all `fill`.
///
/// Maps that turn or shear take two steps: an antialiased reduction along the picture's own axes where they shrink,
/// then a bilinear warp. What a map shrinks across a diagonal of the picture, far more than along it, is therefore
/// not fully antialiased: boxes several times as long as wide, turned by some 45° and shrunk a lot.
///
/// # Panics
/// If a side of `size` is beyond `u32`, or the output does not fit in memory.
pub fn resample(picture: &RgbImage, affine: &Affine, size: [usize; 2], fill: [u8; 3]) -> RgbImage {
    let sides = size.map(|side| u32::try_from(side).expect("an output side is beyond u32"));
    let filled = || RgbImage::from_pixel(sides[0], sides[1], Rgb(fill));
    let Affine { xx, xy, x0, yx, yy, y0 } = *affine;
    let finite = [xx, xy, x0, yx, yy, y0].iter().all(|term| term.is_finite());
    let Some(inverse) = affine.inverse().filter(|_| finite) else {
        return filled();
    };
    if picture.is_empty() || size.contains(&0) {
        return filled();
    }
    if xy == 0.0 && yx == 0.0 {
        let columns = Taps::new(xx, x0, picture.width() as usize, size[0]);
        let rows = Taps::new(yy, y0, picture.height() as usize, size[1]);
        return apply(picture, &columns, &rows, fill);
    }

    // How long a step of one picture pixel to the right, and one down, is in the output.
    let [shrink_x, shrink_y] =
        [xx.hypot(yx), xy.hypot(yy)].map(|scale| if scale < BARELY_SHRINKS { scale } else { 1.0 });
    if shrink_x == 1.0 && shrink_y == 1.0 {
        return warp(picture, &inverse, sides, fill);
    }
    let (right, bottom) = (size[0] as f64 - 1.0, size[1] as f64 - 1.0);
    let corners = [(0.0, 0.0), (right, 0.0), (0.0, bottom), (right, bottom)]
        .map(|(u, v)| inverse.apply(u, v));
    let seen_x = Reduction::new(shrink_x, picture.width(), corners.map(|corner| corner.0));
    let seen_y = Reduction::new(shrink_y, picture.height(), corners.map(|corner| corner.1));
    let (Some(x), Some(y)) = (seen_x, seen_y) else {
        return filled();
    };
    let columns = Taps::new(x.scale, -x.first, picture.width() as usize, x.pixels);
    let rows = Taps::new(y.scale, -y.first, picture.height() as usize, y.pixels);
    let reduced = apply(picture, &columns, &rows, fill);
    let reduce = Affine { xx: x.scale, xy: 0.0, x0: -x.first, yx: 0.0, yy: y.scale, y0: -y.first };
    warp(&reduced, &inverse.then(&reduce), sides, fill)
}

/// One axis of the reduced picture that a warp reads: pixel `i` of it is at `(i + first) / scale` of the picture.
struct Reduction {
    scale: f64,
    first: f64,
    pixels: usize,
}

impl Reduction {
    /// Covers what is both near the picture and between the output's `corners`; `None` if that is nothing.
    fn new(scale: f64, side: u32, corners: [f64; 4]) -> Option<Self> {
        // Up to one reduced pixel away, the picture still shows.
        let reach = 1.0 / scale;
        let low = corners.iter().copied().fold(f64::INFINITY, f64::min).max(-reach);
        let high = corners
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max)
            .min(f64::from(side) - 1.0 + reach);
        let (first, last) = ((low * scale).floor(), (high * scale).ceil());
        // At most about side·scale + 3 pixels.
        (first <= last).then(|| Self { scale, first, pixels: (last - first) as usize + 1 })
    }
}

/// For each output pixel of one axis, which pixels of the picture make it and with what weights.
///
/// Weights sum to less than 1 where the pixel lies partly outside the picture: the rest is fill.
struct Taps {
    /// First pixel of the picture, and the range of its weights in `weights`.
    spans: Vec<(usize, std::ops::Range<usize>)>,
    weights: Vec<f32>,
}

impl Taps {
    /// For the axis `u = scale·x + shift`, from `side` pixels to `out`.
    fn new(scale: f64, shift: f64, side: usize, out: usize) -> Self {
        let radius = (1.0 / scale.abs()).max(1.0);
        let mut taps =
            Self { spans: Vec::with_capacity(out), weights: Vec::with_capacity(2 * out) };
        for u in 0..out {
            let center = (u as f64 - shift) / scale;
            let first = (center - radius).ceil().max(0.0);
            let last = (center + radius).floor().min(side as f64 - 1.0);
            let start = taps.weights.len();
            let mut from = first as usize;
            if first <= last {
                let total = triangle_sum(center - center.floor(), radius);
                for x in first as usize..=last as usize {
                    let weight = (1.0 - (x as f64 - center).abs() / radius) / total;
                    if weight > 0.0 {
                        taps.weights.push(weight as f32);
                    } else if taps.weights.len() == start {
                        from = x + 1;
                    }
                }
            }
            taps.spans.push((from, start..taps.weights.len()));
        }
        taps
    }

    /// The first pixel that any output pixel takes, and the one after the last.
    fn extent(&self) -> Option<(usize, usize)> {
        let used = || self.spans.iter().filter(|span| !span.1.is_empty());
        Some((used().map(|span| span.0).min()?, used().map(|span| span.0 + span.1.len()).max()?))
    }
}

/// `Σ max(0, 1 − |i − fraction| / radius)` over all integers `i`: what the weights of a pixel sum to before they are
/// normalised, inside the picture or not. In closed form, since `radius` may be huge.
fn triangle_sum(fraction: f64, radius: f64) -> f64 {
    // Pixels at distances d, d + 1, … on one side.
    let side = |d: f64| {
        let n = (radius - d).floor() + 1.0;
        if n > 0.0 { n - (n * d + n * (n - 1.0) / 2.0) / radius } else { 0.0 }
    };
    side(fraction) + side(1.0 - fraction)
}

/// Resamples along both axes, one output row at a time.
fn apply(picture: &RgbImage, columns: &Taps, rows: &Taps, fill: [u8; 3]) -> RgbImage {
    let (width, height) = (columns.spans.len(), rows.spans.len());
    let mut output = RgbImage::from_pixel(width as u32, height as u32, Rgb(fill));
    let Some((left, right)) = columns.extent() else {
        return output;
    };
    let fill = fill.map(f32::from);
    let stride = picture.width() as usize * 3;
    // The rows of the picture that make one output row, added up; what they lack to 1 is fill.
    let mut sums = vec![0f32; (right - left) * 3];
    for (target, (top, weights)) in output.chunks_exact_mut(width * 3).zip(&rows.spans) {
        let weights = &rows.weights[weights.clone()];
        if weights.is_empty() {
            continue;
        }
        let lacking = 1.0 - weights.iter().sum::<f32>();
        sums.chunks_exact_mut(3)
            .for_each(|sum| sum.copy_from_slice(&fill.map(|channel| channel * lacking)));
        for (row, &weight) in weights.iter().enumerate() {
            let start = (top + row) * stride;
            let source = &picture.as_raw()[start + left * 3..start + right * 3];
            for (sum, &value) in sums.iter_mut().zip(source) {
                *sum += weight * f32::from(value);
            }
        }
        for (pixel, (first, weights)) in target.chunks_exact_mut(3).zip(&columns.spans) {
            let weights = &columns.weights[weights.clone()];
            if weights.is_empty() {
                continue;
            }
            let from = (first - left) * 3;
            let mut color = [0f32; 3];
            let mut total = 0f32;
            for (sum, &weight) in sums[from..from + weights.len() * 3].chunks_exact(3).zip(weights)
            {
                for channel in 0..3 {
                    color[channel] += weight * sum[channel];
                }
                total += weight;
            }
            for channel in 0..3 {
                pixel[channel] = to_u8(color[channel] + (1.0 - total) * fill[channel]);
            }
        }
    }
    output
}

/// Samples the picture bilinearly at `inverse` of each output pixel, to 1/256 of a picture pixel.
fn warp(
    picture: &RgbImage,
    inverse: &Affine,
    [width, height]: [u32; 2],
    fill: [u8; 3],
) -> RgbImage {
    let mut output = RgbImage::from_pixel(width, height, Rgb(fill));
    // One pixel to the right and down, so that rounding towards zero is rounding down from the ring around the
    // picture on, and indices cannot be negative.
    let inverse = inverse.then(&Affine { x0: 1.0, y0: 1.0, ..Affine::IDENTITY });
    let (columns, rows) = (picture.width() as usize, picture.height() as usize);
    let (right, bottom) = (columns as f64 + 1.0, rows as f64 + 1.0);
    for (v, target) in output.chunks_exact_mut(width as usize * 3).enumerate() {
        for (u, pixel) in target.chunks_exact_mut(3).enumerate() {
            let (x, y) = inverse.apply(u as f64, v as f64);
            if !(x > 0.0 && y > 0.0 && x < right && y < bottom) {
                continue;
            }
            let (left, top) = (x as usize, y as usize);
            let inside = left > 0 && top > 0 && left < columns && top < rows;
            let [above, below] = if inside {
                let at = ((top - 1) * columns + left - 1) * 3;
                [at, at + columns * 3].map(|at| six(&picture.as_raw()[at..at + 6]))
            } else {
                [top, top + 1].map(|row| pair(picture, left, row, fill))
            };
            // The weights of the four sum to 2^16.
            let [fx, fy] =
                [x - left as f64, y - top as f64].map(|share| (share * 256.0 + 0.5) as u32);
            let weights = [(256 - fx) * (256 - fy), fx * (256 - fy), (256 - fx) * fy, fx * fy];
            for channel in 0..3 {
                let near = [above[channel], above[channel + 3], below[channel], below[channel + 3]];
                let sum: u32 = near
                    .iter()
                    .zip(weights)
                    .map(|(&value, weight)| u32::from(value) * weight)
                    .sum();
                pixel[channel] = ((sum + (1 << 15)) >> 16) as u8;
            }
        }
    }
    output
}

/// Six bytes of a slice of six.
fn six(bytes: &[u8]) -> [u8; 6] {
    [bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5]]
}

/// The pixels `left − 1` and `left` of row `row − 1`, side by side; `fill` where there are none.
fn pair(picture: &RgbImage, left: usize, row: usize, fill: [u8; 3]) -> [u8; 6] {
    let pixel = |x: usize| match (x.checked_sub(1), row.checked_sub(1)) {
        (Some(x), Some(y)) => {
            picture.get_pixel_checked(x as u32, y as u32).map_or(fill, |pixel| pixel.0)
        }
        _ => fill,
    };
    let ([a, b, c], [d, e, f]) = (pixel(left), pixel(left + 1));
    [a, b, c, d, e, f]
}

/// The nearest of 0..=255.
fn to_u8(value: f32) -> u8 {
    // The cast saturates.
    (value + 0.5) as u8
}
