//! A backbone in a file with other tensors.
use dafe::{
    prelude::*,
    weights::{LoadRules, LoadedPart, load_torchvision},
};

use super::{
    super::{file, net, small, values},
    Named, after, assert_backbone, bytes, extra, load, load_bytes, rename, resnet,
};

/// Loads a backbone's tensors with a prefix, and other tensors beside them; returns the report.
fn finds(prefix: &str, beside: &[&str]) -> String {
    let device = Device::flex();
    let given = resnet("given");
    let mut parts: Vec<Named> = beside.iter().map(|key| extra(key)).collect();
    parts.push(after(prefix, &given));
    let mut net = net(4, &device);
    let before = values(&net);
    let loaded = load(&mut net, &parts).unwrap();
    assert_backbone(&net, &before, &given, prefix);
    assert_eq!(loaded.part, LoadedPart::Backbone);
    assert_eq!(loaded.used.len(), given.len());
    assert_eq!(loaded.unused.len(), beside.len(), "{loaded}");

    // The same for a ResNet alone.
    let (_folder, path) = file(&bytes(&parts));
    let mut resnet = small().init(&device);
    let alone = load_torchvision(&mut resnet, &path).unwrap();
    assert_eq!((values(&resnet), alone), (given, loaded.clone()));
    loaded.to_string()
}

#[test]
fn any_prefix_is_found() {
    let prefixes = [
        "module.",
        "_orig_mod.",
        "module._orig_mod.",
        "model.",
        "net.",
        "network.",
        "encoder.",
        "module.base_encoder.",
        "module.encoder_q.",
        "backbone.",
        "model.backbone.",
        "model.module.backbone.body.",
        "student.module.backbone.",
        "learner.online_encoder.net.",
        "ein.Präfix.",
    ];
    let source = "backbone from a ResNet of [1, 1, 1, 1] basic blocks: 60 tensors used";
    assert_eq!(finds("", &[]), format!("{source}; nothing left out"));
    for prefix in prefixes {
        assert_eq!(finds(prefix, &[]), format!("{source} (`{prefix}*`); nothing left out"));
    }
    let averaged = finds("model_ema.module.", &[]);
    assert_eq!(
        averaged,
        format!("{source} (`model_ema.module.*`, an averaged copy); nothing left out")
    );
}

#[test]
fn what_is_beside_a_backbone_is_left_out_and_named() {
    let left_out = |prefix: &str, beside: &[&str]| {
        let line = finds(prefix, beside);
        line.split_once("; left out: ").unwrap().1.to_string()
    };
    assert_eq!(left_out("", &["fc.weight", "fc.bias"]), "fc.* (2 tensors)");
    // mmpretrain, Lightning, MoCo.
    let beside = ["head.fc.bias", "head.fc.weight", "neck.weight"];
    assert_eq!(left_out("backbone.", &beside), "head.fc.* (2 tensors), neck.weight");
    let beside = ["model.head.fc.weight", "model.backbone.fc.bias", "criterion.weight"];
    let expected = "criterion.weight, model.backbone.fc.bias, model.head.fc.weight";
    assert_eq!(left_out("model.backbone.", &beside), expected);
    let beside = [
        "module.encoder_k.conv1.weight",
        "module.encoder_k.fc.0.weight",
        "module.encoder_q.fc.0.weight",
        "module.encoder_q.fc.2.weight",
        "module.queue",
    ];
    let expected = "module.encoder_k.* (2 tensors, an averaged copy), \
                    module.encoder_q.fc.* (2 tensors), module.queue";
    assert_eq!(left_out("module.encoder_q.", &beside), expected);
}

#[test]
fn wrappers_of_parts_are_taken_off() {
    let device = Device::flex();
    let given = resnet("given");
    let wrapped = rename(&given, |key| {
        let key = key.replace("layer2.0.", "layer2.0._checkpoint_wrapped_module.");
        format!("_fsdp_wrapped_module.backbone._orig_mod.{key}")
    });
    let mut net = net(4, &device);
    let before = values(&net);
    let loaded = load(&mut net, &[wrapped]).unwrap();
    assert_backbone(&net, &before, &given, "wrapped parts");
    assert_eq!(loaded.prefix, "_fsdp_wrapped_module.backbone._orig_mod.");
    let key =
        "_fsdp_wrapped_module.backbone._orig_mod.layer2.0._checkpoint_wrapped_module.bn1.bias";
    assert!(loaded.used.contains(&key.to_string()));
}

