//! How a project is read.
use super::*;
use crate::landmark::{Landmark, LandmarkCategory};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/deeplabcut").join(name)
}

#[test]
fn a_project_of_one_animal_is_read_as_pandas_wrote_it() {
    let mouse = DeepLabCutDataset::open(fixture("mouse")).unwrap();
    let schema = mouse.schema();
    assert_eq!(schema.names(), ["snout", "leftear", "rightear", "tailbase"]);
    assert_eq!((schema.mirror(), schema.skeleton()), (&[0, 2, 1, 3][..], &[[0, 3], [1, 2]][..]));
    assert!(schema.categories().is_empty());
    assert_eq!(mouse.len(), 3);
    let first = [("snout", 20.5, 12.0), ("leftear", 12.0, 9.25), ("tailbase", 50.0, 40.0)];
    assert_eq!(points(&mouse, 0), named(&first));
    assert_eq!(mouse.sample(0).landmarks[2].visibility, Visibility::Truncated);
    assert_eq!(points(&mouse, 1)[3], ("tailbase".into(), 43.375, 27.0));
    // From a table with another column order and with the image in three cells.
    assert_eq!(points(&mouse, 2), named(&[("snout", 61.0, 47.0), ("rightear", 1.5, 2.5)]));
    let images: Vec<_> = mouse.images().into_iter().map(|image| image.image).collect();
    let names = ["m1/img0004.png", "m1/img0117.png", "m1/img0200.png", "m2/img0001.png"];
    assert_eq!(images, names.map(|name| format!("labeled-data/{name}")), "the empty one, too");
    assert_eq!((mouse.image_id(0), mouse.image_id(2)), (Some(1), Some(4)));
    let bounds = mouse.sample(0).bounding_box;
    // From 12 to 50 and 9.25 to 40, plus an eighth of 38 on each side.
    assert_eq!([bounds.x1, bounds.y1, bounds.x2, bounds.y2], [7.25, 4.5, 54.75, 44.75]);
}

#[test]
fn a_project_of_several_animals_has_a_sample_for_each() {
    let pair = DeepLabCutDataset::open(fixture("pair")).unwrap();
    assert_eq!(pair.schema().names(), ["snout", "tail", "corner1", "corner2"]);
    let categories = pair.schema().categories();
    let category =
        |id, name: &str, landmarks| LandmarkCategory { id, name: name.into(), landmarks };
    let expected = [category(1, "animal", vec![0, 1]), category(2, "single", vec![2, 3])];
    assert_eq!(categories, expected);
    let of: Vec<_> = (0..pair.len()).map(|i| (pair.sample(i).category, pair.image_id(i))).collect();
    let (animal, single) = (Some(0), Some(1));
    let expected = [(animal, Some(1)), (animal, Some(1)), (single, Some(1)), (animal, Some(2))];
    assert_eq!(of, expected);
    assert_eq!(points(&pair, 1), named(&[("snout", 40.0, 30.75)]));
    assert_eq!(pair.sample(1).bounding_box, crate::geometry::BoundingBox::whole(64, 48));
    assert_eq!(points(&pair, 2), named(&[("corner1", 0.0, 0.0), ("corner2", 63.0, 47.0)]));
    assert_eq!(pair.sample(2).landmarks[0], Landmark::ABSENT);
    assert_eq!(points(&pair, 3), named(&[("snout", 1.0, 2.0), ("tail", 3.0, 40.0)]));
    assert!(pair.image(0).is_ok());
}

#[test]
fn a_part_of_a_project_is_read_with_the_same_names() {
    for part in ["mouse", "mouse/config.yaml", "mouse/labeled-data"] {
        assert_eq!(DeepLabCutDataset::open(fixture(part)).unwrap().len(), 3, "{part}");
    }
    for part in ["mouse/labeled-data/m2", "mouse/labeled-data/m2/CollectedData_Ana.csv"] {
        let read = DeepLabCutDataset::open(fixture(part)).unwrap();
        assert_eq!((read.len(), read.sample(0).image.as_str()), (1, "labeled-data/m2/img0001.png"));
        assert_eq!(read.root(), fixture("mouse"));
    }
}

#[test]
fn images_are_found_where_folders_were_renamed() {
    let tree = Tree::new();
    let names = [
        ("labeled-data\\run\\img1.png", "labeled-data/run/img1.png"),
        ("/home/ana/p/labeled-data/run/img1.png", "labeled-data/run/img1.png"),
        ("C:\\ana\\labeled-data\\run\\img1.png", "labeled-data/run/img1.png"),
        ("labeled-data/old/img1.png", "labeled-data/old/img1.png"),
    ];
    for (written, expected) in names {
        tree.bytes(TABLE, format!("{HEAD}{written},1,2,3,4\n"));
        assert_eq!(tree.open().unwrap().sample(0).image, expected);
    }
    tree.bytes("labeled-data/run/img1.png", "");
    assert_eq!(tree.open().unwrap().sample(0).image, "labeled-data/run/img1.png", "beside");
    // A single table.
    let table = tree.root().join("CollectedData_Ana.csv");
    fs::rename(tree.root().join(TABLE), &table).unwrap();
    tree.bytes("img1.png", "");
    assert_eq!(DeepLabCutDataset::open(&table).unwrap().sample(0).image, "img1.png");
}

