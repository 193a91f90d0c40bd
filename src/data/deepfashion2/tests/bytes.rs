//! Arbitrary bytes in place of annotations.
use proptest::{collection::vec, prelude::*};

use super::*;

#[test]
fn nesting_does_not_overflow_the_stack() {
    let tree = Tree::new();
    for (key, open) in [("x", "["), ("x", "{\"x\":"), ("item1", "["), ("source", "[")] {
        let deep = format!("{{\"{key}\": {}", open.repeat(200_000));
        tree.bytes("train/annos/000003.json", deep.as_bytes());
        let error = tree.plain(&tree.open().unwrap_err());
        assert!(error.starts_with("train/annos/000003.json:1: column "), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_make_the_reader_panic(
        junk in vec(any::<u8>(), 1..200),
        edits in vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
        cut in any::<prop::sample::Index>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("000001.json");
        let valid = image().to_string().into_bytes();
        let mut edited = valid.clone();
        for (at, byte) in edits {
            edited[at.index(valid.len())] = byte;
        }
        for bytes in [&junk[..], &edited, &valid[..cut.index(valid.len())]] {
            fs::write(&path, bytes).unwrap();
            if let Ok(read) = read_file(&path) {
                for item in read.items.into_iter().flatten() {
                    prop_assert_eq!(item.landmarks.len(), item.category.landmarks().len());
                }
            }
        }
    }
}
