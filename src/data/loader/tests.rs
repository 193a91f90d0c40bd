//! Behavior of the worker threads when batches are requested slowly or not at all.
use std::{
    sync::{Condvar, Mutex},
    time::Duration,
};

use image::RgbImage;

use super::*;
use crate::{
    geometry::BoundingBox,
    landmark::{Landmark, LandmarkSample, LandmarkSchema},
};

/// A dataset that counts the images read. Image "0" waits until `awaited` others have been read.
struct Counted {
    schema: LandmarkSchema,
    awaited: usize,
    /// Time per image.
    pause: Duration,
    read: Mutex<usize>,
    more: Condvar,
}

fn counted(awaited: usize) -> Counted {
    let schema = LandmarkSchema::new(vec!["tip".into()], vec![0], vec![]).unwrap();
    let (pause, read, more) = (Duration::ZERO, Mutex::new(0), Condvar::new());
    Counted { schema, awaited, pause, read, more }
}

impl Counted {
    fn read(&self) -> usize {
        *self.read.lock().unwrap()
    }

    /// Waits until `count` images are read; fails after a minute instead of hanging.
    fn wait_for(&self, count: usize) {
        let read = self.read.lock().unwrap();
        let minute = Duration::from_secs(60);
        let waited = self.more.wait_timeout_while(read, minute, |read| *read < count).unwrap().1;
        assert!(!waited.timed_out(), "{count} images were not read");
    }

    fn loader(self: &Arc<Self>, images: usize, batch_size: usize, workers: usize) -> BatchLoader {
        let config = LoaderConfig {
            batch_size,
            workers,
            codec: HeatmapCodec::new([8, 8], 4, 1.0),
            framing: Framing::default(),
            policy: TargetPolicy::default(),
            bad_image: BadImage::Fail,
        };
        BatchLoader::new(self.clone(), (0..images).collect(), config, None, 0)
    }
}

impl LandmarkDataset for Counted {
    fn schema(&self) -> &LandmarkSchema {
        &self.schema
    }

    fn len(&self) -> usize {
        usize::MAX
    }

    fn sample(&self, index: usize) -> LandmarkSample {
        let whole = BoundingBox::whole(8, 8);
        LandmarkSample::new(index.to_string(), whole, vec![Landmark::ABSENT])
    }

    fn read_image(&self, image: &str) -> Result<RgbImage, Error> {
        if image == "0" {
            self.wait_for(self.awaited);
        }
        thread::sleep(self.pause);
        *self.read.lock().unwrap() += 1;
        self.more.notify_all();
        Ok(RgbImage::new(8, 8))
    }
}

#[test]
fn a_slow_image_holds_the_others_up_only_when_their_queues_are_full() {
    for workers in [2, 3, 8, 11] {
        let (batch, batches) = (2, 40);
        let dataset = Arc::new(counted((workers - 1) * ahead(workers) * batch));
        let made = dataset.loader(batches * batch, batch, workers);
        let indices = made.flat_map(|batch| batch.unwrap().indices);
        assert_eq!(indices.collect::<Vec<_>>(), (0..batches * batch).collect::<Vec<_>>());
    }
}

#[test]
fn workers_stop_where_their_queues_are_full() {
    for (workers, batches) in [(1, 3), (2, 6), (3, 6), (4, 8), (8, 8), (11, 11)] {
        let dataset = Arc::new(counted(0));
        let loader = dataset.loader(80, 2, workers);
        dataset.wait_for(2 * batches);
        thread::sleep(Duration::from_millis(5));
        assert_eq!((dataset.read(), loader.remaining()), (2 * batches, 40));
    }
}

#[test]
fn dropping_it_at_any_batch_ends_its_threads() {
    for (taken, batch, workers) in [(0, 1, 1), (0, 1, 4), (3, 2, 2), (9, 1, 2)] {
        let dataset = Arc::new(counted(0));
        let mut loader = dataset.loader(1000, batch, workers);
        for _ in 0..taken {
            loader.next().unwrap().unwrap();
        }
        // Some threads wait for room in their queues, others are working.
        dataset.wait_for((taken + 1) * batch);
        drop(loader);
        // Every thread has dropped its reference.
        assert_eq!(Arc::strong_count(&dataset), 1, "{workers} workers, {taken} batches");
        assert!(dataset.read() < 1000);
    }
}

#[test]
fn dropping_it_does_not_wait_for_whole_batches() {
    // Ten seconds of images for each worker.
    let (batch, workers) = (10_000, 2);
    let dataset = Arc::new(Counted { pause: Duration::from_millis(1), ..counted(0) });
    let loader = dataset.loader(workers * batch, batch, workers);
    dataset.wait_for(1);
    drop(loader);
    assert_eq!(Arc::strong_count(&dataset), 1);
    assert!(dataset.read() < batch, "{} images were read", dataset.read());
}