#[test]
fn boxes_and_what_is_passed_over_are_told() {
    let tree = Tree::new();
    let made = "box-from-landmarks: labeled-data/run/CollectedData_Ana.csv: DeepLabCut has no \
                boxes: 1 are made from the landmarks";
    tree.bytes("labeled-data/run_cropped/CollectedData_Ana.csv", "?");
    tree.bytes("labeled-data/run/CollectedData_Ana.h5", "?");
    tree.bytes("labeled-data/run/CollectedData_Bea.csv", "?");
    let cropped = "passed-over: labeled-data/run_cropped: the frames of the folder without \
                   _cropped: passed over";
    let (_, findings, problems) = {
        tree.bytes("config.yaml", "scorer: Ana\n");
        tree.told(&ReadOptions::default())
    };
    let other = "passed-over: labeled-data/run/CollectedData_Bea.csv: the table of another scorer \
                 than config.yaml's: passed over";
    assert_eq!((findings, problems.len()), (vec![cropped.into(), other.into(), made.into()], 0));
    fs::remove_file(tree.root().join("config.yaml")).unwrap();
    tree.refused(
        "labeled-data/run: 2 tables of labels (CollectedData_Ana.csv, CollectedData_Bea.csv), and \
         no config.yaml selects a scorer",
    );
}

#[test]
fn the_configuration_orders_and_joins_the_landmarks() {
    let tree = Tree::new();
    let read = |config: &str| {
        tree.bytes("config.yaml", config);
        let (dataset, findings, _) = tree.told(&ReadOptions::default());
        let schema = dataset.schema();
        (schema.names().to_vec(), schema.skeleton().to_vec(), findings[0].clone())
    };
    let (names, lines, _) = read("bodyparts: [tail, snout]\nskeleton: [[tail, snout]]\n");
    assert_eq!((names, lines), (vec!["tail".into(), "snout".into()], vec![[0, 1]]));
    // Names that differ from the tables'.
    let (names, ..) = read("bodyparts: [Tail, snout]\n");
    assert_eq!(names, ["snout", "tail"]);
    let (names, lines, finding) = read("bodyparts: MULTI!\nskeleton: [[Tail, snout]]\n");
    assert_eq!((names.len(), lines.len()), (2, 0));
    let message =
        "skeleton: config.yaml: the line Tail, snout joins no two landmarks: not rendered";
    assert_eq!(finding, message);
}

#[test]
fn names_that_say_a_side_and_have_no_partner_are_told() {
    let tree = Tree::new();
    tree.bytes(TABLE, format!("{}{ROW}", HEAD.replace("snout", "earL")));
    let (dataset, findings, _) = tree.told(&ReadOptions::default());
    assert_eq!(dataset.unpaired_landmarks(), [0]);
    let root = tree.root().display();
    let message = format!("mirror-pairs: {root}: no mirror partner by name for earL");
    assert_eq!(findings[0], message);
}

#[test]
fn a_given_schema_has_the_landmarks_by_name() {
    let tree = Tree::new();
    let names = ["tail", "nose", "snout"].map(String::from).to_vec();
    let schema = LandmarkSchema::new(names, vec![0, 1, 2], vec![]).unwrap();
    let options =
        |schema: &LandmarkSchema| ReadOptions::default().with_schema(Some(schema.clone()));
    let (dataset, ..) = tree.told(&options(&schema));
    assert_eq!(points(&dataset, 0), named(&[("tail", 30.0, 40.0), ("snout", 10.5, 20.0)]));
    let category =
        |id, name: &str, landmarks| LandmarkCategory { id, name: name.into(), landmarks };
    let some = vec![category(1, "x", vec![0, 1]), category(2, "y", vec![0, 2])];
    let (dataset, ..) = tree.told(&options(&schema.clone().with_categories(some).unwrap()));
    assert_eq!(
        (dataset.sample(0).category, dataset.sample(0).landmarks[1]),
        (Some(1), Landmark::ABSENT)
    );
    let refused = |schema: &LandmarkSchema, message: &str| {
        let read = DeepLabCutDataset::open_with(tree.root(), &options(schema), &mut strictly);
        assert_eq!(read.unwrap_err().to_string(), message);
    };
    refused(&LandmarkSchema::fld(), "the given schema has no landmark 'snout'");
    let both = vec![category(1, "x", vec![0, 2]), category(2, "y", vec![0, 1, 2])];
    refused(
        &schema.with_categories(both).unwrap(),
        "the given schema has no category, or several, with all of the body parts",
    );
}
