//! The whole network: shapes, names, sizes, and its ability to learn.
use burn::{
    module::Module,
    optim::{AdamConfig, GradientsParams, ModuleOptimizer},
    store::{BurnToPyTorchAdapter, ModuleSnapshot, ModuleStore, SafetensorsStore},
};
use dafe::{
    backbone::{Backbone, ResNetConfig, ResidualKind},
    data::LandmarkBatch,
    landmark::{Landmark, Visibility},
    loss::{LandmarkLoss, heatmap_mse},
    metric::RunningNe,
    model::Supervision,
    prelude::*,
    testing::{random_values, randomized},
    train::per_sample_losses,
};

use crate::common::devices::on_cpus;

on_cpus!(
    odd_images_give_rounded_up_maps,
    auxiliary_heads_add_their_keys_and_nothing_to_the_output,
    every_auxiliary_head_is_trained_where_that_is_asked_for,
);

/// One block per stage, eight channels: small enough to list.
fn tiny() -> LandmarkNetConfig {
    LandmarkNetConfig::new(2)
        .with_backbone(ResNetConfig::new(ResidualKind::Basic, [1, 1, 1, 1]).with_width(4))
        .with_decoder_channels([16, 8, 8])
}

/// Burn's `num_params` counts BatchNorm's two running statistics too, torchvision's counts do not.
fn learned<B: Module>(resnet: &B, config: &ResNetConfig) -> usize {
    let stages = (0..4).map(|stage| {
        let (width, blocks) = (config.width << stage, config.blocks[stage]);
        let shortcut = if config.kind == ResidualKind::Basic && stage == 0 { 0 } else { 1 };
        match config.kind {
            ResidualKind::Basic => blocks * 2 * width + shortcut * width,
            ResidualKind::Bottleneck => blocks * 6 * width + shortcut * 4 * width,
            other => panic!("{other:?} is not counted"),
        }
    });
    resnet.num_params() - 2 * (config.width + stages.sum::<usize>())
}

#[test]
fn the_papers_net_has_its_shape_and_its_hand_counted_parameters() {
    let device = Device::flex();
    let net = LandmarkNetConfig::new(8).init(&device);
    // ResNet-50 without its classifier: 23 508 032 (torchvision's 25 557 032 less 2048·1000 +
    // 1000). Each module: U_t in·256·16 + 256, attention in + 1, lateral low·256 + 256 where low ≠
    // 256, bottleneck of 16: 256·16 + 16 + 16·256 + 256. Head: 256·8 + 8.
    let module = |high: usize, low: usize| {
        let lateral = if low == 256 { 0 } else { low * 256 + 256 };
        high * 256 * 16 + 256 + high + 1 + lateral + 256 * 16 + 16 + 16 * 256 + 256
    };
    let decoder = module(2048, 1024) + module(256, 512) + module(256, 256);
    let backbone = learned(net.backbone(), &ResNetConfig::resnet50());
    assert_eq!(backbone, 23_508_032);
    let rest = net.num_params() - net.backbone().num_params();
    assert_eq!(rest, decoder + 256 * 8 + 8);
    assert_eq!(backbone + rest, 34_418_299);
    let heatmaps = net.forward(Tensor::zeros([1, 3, 320, 320], &device));
    assert_eq!(heatmaps.dims(), [1, 8, 80, 80]);
}

#[test]
fn published_depths_have_torchvisions_parameter_counts() {
    // torchvision's counts less the classifier's 1000·(features + 1).
    let expected = [
        (ResNetConfig::resnet18(), 11_689_512 - 513_000),
        (ResNetConfig::resnet34(), 21_797_672 - 513_000),
        (ResNetConfig::resnet101(), 44_549_160 - 2_049_000),
        (ResNetConfig::resnet152(), 60_192_808 - 2_049_000),
    ];
    for (config, count) in expected {
        assert_eq!(learned(&config.init(&Device::flex()), &config), count);
    }
}

fn odd_images_give_rounded_up_maps(device: &Device) {
    let net: LandmarkNet = randomized(tiny().init(device), 2);
    let images = Tensor::<4>::from_data(random_values([1, 3, 250, 199], 1), device);
    // 250 → 63, 32, 16, 8; 199 → 50, 25, 13, 7.
    let pyramid = net.backbone().forward(images.clone());
    let sizes = [&pyramid.c2, &pyramid.c3, &pyramid.c4, &pyramid.c5].map(|map| map.dims());
    assert_eq!(sizes, [[1, 4, 63, 50], [1, 8, 32, 25], [1, 16, 16, 13], [1, 32, 8, 7]]);
    let output = net.forward_with_attention(images.clone());
    assert_eq!(output.heatmaps.dims(), [1, 2, 63, 50]);
    assert_eq!(output.attention.len(), 3);
    output.heatmaps.into_data().assert_eq(&net.forward(images).into_data(), true);
}

fn keys(net: &LandmarkNet) -> Vec<String> {
    let mut store = SafetensorsStore::from_bytes(None).with_to_adapter(BurnToPyTorchAdapter);
    net.save_into(&mut store).unwrap();
    let mut keys = store.keys().unwrap();
    keys.sort();
    keys
}

