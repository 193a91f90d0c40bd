//! Properties of images of one garment: determinism, disjoint splits, correct visibilities,
//! suitable difficulty.
use std::collections::HashSet;

use dafe::{
    data::Split,
    geometry::BoundingBox,
    landmark::{ClothesType, VariationType, Visibility},
};
use proptest::prelude::*;

use super::{SPLITS, STYLES};
use crate::{
    Style,
    drawing::piece::TARGET,
    generate::garment::{GeneratedGarment, describe_garment, generate_garment},
    random::streams::{Sort, Topic, key},
    scene::single,
};

#[test]
fn the_same_arguments_draw_the_same_image_on_any_thread() {
    for style in STYLES {
        let generate = move || generate_garment(style, 7, Split::Val, 3);
        let (here, there) = (generate(), std::thread::spawn(generate).join().expect("generated"));
        assert_eq!(here, there);
        let described = describe_garment(style, 7, Split::Val, 3);
        assert_eq!(here.landmarks, described.landmarks);
        assert_eq!(here.bounding_box, described.bounding_box);
    }
}

/// Bands have one color, and no landmark lies on them.
#[test]
fn bands_are_plain_and_hold_no_landmark() {
    let mut seen = 0;
    for index in 0..120 {
        let scene = single::compose(Style::Usual, 2, Split::Train, index);
        let Some(bands) = scene.shot.bands else { continue };
        seen += 1;
        let (before, inner) = (bands.before, bands.inner);
        for l in scene.landmarks.iter().filter(|l| l.visibility.has_position()) {
            let (x, y) = (l.x - before.0 as f32, l.y - before.1 as f32);
            assert!(x >= -0.5 && y >= -0.5 && x < inner.0 as f32 - 0.5 && y < inner.1 as f32 - 0.5);
        }
        if seen < 4 {
            let image = scene.shot.develop();
            assert_eq!(image.dimensions(), scene.shot.size);
            let outside = |x: u32, y: u32| {
                !(before.0..before.0 + inner.0).contains(&x)
                    || !(before.1..before.1 + inner.1).contains(&y)
            };
            let on_bands = image.enumerate_pixels().filter(|p| outside(p.0, p.1));
            let colors: HashSet<_> = on_bands.map(|p| p.2.0).collect();
            assert_eq!(colors.len(), 1, "{bands:?}");
        }
    }
    assert!(seen > 5);
}

#[test]
fn no_two_splits_share_a_stream_of_garment_fabric_or_background() {
    let mut seen = HashSet::new();
    for split in SPLITS {
        for index in 0..200 {
            for topic in [Topic::Garment, Topic::Fabric, Topic::Background] {
                for sort in [Sort::Single, Sort::Several] {
                    assert!(seen.insert(key(0, split, index, topic, sort)));
                }
            }
        }
    }
    let images = SPLITS.map(|split| generate_garment(Style::Usual, 0, split, 0).image);
    assert!(images[0] != images[1] && images[1] != images[2] && images[0] != images[2]);
}

#[test]
fn every_variation_and_visibility_occurs_often_enough() {
    let count = 700;
    let mut variations = [0; 5];
    let (mut occluded, mut truncated, mut all, mut bare) = (0, 0, 0, 0);
    for index in 0..count {
        let garment = describe_garment(Style::Usual, 0, Split::Train, index);
        variations[garment.variation_type.number() as usize - 1] += 1;
        let states =
            garment.clothes_type.slots().iter().map(|slot| garment.landmarks[*slot].visibility);
        let states: Vec<_> = states.collect();
        all += states.len();
        occluded += states.iter().filter(|s| **s == Visibility::Occluded).count();
        truncated += states.iter().filter(|s| **s == Visibility::Truncated).count();
        bare += usize::from(!states.contains(&Visibility::Visible));
        for (slot, landmark) in garment.landmarks.iter().enumerate() {
            let has = garment.clothes_type.slots().contains(&slot);
            assert_eq!(has, landmark.visibility != Visibility::Absent);
            if !landmark.visibility.has_position() {
                assert_eq!((landmark.x, landmark.y), (0.0, 0.0));
            }
        }
    }
    let fraction = |n: usize, of: usize| n as f32 / of as f32;
    println!(
        "variations {variations:?}, occluded {}, truncated {}",
        fraction(occluded, all),
        fraction(truncated, all)
    );
    println!("images with nothing visible: {}", fraction(bare, count as usize));
    assert!(variations.iter().all(|n| fraction(*n, count as usize) > 0.08));
    assert!(fraction(variations[2], count as usize) >= 0.15, "large pose");
    assert!(fraction(variations[4], count as usize) >= 0.15, "large zoom-in");
    assert!(fraction(occluded, all) >= 0.10);
    assert!(fraction(truncated, all) >= 0.05);
    assert!(fraction(bare, count as usize) < 0.03);
}

#[test]
fn left_is_left_on_frontal_images() {
    let normal =
        (0..200).map(|index| describe_garment(Style::Usual, 0, Split::Test, index)).filter(|g| {
            g.variation_type == VariationType::Normal && g.clothes_type != ClothesType::Lower
        });
    let mut seen = 0;
    for garment in normal {
        let [left, right] = [garment.landmarks[0], garment.landmarks[1]];
        if left.visibility.has_position() && right.visibility.has_position() {
            assert!(left.x < right.x, "{left:?} {right:?}");
            seen += 1;
        }
    }
    assert!(seen > 25);
}

