//! How a dataset is read.
use super::*;
use crate::landmark::LandmarkCategory;

#[test]
fn a_dataset_of_other_tools_is_read_as_they_mean_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/yolo");
    let expected = fs::read_to_string(root.join("expected.json")).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&expected).unwrap();
    for (split, images) in [(Split::Train, 4), (Split::Val, 1)] {
        let dataset = YoloDataset::open(&root, split).unwrap();
        assert_eq!(dataset.schema().names(), ["nose", "left ear", "right ear"]);
        assert_eq!(dataset.schema().mirror(), [0, 2, 1]);
        assert_eq!(dataset.images().len(), images);
        let expected = expected[split.name()].as_array().unwrap();
        assert_eq!(dataset.len(), expected.len());
        for (i, expected) in expected.iter().enumerate() {
            let sample = dataset.sample(i);
            assert_eq!(sample.image, expected["image"]);
            assert_eq!(sample.category, expected["category"].as_u64().map(|class| class as usize));
            let numbers = |value: &serde_json::Value| -> Vec<f32> {
                value.as_array().unwrap().iter().map(|n| n.as_f64().unwrap() as f32).collect()
            };
            for (found, expected) in corners(&sample).iter().zip(numbers(&expected["box"])) {
                approx::assert_abs_diff_eq!(*found, expected, epsilon = 1e-5);
            }
            let landmarks = expected["landmarks"].as_array().unwrap();
            assert_eq!(landmarks.len(), 3);
            for (found, expected) in sample.landmarks.iter().zip(landmarks) {
                let [x, y, v] = numbers(expected)[..] else { panic!("three numbers") };
                let codes = [Visibility::Truncated, Visibility::Occluded, Visibility::Visible];
                assert_eq!(found.visibility, codes[v as usize]);
                approx::assert_abs_diff_eq!(found.x, x, epsilon = 1e-5);
                approx::assert_abs_diff_eq!(found.y, y, epsilon = 1e-5);
            }
            // Upright, like the labels.
            let file = dataset.image_file(&sample.image).unwrap();
            let pixels = dataset.image(i).unwrap();
            assert_eq!(<[u32; 2]>::from(pixels.dimensions()), file.header().unwrap().size);
        }
    }
}

#[test]
fn fractions_become_pixels_of_the_image() {
    let dataset = Tree::new().open().unwrap();
    let sample = dataset.sample(0);
    assert_eq!(corners(&sample), [60.0, 20.0, 140.0, 80.0]);
    let (seen, hidden) = (Visibility::Visible, Visibility::Occluded);
    let expected = [(100.0, 40.0, seen), (90.0, 30.0, hidden), (0.0, 0.0, Visibility::Truncated)];
    assert_eq!(points(&sample), expected);
    assert_eq!((sample.category, dataset.image_id(0)), (Some(0), Some(1)));
    let categories = dataset.schema().categories();
    assert_eq!((categories[1].id, categories[1].name.as_str()), (1, "dog"));
    assert_eq!(categories[1].landmarks, [0, 1, 2]);
}

#[test]
fn points_without_visibility_are_visible_unless_they_are_nowhere() {
    let tree = Tree::new();
    tree.bytes("data.yaml", YAML.replace("[3, 3]", "[3, 2]"));
    tree.bytes("labels/train/a.txt", "1 0.5 0.5 0.4 0.6 0.5 0.4 0 0 -0.005 0.5");
    let (dataset, findings, _) = tree.told(&ReadOptions::default());
    let nowhere = (0.0, 0.0, Visibility::Truncated);
    assert_eq!(points(&dataset.sample(0)), [(100.0, 40.0, Visibility::Visible), nowhere, nowhere]);
    let expected =
        "position: labels/train/a.txt:1: landmark 3 is at -0.005, 0.5: taken as not labeled";
    assert_eq!(findings, [expected]);
}

