//! Files that are not models, or are incomplete, damaged or from a later version.
use std::{fs, path::Path};

use dafe::{prelude::*, weights::save_safetensors};
use proptest::{collection::vec, prelude::*, sample::Index};
use serde_json::{Value, json};

use super::{
    parts::{Parts, header_length, load, refusal, saved},
    support::{DETECTOR, assert_sound, image},
};

#[track_caller]
fn assert_refused(bytes: Vec<u8>, message: &str) {
    let text = refusal(bytes);
    assert!(text.contains(message), "'{text}' should say '{message}'");
}

/// The error for a file that exists.
#[track_caller]
fn load_error(path: &Path) -> String {
    LandmarkDetector::load(path, DETECTOR.device()).unwrap_err().to_string()
}

#[test]
fn truncated_files_are_refused_wherever_they_end() {
    let sound = saved();
    let header = 8 + header_length(&sound);
    for end in [0, 1, 7, 8, 9, 200, header - 1, header, header + 1, header + 999, sound.len() - 1] {
        refusal(sound[..end].to_vec());
    }
    assert_refused(sound[..200].to_vec(), "truncated: its header has ");
    assert_refused(sound[..header + 999].to_vec(), "a truncated or damaged safetensors file");
    assert_refused([&sound[..], b"more"].concat(), "a truncated or damaged safetensors file");
    for end in (0..sound.len()).step_by(101) {
        refusal(sound[..end].to_vec());
    }
}

#[test]
fn other_kinds_of_files_are_refused_by_what_they_are() {
    for (bytes, message) in [
        (&b""[..], "not a safetensors file: it has 0 bytes"),
        (b"{\"a\": 1, \"b\": [2, 3, 4, 5]}", "not a safetensors file"),
        (b"<!DOCTYPE html><html></html>", "not a safetensors file, but a web page"),
        (b"PK\x03\x04 an archive, as PyTorch writes", "perhaps a PyTorch checkpoint"),
        (b"\x89PNG\r\n\x1a\n and the rest of an image", "not a safetensors file, but an image"),
        (b"version https://git-lfs.github.com/spec/v1", "a Git LFS pointer"),
    ] {
        assert_refused(bytes.to_vec(), message);
    }
}

#[test]
fn paths_without_a_model_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join(LandmarkDetector::FILE);
    let missing = folder.path().join("missing.safetensors");
    for (path, file) in [(folder.path(), &inside), (&missing, &missing)] {
        let error = load_error(path);
        assert_eq!(error, format!("cannot read {}", file.display()));
    }
    fs::write(&inside, "").unwrap();
    let error = load_error(folder.path());
    assert_eq!(error, format!("{}: the file is empty", inside.display()));
    #[cfg(target_os = "linux")]
    assert_eq!(load_error("/dev/zero".as_ref()), "/dev/zero: not a regular file");
}

#[test]
fn parameters_alone_are_no_model() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(LandmarkDetector::FILE);
    save_safetensors(DETECTOR.net(), &file).unwrap();
    let error = load_error(folder.path());
    assert!(
        error.contains("without a configuration") && error.contains("load_safetensors"),
        "{error}"
    );
}

#[test]
fn a_later_version_asks_for_a_newer_crate() {
    let sound = Parts::of(&saved());
    let own = env!("CARGO_PKG_VERSION");
    // Regardless of its other content.
    let later =
        json!({"format": 999, "network": [1, 2], "config": {"origin": {"crate_version": "7.8.9"}}});
    assert_eq!(
        refusal(sound.clone().describing(&later.to_string())),
        format!(
            "its format is 999, written by dafe 7.8.9; this is dafe {own}, which reads format 2: a newer dafe is needed"
        )
    );
    let other = json!({"format": 999, "config": "elsewhere"});
    assert_refused(
        sound.clone().describing(&other.to_string()),
        "its format is 999; this is dafe ",
    );
    let mut described = sound.described();
    described["format"] = 3.into();
    let text = refusal(sound.clone().describing(&described.to_string()));
    assert_eq!(
        text,
        format!(
            "its format is 3; this is dafe {own}, which reads format 2: a newer dafe is needed"
        )
    );
    // A model file of an older format.
    described["format"] = 1.into();
    let text = refusal(sound.describing(&described.to_string()));
    assert_eq!(text, format!("its format is 1; this is dafe {own}, which reads format 2"));
}

#[test]
fn damaged_descriptions_are_refused() {
    let sound = Parts::of(&saved());
    let described = sound.described().to_string();
    let cut = &described[..described.len() / 2];
    let long = format!("{{\"format\": 2, \"{}\": 0}}", "x".repeat(5000));
    let deep = format!("{{\"format\": 2, \"config\": {}", "[".repeat(100_000));
    let (huge, none) = (" ".repeat(5 << 20), json!({"format": 2}).to_string());
    for (text, message) in [
        ("", "damaged: metadata \"dafe\": EOF"),
        ("[]", "damaged: metadata \"dafe\": "),
        ("{\"config\": {}}", "missing field `format`"),
        ("{\"format\": -1}", "damaged: metadata \"dafe\": "),
        (&none, "missing field `config`"),
        (cut, "damaged: metadata \"dafe\": EOF"),
        (&long, "damaged: metadata \"dafe\": unknown field `xxx"),
        (&deep, "damaged: metadata \"dafe\": recursion limit exceeded"),
        (&huge, "metadata \"dafe\" has 5242880 bytes; at most 4194304"),
    ] {
        assert_refused(sound.clone().describing(text), message);
    }
}

