//! Batches in a reproducible order, prefetched by worker threads.
//!
//! Batch `b` is made by worker `b mod workers` and received from that worker, so the order depends
//! only on the seed and the epoch. No worker runs further ahead than its queue. While one batch is
//! slow, the other workers continue until their queues are full. The more workers there are, the
//! shorter the queues, so memory use does not grow with the number of workers.
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
};

use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::{
    Augmentation, CropTransform, Framing, HostBatch, LandmarkDataset, SkippedImage, TargetPolicy,
};
use crate::{
    Error, ErrorKind, geometry::BoundingBox, heatmap::HeatmapCodec, random::mix_seed,
    with_fields::with_fields,
};

/// Batches that all workers together may prefetch: 160 MB at 64 images of 320×320.
const AHEAD: usize = 8;
/// Batches that one worker may prefetch.
const AHEAD_EACH: usize = 3;

/// How unreadable images are handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum BadImage {
    /// Stop with the image's error. The default.
    #[default]
    Fail,
    /// Skip the image and list it in [`HostBatch::skipped`].
    Skip,
}

/// Options of the loader.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LoaderConfig {
    /// Images per batch.
    pub batch_size: usize,
    /// Number of worker threads; 0 makes batches on the caller's thread.
    pub workers: usize,
    /// The codec, which defines the input size and alignment.
    pub codec: HeatmapCodec,
    /// How a sample's box is framed.
    pub framing: Framing,
    /// Which landmarks are trained on.
    pub policy: TargetPolicy,
    /// How unreadable images are handled.
    pub bad_image: BadImage,
}

with_fields!(LoaderConfig {
    with_batch_size batch_size: usize,
    with_workers workers: usize,
    with_codec codec: HeatmapCodec,
    with_framing framing: Framing,
    with_policy policy: TargetPolicy,
    with_bad_image bad_image: BadImage,
});

impl LoaderConfig {
    /// Batches of 16, two worker threads, [`Framing::Stretch`], the default policy, and an error
    /// for unreadable images.
    pub fn new(codec: HeatmapCodec) -> Self {
        Self {
            batch_size: 16,
            workers: 2,
            codec,
            framing: Framing::default(),
            policy: TargetPolicy::default(),
            bad_image: BadImage::default(),
        }
    }
}

/// The order of an epoch's `len` samples. Depends only on the seed and the epoch.
///
/// ```
/// use dafe::data::epoch_order;
///
/// let order = epoch_order(100, 7, 0);
/// assert_eq!(order, epoch_order(100, 7, 0));
/// assert_ne!(order, epoch_order(100, 7, 1));
/// ```
pub fn epoch_order(len: usize, seed: u64, epoch: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(mix_seed(&[seed, epoch, u64::MAX])));
    order
}

/// The augmentation of one training epoch.
#[derive(Debug, Clone)]
pub struct EpochAugmentation {
    /// The strength of the augmentation.
    pub augmentation: Augmentation,
    /// The run's seed.
    pub seed: u64,
    /// The epoch.
    pub epoch: u64,
}

