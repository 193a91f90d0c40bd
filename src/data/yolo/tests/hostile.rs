//! Malicious and malformed files.
use proptest::{collection::vec, prelude::*};

use super::*;

#[test]
fn numbers_of_landmarks_and_classes_have_limits() {
    let tree = Tree::new();
    let with = |from: &str, to: &str| tree.bytes("data.yaml", YAML.replace(from, to));
    with("[3, 3]", "[4294967296, 3]");
    tree.refused("data.yaml: kpt_shape: 4294967296 landmarks; 1 to 10000 are read");
    with("[3, 3]", "[99999999999999999999999, 3]");
    assert!(tree.open().is_err());
    with("names: [cat, dog]", "nc: 400000");
    tree.refused("data.yaml: 400000 classes with 3 landmarks each: more than 1000000");
    with("names: [cat, dog]", "nc: 18446744073709551615");
    tree.refused("data.yaml: nc: 18446744073709551615 classes");
}

#[test]
fn aliases_do_not_multiply() {
    let tree = Tree::new();
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    for end in ["", "names: *a11\n", "train: *a11\n", "kpt_names: *a11\n"] {
        tree.bytes("data.yaml", format!("{bomb}{end}"));
        let error = tree.plain(&tree.open().unwrap_err());
        assert!(error.starts_with("data.yaml:") && error.len() < 300, "{error}");
    }
    for open in ["[", "{a: ", "- ", "? "] {
        tree.bytes("data.yaml", format!("x: {}", open.repeat(200_000)));
        assert!(tree.open().is_err());
    }
}

#[test]
fn large_files_are_refused_before_they_are_read() {
    let tree = Tree::new();
    for (file, most) in [("labels/train/a.txt", "16777216"), ("data.yaml", "4194304")] {
        let large = fs::File::create(tree.root().join(file)).unwrap();
        large.set_len(1 << 30).unwrap();
        tree.refused(&format!("{file}: larger than {most} bytes"));
    }
    tree.bytes("data.yaml", YAML.replace("images/train", "list.txt"));
    fs::File::create(tree.root().join("list.txt")).unwrap().set_len(1 << 30).unwrap();
    tree.refused("list.txt:1: longer than 65536 bytes: is this an annotation file?");
}

#[test]
fn names_that_lead_out_are_refused() {
    let tree = Tree::new();
    let elsewhere = tempfile::tempdir().unwrap();
    write_png(elsewhere.path().join("b.png"), &RgbImage::new(9, 9)).unwrap();
    tree.bytes("data.yaml", YAML.replace("images/train", "list.txt"));
    let outside = elsewhere.path().join("b.png").display().to_string();
    tree.bytes("list.txt", &outside);
    let root = tree.root().display().to_string();
    tree.refused(&format!("list.txt:1: '{outside}' is outside of the dataset's folder {root}"));
    let up = format!("../{}/b.png", elsewhere.path().file_name().unwrap().to_string_lossy());
    tree.bytes("list.txt", &up);
    tree.refused(&format!("list.txt:1: '{up}' is outside of the dataset's folder {root}"));
    tree.bytes("list.txt", b"\xff\xfe.png");
    tree.refused("list.txt:1: not UTF-8 after 0 bytes");
}

#[test]
#[cfg(unix)]
fn links_that_lead_back_are_followed_once() {
    use std::os::unix::fs::symlink;
    let tree = Tree::new();
    symlink("..", tree.root().join("images/train/up")).unwrap();
    symlink("/", tree.root().join("images/train/all")).unwrap();
    symlink("up", tree.root().join("images/train/round")).unwrap();
    symlink("..", tree.root().join("labels/train/up")).unwrap();
    let names: Vec<_> =
        tree.open().unwrap().images().into_iter().map(|image| image.image).collect();
    assert_eq!(names, ["images/train/a.png"]);
    // A link to another folder is followed.
    let elsewhere = Tree::new();
    symlink(elsewhere.root().join("images"), tree.root().join("images/train/more")).unwrap();
    assert_eq!(tree.open().unwrap().images().len(), 2);
}

#[test]
#[cfg(target_os = "linux")]
fn names_that_are_no_text_are_problems() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let tree = Tree::new();
    let name = OsStr::from_bytes(b"b\xff.png");
    fs::write(tree.root().join("images/train").join(name), b"").unwrap();
    tree.refused("images/train: the image's name 'images/train/b\u{fffd}.png' is not UTF-8");
    let tree = Tree::new();
    tree.image("images/train/b\\c.png", [9, 9]);
    let (dataset, _, problems) = tree.told(&ReadOptions::default());
    let message = "images/train: the image's name 'images/train/b\\\\c.png' is not a plain path \
                   below the root";
    assert_eq!((dataset.images().len(), problems), (1, vec![message.to_string()]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_make_the_reader_panic(
        junk in vec(any::<u8>(), 1..200),
        edits in vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
        of_yaml: bool,
    ) {
        let tree = Tree::new();
        let (file, valid) =
            if of_yaml { ("data.yaml", YAML) } else { ("labels/train/a.txt", LINE) };
        let mut edited = valid.as_bytes().to_vec();
        for (at, byte) in edits {
            edited[at.index(valid.len())] = byte;
        }
        for bytes in [&junk[..], &edited] {
            tree.bytes(file, bytes);
            if let Ok(dataset) = tree.open() {
                for i in 0..dataset.len() {
                    prop_assert_eq!(dataset.sample(i).landmarks.len(), dataset.schema().len());
                }
            }
        }
    }
}
