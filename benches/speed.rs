//! How long the parts take on a CPU: `cargo bench`. Times are medians over whole calls, tensors read back.
use std::sync::Arc;

use burn::{module::Module, tensor::Distribution, train::TrainStep};
use dafe::{
    data::{
        EpochAugmentation, TrainBatch,
        synthetic::{GarmentTreeConfig, draw_garment, write_garment_tree},
    },
    prelude::*,
};
use divan::{Bencher, counter::ItemsCount};

fn main() {
    divan::main();
}

/// Waits for the result, as a user does.
fn read<const D: usize>(tensor: Tensor<D>) {
    divan::black_box(tensor.into_data());
}

fn images(batch: usize, preset: Preset, device: &Device) -> Tensor<4> {
    let [width, height] = preset.input_size();
    Tensor::random([batch, 3, height, width], Distribution::Normal(0.0, 1.0), device)
}

/// Inference of one picture.
#[divan::bench(args = [Preset::Nano, Preset::Small, Preset::Paper], sample_count = 10, sample_size = 1)]
fn forward(bencher: Bencher, preset: Preset) {
    let device = Device::flex();
    let net = preset.config(8).init(&device);
    let images = images(1, preset, &device);
    read(net.forward(images.clone()));
    bencher.counter(ItemsCount::new(1u32)).bench_local(|| read(net.forward(images.clone())));
}

/// Loss and gradients of a batch of eight, on one thread of work.
#[divan::bench(args = [Preset::Nano], sample_count = 10, sample_size = 1)]
fn loss_and_gradients(bencher: Bencher, preset: Preset) {
    let device = Device::flex().autodiff();
    let net = preset.config(8).init(&device).train();
    let codec = TrainConfig::preset(preset, 8).codec;
    let [width, height] = codec.heatmap_size();
    let batch = TrainBatch {
        images: images(8, preset, &device),
        heatmaps: Tensor::zeros([8, 8, height, width], &device),
        weights: Tensor::ones([8, 8], &device),
    };
    bencher.counter(ItemsCount::new(8u32)).bench_local(|| {
        let output = TrainStep::step(&net, batch.clone());
        read(output.item.losses);
        divan::black_box(output.grads);
    });
}

/// Target heatmaps of a batch of 64, 80×80 cells.
#[divan::bench(args = [8, 294], sample_count = 10, sample_size = 1)]
fn encode(bencher: Bencher, landmarks: usize) {
    let device = Device::flex();
    let codec = HeatmapCodec::new([320, 320], 4, 2.0);
    let positions =
        Tensor::<3>::random([64, landmarks, 2], Distribution::Uniform(0.0, 320.0), &device);
    let weights = Tensor::<2>::ones([64, landmarks], &device);
    let count = ItemsCount::new(64 * landmarks);
    bencher.counter(count).bench_local(|| read(codec.encode(positions.clone(), weights.clone())));
}

/// Positions from a batch of 64, 80×80 cells.
#[divan::bench(args = [Refinement::None, Refinement::QuarterOffset], sample_count = 10, sample_size = 1)]
fn decode(bencher: Bencher, refinement: Refinement) {
    let device = Device::flex();
    let codec = HeatmapCodec::new([320, 320], 4, 2.0);
    let heatmaps = Tensor::<4>::random([64, 8, 80, 80], Distribution::Default, &device);
    let count = ItemsCount::new(64u32 * 8);
    bencher
        .counter(count)
        .bench_local(|| read(codec.decode(heatmaps.clone(), refinement).positions));
}

/// Pictures drawn, without encoding them as JPEG.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn draw_64_garments(bencher: Bencher) {
    bencher.counter(ItemsCount::new(64u32)).bench_local(|| {
        for index in 0..64 {
            divan::black_box(draw_garment(0, Split::Train, index));
        }
    });
}

/// Pictures decoded, augmented, cropped and resized to 320×320 by two workers.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn load_128_pictures(bencher: Bencher) {
    let root = tempfile::tempdir().expect("a temporary folder");
    let config = GarmentTreeConfig { train: 128, val: 1, test: 1, ..Default::default() };
    write_garment_tree(root.path(), &config, &|_, _| {}).expect("a tree of garments");
    let dataset = Arc::new(FldDataset::open(root.path(), Split::Train).expect("its train split"));
    let config = LoaderConfig {
        batch_size: 16,
        workers: 2,
        codec: HeatmapCodec::new([320, 320], 4, 2.0),
        framing: Framing::default(),
        policy: TargetPolicy::default(),
        bad_picture: BadPicture::Fail,
    };
    bencher.counter(ItemsCount::new(128u32)).bench_local(|| {
        let varied = EpochAugmentation { augmentation: Augmentation::default(), seed: 0, epoch: 0 };
        let order = (0..128).collect();
        let loader = BatchLoader::new(dataset.clone(), order, config.clone(), Some(varied), 0);
        for batch in loader {
            divan::black_box(batch.expect("a batch"));
        }
    });
}