/// Iterates over the batches of one pass over `order`.
///
/// Dropping it ends the threads, after each has finished its current image.
///
#[cfg_attr(feature = "flex", doc = "```")]
#[cfg_attr(not(feature = "flex"), doc = "```ignore")]
/// use std::sync::Arc;
///
/// use dafe::{
///     data::{BatchLoader, LoaderConfig, epoch_order},
///     prelude::*,
/// };
///
/// # let folder = tempfile::tempdir()?;
/// # let root = folder.path();
/// # dafe::data::image::write_png(root.join("kite.png"), &image::RgbImage::new(60, 40))?;
/// # std::fs::write(root.join("kites.json"), r#"{
/// #     "images": [{"id": 1, "file_name": "kite.png"}],
/// #     "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [20, 5, 20, 30],
/// #                      "keypoints": [30, 10, 2, 31, 32, 2]}],
/// #     "categories": [{"id": 1, "name": "kite", "keypoints": ["top", "bottom"]}]
/// # }"#)?;
/// let kites = Arc::new(CocoDataset::open(root.join("kites.json"), root)?);
/// let codec = HeatmapCodec::new([96, 96], LandmarkNetConfig::STRIDE, 2.0);
/// let order = epoch_order(kites.len(), 7, 0); // The first epoch of the seed 7.
/// for batch in BatchLoader::new(kites, order, LoaderConfig::new(codec), None, 0) {
///     let batch = batch?.to_device(&Device::flex()).encode(&codec);
///     assert_eq!(batch.images.dims(), [1, 3, 96, 96]);
///     assert_eq!(batch.target.heatmaps.dims(), [1, 2, 24, 24]);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct BatchLoader {
    source: Source,
    next: usize,
    batches: usize,
}

impl fmt::Debug for BatchLoader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchLoader")
            .field("next", &self.next)
            .field("batches", &self.batches)
            .finish_non_exhaustive()
    }
}

enum Source {
    /// Makes batches on demand.
    Inline(Box<Maker>),
    /// Prefetches batches.
    Workers(Workers),
}

impl BatchLoader {
    /// Starts at batch `first` of a pass over `order` (indices of `dataset`'s samples). The last
    /// batch may be smaller. Without `augmentation`, images are only cropped.
    ///
    /// # Panics
    /// If the batch size is 0.
    pub fn new(
        dataset: Arc<dyn LandmarkDataset>,
        order: Vec<usize>,
        config: LoaderConfig,
        augmentation: Option<EpochAugmentation>,
        first: usize,
    ) -> Self {
        assert!(config.batch_size > 0, "the batch size must be at least 1, not 0");
        let batches = order.len().div_ceil(config.batch_size);
        let workers = config.workers.min(batches.saturating_sub(first));
        let stopped = Arc::new(AtomicBool::new(false));
        let maker = Maker { dataset, order: order.into(), config, augmentation, stopped };
        let source = match workers {
            0 => Source::Inline(Box::new(maker)),
            _ => Source::Workers(Workers::spawn(&maker, workers, first)),
        };
        Self { source, next: first, batches }
    }

    /// The number of batches left.
    pub fn remaining(&self) -> usize {
        self.batches - self.next
    }
}

impl Iterator for BatchLoader {
    type Item = Result<HostBatch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.batches {
            return None;
        }
        let index = self.next;
        self.next += 1;
        Some(match &self.source {
            Source::Inline(maker) => maker.make(index),
            Source::Workers(workers) => workers.batch(index),
        })
    }
}

/// The number of batches that each worker may prefetch.
fn ahead(workers: usize) -> usize {
    (AHEAD / workers).clamp(1, AHEAD_EACH)
}

/// Worker threads and their queues. They end when this is dropped.
struct Workers {
    queues: Vec<Receiver<Result<HostBatch, Error>>>,
    threads: Vec<JoinHandle<()>>,
    stopped: Arc<AtomicBool>,
}

impl Workers {
    /// Starts `count` threads for the batches from `first` on.
    fn spawn(maker: &Maker, count: usize, first: usize) -> Self {
        let stopped = maker.stopped.clone();
        let mut workers = Self { queues: Vec::new(), threads: Vec::new(), stopped };
        for worker in 0..count {
            // A worker whose queue is full holds one more batch.
            let (sender, receiver) = sync_channel(ahead(count) - 1);
            let start = first + (worker + count - first % count) % count;
            let maker = maker.clone();
            workers.queues.push(receiver);
            workers.threads.push(thread::spawn(move || work(&maker, start, count, &sender)));
        }
        workers
    }

