//! Compares the image sizes in a file with the headers of some images, to find the orientation in
//! which they were labeled.
use super::{CocoDataset, images::spread};
use crate::data::{
    Finding, FindingKind,
    image::{ImageFile, ImageHeader, Orientation},
};

/// Number of images whose headers are read.
const LOOKED_AT: usize = 64;

/// Decides whether images with an EXIF orientation are read as stored if the file gives their
/// stored sizes, and reports sizes that belong to other images.
///
/// Label Studio writes stored sizes but shows images upright, so sizes alone may mislead. Landmarks
/// outside of the stored image but inside of the upright one show that the labels refer to upright
/// images; then all images are read upright.
pub(super) fn settle(dataset: &mut CocoDataset) -> Vec<Finding> {
    let all: Vec<usize> = (0..dataset.images.len()).collect();
    let looked_at = headers(dataset, &all);
    let mut findings = Vec::new();
    findings.extend(other_sizes(dataset, &looked_at));
    if dataset.orientation == Orientation::Auto {
        let suspects = headers(dataset, &suspects(dataset));
        let stored = |found: &[(usize, ImageHeader)]| {
            found.iter().find(|(_, header)| header.read_as_stored).map(|(image, _)| *image)
        };
        let found = match (stored(&suspects), stored(&looked_at)) {
            (Some(image), _) => {
                dataset.orientation = Orientation::Upright;
                let message = "the file gives the size of the stored image, which its EXIF \
                               orientation turns, but the landmarks fit the upright one: such \
                               images are read upright";
                Some((image, message))
            }
            (None, Some(image)) => {
                let message = "the file gives the size of the stored image, which its EXIF \
                               orientation turns: such images are read as stored";
                Some((image, message))
            }
            (None, None) => None,
        };
        findings.extend(found.map(|(image, message)| {
            let name = dataset.images[image].name.clone();
            Finding::new(FindingKind::Orientation, message).at(|place| place.with_image(name))
        }));
    }
    findings
}

/// The headers of a selection of `images` that have sizes in the file, if they can be read.
fn headers(dataset: &CocoDataset, images: &[usize]) -> Vec<(usize, ImageHeader)> {
    let header = |&image: &usize| {
        let stored = &dataset.images[image];
        let file = ImageFile {
            labeled_size: Some(stored.size?),
            ..ImageFile::new(dataset.folder.join(&stored.name))
        };
        Some((image, file.header().ok()?))
    };
    spread(images, LOOKED_AT).into_iter().filter_map(header).collect()
}

/// A finding if image sizes match the file neither as stored nor upright.
fn other_sizes(dataset: &CocoDataset, headers: &[(usize, ImageHeader)]) -> Option<Finding> {
    let differs = |(image, header): &&(usize, ImageHeader)| {
        let size = dataset.images[*image].size;
        ![header.stored_size, header.upright_size].map(Some).contains(&size)
    };
    let (image, header) = headers.iter().find(differs)?;
    let count = headers.iter().filter(differs).count();
    let ([w, h], [width, height]) = (header.upright_size, dataset.images[*image].size?);
    let message = format!(
        "{w} × {h} pixels, the file says {width} × {height}; so with {count} of {} images looked \
         at",
        headers.len()
    );
    let name = dataset.images[*image].name.clone();
    Some(Finding::new(FindingKind::Size, message).at(|place| place.with_image(name)))
}

/// Images with a landmark outside of them, all of whose landmarks are inside if width and height
/// are swapped.
fn suspects(dataset: &CocoDataset) -> Vec<usize> {
    // Whether all landmarks lie inside the image, and inside the image with swapped sides.
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