#[test]
fn exported_keys_are_the_documented_ones() {
    let keys = keys(&tiny().init(&Device::flex()));

    let mut expected = Vec::new();
    let mut add = |prefix: &str, names: &[&str]| {
        expected.extend(names.iter().map(|name| format!("{prefix}.{name}")));
    };
    let norm = ["weight", "bias", "running_mean", "running_var"];
    let affine = ["weight", "bias"];
    add("backbone.conv1", &["weight"]);
    add("backbone.bn1", &norm);
    for layer in 1..=4 {
        let block = format!("backbone.layer{layer}.0");
        for i in 1..=2 {
            add(&format!("{block}.conv{i}"), &["weight"]);
            add(&format!("{block}.bn{i}"), &norm);
        }
        if layer > 1 {
            add(&format!("{block}.downsample.0"), &["weight"]);
            add(&format!("{block}.downsample.1"), &norm);
        }
    }
    for module in 0..3 {
        for part in
            ["upsampling.upsample", "upsampling.attention", "selection.reduce", "selection.expand"]
        {
            add(&format!("decoder.{module}.{part}"), &affine);
        }
    }
    // Widths 16, 8, 8 on maps of 16, 8, 4 channels: only the last module needs a lateral
    // convolution.
    add("decoder.2.upsampling.lateral", &affine);
    add("head", &affine);
    expected.sort();
    assert_eq!(keys, expected);
}

/// A network with deep supervision, and one with the same parameters except for the auxiliary
/// heads.
fn deep(device: &Device) -> (LandmarkNet, LandmarkNet) {
    let deep: LandmarkNet = randomized(tiny().with_supervision(Supervision::Deep).init(device), 3);
    let deep = if device.is_autodiff() { deep.train() } else { deep };
    let plain = tiny().init(device).load_record(deep.clone().without_auxiliary().into_record());
    (deep, plain)
}

fn auxiliary_heads_add_their_keys_and_nothing_to_the_output(device: &Device) {
    let (deep, plain) = deep(device);
    let more: Vec<_> = keys(&deep).into_iter().filter(|key| !keys(&plain).contains(key)).collect();
    let heads = [0, 1].map(|i| [format!("auxiliary.{i}.bias"), format!("auxiliary.{i}.weight")]);
    assert_eq!(more, heads.concat());
    assert_eq!(keys(&deep).len(), keys(&plain).len() + 4);
    assert_eq!(keys(&deep.clone().without_auxiliary()), keys(&plain));

    let images = Tensor::<4>::from_data(random_values([1, 3, 250, 199], 1), device);
    let heatmaps = plain.forward(images.clone()).into_data();
    heatmaps.assert_eq(&deep.forward(images.clone()).into_data(), true);
    let output = deep.forward_supervised(images.clone());
    heatmaps.assert_eq(&output.heatmaps.into_data(), true);
    // 250 → 16, 32; 199 → 13, 25: the sizes of codecs with stride 16 and 8.
    let sizes: Vec<_> = output.auxiliary.iter().map(|map| map.dims()).collect();
    assert_eq!(sizes, [[1, 2, 16, 13], [1, 2, 32, 25]]);
    let codec = HeatmapCodec::new([199, 250], 4, 2.0);
    assert_eq!([4, 2].map(|factor| codec.coarser(factor).heatmap_size()), [[13, 16], [25, 32]]);
    assert!(plain.forward_supervised(images).auxiliary.is_empty());

    let config = tiny().with_supervision(Supervision::Deep);
    let summary = config.summary([199, 250]);
    let (with, without) = (summary.total(), tiny().summary([199, 250]).total());
    // 16·2 + 2 and 8·2 + 2 parameters, which are unused in inference.
    assert_eq!(with.parameters, without.parameters + 34 + 18);
    assert_eq!(with.multiply_adds, without.multiply_adds);
    assert_eq!(deep.num_params(), plain.num_params() + 34 + 18);
}

/// Two landmarks in each of `images` images of 64 × 64, at least 4 pixels from the border.
fn positions(images: usize, seed: u64, device: &Device) -> Tensor<3> {
    let drawn = Tensor::from_data(random_values([images, 2, 2], seed), device);
    drawn.mul_scalar(28).add_scalar(32)
}

