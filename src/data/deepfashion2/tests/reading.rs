//! How a tree is read.
use super::*;
use crate::landmark::Visibility;

#[test]
fn a_sample_has_its_own_range_of_all_landmarks() {
    let tree = Tree::new();
    let dataset = tree.open().unwrap();
    assert_eq!((dataset.len(), dataset.root(), dataset.split()), (3, tree.root(), Split::Train));
    let sample = dataset.sample(0);
    assert_eq!(sample.image, "train/image/000003.jpg");
    assert_eq!(dataset.image_path(0), tree.root().join("train/image/000003.jpg"));
    assert_eq!(sample.bounding_box, BoundingBox::new(5.0, 6.0, 105.0, 206.0).unwrap());
    assert_eq!(sample.category, Some(DeepFashion2Category::Trousers as usize));
    assert_eq!((sample.landmarks.len(), sample.score), (294, None));
    // Trousers have landmarks 168 to 181.
    let own = &sample.landmarks[168..182];
    assert_eq!(own[0], Landmark::new(10.0, 20.0, Visibility::Visible));
    assert_eq!(own[1], Landmark::new(30.5, 21.0, Visibility::Occluded));
    assert_eq!(own[2..], [Landmark::new(0.0, 0.0, Visibility::Truncated); 12]);
    let others = sample.landmarks.iter().enumerate().filter(|(i, _)| !(168..182).contains(i));
    assert!(others.into_iter().all(|(_, landmark)| *landmark == Landmark::ABSENT));
}

#[test]
fn items_are_ordered_by_their_images_and_numbers() {
    let dataset = Tree::new().open().unwrap();
    let ids: Vec<_> = (0..3).map(|i| dataset.image_id(i)).collect();
    assert_eq!(ids, [Some(3), Some(3), Some(20)]);
    let of = |i: usize| dataset.item(i).category;
    assert_eq!(
        [of(0), of(1), of(2)],
        [DeepFashion2Category::Trousers, DeepFashion2Category::Skirt, DeepFashion2Category::Skirt]
    );
}

#[test]
fn attributes_are_kept_where_they_are_given() {
    let dataset = Tree::new().open().unwrap();
    let all = dataset.attributes(0);
    let numbers =
        DeepFashion2Attribute::ALL.iter().map(|attribute| attribute.of(&all)).collect::<Vec<_>>();
    assert_eq!((all.style, numbers), (Some(1), vec![Some(3), Some(2), Some(1), Some(2)]));
    assert_eq!(DeepFashion2Attribute::Viewpoint.values()[1], "frontal");
    assert_eq!(dataset.attributes(1), DeepFashion2Attributes::default());
    assert_eq!((dataset.source(1), dataset.pair_id(1)), (Some(DeepFashion2Source::User), Some(12)));
    assert_eq!((dataset.source(2), dataset.pair_id(2)), (None, None));
}

#[test]
fn one_category_has_its_own_schema() {
    let tree = Tree::new();
    let skirts = tree.open().unwrap().of_category(DeepFashion2Category::Skirt).unwrap();
    assert_eq!((skirts.len(), skirts.schema().len()), (2, 8));
    assert_eq!(skirts.sample(1).landmarks, [Landmark::new(1.0, 2.0, Visibility::Visible); 8]);
    assert_eq!((skirts.sample(1).category, skirts.image_id(1)), (Some(0), Some(20)));
    let error = tree.open().unwrap().of_category(DeepFashion2Category::Vest).unwrap_err();
    assert!(error.to_string().ends_with("no vest in the split 'train'"), "{error}");
}

#[test]
fn images_are_read_by_their_items() {
    let tree = Tree::new();
    let dataset = tree.open().unwrap();
    let error = dataset.image(2).unwrap_err().to_string();
    assert!(error.contains("train/image/000020.jpg"), "{error}");
    tree.bytes("train/image/readme.txt", b"");
    let pixels = RgbImage::from_pixel(12, 7, image::Rgb([9; 3]));
    crate::data::image::write_jpeg(dataset.image_path(2), &pixels, 90).unwrap();
    assert_eq!(dataset.image(2).unwrap().dimensions(), (12, 7));
}

#[test]
fn images_without_items_are_known() {
    let tree = Tree::new();
    tree.bytes("train/annos/000007.json", b"{}");
    let dataset = tree.open().unwrap();
    let numbers: Vec<_> = dataset.images().iter().map(|image| image.image_id).collect();
    assert_eq!((numbers, dataset.len()), (vec![Some(3), Some(7), Some(20)], 3));
    assert_eq!(dataset.images()[1].image, "train/image/000007.jpg");
}

#[test]
fn a_split_without_annotations_is_its_images() {
    let tree = Tree::new();
    let open = || DeepFashion2Dataset::open_unlabeled(tree.root(), Split::Test);
    let missing = tree.plain(&open().unwrap_err());
    assert_eq!(missing, "test/image: there is no such folder");
    tree.bytes("test/image/readme.txt", b"");
    assert_eq!(tree.plain(&open().unwrap_err()), "test/image: there are no images");
    for name in ["000012.jpg", "000004.jpg", ".000005.jpg", "000006.png"] {
        tree.bytes(&format!("test/image/{name}"), b"");
    }
    let dataset = open().unwrap();
    assert!(dataset.is_empty());
    let all: Vec<_> =
        dataset.images().into_iter().map(|image| (image.image, image.image_id)).collect();
    let (first, second) = ("test/image/000004.jpg".into(), "test/image/000012.jpg".into());
    assert_eq!(all, [(first, Some(4)), (second, Some(12))]);
}
