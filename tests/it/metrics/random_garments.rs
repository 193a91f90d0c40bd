//! Random ground truth and detections, identical to those of tools/reference/average_precision.py.
use dafe::{
    landmark::{Landmark, Visibility},
    metric::{OksDetection, OksTruth},
    prelude::*,
};

use crate::common::fill::splitmix;

/// An image's garments, labeled and detected.
#[derive(Default)]
pub struct Image {
    truths: Vec<Truth>,
    detections: Vec<Detection>,
}

#[derive(Clone)]
struct Truth {
    category: usize,
    /// x, y, width, height.
    bounds: [u32; 4],
    crowd: bool,
    /// The category's landmarks, in eighths of a pixel.
    points: Vec<[i64; 2]>,
    /// All of the schema's landmarks.
    landmarks: Vec<Landmark>,
}

#[derive(Clone)]
struct Detection {
    category: usize,
    positions: Vec<[f32; 2]>,
    score: f64,
}

impl Image {
    pub fn truths(&self) -> Vec<OksTruth<'_>> {
        let truth = |of| {
            let Truth { category, bounds, crowd, landmarks, .. }: &Truth = of;
            let [x, y, width, height] = bounds.map(|value| value as f32);
            let bounds = BoundingBox::new(x, y, x + width, y + height).unwrap();
            OksTruth { crowd: *crowd, ..OksTruth::new(*category, landmarks, bounds) }
        };
        self.truths.iter().map(truth).collect()
    }

    /// Makes all scores distinct, also from those of images with another `number`.
    pub fn untie(&mut self, number: usize) {
        for (i, detection) in self.detections.iter_mut().enumerate() {
            detection.score += (number * 64 + i) as f64 * 2f64.powi(-40);
        }
    }

    pub fn detections(&self) -> Vec<OksDetection<'_>> {
        self.detections
            .iter()
            .map(|&Detection { category, ref positions, score }| OksDetection {
                category,
                positions,
                score,
            })
            .collect()
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, count: u32) -> u32 {
        (((splitmix(&mut self.0) >> 32) * u64::from(count)) >> 32) as u32
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u32) as usize]
    }

    fn bounds(&mut self) -> [u32; 4] {
        let kind = self.below(4);
        let (width, height) = if kind == 1 {
            let side = self.pick(&[32, 96]);
            (side, side)
        } else {
            let (least, spread) = [(8, 40), (0, 0), (30, 120), (90, 400)][kind as usize];
            (least + self.below(spread), least + self.below(spread))
        };
        [self.below(200), self.below(200), width, height]
    }

    fn points_in(&mut self, [x, y, width, height]: [u32; 4], count: usize) -> Vec<[i64; 2]> {
        let mut point = || {
            let x = x * 8 + self.below(width * 8 + 1);
            [i64::from(x), i64::from(y * 8 + self.below(height * 8 + 1))]
        };
        (0..count).map(|_| point()).collect()
    }

    fn truth(&mut self, schema: &LandmarkSchema, used: &[usize]) -> Truth {
        let category = self.pick(used);
        let bounds = self.bounds();
        let crowd = self.below(10) == 0;
        let mode = self.below(6);
        let slots = &schema.categories()[category].landmarks;
        let points = self.points_in(bounds, slots.len());
        let mut landmarks = vec![Landmark::ABSENT; schema.len()];
        for (&slot, &[x, y]) in slots.iter().zip(&points) {
            let labeled = if mode < 3 { [2, 1, 0][mode as usize] } else { self.below(3) };
            let visibility = [Visibility::Truncated, Visibility::Occluded, Visibility::Visible]
                [labeled as usize];
            landmarks[slot] = Landmark::new(x as f32 / 8.0, y as f32 / 8.0, visibility);
        }
        Truth { category, bounds, crowd, points, landmarks }
    }

    fn detection(
        &mut self,
        schema: &LandmarkSchema,
        used: &[usize],
        truths: &[Truth],
    ) -> Detection {
        let count = |category: usize| schema.categories()[category].landmarks.len();
        let (category, points) = match truths.get(self.below(truths.len() as u32 + 1) as usize) {
            None => {
                let category = self.pick(used);
                let bounds = self.bounds();
                (category, self.points_in(bounds, count(category)))
            }
            Some(of) if self.below(8) == 0 => {
                let category = self.pick(used);
                (category, self.points_in(of.bounds, count(category)))
            }
            Some(of) => {
                let side = of.bounds[2].max(of.bounds[3]);
                let off = side * 8 * self.pick(&[0, 1, 2, 4, 8]) / 100;
                let mut moved =
                    |value: i64| value + i64::from(self.below(2 * off + 1)) - i64::from(off);
                (of.category, of.points.iter().map(|point| point.map(&mut moved)).collect())
            }
        };
        let mut positions = vec![[0.0; 2]; schema.len()];
        for (&slot, point) in schema.categories()[category].landmarks.iter().zip(&points) {
            positions[slot] = point.map(|value| value as f32 / 8.0);
        }
        Detection { category, positions, score: 0.0 }
    }
}

/// The images of case `seed`.
pub fn garments(schema: &LandmarkSchema, seed: u64) -> Vec<Image> {
    let mut random = Random(seed);
    let used: Vec<usize> = (0..1 + random.below(4)).map(|_| random.below(13) as usize).collect();
    (0..1 + random.below(5))
        .map(|_| {
            let mut image = Image::default();
            for _ in 0..random.below(5) {
                let again = random.below(8) == 0;
                let truth = match image.truths.last() {
                    Some(last) if again => last.clone(),
                    _ => random.truth(schema, &used),
                };
                image.truths.push(truth);
            }
            let many = random.below(12) == 0;
            for _ in 0..if many { 20 + random.below(8) } else { random.below(9) } {
                let again = random.below(6) == 0;
                let mut detection = match image.detections.last() {
                    Some(last) if again => last.clone(),
                    _ => random.detection(schema, &used, &image.truths),
                };
                let steps = if random.below(2) == 0 { 3 } else { 20 };
                detection.score = f64::from(random.below(1 << steps)) / f64::from(1 << steps);
                image.detections.push(detection);
            }
            image
        })
        .collect()
}
