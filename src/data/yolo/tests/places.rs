//! Where files are found.
use super::*;

fn names(dataset: &YoloDataset) -> Vec<String> {
    dataset.images().into_iter().map(|image| image.image).collect()
}

#[test]
fn the_file_is_found_in_its_folder() {
    let tree = Tree::new();
    for name in ["data.yml", "dataset.yaml", "pets.yaml"] {
        tree.rename("data.yaml", name);
        assert_eq!(tree.open().unwrap().len(), 1, "{name}");
        assert_eq!(YoloDataset::open(tree.root().join(name), Split::Train).unwrap().len(), 1);
        tree.rename(name, "data.yaml");
    }
    tree.rename("data.yaml", "pets.yaml");
    tree.bytes("training.yaml", "epochs: 100");
    assert_eq!(tree.open().unwrap().len(), 1, "another YAML file is none of a dataset");
    tree.bytes("more.yaml", YAML);
    let root = tree.root().display().to_string();
    tree.refused(&format!("{root}: 2 YAML files with kpt_shape: specify which one"));
    tree.rename("more.yaml", "x/more.yaml");
    tree.rename("pets.yaml", "x/pets.yaml");
    tree.refused(&format!("{root}: no data.yaml, and no other YAML file with kpt_shape"));
    let missing = YoloDataset::open(tree.root().join("y"), Split::Train).unwrap_err();
    assert_eq!(tree.plain(&missing), "y: there is no such file or folder");
}

#[test]
fn splits_are_those_that_are_named_and_there() {
    let tree = Tree::new();
    assert_eq!(YoloDataset::splits(tree.root()).unwrap(), [Split::Train]);
    tree.image("images/val/b.png", [9, 9]);
    assert_eq!(YoloDataset::splits(tree.root()).unwrap(), [Split::Train, Split::Val]);
    tree.bytes("data.yaml", YAML.replace("val:", "valid:").replace("train:", "test:"));
    assert_eq!(YoloDataset::splits(tree.root()).unwrap(), [Split::Val, Split::Test]);
    tree.bytes("data.yaml", YAML.replace("val:", "validation:"));
    assert_eq!(YoloDataset::splits(tree.root()).unwrap(), [Split::Train, Split::Val]);
}

#[test]
fn a_path_of_another_machine_is_passed_over() {
    let tree = Tree::new();
    tree.rename("images", "sub/images");
    tree.rename("labels", "sub/labels");
    for path in ["/content/nowhere", "../datasets/nowhere", "sub/../nowhere", "''", "null"] {
        tree.bytes(
            "data.yaml",
            format!("path: {path}\n{}", YAML.replace("images/", "sub/images/")),
        );
        assert_eq!(names(&tree.open().unwrap()), ["sub/images/train/a.png"], "{path}");
    }
    tree.bytes("data.yaml", format!("path: sub\n{YAML}"));
    let dataset = tree.open().unwrap();
    assert_eq!(names(&dataset), ["images/train/a.png"]);
    assert!(dataset.root().ends_with("sub"));
}

#[test]
fn roboflows_folders_are_found() {
    let tree = Tree::new();
    tree.rename("images/train", "train/images");
    tree.rename("labels/train", "train/labels");
    tree.bytes("data.yaml", YAML.replace("images/train", "../train/images"));
    assert_eq!(names(&tree.open().unwrap()), ["train/images/a.png"]);
    tree.bytes("data.yaml", YAML.replace("images/train", "./train"));
    assert_eq!(tree.open().unwrap().len(), 1, "with all below it");
}

#[test]
fn images_may_lie_outside_of_the_files_folder() {
    let tree = Tree::new();
    tree.rename("data.yaml", "configs/pets/data.yaml");
    tree.bytes("configs/pets/data.yaml", format!("path: ../../\n{YAML}"));
    let dataset = YoloDataset::open(tree.root().join("configs/pets"), Split::Train).unwrap();
    assert_eq!(names(&dataset), ["images/train/a.png"]);
    tree.bytes("configs/pets/data.yaml", YAML.replace("images/train", "../../images/train"));
    let dataset = YoloDataset::open(tree.root().join("configs/pets"), Split::Train).unwrap();
    assert_eq!(names(&dataset), ["images/train/a.png"]);
    assert_eq!(dataset.root(), tree.root());
    assert!(dataset.image(0).is_ok());
}

#[test]
fn splits_may_be_lists_and_several_places() {
    let tree = Tree::new();
    tree.image("images/more/b.png", [9, 9]);
    tree.image("images/more/c.png", [9, 9]);
    tree.bytes("data.yaml", YAML.replace("images/train", "[images/train, images/more]"));
    let all = ["images/more/b.png", "images/more/c.png", "images/train/a.png"];
    assert_eq!(names(&tree.open().unwrap()), all);
    tree.bytes("data.yaml", YAML.replace("images/train", "lists/train.txt"));
    let absolute = tree.root().join("images/more/c.png");
    let list = format!("./a.png\r\n\nimages/more/b.png\n{}\n", absolute.display());
    tree.bytes("lists/train.txt", &list);
    let missing = "lists/train.txt:1: there is no image './a.png'";
    tree.refused(missing);
    tree.image("lists/a.png", [9, 9]);
    tree.bytes("lists/a.txt", LINE);
    let dataset = tree.open().unwrap();
    assert_eq!(names(&dataset), ["images/more/b.png", "images/more/c.png", "lists/a.png"]);
    assert_eq!(dataset.sample(0).image, "lists/a.png", "with its labels beside it");
    tree.bytes("lists/train.txt", "images/more/../more/b.png\n./a.png\n./a.png\n");
    let (dataset, findings, _) = tree.told(&ReadOptions::default());
    assert_eq!(names(&dataset), ["images/more/b.png", "lists/a.png"]);
    let repeated = "repeated: data.yaml: 1 images are named twice in the split 'train': used once";
    assert_eq!(findings, [repeated]);
}

#[test]
fn labels_may_lie_beside_the_images() {
    let tree = Tree::new();
    tree.rename("labels/train/a.txt", "images/train/a.txt");
    assert_eq!(tree.open().unwrap().len(), 1);
    // The last folder of that name counts, as in Ultralytics.
    tree.rename("images/train/a.txt", "images/train/labels/a.txt");
    tree.rename("images/train/a.png", "images/train/images/a.png");
    assert_eq!(names(&tree.open().unwrap()), ["images/train/images/a.png"]);
}
