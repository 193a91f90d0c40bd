//! Benchmarks of loading and generating images: `cargo bench -p dafe-garments`.
use std::sync::{Arc, OnceLock};

use dafe::{
    data::{Augmentation, BatchLoader, EpochAugmentation, LoaderConfig, image::read_image},
    prelude::*,
};
use dafe_garments::{GarmentDatasetConfig, Style, generate_garment, write_garment_dataset};
use divan::{Bencher, counter::ItemsCount};

fn main() {
    divan::main();
}

const IMAGES: usize = 128;

/// Generated garments in a temporary folder, created on first use.
fn garments() -> Arc<FldDataset> {
    static DATASET: OnceLock<(tempfile::TempDir, Arc<FldDataset>)> = OnceLock::new();
    let make = || {
        let root = tempfile::tempdir().expect("a temporary folder");
        let config = GarmentDatasetConfig { train: IMAGES, val: 1, test: 1, ..Default::default() };
        write_garment_dataset(root.path(), &config, &|_, _| {}).expect("a dataset of garments");
        let dataset = FldDataset::open(root.path(), Split::Train).expect("its train split");
        (root, Arc::new(dataset))
    };
    DATASET.get_or_init(make).1.clone()
}

fn load(bencher: Bencher, workers: usize, augmentation: Option<Augmentation>) {
    let dataset = garments();
    let config = LoaderConfig::new(HeatmapCodec::new([320, 320], LandmarkNetConfig::STRIDE, 2.0))
        .with_batch_size(32)
        .with_workers(workers);
    let varied =
        augmentation.map(|augmentation| EpochAugmentation { augmentation, seed: 0, epoch: 0 });
    bencher.counter(ItemsCount::new(IMAGES)).bench_local(|| {
        let order = (0..IMAGES).collect();
        for batch in BatchLoader::new(dataset.clone(), order, config.clone(), varied.clone(), 0) {
            divan::black_box(batch.expect("a batch"));
        }
    });
}

/// Decoded, augmented, cropped and resized to 320×320, by `workers` threads.
#[divan::bench(args = [0, 1, 2], sample_count = 5, sample_size = 1)]
fn augmented(bencher: Bencher, workers: usize) {
    load(bencher, workers, Some(Augmentation::default()));
}

/// Decoded, cropped and resized.
#[divan::bench(args = [0, 2], sample_count = 5, sample_size = 1)]
fn plain(bencher: Bencher, workers: usize) {
    load(bencher, workers, None);
}

/// Decoded only, on one thread.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn decoded(bencher: Bencher) {
    let dataset = garments();
    bencher.counter(ItemsCount::new(IMAGES)).bench_local(|| {
        for sample in dataset.samples() {
            divan::black_box(read_image(dataset.image_path(sample)).expect("an image"));
        }
    });
}

/// Generated, without encoding as JPEG.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn generated(bencher: Bencher) {
    bencher.counter(ItemsCount::new(64u32)).bench_local(|| {
        for index in 0..64 {
            divan::black_box(generate_garment(Style::Usual, 0, Split::Train, index));
        }
    });
}
