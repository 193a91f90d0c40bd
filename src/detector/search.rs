//! Searching for a garment when no box is given.
use super::{
    consensus::consensus,
    detection::{CategoryChoice, DetectionRequest},
    landmark_detector::LandmarkDetector,
    region::{refined, scaled},
};
use crate::{Error, geometry::BoundingBox, heatmap::ImageLandmarks, named::named_enum};

/// How a garment is searched for when no box is given.
///
/// Each pass is one forward pass of the network, over two images with a [flip
/// test](super::DetectorConfig::flip_test). More passes find smaller garments, and average out the
/// effect of the exact region on the landmarks. The repository's `docs/detect.md` compares errors
/// and times.
///
#[cfg_attr(all(feature = "bundled", feature = "flex"), doc = "```")]
#[cfg_attr(not(all(feature = "bundled", feature = "flex")), doc = "```ignore")]
/// use dafe::{detector::Search, prelude::*};
///
/// // A loaded model with another search: half of the time.
/// let device = Device::flex();
/// let loaded = LandmarkDetector::bundled(&device);
/// let config = loaded.config().clone().with_search(Search::Quick);
/// let quick = LandmarkDetector::new(loaded.net().clone(), config, &device)?;
/// assert_eq!(quick.config().search.to_string(), "quick");
/// # Ok::<(), dafe::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Search {
    /// Two passes: over the whole image, and over the region around the landmarks that the first
    /// pass was confident of.
    Quick,
    /// Four passes: those of [`Self::Quick`], and two over the region that the second pass found,
    /// one a little closer and one a little wider. The landmarks are the consensus of the last
    /// three passes, each score the mean of theirs.
    #[default]
    Thorough,
}

named_enum!(Search, "search", { Quick => "quick", Thorough => "thorough" });

/// Factors of the region in the last two passes of a thorough search.
const SCALES: [f32; 2] = [0.9, 1.15];

/// A region, and the landmarks that a pass over it found, in the image's pixels.
type Found = (BoundingBox, ImageLandmarks);

impl LandmarkDetector {
    /// Finds each request's garment: its region, and all landmarks that the network finds there, in
    /// the images' pixels.
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

    /// Searches for the garments, given the first passes over whole images.
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

    /// Refines the second passes: where they found a region confidently, combines them with two
    /// more passes over it.
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

    /// The region that a pass found for the requested garment.
    fn spanned(
        &self,
        request: &DetectionRequest<'_>,
        found: &ImageLandmarks,
    ) -> Option<BoundingBox> {
        // An inferred category is not used: if it is wrong, landmarks that it lacks would be
        // outside the region and could no longer be found.
        self.region(
            found,
            match request.category {
                CategoryChoice::Known(index) => Some(index),
                CategoryChoice::Inferred | CategoryChoice::All => None,
            },
        )
    }
}