#[test]
fn visible_landmarks_lie_in_the_image_and_about_the_box() {
    for index in 0..300 {
        let scene = single::compose(STYLES[index as usize % 2], 3, Split::Train, index);
        let (width, height) = scene.shot.size;
        let garment = GeneratedGarment::new(scene, image::RgbImage::default());
        let b = garment.bounding_box;
        assert!(b.x1 >= 1.0 && b.y1 >= 1.0 && b.x2 <= width as f32 && b.y2 <= height as f32);
        assert!(b.width() >= 1.0 && b.height() >= 1.0);
        for landmark in garment.landmarks.iter().filter(|l| l.visibility.has_position()) {
            assert!(landmark.x >= -0.5 && landmark.x < width as f32 - 0.5);
            assert!(landmark.y >= -0.5 && landmark.y < height as f32 - 0.5);
            let slack = 3.0 + 0.02 * b.width().max(b.height());
            assert!(landmark.x > b.x1 - slack && landmark.x < b.x2 + slack, "{landmark:?} {b:?}");
            assert!(landmark.y > b.y1 - slack && landmark.y < b.y2 + slack, "{landmark:?} {b:?}");
        }
    }
}

/// Renders with and without everything above the labeled garment. Pixels at visible landmarks must
/// not change; those at occluded ones must (unless the occluder looks the same or belongs to the
/// garment itself).
#[test]
fn occluded_means_that_something_is_painted_over_it() {
    let (mut hidden, mut changed, mut shown, mut touched) = (0, 0, 0, 0);
    for index in 0..60 {
        let mut scene = single::compose(STYLES[index as usize % 2], 11, Split::Train, index);
        // Shadows on the wall change pixels, too.
        scene.shot.background.cast = None;
        // Shadows and rims reach beyond their pieces.
        scene.shot.pieces.iter_mut().for_each(|p| (p.piece.shadow, p.piece.rim) = (0.0, 0.0));
        let whole = scene.shot.paint();
        let top =
            scene.shot.pieces.iter().filter(|p| p.piece.owner == TARGET).map(|p| p.piece.order);
        let top = top.fold(f32::MIN, f32::max);
        scene.shot.pieces.retain(|p| p.piece.order <= top || p.piece.owner == TARGET);
        let without = scene.shot.paint();
        for landmark in &scene.landmarks {
            let (x, y) = (landmark.x.round() as u32, landmark.y.round() as u32);
            let pixel =
                |map: &tiny_skia::Pixmap| map.pixel(x, y).map(|p| [p.red(), p.green(), p.blue()]);
            let (Some(a), Some(b)) = (pixel(&whole), pixel(&without)) else { continue };
            let off = a.iter().zip(b).map(|(a, b)| i32::from(a.abs_diff(b))).sum::<i32>();
            match landmark.visibility {
                Visibility::Occluded => {
                    hidden += 1;
                    changed += usize::from(off > 12);
                }
                Visibility::Visible => {
                    shown += 1;
                    touched += usize::from(off > 40);
                }
                Visibility::Truncated | Visibility::Absent => {}
            }
        }
    }
    println!("changed: {changed} of {hidden} occluded, {touched} of {shown} visible landmarks");
    // The occluder of a landmark may be a part of the garment itself, or of its color.
    assert!(hidden > 20 && changed * 2 > hidden);
    // A landmark on the edge of a piece that doesn't hide it shares its pixel.
    assert!(shown > 100 && touched * 40 <= shown);
}

/// The error of predicting mean positions from clothes type and box alone: neither trivial nor
/// hopeless.
#[test]
fn guessing_mean_positions_is_neither_good_nor_hopeless() {
    let draw =
        |split, count| (0..count).map(move |index| describe_garment(Style::Usual, 0, split, index));
    let mut means = [[(0.0_f32, 0.0_f32, 0.0_f32); 8]; 3];
    for garment in draw(Split::Train, 600) {
        let b = garment.bounding_box;
        for (slot, l) in
            garment.landmarks.iter().enumerate().filter(|l| l.1.visibility == Visibility::Visible)
        {
            let mean = &mut means[garment.clothes_type as usize][slot];
            mean.0 += (l.x - b.x1) / b.width();
            mean.1 += (l.y - b.y1) / b.height();
            mean.2 += 1.0;
        }
    }
    let mut errors = [(0.0_f32, 0.0_f32); 8];
    for garment in draw(Split::Test, 300) {
        let b = garment.bounding_box;
        for (slot, l) in
            garment.landmarks.iter().enumerate().filter(|l| l.1.visibility == Visibility::Visible)
        {
            let (x, y, n) = means[garment.clothes_type as usize][slot];
            let off = ((l.x - b.x1) / b.width() - x / n).hypot((l.y - b.y1) / b.height() - y / n);
            errors[slot].0 += off;
            errors[slot].1 += 1.0;
        }
    }
    let each = errors.map(|(sum, n)| sum / n);
    let mean = each.iter().sum::<f32>() / 8.0;
    println!("mean-position baseline: {mean:.4}, by landmark {each:.3?}");
    assert!((0.10..0.25).contains(&mean), "{mean}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Every seed and index is valid.
    #[test]
    fn any_seed_and_index_describes_a_sound_image(seed: u64, index: u64) {
        let garment = describe_garment(STYLES[(index % 2) as usize], seed, Split::Train, index);
        let b = garment.bounding_box;
        prop_assert!(BoundingBox::new(b.x1, b.y1, b.x2, b.y2).is_some());
        prop_assert!(garment.landmarks.iter().all(|l| l.x.is_finite() && l.y.is_finite()));
        prop_assert!((30..=95).contains(&garment.jpeg_quality));
    }
}