#[test]
fn images_without_labels_are_listed() {
    let tree = Tree::new();
    for name in ["images/train/0.png", "images/train/z/b.png", "images/train/c.png"] {
        tree.image(name, [9, 9]);
    }
    tree.bytes("labels/train/c.txt", " \n\r\n");
    // Unlabeled images for a detector are not read either.
    tree.bytes("images/train/d.jpg", "no image");
    let dataset = tree.open().unwrap();
    let images: Vec<_> =
        dataset.images().into_iter().map(|image| (image.image, image.image_id)).collect();
    let named = ["0.png", "a.png", "c.png", "d.jpg", "z/b.png"];
    let expected: Vec<_> =
        (1..).zip(named).map(|(id, name)| (format!("images/train/{name}"), Some(id))).collect();
    assert_eq!(images, expected);
    assert_eq!((dataset.len(), dataset.image_id(0)), (1, Some(2)));
    assert!(dataset.image_path(0).ends_with("images/train/a.png"));
}

#[test]
fn samples_without_landmarks_can_be_left_out() {
    let tree = Tree::new();
    let bare = "1 0.5 0.5 0.4 0.6 0 0 0 0 0 0 0 0 0";
    tree.bytes("labels/train/a.txt", format!("{bare}\n{LINE}\n"));
    let dataset = tree.open().unwrap();
    assert_eq!((dataset.len(), dataset.sample(0).category), (2, Some(1)));
    let labeled = dataset.clone().labeled_only();
    assert_eq!((labeled.len(), labeled.sample(0)), (1, dataset.sample(1)));
}

#[test]
fn a_given_schema_names_landmarks_and_tells_which_a_class_has() {
    let tree = Tree::new();
    let names = ["tip", "L hem", "R hem"].map(String::from).to_vec();
    let schema = LandmarkSchema::new(names, vec![0, 2, 1], vec![[1, 2]]).unwrap();
    let options = ReadOptions::default().with_schema(Some(schema.clone()));
    let (dataset, ..) = tree.told(&options);
    assert_eq!(dataset.schema().names(), schema.names());
    assert_eq!(dataset.schema().categories().len(), 2, "the file's classes");

    let category =
        |id, name: &str, landmarks| LandmarkCategory { id, name: name.into(), landmarks };
    let categories = vec![category(1, "Dog", vec![2]), category(7, "Cat", vec![0, 1])];
    let with = schema.clone().with_categories(categories).unwrap();
    let (dataset, _, problems) = tree.told(&options.with_schema(Some(with.clone())));
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(dataset.sample(0).category, Some(1), "by name");
    assert_eq!(dataset.sample(0).landmarks[2], crate::landmark::Landmark::ABSENT);

    tree.bytes("labels/train/a.txt", LINE.replacen('0', "1", 1));
    let error = YoloDataset::open_with(
        tree.root(),
        Split::Train,
        &ReadOptions::default().with_schema(Some(with)),
        &mut strictly,
    );
    let message = "labels/train/a.txt:1: landmark 1 is labeled, but Dog does not have it";
    assert_eq!(tree.plain(&error.unwrap_err()), message);
}

#[test]
fn given_schemas_that_do_not_fit_are_refused() {
    let tree = Tree::new();
    let refused = |schema: LandmarkSchema, message: &str| {
        let options = ReadOptions::default().with_schema(Some(schema));
        let read = YoloDataset::open_with(tree.root(), Split::Train, &options, &mut strictly);
        assert_eq!(tree.plain(&read.unwrap_err()), format!("data.yaml: {message}"));
    };
    refused(LandmarkSchema::fld(), "3 landmarks, but the given schema has 8");
    let names = ["a", "b", "c"].map(String::from).to_vec();
    let schema = LandmarkSchema::new(names, vec![0, 1, 2], vec![]).unwrap();
    let category = |id, name: &str| LandmarkCategory { id, name: name.into(), landmarks: vec![0] };
    let with = |categories| schema.clone().with_categories(categories).unwrap();
    refused(with(vec![category(0, "x")]), "class 1 'dog' is not a category of the given schema");
    refused(
        with(vec![category(0, "cat"), category(1, "cow")]),
        "class 1 'dog' is not a category of the given schema",
    );
    let margin = ReadOptions::default().with_box_margin(f32::NAN);
    let read = YoloDataset::open_with(tree.root(), Split::Train, &margin, &mut strictly);
    assert_eq!(read.unwrap_err().to_string(), "the box margin must be at least 0, not NaN");
}
