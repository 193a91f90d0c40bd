//! Properties of images of several garments: determinism, every category, landmarks on the cloth's
//! edges, visibilities that agree with the rendering.
use std::collections::BTreeMap;

use dafe::{data::Split, geometry::BoundingBox, landmark::Visibility};
use proptest::prelude::*;

use crate::{
    Style,
    color::hex,
    describe_scene,
    drawing::piece::{Fill, Owner},
    generate_garment, generate_scene,
    geometry::point::{Pt, pt},
    scene::several,
};

#[test]
fn the_same_arguments_draw_the_same_scene_on_any_thread() {
    let here = generate_scene(Style::Usual, 7, Split::Val, 3);
    let there = std::thread::spawn(|| generate_scene(Style::Usual, 7, Split::Val, 3))
        .join()
        .expect("generated");
    assert_eq!(here, there);
    let described = describe_scene(Style::Usual, 7, Split::Val, 3);
    assert_eq!((here.garments, here.size), (described.garments, described.size));
    assert_eq!(here.size, <[u32; 2]>::from(here.image.dimensions()));
    assert_ne!(here.image, generate_scene(Style::Usual, 7, Split::Test, 3).image);
    assert_ne!(here.image, generate_garment(Style::Usual, 7, Split::Val, 3).image);
}

#[test]
fn every_category_attribute_and_number_of_garments_occurs() {
    let mut categories = BTreeMap::new();
    let (mut counts, mut attributes) = ([0; 4], [[0; 3]; 4]);
    let (mut all, mut occluded, mut outside) = (0, 0, 0);
    for index in 0..400 {
        let scene = describe_scene(Style::Usual, 0, Split::Train, index);
        counts[scene.garments.len() - 1] += 1;
        for garment in &scene.garments {
            *categories.entry(garment.item.category).or_insert(0) += 1;
            let a = garment.item.attributes;
            for (count, level) in
                attributes.iter_mut().zip([a.scale, a.occlusion, a.zoom_in, a.viewpoint])
            {
                count[level.unwrap() as usize - 1] += 1;
            }
            all += garment.item.landmarks.len();
            let count = |v| garment.item.landmarks.iter().filter(|l| l.visibility == v).count();
            occluded += count(Visibility::Occluded);
            outside += count(Visibility::Truncated);
        }
    }
    println!("{categories:?}\ngarments {counts:?}, attributes {attributes:?}");
    println!("{occluded} occluded and {outside} outside of {all} landmarks");
    assert_eq!(categories.len(), 13);
    assert!(categories.values().all(|n| *n >= 12), "{categories:?}");
    assert!(counts[1..].iter().sum::<usize>() * 3 > 400 * 2 && counts.iter().all(|n| *n > 8));
    assert!(attributes.iter().flatten().all(|n| *n > 20), "{attributes:?}");
    assert!(occluded * 10 > all && occluded * 2 < all && outside * 20 > all);
}

#[test]
fn annotations_are_complete_and_lie_in_image_and_box() {
    for index in 0..200 {
        let style = [Style::Usual, Style::Unlike][index as usize % 2];
        let several = several::compose(style, 3, Split::Train, index);
        let (width, height) = several.shot.size;
        let (right, bottom) = (width as f32 - 1.0, height as f32 - 1.0);
        for garment in &several.garments {
            assert_eq!(garment.item.landmarks.len(), garment.item.category.landmarks().len());
            let b = garment.item.bounding_box;
            assert!(b.x1 >= 0.0 && b.y1 >= 0.0 && b.x2 <= right && b.y2 <= bottom, "{b:?}");
            // The box is rounded to whole pixels.
            let inside = |x: f32, y: f32| {
                x >= b.x1 - 0.51 && x <= b.x2 + 0.51 && y >= b.y1 - 0.51 && y <= b.y2 + 0.51
            };
            for l in &garment.item.landmarks {
                assert_ne!(l.visibility, Visibility::Absent);
                assert!(!l.visibility.has_position() || inside(l.x, l.y), "{l:?} {b:?}");
            }
            assert!(garment.item.segmentation.iter().flatten().all(|p| inside(p[0], p[1])));
            for (slot, l) in garment.fld_landmarks.iter().enumerate() {
                let has = garment.clothes_type.slots().contains(&slot);
                assert_eq!(has, l.visibility != Visibility::Absent);
            }
        }
    }
}

