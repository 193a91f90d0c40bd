//! A step of training on DeepFashion2's 294 heatmaps.
use burn::{
    module::{Module, ModuleVisitor, Param},
    optim::GradientsParams,
};
use dafe::{
    backbone::{ResNetConfig, ResidualKind},
    data::{BatchLoader, LoaderConfig, TargetPolicy},
    landmark::{DeepFashion2Category, Landmark},
    loss::LossConfig,
    prelude::*,
    testing::test_devices,
    train::per_sample_losses,
};

use super::{DEEPFASHION2, generated, open};

/// The gradients of the head's weight, `[294, channels, 1, 1]`, and bias.
#[derive(Default)]
struct Head {
    path: Vec<String>,
    gradients: GradientsParams,
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl ModuleVisitor for Head {
    fn enter_module(&mut self, name: &str, _kind: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _kind: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let values = || {
            let gradient = self.gradients.get::<D>(param.id).expect("the head has gradients");
            gradient.into_data().try_into_vec().unwrap()
        };
        match self.path.join(".").as_str() {
            "head.weight" => self.weight = values(),
            "head.bias" => self.bias = values(),
            _ => (),
        }
    }
}

/// For each landmark, whether the head's gradient is non-zero after one step on sample `index`.
fn trained(
    dataset: &std::sync::Arc<dyn LandmarkDataset>,
    index: usize,
    policy: TargetPolicy,
    device: &Device,
) -> Vec<bool> {
    const CHANNELS: usize = 16;
    let device = device.clone().autodiff();
    let codec = HeatmapCodec::new([64, 64], 4, 1.5);
    let config = LoaderConfig::new(codec).with_batch_size(1).with_workers(0).with_policy(policy);
    let batch = BatchLoader::new(dataset.clone(), vec![index], config, None, 0).next();
    let batch = batch.unwrap().unwrap().to_device(&device).encode(&codec);
    let net = LandmarkNetConfig::new(DeepFashion2Category::LANDMARKS)
        .with_backbone(ResNetConfig::new(ResidualKind::Basic, [1, 1, 1, 1]).with_width(8))
        .with_decoder_channels([CHANNELS; 3])
        .init(&device);
    let loss = per_sample_losses(&net, batch, &LossConfig::default()).mean();
    let mut head =
        Head { gradients: GradientsParams::from_grads(loss.backward(), &net), ..Head::default() };
    net.visit(&mut head);
    assert_eq!(head.weight.len(), DeepFashion2Category::LANDMARKS * CHANNELS);
    let rows = head.weight.chunks(CHANNELS).zip(&head.bias);
    rows.map(|(row, &bias)| bias != 0.0 || row.iter().any(|&value| value != 0.0)).collect()
}

#[test]
fn an_item_trains_the_heatmaps_of_its_own_labeled_landmarks_and_no_others() {
    let folder = generated(DEEPFASHION2);
    let dataset = open(folder.path(), DEEPFASHION2, Split::Train);
    let mut categories = std::collections::BTreeSet::new();
    for index in 0..dataset.len() {
        let sample = dataset.sample(index);
        // One sample per category is enough.
        if !categories.insert(sample.category) {
            continue;
        }
        // The crop covers the box, starting half a pixel before its corner; landmarks outside are
        // not trained.
        let b = sample.bounding_box;
        let within = |v: f32, from: f32, to: f32| v >= from - 0.5 && v < to - 0.5;
        let inside = |l: &Landmark| within(l.x, b.x1, b.x2) && within(l.y, b.y1, b.y2);
        let labeled = |l: &Landmark| l.visibility.has_position() && inside(l);
        let expected: Vec<bool> = sample.landmarks.iter().map(labeled).collect();
        let found = trained(&dataset, index, TargetPolicy::default(), &Device::flex());
        let own = DeepFashion2Category::ALL[sample.category.unwrap()].landmarks();
        assert_eq!(found, expected, "{own:?}");
        assert!(expected.iter().enumerate().all(|(slot, labeled)| !labeled || own.contains(&slot)));
    }
    assert!(categories.len() > 6, "{categories:?}");
}

#[test]
fn towards_empty_heatmaps_all_others_train_too() {
    let folder = generated(DEEPFASHION2);
    let dataset = open(folder.path(), DEEPFASHION2, Split::Train);
    let policy = TargetPolicy::default().with_absent_as_empty(true);
    let own = DeepFashion2Category::ALL[dataset.sample(0).category.unwrap()].landmarks();
    for device in test_devices() {
        let found = trained(&dataset, 0, policy, &device);
        let mut others = (0..found.len()).filter(|slot| !own.contains(slot));
        assert!(others.all(|slot| found[slot]), "{device:?}");
    }
}
