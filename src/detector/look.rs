//! One forward pass of the network over given regions.
use burn::tensor::Tensor;

use super::{
    config::DetectorConfig,
    detection::{CategoryChoice, DetectionRequest},
    landmark_detector::LandmarkDetector,
};
use crate::{
    Error, ErrorKind,
    data::{CropTransform, normalize},
    geometry::BoundingBox,
    heatmap::ImageLandmarks,
};

impl LandmarkDetector {
    /// The region of each request's first pass: its box, or the whole image.
    pub(super) fn first_regions(
        &self,
        requests: &[DetectionRequest<'_>],
    ) -> Result<Vec<BoundingBox>, Error> {
        let region = |(i, request): (usize, &DetectionRequest<'_>)| {
            let checked = self.check(request.category).and_then(|()| request.first_region());
            checked.map_err(|error| match requests.len() {
                1 => error,
                _ => error.map_message(|message| format!("request {i}: {message}")),
            })
        };
        requests.iter().enumerate().map(region).collect()
    }

    /// All landmarks that the network finds in each region, in the images' pixels.
    pub(super) fn look(
        &self,
        requests: &[DetectionRequest<'_>],
        regions: &[BoundingBox],
    ) -> Vec<ImageLandmarks> {
        let garments: Vec<_> = requests.iter().zip(regions.iter().copied()).collect();
        let look = |garments| {
            let (crops, images) = self.inputs(garments);
            let heatmaps = self.net.forward(images.clone());
            self.decoded(self.averaged(heatmaps, images), &crops)
        };
        garments.chunks(self.config.batch_size()).flat_map(look).collect()
    }

    /// The network's input, and the crop of each image.
    pub(super) fn inputs(
        &self,
        garments: &[(&DetectionRequest<'_>, BoundingBox)],
    ) -> (Vec<CropTransform>, Tensor<4>) {
        let size = self.config.codec.input_size();
        let (mut crops, mut pixels) = (Vec::new(), Vec::new());
        for (DetectionRequest { image, .. }, bounds) in garments {
            let crop = self.config.crop(bounds, [image.width(), image.height()]);
            pixels.append(&mut crop.image(image, size).into_raw());
            crops.push(crop);
        }
        (crops, normalize(pixels, [garments.len(), size[1], size[0]], &self.device))
    }

    /// Averages the heatmaps with those of the mirrored images if the flip test is on.
    pub(super) fn averaged(&self, heatmaps: Tensor<4>, images: Tensor<4>) -> Tensor<4> {
        let DetectorConfig { codec, schema, .. } = &self.config;
        let flipped = || self.net.forward(images.flip([3]));
        self.config.decoding().averaged(heatmaps, flipped, codec, schema.mirror())
    }

    /// Decodes heatmaps to landmarks in the images' pixels.
    pub(super) fn decoded(
        &self,
        heatmaps: Tensor<4>,
        crops: &[CropTransform],
    ) -> Vec<ImageLandmarks> {
        let mut found = self.config.decoding().decoded(heatmaps, &self.config.codec);
        for (found, crop) in found.iter_mut().zip(crops) {
            found.positions.iter_mut().for_each(|position| *position = crop.to_image(*position));
        }
        found
    }

    /// Checks that the category exists.
    fn check(&self, choice: CategoryChoice) -> Result<(), Error> {
        let count = self.config.schema.categories().len();
        match choice {
            CategoryChoice::Known(index) if index >= count => {
                let message =
                    format!("the model has {count} categories, and none with index {index}");
                Err(Error::new(ErrorKind::Input, message))
            }
            _ => Ok(()),
        }
    }
}
