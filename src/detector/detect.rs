//! Images in, named landmarks out.
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
    model::LandmarkOutput,
};

impl LandmarkDetector {
    /// Finds the landmarks of the garment in an image file: [`Self::detect`] of the upright image,
    /// without a box. Coordinates are pixels of the image as a viewer shows it.
    ///
    /// # Errors
    /// As [`read_image`], and as [`Self::detect_batch`].
    pub fn detect_file(&self, path: impl AsRef<Path>) -> Result<Detection> {
        let path = path.as_ref();
        let found = self.detect(&read_image(path)?, None);
        found.map_err(|error| error.with_path(path))
    }

    /// Finds the landmarks of the garment in `bounding_box` of `image`, or, without a box, of the
    /// garment that the image shows: [`Self::detect_batch`] of one, of any category. What a score
    /// and a visibility mean is said there. Takes an [`RgbImage`](image::RgbImage) or a
    /// [`DynamicImage`](image::DynamicImage).
    ///
    /// # Errors
    /// As [`Self::detect_batch`].
    pub fn detect<'a>(
        &self,
        image: impl Into<InputImage<'a>>,
        bounding_box: Option<BoundingBox>,
    ) -> Result<Detection> {
        let image = image.into();
        let request = DetectionRequest { bounding_box, ..DetectionRequest::new(&image.0) };
        Ok(self.detect_batch(&[request])?.remove(0))
    }

    /// Finds the landmarks of several garments, in one image or in many, and answers in the same
    /// order.
    ///
    /// Where a request has no box, the garment is looked for as
    /// [`DetectorConfig::search`] says: first in the whole image, then in the region that the
    /// landmarks span which the first look was confident of, with the margins that [labelled boxes
    /// have](super::Calibration::margins). [`Self::detect_all`] looks for several garments. A box may
    /// reach beyond the image, where there is nothing to see; so may landmarks.
    ///
    /// Where the network [tells categories](DetectorConfig::infers_category), the landmarks that
    /// the likeliest one lacks are left out ([`CategoryChoice::Inferred`]), also where it is [not
    /// sure](super::DetectedCategory::sure). A low score says that the network saw no such landmark:
    /// below [`DetectorConfig::min_score`], a landmark is not worth showing.
    ///
    /// A landmark's [visibility](DetectedLandmark::visibility) is guessed from its score alone:
    /// whether those who labelled the validation split called landmarks of such scores visible, or
    /// occluded or truncated. It doesn't say that the position is right, nor that the garment has
    /// such a landmark, and is worth as much as images, boxes and categories are like that split's:
    /// [`visibility_report`](super::Calibration::visibility_report) measures that. There is none without a
    /// [calibration](DetectorConfig::calibration), nor for landmarks that the split shows too
    /// rarely as visible or as hidden, or whose score hardly tells that.
    ///
    /// # Errors
    /// An [input error](crate::ErrorKind::Input) if an image has no pixels, a box is none or wholly
    /// outside of its image, or a category doesn't exist, with the request's place where there are
    /// several; nothing is answered then.
    pub fn detect_batch(&self, requests: &[DetectionRequest<'_>]) -> Result<Vec<Detection>, Error> {
        let found = self.find(requests)?.into_iter().zip(requests);
        Ok(found
            .map(|((region, found), request)| self.detection(&found, region, request.category))
            .collect())
    }

    /// [`Self::detect_batch`] of one, and what led to it. Without a box, heatmaps and attentions are
    /// those of one look at the region that was found, whichever looks the landmarks are from.
    ///
    /// # Errors
    /// As [`Self::detect_batch`].
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

    /// What is said of a garment.
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

    /// What a garment with these scores is taken for.
    pub(super) fn category(
        &self,
        choice: CategoryChoice,
        scores: &[f32],
    ) -> Option<DetectedCategory> {
        let schema = &self.config.schema;
        let (index, probability) = match choice {
            CategoryChoice::Inferred if self.config.infers_category => {
                let (index, _) = schema.likeliest_category(scores)?;
                let mut probabilities = schema.category_probabilities(scores);
                if let Some(known) = &self.config.calibration {
                    probabilities = known.category_probabilities(&probabilities);
                }
                (index, Some(probabilities[index]))
            }
            CategoryChoice::Known(index) => (index, None),
            CategoryChoice::Inferred | CategoryChoice::All => return None,
        };
        let name = schema.categories()[index].name.clone();
        Some(DetectedCategory::new(index, name, probability))
    }
}