fn off(line: &[Pt], p: Pt) -> f32 {
    let ends = line.iter().zip(line.iter().cycle().skip(1));
    let distance = |(a, b): (&Pt, &Pt)| {
        let (way, to) = (*b - *a, p - *a);
        let t = (to.x * way.x + to.y * way.y) / (way.x * way.x + way.y * way.y).max(1e-9);
        (p - a.lerp(*b, t.clamp(0.0, 1.0))).length()
    };
    ends.map(distance).fold(f32::MAX, f32::min)
}

#[test]
fn landmarks_lie_on_the_outlines_of_their_garment() {
    for index in 0..300 {
        let style = [Style::Usual, Style::Unlike][index as usize % 2];
        let several = several::compose(style, 5, Split::Val, index);
        for garment in &several.garments {
            let owner = Owner::Garment(garment.item.attributes.style.unwrap() as usize - 1);
            let own: Vec<_> =
                several.shot.pieces.iter().filter(|p| p.piece.owner == owner).collect();
            for (slot, l) in garment.item.landmarks.iter().enumerate() {
                let p = pt(l.x + 0.5, l.y + 0.5);
                let off =
                    own.iter().map(|piece| off(&piece.piece.outline, p)).fold(f32::MAX, f32::min);
                // Where a line is halved, its middle is on a chord of the bent curve.
                assert!(
                    !l.visibility.has_position() || off < 0.25,
                    "{index} {} {slot}: {off}",
                    garment.item.category
                );
            }
        }
    }
}

/// Recolors each garment in turn: the image changes around visible landmarks, and mostly not around
/// occluded ones.
#[test]
fn visibility_agrees_with_what_is_painted() {
    let (mut shown, mut changed, mut hidden, mut untouched) = (0, 0, 0, 0);
    for index in 0..40 {
        let style = [Style::Usual, Style::Unlike][index as usize % 2];
        let mut several = several::compose(style, 11, Split::Train, index);
        // Shadows and rims reach beyond their pieces.
        several.shot.background.cast = None;
        let pieces = &mut several.shot.pieces;
        pieces.iter_mut().for_each(|p| (p.piece.shadow, p.piece.rim) = (0.0, 0.0));
        let before = several.shot.paint();
        let plain = several.shot.pieces.clone();
        for garment in &several.garments {
            let owner = Owner::Garment(garment.item.attributes.style.unwrap() as usize - 1);
            let mut pieces = plain.clone();
            for piece in pieces.iter_mut().map(|p| &mut p.piece).filter(|p| p.owner == owner) {
                piece.fill = Fill::Plain(hex(0x00ff40));
                piece.marks.clear();
            }
            several.shot.pieces = pieces;
            let after = several.shot.paint();
            for l in garment.item.landmarks.iter().filter(|l| l.visibility.has_position()) {
                let (x, y) = (l.x.round() as i32, l.y.round() as i32);
                let near = (-2..=2).flat_map(|dx| (-2..=2).map(move |dy| (x + dx, y + dy)));
                let differs = |(x, y): (i32, i32)| {
                    let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return false };
                    before.pixel(x, y) != after.pixel(x, y)
                };
                let count = near.filter(|at| differs(*at)).count();
                if l.visibility == Visibility::Visible {
                    shown += 1;
                    changed += usize::from(count > 0);
                } else {
                    hidden += 1;
                    untouched += usize::from(count == 0);
                }
            }
        }
    }
    println!("{changed} of {shown} visible landmarks, {untouched} of {hidden} occluded ones");
    assert!(shown > 300 && changed * 100 >= shown * 98);
    // The rest are beneath another part of their own garment, or at the edge of their occluder.
    assert!(hidden > 60 && untouched * 2 > hidden);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Every seed and index is valid.
    #[test]
    fn any_seed_and_index_describes_a_sound_scene(seed: u64, index: u64) {
        let style = [Style::Usual, Style::Unlike][index as usize % 2];
        let scene = describe_scene(style, seed, Split::Test, index);
        prop_assert!((1..=4).contains(&scene.garments.len()));
        for garment in &scene.garments {
            let b = garment.item.bounding_box;
            prop_assert!(BoundingBox::new(b.x1, b.y1, b.x2, b.y2).is_some());
            prop_assert!(garment.item.landmarks.iter().all(|l| l.x.is_finite() && l.y.is_finite()));
            prop_assert!(garment.item.landmarks.iter().any(|l| l.visibility == Visibility::Visible));
        }
    }
}