#[test]
fn a_resnets_children_in_a_row_are_found() {
    let device = Device::flex();
    let given = resnet("given");
    let row = rename(&given, |key| {
        let (part, rest) = key.split_once('.').unwrap();
        let parts = ["conv1", "bn1", "relu", "maxpool", "layer1", "layer2", "layer3", "layer4"];
        let index = parts.iter().position(|one| *one == part).unwrap();
        format!("encoder.{index}.{rest}")
    });
    let mut net = net(4, &device);
    let before = values(&net);
    let loaded = load(&mut net, &[row, extra("projector.0.weight")]).unwrap();
    assert_backbone(&net, &before, &given, "children");
    assert_eq!((loaded.prefix.as_str(), loaded.used.len()), ("encoder.", given.len()));
    assert!(loaded.source.starts_with("a ResNet of"), "{loaded}");
}

#[test]
fn the_network_goes_before_its_averages() {
    let device = Device::flex();
    let (plain, averaged) = (resnet("plain"), resnet("averaged"));
    let pairs = [
        ("module.encoder_q.", "module.encoder_k."),
        ("model.", "ema_model."),
        ("", "ema."),
        ("student.", "teacher."),
        ("online_network.", "target_network."),
        ("z.base_encoder.", "z.momentum_encoder."),
        ("backbone.", "a.backbone_momentum."),
    ];
    for (one, other) in pairs {
        let mut net = net(4, &device);
        let before = values(&net);
        let loaded = load(&mut net, &[after(one, &plain), after(other, &averaged)]).unwrap();
        assert_backbone(&net, &before, &plain, one);
        assert_eq!(loaded.prefix, one);
        assert_eq!(loaded.unused.len(), averaged.len());
        assert!(loaded.to_string().contains("averaged copy"), "{loaded}");
    }
    // An incomplete network is not used.
    let mut partial = plain.clone();
    partial.remove("layer4.0.bn2.bias");
    let mut net = net(4, &device);
    let before = values(&net);
    let loaded = load(&mut net, &[after("m.", &partial), after("ema.", &averaged)]).unwrap();
    assert_backbone(&net, &before, &averaged, "ema.");
    assert_eq!(loaded.prefix, "ema.");
    // Nor is one of another width, which has the same keys.
    let wide = values(&small().with_width(8).init(&device));
    let loaded = load(&mut net, &[after("student.", &plain), after("a.", &wide)]).unwrap();
    assert_eq!(loaded.prefix, "student.");
}

#[test]
fn a_network_that_is_there_twice_is_no_choice() {
    let device = Device::flex();
    let given = resnet("given");
    let mut net = net(4, &device);
    let before = values(&net);
    let twice = [after("backbone.", &given), after("online.0.", &given)];
    let loaded = load(&mut net, &twice).unwrap();
    assert_backbone(&net, &before, &given, "twice");
    assert_eq!((loaded.prefix.as_str(), loaded.unused.len()), ("backbone.", given.len()));
}

#[test]
fn rules_go_by_the_backbones_keys_or_the_networks() {
    let device = Device::flex();
    let given = resnet("given");
    for kept in ["layer4.", "backbone.layer4."] {
        let rules = LoadRules { keep: vec![kept.into()], ignored: vec!["bn1.extra".into()] };
        let mut net = net(4, &device);
        let before = values(&net);
        let file = bytes(&[after("backbone.", &given), extra("backbone.bn1.extra")]);
        let loaded = load_bytes(&mut net, &file, &rules).unwrap();
        for (key, value) in values(&net) {
            let own = key.strip_prefix("backbone.").filter(|key| !key.starts_with("layer4."));
            assert_eq!(&value, own.map_or(&before[&key], |key| &given[key]), "{key}");
        }
        let of_layer4 = given.keys().filter(|key| key.starts_with("layer4.")).count();
        let line = format!(
            "{} tensors used (`backbone.*`); left out: backbone.bn1.extra, backbone.layer4.0.* \
             ({of_layer4} tensors)",
            given.len() - of_layer4
        );
        assert!(loaded.to_string().ends_with(&line), "{loaded}");
    }
}
