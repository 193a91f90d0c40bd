//! Files in PyTorch's own formats: what is read, and what is rejected.
pub mod forge;

use std::fs;

use burn::tensor::TensorData;
use dafe::{
    prelude::*,
    weights::{LoadRules, StateDict},
};

use super::{bad_files::refused, file, fixture, small};
use forge::{checkpoint, dict, legacy, pickle, tensor, text, zip};

#[test]
fn other_pickles_and_archives_are_told_apart() {
    let list = pickle(&[&b"]("[..], &text("a"), &text("b"), b"e"].concat());
    let words = pickle(&dict(&[("greeting", text("hello")), ("name", text("world"))]));
    let cases: [(&[u8], &str); 6] = [
        (&list, "a pickle without PyTorch's tensors"),
        (&words, "a pickle without PyTorch's tensors"),
        (
            &zip(&[("a/readme.txt", b"hello")]),
            "a zip archive, but not PyTorch's: it has no data.pkl",
        ),
        (&checkpoint(&list), "found list"),
        (&checkpoint(&words), "without tensors"),
        (&legacy(&words), "without tensors"),
    ];
    for (bytes, message) in cases {
        let error = refused(bytes);
        assert!(error.contains(message), "{message} is not in: {error}");
    }
}

#[test]
fn what_training_saves_beside_a_network_is_left_out() {
    let two = || tensor(2, 0, &[2], &[1]);
    let object = b"cconfig\nConfig\n)\x81}X\x01\0\0\0aK\x01sb".to_vec();
    let nothing = [
        ("epoch", b"K\x03".to_vec()),
        ("meta", dict(&[("cfg", text("model = dict()")), ("hooks", b"]Na".to_vec())])),
        ("message_hub", object),
    ];
    let optimizer = dict(&[("state", dict(&[("0", dict(&[("exp_avg", two())]))]))]);
    for wrapper in ["state_dict", "model_state_dict", "model"] {
        let mut entries = nothing.to_vec();
        entries.push(("optimizer", optimizer.clone()));
        entries.push((wrapper, dict(&[("module.fc.bias", two()), ("module.model.weight", two())])));
        let (_folder, path) = file(&checkpoint(&pickle(&dict(&entries))));
        let weights = StateDict::read(&path).unwrap();
        assert_eq!(weights.keys().collect::<Vec<_>>(), ["fc.bias", "model.weight"], "{wrapper}");
        assert_eq!(weights.value("fc.bias").unwrap(), TensorData::from([1.0f32, 2.0]));
    }
    // Without a wrapper; the dots are part of the keys.
    let mut entries = nothing.to_vec();
    entries.extend([("model.weight", two()), ("model.bias", two())]);
    let (_folder, path) = file(&checkpoint(&pickle(&dict(&entries))));
    let weights = StateDict::read(&path).unwrap();
    assert_eq!(weights.keys().collect::<Vec<_>>(), ["model.bias", "model.weight"]);
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
    // More values than the storage has, and a storage longer than the file.
    both(&one(tensor(2, 1, &[2], &[1])), "at offset 1 needs 3 elements");
    both(&one(tensor(2, 0, &[1 << 30, 1 << 30, 1 << 30], &[0; 3])), "overflows");
    both(&one(tensor(2, 0, &[1 << 30, 1 << 10], &[0, 0])), "byte limit");
    // Strings and numbers of many gigabytes, and invalid pickles.
    both(b"\x80\x02X\xff\xff\xff\x7f", "");
    both(b"\x80\x02\x8d\xff\xff\xff\xff\xff\xff\xff\x7f", "");
    both(b"\x80\x02\x8b\xff\xff\xff\x7f", "");
    both(b"\x80\x02\xff.", "0xff");
    both(b"\x80\x02.", "");
    both(b"\x80\x02R.", "");
    both(b"\x80\x02h\x07.", "");
    both(b"\x80\x07}.", "protocol");
    // Deep, wide, and repeatedly doubling pickles.
    both(&pickle(&[vec![b']'; 5000], vec![b'a'; 4999]].concat()), "");
    both(&pickle(&vec![b']'; 3_000_000]), "more than 2000000 instructions");
    let doubling = [b"]q\0".to_vec(), b"(h\0h\0eq\0".repeat(60)].concat();
    both(&pickle(&doubling), "memo bomb");
    // Nested calls: the reader follows them recursively.
    let call = b"ctorch._tensor\n_rebuild_from_type_v2\n";
    let mut inner = b")".to_vec();
    for _ in 0..900 {
        inner = [&b"("[..], call, b"N", &inner, b"Nt"].concat();
    }
    both(&pickle(&[&call[..], &inner, b"R"].concat()), "");
}

#[test]
fn unusual_archives_are_read_or_refused() {
    // The directory's offset in the long form, which PyTorch writes into every file.
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
    // Another archive before it: the reader would use the second one.
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
