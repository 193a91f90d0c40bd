//! Whole landmark networks in wrappers: this crate's, MMPose's, Microsoft's.
use dafe::{
    model::Decoder,
    prelude::*,
    weights::{LoadRules, LoadedPart},
};

use super::{
    super::{net, small, values},
    Named, after, assert_backbone, bytes, extra, fill_like, load, load_bytes, refused, rename,
};

fn transposed(landmarks: usize) -> LandmarkNet {
    LandmarkNetConfig::new(landmarks)
        .with_backbone(small())
        .with_decoder(Decoder::TransposedConvolution)
        .with_decoder_channels([16, 8, 8])
        .init(&Device::flex())
}

/// A SimpleBaseline network's tensors under this crate's names.
fn simple_baseline() -> Named {
    fill_like("baseline", &values(&transposed(4)))
}

/// Microsoft's name for a key; with separate prefixes for decoder and head, MMPose's.
fn baselines(key: &str, head: &str, backbone: &str) -> String {
    if let Some(part) = key.strip_prefix("head.") {
        return format!("{head}final_layer.{part}");
    }
    if let Some(key) = key.strip_prefix("backbone.") {
        return format!("{backbone}{key}");
    }
    let parts: Vec<_> = key.split('.').collect();
    let ["decoder", stage, "transposed", layer, part] = parts[..] else { panic!("{key}") };
    let index = 3 * stage.parse::<usize>().unwrap() + usize::from(layer == "norm");
    format!("{head}deconv_layers.{index}.{part}")
}

/// The formats of SimpleBaselines: names and key prefixes.
const BASELINES: [(&str, &str, &str); 3] = [
    ("MMPose's SimpleBaseline", "keypoint_head.", "backbone."),
    ("MMPose's SimpleBaseline", "head.", "backbone."),
    ("Microsoft's SimpleBaseline", "", ""),
];

#[test]
fn this_crates_networks_load_whole_in_any_wrapping() {
    let device = Device::flex();
    let given = fill_like("whole", &values(&net(4, &device)));
    for prefix in ["", "module.", "_orig_mod.", "model.", "lightning.module.net."] {
        let mut net = net(4, &device);
        let loss = extra("loss.weight");
        let loaded = load(&mut net, &[after(prefix, &given), loss]).unwrap();
        assert_eq!(values(&net), given, "{prefix}");
        assert_eq!((loaded.part, loaded.prefix.as_str()), (LoadedPart::Network, prefix));
        assert_eq!(loaded.used.len(), given.len());
        assert_eq!(loaded.unused, ["loss.weight"]);
    }
    // The run's own weights and their running average.
    let averaged = fill_like("averaged", &given);
    let mut net = net(4, &device);
    let loaded = load(&mut net, &[after("ema.", &averaged), after("model.", &given)]).unwrap();
    assert_eq!(values(&net), given);
    let line = format!(
        "network from a landmark network of this crate: {count} tensors used (`model.*`); left out: \
         ema.* ({count} tensors, an averaged copy)",
        count = given.len()
    );
    assert_eq!(loaded.to_string(), line);
}

#[test]
fn this_crates_networks_are_strict_in_any_wrapping() {
    let device = Device::flex();
    // Other landmarks.
    let three = fill_like("three", &values(&net(3, &device)));
    let file = [after("model.", &three)];
    let error = refused(&file);
    assert!(error.contains("for 3 landmarks, the network for 4"), "{error}");
    let rules = LoadRules { keep: vec!["head.".into()], ..LoadRules::default() };
    let mut four = net(4, &device);
    let before = values(&four);
    let loaded = load_bytes(&mut four, &bytes(&file), &rules).unwrap();
    for (key, value) in values(&four) {
        let from = if key.starts_with("head.") { &before } else { &three };
        assert_eq!(value, from[&key], "{key}");
    }
    assert!(loaded.to_string().ends_with("left out: model.head.* (2 tensors)"), "{loaded}");
    // A different decoder is an error, not ignored in favor of the backbone.
    let error = refused(&[after("model.", &simple_baseline())]);
    assert!(error.contains("missing: decoder.0.") && error.contains("`model.`"), "{error}");
    // An additional part, and a missing part.
    let four = fill_like("four", &values(&four));
    let error = refused(&[four.clone(), extra("decoder.0.upsampling.more")]);
    assert!(error.contains("not part of this network: decoder.0.upsampling.more"), "{error}");
    let mut less = four;
    less.remove("head.bias");
    let error = refused(&[less]);
    let way_out = "missing: head.bias; to load only the backbone, keep \"decoder.\" and \"head.\"";
    assert!(error.contains(way_out), "{error}");
}

#[test]
fn simple_baselines_load_whole_where_the_decoder_is_theirs() {
    let given = simple_baseline();
    for (name, head, backbone) in BASELINES {
        let theirs = rename(&given, |key| baselines(key, head, backbone));
        for prefix in ["", "module.", "model.net."] {
            let mut net = transposed(4);
            let loaded = load(&mut net, &[after(prefix, &theirs), extra("queue")]).unwrap();
            assert_eq!(values(&net), given, "{name} {prefix}");
            assert_eq!((loaded.part, loaded.source.as_str()), (LoadedPart::Network, name));
            assert_eq!((loaded.prefix.as_str(), loaded.unused), (prefix, vec!["queue".into()]));
        }
        // For other landmarks, and with one more layer than the network has.
        let error =
            load(&mut transposed(5), std::slice::from_ref(&theirs)).unwrap_err().to_string();
        assert!(error.contains("for 4 landmarks, the network for 5"), "{error}");
        let more = extra(&format!("{head}deconv_layers.9.weight"));
        let error = load(&mut transposed(4), &[theirs, more]).unwrap_err().to_string();
        assert!(error.contains("not part of this network: decoder.3."), "{error}");
    }
}

#[test]
fn simple_baselines_give_other_networks_their_backbone() {
    let device = Device::flex();
    let given = simple_baseline();
    let resnet: Named = given
        .iter()
        .filter_map(|(key, value)| Some((key.strip_prefix("backbone.")?.into(), value.clone())))
        .collect();
    for (name, head, backbone) in BASELINES {
        let theirs = rename(&given, |key| baselines(key, head, backbone));
        let mut net = net(4, &device);
        let before = values(&net);
        let loaded = load(&mut net, &[theirs]).unwrap();
        assert_backbone(&net, &before, &resnet, name);
        let line = loaded.to_string();
        assert!(line.contains(&format!("basic blocks of {name}: 60 tensors used")), "{line}");
        let group = if head.is_empty() { "deconv_layers." } else { head };
        assert!(line.contains(&format!("left out: {group}")), "{line}");
    }
}