fn every_auxiliary_head_is_trained_where_that_is_asked_for(device: &Device) {
    let device = &device.clone().autodiff();
    let (deep, plain) = deep(device);
    let codec = HeatmapCodec::new([64, 64], 4, 1.5);
    let batch = LandmarkBatch {
        images: Tensor::from_data(random_values([2, 3, 64, 64], 4), device),
        positions: positions(2, 5, device),
        weights: Tensor::ones([2, 2], device),
        empty: Tensor::zeros([2, 2], device),
    };
    let loss = LossConfig::from(LandmarkLoss::Mse).with_auxiliary_weight(0.25);
    let value = |net: &LandmarkNet, loss: &LossConfig| {
        per_sample_losses(net, batch.clone().encode_deep(&codec), loss).mean()
    };
    let heads = |net: &LandmarkNet, loss: &LossConfig| {
        let gradients = GradientsParams::from_grads(value(net, loss).backward(), net);
        gradients.len()
    };
    let none = loss.clone().with_auxiliary_weight(0.0);
    // A weight and a bias for each of two heads.
    assert_eq!(heads(&deep, &loss), heads(&deep, &none) + 4);
    assert_eq!(heads(&deep, &none), heads(&plain, &loss));

    // The sum of the losses of each heatmap.
    let output = deep.forward_supervised(batch.images.clone());
    let own = |maps: &Tensor<4>, factor: usize| {
        let (positions, weights) = (batch.positions.clone(), batch.weights.clone());
        let target = codec.coarser(factor).encode(positions, weights.clone());
        heatmap_mse(maps.clone(), target, weights).into_scalar::<f32>()
    };
    let expected = own(&output.heatmaps, 1)
        + 0.25 * (own(&output.auxiliary[0], 4) + own(&output.auxiliary[1], 2));
    let found = value(&deep, &loss).into_scalar::<f32>();
    // The same numbers in another order.
    assert!((found - expected).abs() < 1e-6 * expected, "{found} for {expected}");
    let plain_value = value(&plain, &loss).into_scalar::<f32>();
    assert_eq!(value(&deep, &none).into_scalar::<f32>(), plain_value);
}

#[test]
fn configurations_survive_json() {
    let deep = tiny().with_supervision(Supervision::Deep);
    let mut json = serde_json::to_value(&deep).unwrap();
    assert_eq!(json["supervision"], "deep");
    assert_eq!(serde_json::from_value::<LandmarkNetConfig>(json.clone()).unwrap(), deep);
    json["supervision"] = "none".into();
    let error = serde_json::from_value::<LandmarkNetConfig>(json.clone()).unwrap_err().to_string();
    assert!(error.contains("unknown supervision 'none'; there are output, deep"), "{error}");
    json.as_object_mut().unwrap().remove("supervision");
    let error = serde_json::from_value::<LandmarkNetConfig>(json).unwrap_err().to_string();
    assert!(error.contains("missing field `supervision`"), "{error}");
    for &preset in Preset::ALL {
        let config = preset.config(8);
        let json = serde_json::to_string(&config).unwrap();
        assert_eq!(serde_json::from_str::<LandmarkNetConfig>(&json).unwrap(), config);
        assert_eq!(preset.name().parse::<Preset>().unwrap(), preset);
    }
    let error = "huge".parse::<Preset>().unwrap_err();
    assert_eq!(error.to_string(), "unknown preset 'huge'; there are nano, lite, small, paper");
}

#[test]
fn a_small_net_overfits_eight_images() {
    overfits(8, 300, &Device::flex());
}

#[test]
#[cfg(feature = "ndarray")]
fn a_small_net_overfits_two_images_on_ndarray() {
    overfits(2, 150, &crate::common::devices::ndarray());
}

/// A small network memorizes noise images: NE below 0.01 plus the minimum error of argmax, 0.383
/// cells (the mean distance of a random point to its cell's center) over the heatmap's side.
fn overfits(count: usize, steps: usize, device: &Device) {
    let device = device.clone().autodiff();
    let side = 64;
    let codec = HeatmapCodec::new([side, side], 4, 1.5);
    let config = LandmarkNetConfig::new(2)
        .with_backbone(ResNetConfig::new(ResidualKind::Basic, [1, 1, 1, 1]).with_width(8))
        .with_decoder_channels([16, 16, 16])
        .with_norm(true);
    let mut net: LandmarkNet = randomized(config.init(&device), 6).train();
    let mut optimizer: ModuleOptimizer = AdamConfig::new().with_epsilon(1e-8).init();
    // With variance 1, like normalized images.
    let images = Tensor::<4>::from_data(random_values([count, 3, side, side], 7), &device)
        .mul_scalar(3f32.sqrt());
    let positions = positions(count, 8, &device);
    let weights = Tensor::<2>::ones([count, 2], &device);
    let targets = codec.encode(positions.clone(), weights.clone());
    for step in 0..steps {
        let loss = heatmap_mse(net.forward(images.clone()), targets.clone(), weights.clone());
        let gradients = GradientsParams::from_grads(loss.backward(), &net);
        net = optimizer.step(if 3 * step < 2 * steps { 5e-3 } else { 1e-3 }, net, gradients);
    }

    let bounds = BoundingBox::whole(side as u32, side as u32);
    let mut error = RunningNe::new(2);
    let found = codec.decode(net.valid().forward(images.inner()), Refinement::None).into_images();
    let truth = positions.inner().into_data().try_to_vec::<f32>().unwrap();
    for (found, truth) in found.iter().zip(truth.chunks(4)) {
        let visible = |i: usize| Landmark::new(truth[i], truth[i + 1], Visibility::Visible);
        error.update(&found.positions, &[visible(0), visible(2)], &bounds);
    }
    let (ne, limit) = (error.average().unwrap(), 0.01 + 0.383 / 16.0);
    assert!(ne < limit, "NE is {ne:.4}, not below {limit:.4}");
}
