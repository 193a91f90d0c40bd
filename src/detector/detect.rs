//! Detection: images in, named landmarks out.
use std::path::Path;

use super::{
    config::DetectorConfig,
    detection::{
        CategoryChoice, DetectedCategory, DetectedLandmark, Detection, DetectionRequest, InputImage,
    },
    explanation::{Explanation, InputMap, ModuleAttention},
    landmark_detector::LandmarkDetector,
};
use crate::{
    Error, Result, data::image::read_image, geometry::BoundingBox, heatmap::ImageLandmarks,
    landmark::category::likeliest, model::LandmarkOutput,
};

impl LandmarkDetector {
    /// Finds the landmarks of the garment in an image file, without a box.
    ///
    /// The image is turned upright first. Coordinates are in pixels of the image as a viewer shows
    /// it.
    ///
    /// # Errors
    /// The errors of [`read_image`] and of [`Self::detect_batch`].
    pub fn detect_file(&self, path: impl AsRef<Path>) -> Result<Detection> {
        let path = path.as_ref();
        let found = self.detect(&read_image(path)?, None);
        found.map_err(|error| error.with_path(path))
    }

    /// Finds the landmarks of the garment in `bounding_box`, or, without a box, of the main garment
    /// in the image.
    ///
    /// This is [`Self::detect_batch`] with one request of any category; scores and visibility are
    /// explained there. Takes an [`RgbImage`](image::RgbImage) or a
    /// [`DynamicImage`](image::DynamicImage).
    ///
    /// # Errors
    /// The errors of [`Self::detect_batch`].
    pub fn detect<'a>(
        &self,
        image: impl Into<InputImage<'a>>,
        bounding_box: Option<BoundingBox>,
    ) -> Result<Detection> {
        let image = image.into();
        let request = DetectionRequest { bounding_box, ..DetectionRequest::new(&image.0) };
        Ok(self.detect_batch(&[request])?.remove(0))
    }

    /// Finds the landmarks of several garments, in one image or in many. Results are in the order
    /// of the requests.
    ///
    /// Where a request has no box, the garment is searched for as configured in
    /// [`DetectorConfig::search`]: the first pass sees the whole image; the next one sees the
    /// region around the landmarks that the first was confident of, with the margins of [labeled
    /// boxes](super::Calibration::margins). [`Self::detect_all`] searches for several garments. A
    /// box may reach beyond the image, and so may landmarks.
    ///
    /// Where the network [infers categories](DetectorConfig::infers_category), landmarks that the
    /// likeliest category lacks are left out ([`CategoryChoice::Inferred`]), even if the category
    /// is [not sure](super::DetectedCategory::sure). A low score means that the network did not see
    /// the landmark. A landmark with a score below [`DetectorConfig::min_score`] is not worth
    /// showing.
    ///
    /// A landmark's [visibility](DetectedLandmark::visibility) is estimated from its score alone:
    /// it predicts whether an annotator of the validation split would label a landmark with this
    /// score as visible, or as occluded or truncated. It doesn't say that the position is right,
    /// nor that the garment has such a landmark. It is only reliable on images, boxes and
    /// categories similar to those of the split;
    /// [`visibility_report`](super::Calibration::visibility_report) measures that. It is `None`
    /// without a [calibration](DetectorConfig::calibration), and for landmarks that are too rarely
    /// visible or too rarely hidden in the split, or whose score hardly predicts visibility.
    ///
    /// # Errors
    /// An [input error](crate::ErrorKind::Input) if an image has no pixels, a box is invalid or
    /// wholly outside its image, or a category doesn't exist. The error names the request's index
    /// if there are several. No results are returned then.
    pub fn detect_batch(&self, requests: &[DetectionRequest<'_>]) -> Result<Vec<Detection>, Error> {
        let found = self.find(requests)?.into_iter().zip(requests);
        Ok(found
            .map(|((region, found), request)| self.detection(&found, region, request.category))
            .collect())
    }

    /// Runs [`Self::detect_batch`] on one request and returns the intermediate results, too.
    ///
    /// Without a box, heatmaps and attention maps are those of a single pass over the region that
    /// was found, even if the landmarks are the consensus of several passes.
    ///
    #[cfg_attr(all(feature = "bundled", feature = "flex"), doc = "```")]
    #[cfg_attr(not(all(feature = "bundled", feature = "flex")), doc = "```ignore")]
    /// use dafe::prelude::*;
    ///
    /// let detector = LandmarkDetector::bundled(&Device::flex());
    /// let image = image::RgbImage::new(200, 300);
    /// let explanation = detector.explain(&DetectionRequest::new(&image))?;
    /// // A heatmap for each of the eight landmarks, a quarter of the input of 192 × 192.
    /// assert_eq!(explanation.heatmaps.len(), 8);
    /// assert_eq!(explanation.heatmaps[0].size, [48, 48]);
    /// // The attention of three DAFE modules, coarse to fine.
    /// let sizes: Vec<_> = explanation.modules.iter().map(|module| module.spatial.size).collect();
    /// assert_eq!(sizes, [[6, 6], [12, 12], [24, 24]]);
    /// # Ok::<(), dafe::Error>(())
    /// ```
    ///
    /// # Errors
    /// The errors of [`Self::detect_batch`].
    pub fn explain(&self, request: &DetectionRequest<'_>) -> Result<Explanation, Error> {
        let (region, searched) = match request.bounding_box {
            Some(_) => (self.first_regions(std::slice::from_ref(request))?[0], None),
            None => {
                let (region, found) = self.find(std::slice::from_ref(request))?.remove(0);
                (region, Some(found))
            }
        };
        let (crops, images) = self.inputs(&[(request, region)]);
        let (input, affine) = (self.config.codec.input_size(), crops[0].affine);
        let LandmarkOutput { heatmaps, attention } =
            self.net.forward_with_attention(images.clone());
        let heatmaps = self.averaged(heatmaps, images);
        let found = searched.unwrap_or_else(|| self.decoded(heatmaps.clone(), &crops).remove(0));
        let modules = attention.into_iter().map(|one| ModuleAttention::of(one, input, &affine));
        Ok(Explanation {
            detection: self.detection(&found, region, request.category),
            heatmaps: InputMap::all(heatmaps, input, &affine),
            modules: modules.collect(),
        })
    }

    /// Builds the result for a garment from its decoded landmarks.
    pub(super) fn detection(
        &self,
        found: &ImageLandmarks,
        bounding_box: BoundingBox,
        choice: CategoryChoice,
    ) -> Detection {
        let DetectorConfig { schema, calibration, .. } = &self.config;
        let category = self.category(choice, &found.scores);
        let landmarks = schema.landmarks_of(category.as_ref().map(|category| category.index));
        let landmark = |index: usize| {
            let ([x, y], score) = (found.positions[index], found.scores[index]);
            let calibration = calibration.as_ref();
            DetectedLandmark {
                index,
                name: schema.names()[index].clone(),
                x,
                y,
                score,
                confidence: calibration.and_then(|known| known.confidence(score)),
                visibility: calibration.and_then(|known| known.visibility(index, score)),
            }
        };
        Detection {
            landmarks: landmarks.into_iter().map(landmark).collect(),
            category,
            bounding_box,
        }
    }

    /// The category of a garment with these scores.
    pub(super) fn category(
        &self,
        choice: CategoryChoice,
        scores: &[f32],
    ) -> Option<DetectedCategory> {
        let schema = &self.config.schema;
        let (index, probability) = match choice {
            CategoryChoice::Inferred if self.config.infers_category => {
                let mut probabilities = schema.category_probabilities(scores);
                if let Some(known) = &self.config.calibration {
                    probabilities = known.category_probabilities(&probabilities);
                }
                let (index, probability) = likeliest(probabilities)?;
                (index, Some(probability))
            }
            CategoryChoice::Known(index) => (index, None),
            CategoryChoice::Inferred | CategoryChoice::All => return None,
        };
        let name = schema.categories()[index].name.clone();
        Some(DetectedCategory::new(index, name, probability))
    }
}
