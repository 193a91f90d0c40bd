//! Arbitrary bytes in place of annotations.
use proptest::{collection::vec, prelude::*};

use super::*;

#[test]
fn nesting_does_not_overflow_the_stack() {
    let places = [
        "{\"x\": ",
        "{\"images\": ",
        "{\"images\": [{\"id\": ",
        "{\"annotations\": [{\"iscrowd\": ",
        "{\"annotations\": [{\"keypoints\": [",
        "{\"categories\": [{\"flip_pairs\": [[",
        "{\"landmark_schema\": ",
        "",
    ];
    for (place, open) in places.iter().flat_map(|place| [(place, "["), (place, "{\"x\":")]) {
        let on_disk = OnDisk::new(format!("{place}{}", open.repeat(200_000)));
        let error = on_disk.plain(&on_disk.open().unwrap_err());
        assert!(error.starts_with("a.json:1: column "), "{error}");
    }
}

#[test]
fn numbers_and_lists_of_any_size_are_refused_without_being_kept() {
    for value in [
        "9".repeat(1 << 16),
        format!("[{}", "0,".repeat(1 << 16)),
        format!("\"{}", "y".repeat(1 << 16)),
    ] {
        for key in ["id", "bbox", "keypoints", "iscrowd", "area", "x"] {
            let on_disk = OnDisk::new(format!("{{\"annotations\": [{{\"{key}\": {value}"));
            let error = on_disk.plain(&on_disk.open().unwrap_err());
            assert!(error.starts_with("a.json:1: column ") && error.len() < 1000, "{error}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_make_the_reader_panic(
        junk in vec(any::<u8>(), 0..200),
        edits in vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
        numbers in vec((any::<prop::sample::Index>(), any::<i8>()), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let valid = file().to_string().into_bytes();
        let mut edited = valid.clone();
        for (at, byte) in edits {
            edited[at.index(valid.len())] = byte;
        }
        // The text stays valid JSON with other digits.
        let mut text = file().to_string();
        for (at, number) in numbers {
            let digits: Vec<_> = text.match_indices(|c: char| c.is_ascii_digit()).map(|(at, _)| at).collect();
            let at = digits[at.index(digits.len())];
            text.replace_range(at..at + 1, &number.to_string());
        }
        for bytes in [&junk[..], &edited, text.as_bytes(), &valid[..cut.index(valid.len())]] {
            if let Ok(read) = OnDisk::new(bytes).open() {
                prop_assert!(read.schema().validate().is_ok());
                for i in 0..read.len() {
                    prop_assert_eq!(read.sample(i).landmarks.len(), read.schema().len());
                }
            }
        }
    }
}
