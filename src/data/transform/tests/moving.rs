//! For any crop, pixels and points move to the same place, the inverse leads back, and nothing
//! panics.
use image::Rgb;
use proptest::prelude::*;

use super::*;

fn any_bounds() -> impl Strategy<Value = BoundingBox> {
    (-60.0f32..120.0, -60.0f32..120.0, 20.0f32..200.0, 20.0f32..200.0)
        .prop_map(|(x, y, w, h)| BoundingBox::new(x, y, x + w, y + h).unwrap())
}

fn any_alignment() -> impl Strategy<Value = Alignment> {
    prop_oneof![Just(Alignment::HalfPixel), Just(Alignment::Legacy), Just(Alignment::Udp)]
}

/// An image with a soft bright blob at `at`.
fn blob(at: [f32; 2], radius: f32) -> RgbImage {
    RgbImage::from_fn(160, 160, |x, y| {
        let squared = (x as f32 - at[0]).powi(2) + (y as f32 - at[1]).powi(2);
        Rgb([(255.0 * (-squared / (2.0 * radius * radius)).exp()).round() as u8; 3])
    })
}

/// The mean position of an image's brightness.
fn centroid(image: &RgbImage) -> (f64, f64) {
    let (mut sum, mut sum_x, mut sum_y) = (0.0, 0.0, 0.0);
    for (x, y, pixel) in image.enumerate_pixels() {
        let value = f64::from(pixel.0[0]);
        (sum, sum_x, sum_y) =
            (sum + value, sum_x + value * f64::from(x), sum_y + value * f64::from(y));
    }
    (sum_x / sum, sum_y / sum)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn pixels_move_with_points(
        (width, aspect) in (60f32..200.0, 0.5f32..2.0),
        alignment in any_alignment(),
        sample: u64,
        at in (0.25f32..0.75, 0.25f32..0.75),
        center in (30.0f32..130.0, 30.0f32..130.0),
        turned in 0.0f64..180.0,
        side in 32usize..200,
    ) {
        let augmentation = Augmentation { rotation: turned, box_jitter: 0.1, color: 0.0, ..Augmentation::default() };
        let size = [side, side + 7];
        let crop = |bounds: &BoundingBox| {
            CropTransform::random(bounds, bounds, size, alignment, &augmentation, [5, 0, sample])
        };
        let (u, v) = (at.0 * size[0] as f32, at.1 * size[1] as f32);
        // Places the box so that the point shown at (u, v) lies well inside the image.
        let bounds = BoundingBox::new(0.0, 0.0, width, width * aspect).unwrap();
        let [x, y] = crop(&bounds).to_image([u, v]);
        let (dx, dy) = (center.0 - x, center.1 - y);
        let crop = crop(&BoundingBox::new(dx, dy, dx + bounds.x2, dy + bounds.y2).unwrap());
        let [x, y] = crop.to_image([u, v]);
        // The blob is at least as wide as the coarsest output pixel, and clear of the output's
        // edges.
        let steps = [bounds.width() / size[0] as f32, bounds.height() / size[1] as f32];
        let radius = (0.8 * steps[0].max(steps[1])).max(1.5);
        prop_assume!(3.0 * radius / steps[0].min(steps[1]) + 2.0 < 0.25 * side as f32);
        let found = centroid(&resample(&blob([x, y], radius), &crop.affine, size, [0; 3]));
        prop_assert!((found.0 - f64::from(u)).hypot(found.1 - f64::from(v)) < 0.15, "{found:?} for {u}, {v}");
    }

    #[test]
    fn a_crop_can_be_undone(
        bounds in any_bounds(),
        alignment in any_alignment(),
        sample: u64,
        x in -50.0f32..300.0,
        y in -50.0f32..300.0,
    ) {
        let crop = CropTransform::random(&bounds, &bounds, [320, 256], alignment, &Augmentation::default(), [0, 0, sample]);
        let landmark = Landmark::new(x, y, Visibility::Visible);
        let moved = crop.landmarks(&[landmark], &[0])[0];
        let back = crop.to_image([moved.x, moved.y]);
        prop_assert!((back[0] - x).hypot(back[1] - y) < 1e-3, "{back:?} for {x}, {y}");
    }

    #[test]
    fn no_map_makes_it_panic(
        terms in prop::array::uniform6(prop_oneof![any::<f64>(), -3.0..3.0, Just(0.0), Just(1e-300), Just(1e300)]),
    ) {
        let [xx, xy, x0, yx, yy, y0] = terms;
        let affine = Affine { xx, xy, x0, yx, yy, y0 };
        let mut output = resample(&noise(9, 7), &affine, [8, 6], BLUE);
        ColorJitter { brightness: 0.5, ..ColorJitter::NONE }.apply(&mut output, &affine, [9, 7]);
        prop_assert_eq!(output.dimensions(), (8, 6));
    }

    #[test]
    fn the_padding_is_a_plane_of_fill(
        bounds in any_bounds(),
        size in prop::array::uniform2(1usize..100),
        flip: bool,
    ) {
        // Room for the widest filter: one output pixel may cover 380.
        let (image, room) = (noise(40, 30), 500);
        let mut plane = RgbImage::from_pixel(40 + 2 * room, 30 + 2 * room, Rgb(BLUE));
        imageops::replace(&mut plane, &image, room.into(), room.into());
        // The crop extends beyond the image on all sides.
        let (x1, y1) = (bounds.x1.min(-0.5), bounds.y1.min(-0.5));
        let (x2, y2) = (bounds.x2.max(40.5), bounds.y2.max(30.5));
        let bounds = BoundingBox { x1, y1, x2, y2 };
        let mut crop = Alignment::HalfPixel.crop(&bounds, size);
        if flip {
            crop = crop.then(&Affine::flip(size[0]));
        }
        let back = Affine { x0: -f64::from(room), y0: -f64::from(room), ..Affine::IDENTITY };
        let expected = resample(&plane, &back.then(&crop), size, BLUE);
        let found = resample(&image, &crop, size, BLUE);
        for (a, b) in found.iter().zip(expected.iter()) {
            prop_assert!(a.abs_diff(*b) <= 1, "{} and {}", a, b);
        }
    }

    #[test]
    fn the_two_ways_agree(bounds in any_bounds(), side in 40usize..100) {
        // A tiny rotation takes the two-step path. Its second interpolation blurs by a variance of
        // up to ¼ pixel per axis; the blob is at least 4 output pixels wide: 255·¼/4² = 4.
        let straight = Alignment::HalfPixel.crop(&bounds, [side, side]);
        let turned = Affine::similarity([50.0, 50.0], 1e-7, 1.0).then(&straight);
        let image = blob([70.0, 60.0], 20.0);
        let [straight, turned] = [straight, turned].map(|affine| resample(&image, &affine, [side, side], [0; 3]));
        for (a, b) in straight.iter().zip(turned.iter()) {
            prop_assert!(a.abs_diff(*b) <= 5, "{} and {}", a, b);
        }
    }
}
