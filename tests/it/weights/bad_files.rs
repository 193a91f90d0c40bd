//! Files that are something else, damaged or hostile: an error that says so, and nothing worse.
use std::{fs, path::Path};

use burn::module::Module;
use dafe::{
    prelude::*,
    weights::{LoadRules, StateDict},
};

use super::{
    file,
    fill::{fnv1a, splitmix},
    fixture,
    forge::{checkpoint, dict, legacy, pickle, tensor, text, zip},
    small,
};

/// The error of reading these bytes.
fn refused(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights");
    fs::write(&path, bytes).unwrap();
    let error = StateDict::read(&path).expect_err("these bytes must be refused").to_string();
    assert!(error.starts_with(&format!("weights {}: ", path.display())), "{error}");
    assert!(error.len() < 600, "{} characters: {error}", error.len());
    error
}

#[test]
fn other_files_are_told_apart() {
    let mut tar = vec![0; 1024];
    tar[257..262].copy_from_slice(b"ustar");
    let list = pickle(&[&b"]("[..], &text("a"), &text("b"), b"e"].concat());
    let words = pickle(&dict(&[("greeting", text("hello")), ("name", text("world"))]));
    let cases: [(&[u8], &str); 15] = [
        (b"", "the file is empty"),
        (b"abc", "it has 3 bytes"),
        (b"\r\n<!DOCTYPE html><html><body>404</body></html>", "but a web page"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0", "but a picture"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "Git LFS"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "gzip"),
        (&tar, "but a tar archive"),
        (&list, "a pickle without PyTorch's tensors"),
        (&words, "a pickle without PyTorch's tensors"),
        (&[7; 300], "not a safetensors file or PyTorch checkpoint"),
        (
            &zip(&[("a/readme.txt", b"hello")]),
            "a zip archive, but not PyTorch's: it has no data.pkl",
        ),
        (&checkpoint(&list), "found list"),
        (&checkpoint(&words), "without tensors"),
        (&legacy(&words), "without tensors"),
        (b"\x40\0\0\0\0\0\0\0{\"a\":{}}", "truncated: its header has 64 bytes, the file 16"),
    ];
    for (bytes, message) in cases {
        let error = refused(bytes);
        assert!(error.contains(message), "{message} is not in: {error}");
    }
    let missing = StateDict::read(Path::new("/nowhere/at all.pth")).unwrap_err().to_string();
    assert!(missing.starts_with("cannot read /nowhere/at all.pth: "), "{missing}");
    assert!(StateDict::read(Path::new("tests")).is_err(), "a folder");
}

#[test]
fn hostile_pickles_are_refused() {
    let both = |value: &[u8], message: &str| {
        for bytes in [checkpoint(value), legacy(value)] {
            let error = refused(&bytes);
            assert!(error.contains(message), "{message} is not in: {error}");
        }
    };
    let one = |tensor| pickle(&dict(&[("a", tensor)]));
    // More than the storage says, and a storage longer than the file.
    both(&one(tensor(2, 1, &[2], &[1])), "at offset 1 needs 3 elements");
    both(&one(tensor(2, 0, &[1 << 30, 1 << 30, 1 << 30], &[0; 3])), "overflows");
    both(&one(tensor(2, 0, &[1 << 30, 1 << 10], &[0, 0])), "byte limit");
    // Strings and numbers of many gigabytes, and what is no pickle at all.
    both(b"\x80\x02X\xff\xff\xff\x7f", "");
    both(b"\x80\x02\x8d\xff\xff\xff\xff\xff\xff\xff\x7f", "");
    both(b"\x80\x02\x8b\xff\xff\xff\x7f", "");
    both(b"\x80\x02\xff.", "0xff");
    both(b"\x80\x02.", "");
    both(b"\x80\x02R.", "");
    both(b"\x80\x02h\x07.", "");
    both(b"\x80\x07}.", "protocol");
    // Deep, wide, and doubling again and again.
    both(&pickle(&[vec![b']'; 5000], vec![b'a'; 4999]].concat()), "");
    both(&pickle(&vec![b']'; 3_000_000]), "more than 2000000 instructions");
    let doubling = [b"]q\0".to_vec(), b"(h\0h\0eq\0".repeat(60)].concat();
    both(&pickle(&doubling), "memo bomb");
    // Calls in calls: the reader follows them by recursion.
    let call = b"ctorch._tensor\n_rebuild_from_type_v2\n";
    let mut inner = b")".to_vec();
    for _ in 0..900 {
        inner = [&b"("[..], call, b"N", &inner, b"Nt"].concat();
    }
    both(&pickle(&[&call[..], &inner, b"R"].concat()), "");
}

#[test]
fn unusual_archives_are_read_or_refused() {
    // The place of the directory in the long form, which PyTorch writes into every file.
    let mut long = fs::read(fixture("small.pth")).unwrap();
    let end = long.len() - 22;
    assert_eq!(long[end - 20..end - 16], *b"PK\x06\x07");
    long[end + 16..end + 20].fill(0xff);
    let (_folder, path) = file(&long);
    assert_eq!(StateDict::read(&path).unwrap().len(), 74);

    let whole = pickle(&dict(&[("a", tensor(2, 0, &[2], &[1]))]));
    let sound = checkpoint(&whole);
    fs::write(&path, &sound).unwrap();
    assert_eq!(StateDict::read(&path).unwrap().len(), 1);
    // Another archive before it: the reader would take the second's.
    assert!(refused(&[checkpoint(b"."), sound].concat()).contains("zip archive"));
    let twice = zip(&[("a/data.pkl", &whole), ("b/data.pkl", &whole), ("a/data/0", &[0; 8])]);
    assert!(refused(&twice).contains("two entries named data.pkl"));
}

#[test]
fn a_view_that_repeats_one_number_is_not_unrolled() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights");
    let huge = pickle(&dict(&[("conv1.weight", tensor(2, 0, &[1 << 30], &[0]))]));
    fs::write(&path, checkpoint(&huge)).unwrap();
    let mut weights = StateDict::read(&path).unwrap();
    assert_eq!(weights.shape("conv1.weight"), Some(&[1 << 30][..]));
    let error = weights.narrow_first("conv1.weight", 0..1).unwrap_err().to_string();
    assert!(error.contains("has 4294967296 bytes, the file"), "{error}");
    let mut resnet = small().init(&Device::flex());
    assert!(weights.load_into(&mut resnet, &LoadRules::default()).is_err());
}

