//! Which way up a file's images were labelled: what its sizes and landmarks tell.
use super::{CocoDataset, images::spread};
use crate::data::{
    Finding, FindingKind,
    image::{ImageFile, Orientation},
};

/// Images whose headers are read.
const LOOKED_AT: usize = 64;

/// Settles whether images that a camera stored turned are read as stored, in a file that gives
/// them their stored sizes.
///
/// Label Studio writes stored sizes and shows images upright, so sizes alone may mislead. Landmarks
/// that lie outside of the stored image and inside of the upright one tell that labels are of
/// upright images; then all are read so.
pub(super) fn settle(dataset: &mut CocoDataset) -> Option<Finding> {
    if dataset.orientation != Orientation::Auto {
        return None;
    }
    let stored = |image: usize| is_stored(dataset, image);
    let suspects = suspects(dataset);
    let upright = spread(&suspects, LOOKED_AT).into_iter().copied().find(|&image| stored(image));
    let (image, message) = match upright {
        Some(image) => {
            let message = "the file gives the size of the stored image, which its EXIF \
                           orientation turns, but the landmarks fit the upright one: such images \
                           are read upright";
            (image, message)
        }
        None => {
            let sized: Vec<usize> = (0..dataset.images.len()).collect();
            let image = spread(&sized, LOOKED_AT).into_iter().copied().find(|&i| stored(i))?;
            let message = "the file gives the size of the stored image, which its EXIF \
                           orientation turns: such images are read as stored";
            (image, message)
        }
    };
    let name = dataset.images[image].name.clone();
    if upright.is_some() {
        dataset.orientation = Orientation::Upright;
    }
    Some(Finding::new(FindingKind::Orientation, message).at(|place| place.with_image(name)))
}

/// Whether an image would be read as stored because of its size in the file.
fn is_stored(dataset: &CocoDataset, image: usize) -> bool {
    let image = &dataset.images[image];
    let Some([width, height]) = image.size.filter(|[width, height]| width != height) else {
        return false;
    };
    let file = ImageFile {
        labeled_size: Some([width, height]),
        ..ImageFile::new(dataset.folder.join(&image.name))
    };
    file.header().is_ok_and(|header| header.read_as_stored)
}

/// Images of which a landmark lies outside, and all lie inside if its sides are exchanged.
fn suspects(dataset: &CocoDataset) -> Vec<usize> {
    // Whether all landmarks lie in the image, and in the one with exchanged sides.
    let mut fits = vec![[true; 2]; dataset.images.len()];
    for item in &dataset.items {
        let Some([width, height]) = dataset.images[item.image as usize].size else { continue };
        let [width, height] = [width, height].map(|side| side as f32);
        let labeled = &dataset.labeled[item.first..][..item.annotation.num_keypoints as usize];
        let fits = &mut fits[item.image as usize];
        for (_, landmark) in labeled {
            fits[0] &= landmark.x <= width && landmark.y <= height;
            fits[1] &= landmark.x <= height && landmark.y <= width;
        }
    }
    fits.iter().enumerate().filter(|(_, fits)| **fits == [false, true]).map(|(i, _)| i).collect()
}
