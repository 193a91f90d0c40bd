//! Files in which the network is missing, incomplete, or not the only one.
use burn::tensor::TensorData;
use dafe::{backbone::ResNetConfig, prelude::*};

use super::{super::values, Named, after, extra, refused, resnet};

fn assert_says(error: &str, parts: &[&str]) {
    for part in parts {
        assert!(error.contains(part), "{part} is not in: {error}");
    }
    assert!(error.len() < 1000, "{error}");
}

#[test]
fn networks_that_differ_are_named() {
    let (one, other) = (resnet("one"), resnet("other"));
    for prefixes in [["backbone.", "backbone2."], ["a.", "a.b."], ["ema.", "teacher."]] {
        let [first, second] = prefixes;
        let error = refused(&[after(first, &one), after(second, &other)]);
        let names =
            format!("several networks that fit and have different weights: `{first}`, `{second}`");
        assert_says(&error, &[&names, "to its own file"]);
    }
    let error = refused(&[one, after("a.", &other)]);
    assert_says(&error, &["have different weights: the one without a prefix, `a.`"]);
}

#[test]
fn part_of_a_backbone_is_not_enough() {
    let mut given = resnet("given");
    given.remove("layer4.0.bn2.bias");
    let beside = extra("module.encoder_q.fc.bias");
    let error = refused(&[after("module.encoder_q.", &given), beside]);
    let below = "(the file has 60 tensors below `module.encoder_q.`)";
    assert_says(&error, &["missing: layer4.0.bn2.bias ", below]);
    assert!(!error.contains("fc"), "{error}");

    // Split between two prefixes.
    let given = resnet("given");
    let (a, b): (Named, Named) = given.into_iter().partition(|(key, _)| key.as_str() < "layer3");
    assert_says(&refused(&[after("a.", &a), after("b.", &b)]), &["missing: ", "below `"]);
}

#[test]
fn values_and_shapes_are_strict_below_a_prefix() {
    let mut given = resnet("given");
    given.insert("bn1.bias".into(), TensorData::from([f32::NAN, 1.0, 2.0, 3.0]));
    assert_says(&refused(&[after("model.", &given)]), &["NaN or infinite: 1 of bn1.bias's 4"]);
    given.insert("bn1.bias".into(), TensorData::from([1.0f32]));
    let error = refused(&[after("model.", &given)]);
    assert_says(&error, &["of another shape: bn1.bias is [1] in the file, [4]", "below `model.`"]);
    // Blocks with attention: everything of a ResNet is there, but it is not one.
    let given = after("backbone.", &resnet("given"));
    let error = refused(&[given, extra("backbone.layer1.0.se.fc1.weight")]);
    assert_says(&error, &["not part of this network: layer1.0.se.fc1.weight"]);
}

#[test]
fn another_depth_is_named_with_its_prefix() {
    let device = Device::flex();
    let of = |config: ResNetConfig| values(&config.with_width(4).init(&device));
    let network = "the network a ResNet of [1, 1, 1, 1] basic blocks";
    // A network that has everything needed, and more.
    let deeper = after("encoder_q.", &of(ResNetConfig::resnet18()));
    let error = refused(&[deeper, extra("queue")]);
    assert_says(&error, &["`encoder_q.` in the file is ResNet-18", network]);
    let error = refused(&[after("backbone.", &of(ResNetConfig::resnet50()))]);
    assert_says(&error, &["`backbone.` in the file is ResNet-50", network]);
    assert_says(&refused(&[of(ResNetConfig::resnet34())]), &["the file is ResNet-34", network]);
}

#[test]
fn keys_that_wrappers_make_equal_are_refused() {
    let given = resnet("given");
    let error = refused(&[after("a.", &given), after("a._orig_mod.", &given)]);
    assert_says(&error, &["would both be named a.bn1.bias"]);
}

#[test]
fn networks_of_other_kinds_are_named() {
    let cases: [(&str, &[&str]); 14] = [
        ("HRNet", &["conv1.weight", "transition1.0.0.weight", "stage2.0.branches.0.0.bn1.bias"]),
        ("HRNet", &["backbone.stage3.0.fuse_layers.0.1.0.weight", "backbone.conv1.weight"]),
        ("vision transformer", &["cls_token", "pos_embed", "patch_embed.proj.weight"]),
        ("vision transformer", &["module.blocks.0.attn.qkv.weight"]),
        ("vision transformer", &["encoder.layers.encoder_layer_0.self_attention.in_proj_bias"]),
        ("Swin", &["layers.0.blocks.0.attn.relative_position_bias_table", "a.attn.qkv.bias"]),
        ("ConvNeXt", &["downsample_layers.0.0.weight", "stages.0.0.dwconv.weight"]),
        ("ConvNeXt", &["features.1.0.layer_scale", "features.1.0.block.0.weight"]),
        ("EfficientNet-Lite", &["_conv_stem.weight", "_blocks.0._depthwise_conv.weight"]),
        ("EfficientNet-Lite or MobileNet", &["conv_stem.weight", "blocks.0.0.conv_dw.weight"]),
        ("EfficientNet with squeeze-and-excitation", &["_blocks.0._se_reduce.bias"]),
        ("MobileNet", &["features.1.conv.0.0.weight"]),
        ("under transformers' names", &["resnet.embedder.embedder.convolution.weight"]),
        ("under Detectron2's names", &["backbone.stem.conv1.weight", "backbone.res2.0.conv1.bias"]),
    ];
    for (name, keys) in cases {
        let parts: Vec<_> = keys.iter().map(|key| extra(key)).collect();
        let error = refused(&parts);
        assert_says(
            &error,
            &["it looks like ", name, "can start from weights of its own backbone"],
        );
    }
    let error = refused(&[extra("features.0.weight"), extra("classifier.0.weight")]);
    assert_says(&error, &["another network's parameters, 0 of this one's 60 tensors fit"]);
    // A ResNet is recognized by its keys, whatever else is in the file.
    let mut net = super::net(4, &Device::flex());
    let text = extra("text.blocks.0.attn.qkv.weight");
    super::load(&mut net, &[after("image.", &resnet("given")), text]).unwrap();
}
