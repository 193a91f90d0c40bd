//! Files that are something else, damaged or hostile give clear errors, and nothing worse.
use std::{fs, path::Path};

use burn::module::Module;
use dafe::{
    backbone::ResNet,
    prelude::*,
    weights::{LoadRules, StateDict},
};

use super::{FORMS, fixture, small};
use crate::common::fill::{fnv1a, splitmix};

/// The error of reading these bytes.
pub fn refused(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights");
    fs::write(&path, bytes).unwrap();
    let error = StateDict::read(&path).expect_err("these bytes must be refused").to_string();
    assert!(error.starts_with(&format!("{}: ", path.display())), "{error}");
    assert!(error.len() < 600, "{} characters: {error}", error.len());
    error
}

#[test]
fn other_files_are_told_apart() {
    let mut tar = vec![0; 1024];
    tar[257..262].copy_from_slice(b"ustar");
    let cases: [(&[u8], &str); 9] = [
        (b"", "the file is empty"),
        (b"abc", "it has 3 bytes"),
        (b"\r\n<!DOCTYPE html><html><body>404</body></html>", "but a web page"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0", "but an image"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "Git LFS"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "gzip"),
        (&tar, "but a tar archive"),
        (&[7; 300], "not a safetensors file or PyTorch checkpoint"),
        (b"\x40\0\0\0\0\0\0\0{\"a\":{}}", "truncated: its header has 64 bytes, the file 16"),
    ];
    for (bytes, message) in cases {
        let error = refused(bytes);
        assert!(error.contains(message), "{message} is not in: {error}");
    }
    let missing = StateDict::read(Path::new("/nowhere/at all.pth")).unwrap_err().to_string();
    assert_eq!(missing, "cannot read /nowhere/at all.pth");
    assert!(StateDict::read(Path::new("tests")).is_err(), "a folder");
}

#[test]
#[cfg(not(feature = "pytorch"))]
fn pytorchs_files_need_a_feature() {
    for name in ["small.pth", "small_legacy.pth", "small_wrapped.pth"] {
        let error = StateDict::read(&fixture(name)).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains("the feature `pytorch`"), "{error}");
    }
}

/// Reads a file and loads all of it; `true` on success.
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
    for &name in FORMS {
        let whole = fs::read(fixture(name)).unwrap();
        let cuts = (0..whole.len()).step_by(997).chain(whole.len() - 100..whole.len());
        for cut in cuts.chain(0..100) {
            assert!(!loads(&whole[..cut], &path, &mut resnet), "{name} cut at {cut}");
        }
        // Most bit flips are where the structure is: at the start and, in an archive, at the end.
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
