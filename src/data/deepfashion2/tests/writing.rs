//! What the writer writes and rejects, and round trips.
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::*;
use crate::landmark::Visibility;

#[test]
fn writes_what_the_format_prescribes() {
    let tree = Tree::new();
    let dataset = tree.open().unwrap();
    let mut skirt = dataset.item(2);
    skirt.landmarks[0] = Landmark::new(0.5, -0.0, Visibility::Occluded);
    skirt.landmarks[1] = Landmark::new(f32::NAN, 9.0, Visibility::Truncated);
    skirt.attributes.viewpoint = Some(2);
    skirt.segmentation = vec![vec![[1.0, 2.5], [3.0, 4.0], [5.0, 6.0]], vec![[7.0, 8.0]]];
    let source = Some(DeepFashion2Source::Shop);
    let image = DeepFashion2Image { source, pair_id: Some(7), items: vec![skirt] };
    write_annotation(tree.root(), Split::Test, 1_234_567, &image).unwrap();
    let text = fs::read_to_string(tree.root().join("test/annos/1234567.json")).unwrap();
    let rest = "1,2,2,".repeat(6);
    let expected = format!(
        "{{\"item1\":{{\"category_id\":9,\"category_name\":\"skirt\",\"bounding_box\":[0,0,9.5,20],\
         \"landmarks\":[0.5,-0.0,1,0,0,0,{}],\"segmentation\":[[1,2.5,3,4,5,6],[7,8]],\"viewpoint\":2}},\
         \"source\":\"shop\",\"pair_id\":7}}",
        &rest[..rest.len() - 1]
    );
    assert_eq!(text, expected);
}

#[test]
fn writes_nothing_if_an_item_will_not_do() {
    let check = |change: fn(&mut DeepFashion2Item), message: &str| {
        let folder = tempfile::tempdir().unwrap();
        let mut items = vec![Tree::new().open().unwrap().item(2); 2];
        change(&mut items[1]);
        let image = DeepFashion2Image { items, ..Default::default() };
        let error = write_annotation(folder.path(), Split::Train, 5, &image).unwrap_err();
        let path = folder.path().join("train/annos/000005.json");
        assert_eq!(error.to_string(), format!("{}: item2: {message}", path.display()));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    };
    check(|item| item.landmarks.truncate(5), "skirt has 8 landmarks, not 5");
    check(
        |item| item.landmarks[3] = Landmark::ABSENT,
        "landmark 4 of skirt: absent, though the category has it",
    );
    check(|item| item.landmarks[0].y = f32::NAN, "landmark 1 of skirt: at 1, NaN: too far away");
    check(
        |item| item.segmentation = vec![vec![[1.0, f32::INFINITY]]],
        "its outline is at 1, inf: too far away",
    );
    check(|item| item.bounding_box.x2 = -1.0, "the box [0.0, 0.0, -1.0, 20.0] is empty");
    check(|item| item.attributes.scale = Some(4), "scale 4 is not 1, 2 or 3");
}

fn item() -> impl Strategy<Value = DeepFashion2Item> {
    let seen = select(vec![Visibility::Visible, Visibility::Occluded, Visibility::Truncated]);
    let place = prop_oneof![-300f32..3000.0, (-300i16..3000).prop_map(f32::from)];
    let point = (place.clone(), place, seen);
    let corner = (-500f32..500.0, -500f32..500.0, 1f32..2000.0, 1f32..2000.0);
    let three = || option::of(1u8..=3);
    let attributes = (option::of(any::<u32>()), three(), three(), three(), three());
    let category = select(DeepFashion2Category::ALL);
    (category, corner, vec(point, 39), attributes).prop_map(
        |(category, (x, y, w, h), points, (style, scale, occlusion, zoom_in, viewpoint))| {
            let landmarks = points[..category.landmarks().len()].iter().map(|&(x, y, seen)| {
                let (x, y) = if seen.has_position() { (x, y) } else { (0.0, 0.0) };
                Landmark::new(x, y, seen)
            });
            DeepFashion2Item {
                category,
                bounding_box: BoundingBox::new(x, y, x + w, y + h).unwrap(),
                landmarks: landmarks.collect(),
                attributes: DeepFashion2Attributes { style, scale, occlusion, zoom_in, viewpoint },
                segmentation: Vec::new(),
            }
        },
    )
}

fn annotation() -> impl Strategy<Value = DeepFashion2Image> {
    let source = option::of(select(vec![DeepFashion2Source::User, DeepFashion2Source::Shop]));
    (source, option::of(any::<u64>()), vec(item(), 1..5))
        .prop_map(|(source, pair_id, items)| DeepFashion2Image { source, pair_id, items })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_written_is_read_again(images in vec(annotation(), 1..6), first in 0u32..2_000_000) {
        let folder = tempfile::tempdir().unwrap();
        for (number, image) in (first..).zip(&images) {
            write_annotation(folder.path(), Split::Train, number, image).unwrap();
        }
        let read = DeepFashion2Dataset::open(folder.path(), Split::Train).unwrap();
        let expected: Vec<_> = (first..)
            .zip(&images)
            .flat_map(|(number, image)| image.items.iter().map(move |item| (number, image, item)))
            .collect();
        prop_assert_eq!(read.len(), expected.len());
        for (i, (number, image, item)) in expected.into_iter().enumerate() {
            prop_assert_eq!(&read.item(i), item);
            prop_assert_eq!(read.image_id(i), Some(u64::from(number)));
            prop_assert_eq!((read.source(i), read.pair_id(i)), (image.source, image.pair_id));
            prop_assert_eq!(&read.sample(i).landmarks[item.category.landmarks()], &item.landmarks[..]);
        }
    }
}