/// Reads a file and loads all of it; `true` if that goes well.
fn loads(bytes: &[u8], path: &Path, resnet: &mut ResNet) -> bool {
    fs::write(path, bytes).unwrap();
    let Ok(weights) = StateDict::read(path) else { return false };
    let rules = LoadRules { ignored: vec!["fc.".into()], ..LoadRules::default() };
    weights.load_into(resnet, &rules).is_ok()
}

#[test]
fn damaged_files_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights");
    let mut resnet = small().init(&Device::flex());
    let parameters = resnet.num_params();
    for name in ["small.pth", "small_legacy.pth", "small_wrapped.pth", "small.safetensors"] {
        let whole = fs::read(fixture(name)).unwrap();
        let cuts = (0..whole.len()).step_by(997).chain(whole.len() - 100..whole.len());
        for cut in cuts.chain(0..100) {
            assert!(!loads(&whole[..cut], &path, &mut resnet), "{name} cut at {cut}");
        }
        // Most flips where the structure is: at the start, and in an archive at the end.
        let mut random = fnv1a(name);
        let mut fine = 0;
        for round in 0..600 {
            let mut bytes = whole.clone();
            for _ in 0..=round % 3 {
                let random = splitmix(&mut random) as usize;
                let place = random >> 8;
                let place = match round % 4 {
                    0 => place % whole.len(),
                    1 => whole.len() - 1 - place % 9000,
                    _ => place % 9000,
                };
                bytes[place] ^= (random as u8).max(1);
            }
            fine += usize::from(loads(&bytes, &path, &mut resnet));
        }
        assert!(fine < 600, "{name}");
    }
    assert_eq!(resnet.num_params(), parameters);
}