    /// Waits for batch `index`.
    fn batch(&self, index: usize) -> Result<HostBatch, Error> {
        // A closed queue means that the worker panicked: report an error instead of a short epoch.
        self.queues[index % self.queues.len()].recv().unwrap_or_else(|_| {
            Err(Error::new(ErrorKind::Training, format!("the worker for batch {index} panicked")))
        })
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes workers that wait for room in a queue.
        self.queues.clear();
        for thread in self.threads.drain(..) {
            // A panic has already been reported when the batch was requested.
            let _ = thread.join();
        }
    }
}

/// A worker thread: makes batches `start`, `start + step`, … until all are done, one fails, or the
/// receiver is gone.
fn work(maker: &Maker, start: usize, step: usize, sender: &SyncSender<Result<HostBatch, Error>>) {
    for index in (start..maker.batches()).step_by(step) {
        let batch = maker.make(index);
        let failed = batch.is_err();
        if sender.send(batch).is_err() || failed {
            return;
        }
    }
}

/// Makes batches by index.
#[derive(Clone)]
struct Maker {
    dataset: Arc<dyn LandmarkDataset>,
    order: Arc<[usize]>,
    config: LoaderConfig,
    augmentation: Option<EpochAugmentation>,
    /// Set when no more batches are needed.
    stopped: Arc<AtomicBool>,
}

impl Maker {
    fn batches(&self) -> usize {
        self.order.len().div_ceil(self.config.batch_size)
    }

    /// Makes batch `batch`. The batch is incomplete if the loader was dropped meanwhile.
    fn make(&self, batch: usize) -> Result<HostBatch, Error> {
        let LoaderConfig { batch_size, codec, framing, policy, bad_image, .. } = &self.config;
        let size = codec.input_size();
        let schema = self.dataset.schema();
        let from = batch * batch_size;
        let indices = &self.order[from..(from + batch_size).min(self.order.len())];
        let mut made = HostBatch {
            indices: Vec::with_capacity(indices.len()),
            transforms: Vec::with_capacity(indices.len()),
            image_sizes: Vec::with_capacity(indices.len()),
            skipped: Vec::new(),
            size,
            num_landmarks: schema.len(),
            pixels: Vec::with_capacity(indices.len() * size[0] * size[1] * 3),
            positions: Vec::with_capacity(indices.len() * schema.len() * 2),
            weights: Vec::with_capacity(indices.len() * schema.len()),
            empty: Vec::with_capacity(indices.len() * schema.len()),
        };
        for &index in indices {
            if self.stopped.load(Ordering::Relaxed) {
                break;
            }
            let image = match (self.dataset.image(index), bad_image) {
                (Ok(image), _) => image,
                (Err(error), BadImage::Fail) => return Err(error),
                (Err(error), BadImage::Skip) => {
                    made.skipped.push(SkippedImage { index, reason: format!("{error:#}") });
                    continue;
                }
            };
            let sample = self.dataset.sample(index);
            let (width, height) = image.dimensions();
            let region = |bounds: &BoundingBox| framing.region(bounds, [width, height], size);
            let bounds = &region(&sample.bounding_box);
            let transform = match &self.augmentation {
                None => CropTransform::plain(bounds, size, codec.alignment()),
                Some(EpochAugmentation { augmentation, seed, epoch }) => CropTransform::random(
                    bounds,
                    &region(&BoundingBox::whole(width, height)),
                    size,
                    codec.alignment(),
                    augmentation,
                    [*seed, *epoch, index as u64],
                ),
            }
            .with_framing(*framing);
            made.pixels.extend_from_slice(transform.image(&image, size).as_raw());
            for landmark in transform.landmarks(&sample.landmarks, schema.mirror()) {
                made.positions.extend([landmark.x, landmark.y]);
                made.weights.push(policy.weight(&landmark));
                made.empty.push(policy.empty_weight(&landmark));
            }
            made.indices.push(index);
            made.transforms.push(transform);
            made.image_sizes.push([width, height]);
        }
        Ok(made)
    }
}

#[cfg(test)]
mod tests;
