//! Looking for a garment that nobody has told a box of.
use super::{
    consensus::consensus,
    detection::{CategoryChoice, DetectionRequest},
    landmark_detector::LandmarkDetector,
    region::{refined, scaled},
};
use crate::{Error, geometry::BoundingBox, heatmap::ImageLandmarks, named::named_enum};

/// How a garment is looked for where no box is given.
///
/// Each look is one pass of the network, of two images with a [flip
/// test](super::DetectorConfig::flip_test). More looks find small garments in large images, and
/// average out what the exact region does to the landmarks; the repository's `docs/detect.md` has
/// errors and times of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Search {
    /// Two looks: at the whole image, and at the region that the landmarks span which the first was
    /// confident of.
    Quick,
    /// Four looks: those two; and two, a little closer and a little wider, at the region that the
    /// second found. The landmarks are what the last three agree on, a score the mean of theirs.
    #[default]
    Thorough,
}

named_enum!(Search, "search", { Quick => "quick", Thorough => "thorough" });

/// How much closer or wider than the region the last looks of a thorough search are.
const SCALES: [f32; 2] = [0.9, 1.15];

/// Where a garment was looked for, and what was seen there, in the image's pixels.
type Found = (BoundingBox, ImageLandmarks);

impl LandmarkDetector {
    /// Where each garment was looked for, and all landmarks that the network sees there, in the
    /// images' pixels: what [`Self::detect_batch`] makes its answers of.
    pub(crate) fn find(&self, requests: &[DetectionRequest<'_>]) -> Result<Vec<Found>, Error> {
        let regions = self.first_regions(requests)?;
        let looked = self.look(requests, &regions);
        let mut found: Vec<Found> = regions.into_iter().zip(looked).collect();
        let anywhere = (0..requests.len()).filter(|&i| requests[i].bounding_box.is_none());
        let anywhere: Vec<usize> = anywhere.collect();
        let asked: Vec<_> = anywhere.iter().map(|&i| requests[i]).collect();
        let first: Vec<_> = anywhere.iter().map(|&i| &found[i]).collect();
        for (searched, &i) in self.search(&asked, &first).into_iter().zip(&anywhere) {
            found[i] = searched;
        }
        Ok(found)
    }

    /// From the first looks, at whole images, to where the garments are.
    fn search(&self, requests: &[DetectionRequest<'_>], first: &[&Found]) -> Vec<Found> {
        let asked = requests.iter().zip(first);
        let regions =
            asked.map(|(request, (whole, found))| self.spanned(request, found).unwrap_or(*whole));
        let regions: Vec<_> = regions.collect();
        let second = self.look(requests, &regions);
        let second = regions.into_iter().zip(second).collect();
        match self.config.search {
            Search::Quick => second,
            Search::Thorough => self.thorough(requests, second),
        }
    }

    /// From the second looks to the answers: where they are confident of a region, the last looks'
    /// at it and theirs together.
    fn thorough(&self, requests: &[DetectionRequest<'_>], second: Vec<Found>) -> Vec<Found> {
        let closer = second.iter().zip(requests).map(|((region, found), request)| {
            let region = refined(*region, self.spanned(request, found)?);
            let around: Vec<_> = SCALES.iter().filter_map(|&by| scaled(&region, by)).collect();
            Some((region, around))
        });
        let closer: Vec<_> = closer.collect();
        let (mut asked, mut regions) = (Vec::new(), Vec::new());
        for ((_, around), request) in closer
            .iter()
            .zip(requests)
            .filter_map(|(found, request)| Some((found.as_ref()?, request)))
        {
            asked.extend(around.iter().map(|_| *request));
            regions.extend(around);
        }
        let mut last = self.look(&asked, &regions).into_iter();
        let answer = |((old, found), closer): (Found, Option<(BoundingBox, Vec<_>)>)| {
            let Some((region, around)) = closer else { return (old, found) };
            let last: Vec<_> = last.by_ref().take(around.len()).collect();
            let looks: Vec<_> = std::iter::once(&found).chain(&last).collect();
            (region, consensus(&looks, &region))
        };
        second.into_iter().zip(closer).map(answer).collect()
    }

    /// The region of what a look found of the garment that is asked for.
    fn spanned(
        &self,
        request: &DetectionRequest<'_>,
        found: &ImageLandmarks,
    ) -> Option<BoundingBox> {
        // Not the inferred category's alone: where it is wrong, the region would leave out what it lacks, for good.
        self.region(
            found,
            match request.category {
                CategoryChoice::Known(index) => Some(index),
                CategoryChoice::Inferred | CategoryChoice::All => None,
            },
        )
    }
}
