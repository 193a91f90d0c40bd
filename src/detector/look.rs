//! One look of the network at given regions, and the two that it takes without a box.
use burn::tensor::Tensor;

use super::{
    calibration::Calibration,
    config::DetectorConfig,
    detection::{CategoryChoice, DetectionRequest},
    landmark_detector::LandmarkDetector,
    region::region,
};
use crate::{
    Error, ErrorKind,
    data::{CropTransform, normalize},
    geometry::BoundingBox,
    heatmap::ImageLandmarks,
};

impl LandmarkDetector {
    /// Where to look for each garment.
    pub(super) fn regions(
        &self,
        requests: &[DetectionRequest<'_>],
    ) -> Result<Vec<BoundingBox>, Error> {
        let mut regions = Vec::with_capacity(requests.len());
        for (i, request) in requests.iter().enumerate() {
            let checked = self.check(request.category).and_then(|()| request.first_region());
            regions.push(checked.map_err(|error| match requests.len() {
                1 => error,
                _ => error.map_message(|message| format!("request {i}: {message}")),
            })?);
        }
        let anywhere = (0..requests.len()).filter(|&i| requests[i].bounding_box.is_none());
        let anywhere: Vec<usize> = anywhere.collect();
        let asked: Vec<_> = anywhere.iter().map(|&i| requests[i]).collect();
        let whole: Vec<_> = anywhere.iter().map(|&i| regions[i]).collect();
        for (found, &i) in self.look(&asked, &whole).iter().zip(&anywhere) {
            // Not the inferred category's alone: where it is wrong, the region would leave out what it lacks, for good.
            let category = match requests[i].category {
                CategoryChoice::Known(index) => Some(index),
                CategoryChoice::Inferred | CategoryChoice::All => None,
            };
            let landmarks = self.config.schema.landmarks_of(category);
            let margins = self.config.calibration.as_ref().map(|calibration| calibration.margins);
            let margins = margins.unwrap_or([Calibration::MARGIN; 4]);
            regions[i] = region(found, &landmarks, margins).unwrap_or(regions[i]);
        }
        Ok(regions)
    }

    /// All landmarks that the network sees in each region, in the images' pixels.
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

    /// The network's input, and how the images were cropped to it.
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

    /// The heatmaps, averaged with those of the mirrored images where that is configured.
    pub(super) fn averaged(&self, heatmaps: Tensor<4>, images: Tensor<4>) -> Tensor<4> {
        let DetectorConfig { codec, schema, .. } = &self.config;
        let flipped = || self.net.forward(images.flip([3]));
        self.config.decoding().averaged(heatmaps, flipped, codec, schema.mirror())
    }

    /// What heatmaps show, in the images' pixels.
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

    /// Whether there is such a category.
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
