//! Malicious and malformed files.
use proptest::{collection::vec, prelude::*};

use super::*;

#[test]
fn long_lines_are_refused_before_they_are_read() {
    let tree = Tree::new();
    fs::File::create(tree.root().join(TABLE)).unwrap().set_len(1 << 30).unwrap();
    tree.refused(&format!("{TABLE}:1: longer than 1048576 bytes: is this an annotation file?"));
    tree.bytes(TABLE, format!("{HEAD}\"{}\n", "\n,".repeat(99)));
    assert!(tree.open().is_err(), "a quotation mark that is left open");
}

#[test]
fn broken_configurations_name_their_line() {
    let tree = Tree::new();
    let refused = |config: &str| {
        tree.bytes("config.yaml", config);
        let error = tree.plain(&tree.open().unwrap_err());
        assert!(error.starts_with("config.yaml:") && error.len() < 300, "{error}");
    };
    refused("a: [\n");
    refused("Task: x\nskeleton: many\n");
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    refused(&format!("{bomb}skeleton: *a11\n"));
    refused(&format!("{bomb}bodyparts: *a11\n"));
    // PyYAML writes long keys like this.
    let long = "x".repeat(200);
    tree.bytes("config.yaml", format!("video_sets:\n  ? /a b/{long}.avi\n  : crop: 0, 1, 0, 1\n"));
    assert_eq!(tree.open().unwrap().len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_make_the_reader_panic(
        junk in vec(any::<u8>(), 1..200),
        edits in vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
    ) {
        let tree = Tree::new();
        let valid = format!("{}labeled-data,run,1.png,1,2,3,4\n",
            HEAD.replace("scorer", "scorer,,").replace("parts", "parts,,").replace("coords", "coords,,"));
        for valid in [valid, format!("{HEAD}{ROW}")] {
            let mut edited = valid.clone().into_bytes();
            for (at, byte) in &edits {
                edited[at.index(valid.len())] = *byte;
            }
            for bytes in [&junk[..], &edited] {
                tree.bytes(TABLE, bytes);
                if let Ok(dataset) = tree.open() {
                    for i in 0..dataset.len() {
                        prop_assert_eq!(dataset.sample(i).landmarks.len(), dataset.schema().len());
                    }
                }
            }
        }
    }
}