/// Changes one value of the description at a time, addressed by JSON pointer.
#[test]
fn descriptions_that_cannot_be_right_are_refused() {
    let sound = Parts::of(&saved());
    let seven = Value::Array(vec![Value::Null; 7]);
    let mut wrong = Vec::new();
    for (pointer, value, message) in [
        ("/format", json!("one"), "invalid type: string \"one\""),
        ("/config/surprise", json!(1), "unknown field `surprise`"),
        ("/config/origin", json!({"crate_version": 1}), "invalid type: integer `1`"),
        ("/config/codec/stride", json!(8), "the network's stride is 4, the codec's 8"),
        ("/config/codec/input_size", json!([32, 0]), "sizes and a stride above 0"),
        ("/config/codec/input_size", json!([32, 1_000_000]), "sides of at most 8192 pixels"),
        ("/config/codec/sigma", json!(-1), "sigma must be within"),
        ("/config/refinement", json!("Guess"), "unknown refinement 'Guess'"),
        ("/config/schema/names", json!(["a"]), "damaged: "),
        ("/config/calibration/landmarks", seven, "calibration of 7 landmarks for 8"),
        ("/config/calibration/margins", json!([0, 0, 0]), "invalid length 3"),
        ("/config/calibration/margins/0", Value::Null, "invalid type: null"),
        ("/config/calibration/landmarks/0/slope", json!(1e300), "damaged: "),
        ("/config/model/num_landmarks", json!(9), "the schema has 8 landmarks, the network 9"),
        (
            "/config/model/num_landmarks",
            json!(1u64 << 40),
            "num_landmarks must be between 1 and 4096",
        ),
        (
            "/config/model/backbone/resnet/blocks",
            json!([4096, 4096, 4096, 4096]),
            "102 of this one's 163902 tensors fit",
        ),
        // Valid, but for another network: this is detected without allocating anything of that
        // size.
        ("/config/model/backbone/resnet/width", json!(150), "tensors fit"),
        ("/config/model/decoder_channels", json!([8, 8, 16]), "of another shape: decoder.2."),
        ("/config/model/norm", json!(false), "not part of this network: decoder."),
    ] {
        let mut described = sound.described();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match described.pointer_mut(parent).unwrap_or_else(|| panic!("no {parent}")) {
            Value::Object(object) => _ = object.insert(key.into(), value),
            Value::Array(array) => array[key.parse::<usize>().unwrap()] = value,
            other => panic!("{pointer} is in {other}"),
        }
        let text = refusal(sound.clone().describing(&described.to_string()));
        if !text.contains(message) {
            wrong.push(format!("{pointer}: '{text}' should say '{message}'"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn numbers_that_are_none_are_refused() {
    let sound = Parts::of(&saved());
    let start = sound.header["head.bias"]["data_offsets"][0].as_u64().unwrap() as usize;
    for number in [f32::NAN, f32::INFINITY] {
        let mut damaged = sound.clone();
        damaged.numbers[start..start + 4].copy_from_slice(&number.to_le_bytes());
        assert_eq!(refusal(damaged.bytes()), "NaN or infinite: 1 of head.bias's 8 values");
    }
}

#[test]
fn tensors_that_do_not_fit_the_network_are_refused() {
    let sound = Parts::of(&saved());
    let mut lacking = sound.clone();
    let head = lacking.header.as_object_mut().unwrap().remove("head.bias").unwrap();
    lacking.header["tail.bias"] = head;
    let text = refusal(lacking.bytes());
    assert!(text.contains("missing: head.bias") && text.contains("tail.bias"), "{text}");
    let mut whole = sound;
    whole.header["head.bias"]["dtype"] = "I32".into();
    refusal(whole.bytes());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Any bytes are either rejected or make a working model.
    #[test]
    fn no_bytes_make_a_model_panic(
        junk in vec(any::<u8>(), 0..200),
        edits in vec((any::<Index>(), any::<u8>()), 1..5),
        in_header in prop::bool::weighted(0.8),
        number in (any::<Index>(), prop::sample::select(vec![0i64, 1, 7, 100, 9000, -1, 1 << 31, i64::MAX])),
    ) {
        let sound = saved();
        let header = 8 + header_length(&sound);
        let mut damaged = sound.clone();
        for (at, byte) in edits {
            let at = at.index(if in_header { header } else { damaged.len() });
            damaged[at] = byte;
        }
        // The text stays valid JSON with other digits.
        let parts = Parts::of(&sound);
        let mut described = parts.described().to_string();
        let digits: Vec<_> = described.match_indices(|c: char| c.is_ascii_digit()).map(|(at, _)| at).collect();
        let at = digits[number.0.index(digits.len())];
        described.replace_range(at..at + 1, &number.1.to_string());
        let headed = [&(junk.len() as u64).to_le_bytes(), &junk[..]].concat();
        for bytes in [junk, headed, damaged, parts.describing(&described)] {
            let Ok(detector) = load(bytes) else { continue };
            prop_assert!(detector.config().validate().is_ok());
            // Inputs may be large now, which takes time but is harmless.
            if detector.config().codec.input_size().iter().all(|&side| side <= 200) {
                assert_sound(&detector.detect(&image(20, 30), None).unwrap());
            }
        }
    }
}
