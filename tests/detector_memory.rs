//! Repeated detection does not leak memory. A separate process with a single test, because the
//! memory of other tests would be counted as well.
use burn::tensor::Device;
use dafe::{
    backbone::{ResNetConfig, ResidualKind},
    detector::DetectorConfig,
    landmark::DeepFashion2Category,
    prelude::*,
};
use image::{Rgb, RgbImage};

/// Detections before the first measurement, which fill pools, caches and the threads' heaps.
const WARM_UP: usize = 30;
const LOOKS: usize = 60;
/// The minimum growth per round if the smallest buffer of a call leaked: the image cropped to 256 ×
/// 256 pixels of three bytes. The heatmaps and the network's input are larger.
const SMALLEST_LEAK: u64 = LOOKS as u64 * 256 * 256 * 3;
/// Growth that the allocator may cause by itself: a seventh of a leak.
const NOISE: u64 = SMALLEST_LEAK / 7;
/// A leak grows in every round, whereas memory kept by the allocator for threads that happened to
/// be busy at once does not. One round without growth is enough.
const ROUNDS: usize = 6;

/// Resident memory in bytes, if the system provides it.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()? * 1024)
}

#[test]
fn repeated_calls_take_no_more_memory() {
    if resident().is_none() {
        eprintln!("skipped: this system does not tell a process' resident memory");
        return;
    }
    let device = Device::flex();
    let schema = LandmarkSchema::deepfashion2(DeepFashion2Category::ShortSleeveTop);
    let backbone = ResNetConfig::new(ResidualKind::Basic, [1; 4]).with_width(4).with_stem_kernel(3);
    let model =
        LandmarkNetConfig::new(schema.len()).with_backbone(backbone).with_decoder_channels([8; 3]);
    let net = model.init(&device);
    let codec = HeatmapCodec::new([256, 256], LandmarkNetConfig::STRIDE, 2.0);
    let config = DetectorConfig::new(model, codec, schema).with_flip_test(true);
    let detector = LandmarkDetector::new(net, config, &device).unwrap();
    let image = RgbImage::from_fn(300, 200, |x, y| Rgb([x as u8, y as u8, (x * y) as u8]));
    // Calls of each kind, in boxes of many sizes.
    let look = |i: usize| {
        let (x, y) = ((i * 7 % 50) as f32, (i * 11 % 40) as f32);
        let bounds = BoundingBox { x1: x, y1: y, x2: x + 150.0, y2: y + 130.0 };
        let request = DetectionRequest::new(&image).in_box(bounds);
        match i % 3 {
            0 => drop(detector.detect(&image, None).unwrap()),
            1 => drop(detector.detect_batch(&[request, request]).unwrap()),
            _ => drop(detector.explain(&request).unwrap()),
        }
    };
    (0..WARM_UP).for_each(look);
    let mut grown = Vec::new();
    for _ in 0..ROUNDS {
        let before = resident().unwrap();
        (0..LOOKS).for_each(look);
        let growth = resident().unwrap().saturating_sub(before);
        grown.push(growth);
        if growth < NOISE {
            return;
        }
    }
    panic!("grew by {grown:?} bytes, {LOOKS} calls each; a leak would be {SMALLEST_LEAK} or more");
}
