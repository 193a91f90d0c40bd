//! DeepFashion2's 13 categories: which of its 294 landmarks each has, and their mirror pairs.
use std::ops::Range;

use super::{LandmarkCategory, LandmarkSchema};
use crate::named::named_enum;

/// A category of DeepFashion2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "DeepFashion2's own terms")]
pub enum DeepFashion2Category {
    ShortSleeveTop,
    LongSleeveTop,
    ShortSleeveOutwear,
    LongSleeveOutwear,
    Vest,
    Sling,
    Shorts,
    Trousers,
    Skirt,
    ShortSleeveDress,
    LongSleeveDress,
    VestDress,
    SlingDress,
}

named_enum!(DeepFashion2Category, "category", {
    ShortSleeveTop => "short-sleeve-top",
    LongSleeveTop => "long-sleeve-top",
    ShortSleeveOutwear => "short-sleeve-outwear",
    LongSleeveOutwear => "long-sleeve-outwear",
    Vest => "vest",
    Sling => "sling",
    Shorts => "shorts",
    Trousers => "trousers",
    Skirt => "skirt",
    ShortSleeveDress => "short-sleeve-dress",
    LongSleeveDress => "long-sleeve-dress",
    VestDress => "vest-dress",
    SlingDress => "sling-dress",
});

/// Mirror table and sigmas of each category, in the dataset's order. Entry `i` of a mirror table is
/// the landmark that `i` becomes in a mirrored image; the lengths of the tables give the landmark
/// ranges. The sigmas are those published with the official evaluator: two of long sleeve dress (15
/// and 29) differ from their mirror pairs'.
const CATEGORIES: [(&[usize], &[f64]); 13] = [
    (
        &[0, 5, 4, 3, 2, 1, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6],
        &[
            0.012, 0.0158, 0.0169, 0.0165, 0.0169, 0.0158, 0.0298, 0.0329, 0.0321, 0.0323, 0.034,
            0.0388, 0.0452, 0.0574, 0.0492, 0.0352, 0.0492, 0.0574, 0.0452, 0.0388, 0.034, 0.0323,
            0.0321, 0.0329, 0.0298,
        ],
    ),
    (
        &[
            0, 5, 4, 3, 2, 1, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16,
            15, 14, 13, 12, 11, 10, 9, 8, 7, 6,
        ],
        &[
            0.0194, 0.017, 0.0185, 0.0193, 0.0185, 0.017, 0.0286, 0.0471, 0.0547, 0.0526, 0.043,
            0.0392, 0.0513, 0.0566, 0.0509, 0.0564, 0.0542, 0.0604, 0.0599, 0.052, 0.0599, 0.0604,
            0.0542, 0.0564, 0.0509, 0.0566, 0.0513, 0.0392, 0.043, 0.0526, 0.0547, 0.0471, 0.0286,
        ],
    ),
    (
        &[
            0, 5, 4, 25, 2, 1, 24, 23, 22, 21, 20, 19, 18, 17, 16, 28, 14, 13, 12, 11, 10, 9, 8, 7,
            6, 3, 29, 30, 15, 26, 27,
        ],
        &[
            0.0074, 0.0085, 0.0165, 0.0248, 0.0165, 0.0085, 0.0156, 0.0231, 0.0296, 0.0137, 0.0195,
            0.025, 0.0347, 0.038, 0.0257, 0.037, 0.0257, 0.038, 0.0347, 0.025, 0.0195, 0.0137,
            0.0296, 0.0231, 0.0156, 0.0248, 0.0469, 0.0632, 0.037, 0.0469, 0.0632,
        ],
    ),
    (
        &[
            0, 5, 4, 33, 2, 1, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 36, 18, 17, 16,
            15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 3, 37, 38, 19, 34, 35,
        ],
        &[
            0.0137, 0.0153, 0.0243, 0.0377, 0.0243, 0.0153, 0.0203, 0.0366, 0.0467, 0.0433, 0.0393,
            0.0329, 0.0418, 0.0477, 0.0399, 0.0331, 0.042, 0.0492, 0.0436, 0.0478, 0.0436, 0.0492,
            0.042, 0.0331, 0.0399, 0.0477, 0.0418, 0.0329, 0.0393, 0.0433, 0.0467, 0.0366, 0.0203,
            0.0377, 0.0645, 0.0573, 0.0478, 0.0645, 0.0573,
        ],
    ),
    (
        &[0, 5, 4, 3, 2, 1, 14, 13, 12, 11, 10, 9, 8, 7, 6],
        &[
            0.0352, 0.0158, 0.021, 0.0214, 0.021, 0.0158, 0.0196, 0.05, 0.0489, 0.0404, 0.0401,
            0.0404, 0.0489, 0.05, 0.0196,
        ],
    ),
    (
        &[0, 5, 4, 3, 2, 1, 14, 13, 12, 11, 10, 9, 8, 7, 6],
        &[
            0.0276, 0.0548, 0.0283, 0.0204, 0.0283, 0.0548, 0.0369, 0.0726, 0.0677, 0.064, 0.0251,
            0.064, 0.0677, 0.0726, 0.0369,
        ],
    ),
    (
        &[2, 1, 0, 9, 8, 7, 6, 5, 4, 3],
        &[0.0308, 0.0216, 0.0308, 0.0506, 0.0494, 0.0463, 0.0477, 0.0463, 0.0494, 0.0506],
    ),
    (
        &[2, 1, 0, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3],
        &[
            0.0275, 0.0202, 0.0275, 0.0651, 0.0451, 0.035, 0.028, 0.0392, 0.0362, 0.0392, 0.028,
            0.035, 0.0451, 0.0651,
        ],
    ),
    (&[2, 1, 0, 7, 6, 5, 4, 3], &[0.0253, 0.0195, 0.0253, 0.0513, 0.0543, 0.0415, 0.0543, 0.0513]),
    (
        &[
            0, 5, 4, 3, 2, 1, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12,
            11, 10, 9, 8, 7, 6,
        ],
        &[
            0.0153, 0.023, 0.0167, 0.0145, 0.0167, 0.023, 0.0332, 0.0391, 0.0391, 0.0396, 0.044,
            0.0452, 0.0498, 0.0514, 0.0585, 0.0655, 0.0635, 0.0602, 0.0635, 0.0655, 0.0585, 0.0514,
            0.0498, 0.0452, 0.044, 0.0396, 0.0391, 0.0391, 0.0332,
        ],
    ),
    (
        &[
            0, 5, 4, 3, 2, 1, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20,
            19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6,
        ],
        &[
            0.0121, 0.0134, 0.0158, 0.0162, 0.0158, 0.0134, 0.0246, 0.0406, 0.047, 0.0404, 0.0463,
            0.0466, 0.0435, 0.0499, 0.0455, 0.044, 0.0411, 0.049, 0.0576, 0.0685, 0.0618, 0.0483,
            0.0618, 0.0685, 0.0576, 0.049, 0.0411, 0.044, 0.0486, 0.0499, 0.0435, 0.0466, 0.0463,
            0.0404, 0.047, 0.0406, 0.0246,
        ],
    ),
    (
        &[0, 5, 4, 3, 2, 1, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6],
        &[
            0.0116, 0.0167, 0.016, 0.018, 0.016, 0.0167, 0.0196, 0.0385, 0.0421, 0.0497, 0.0562,
            0.0528, 0.0428, 0.0528, 0.0562, 0.0497, 0.0421, 0.0385, 0.0196,
        ],
    ),
    (
        &[0, 5, 4, 3, 2, 1, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6],
        &[
            0.0244, 0.0297, 0.0244, 0.0208, 0.0244, 0.0297, 0.0173, 0.0616, 0.0659, 0.0712, 0.0707,
            0.0685, 0.0339, 0.0685, 0.0707, 0.0712, 0.0659, 0.0616, 0.0173,
        ],
    ),
];

impl DeepFashion2Category {
    /// The number of landmarks of all categories together.
    pub const LANDMARKS: usize = 294;

    /// The category's range among the landmarks of all categories.
    ///
    /// ```
    /// use dafe::landmark::{DeepFashion2Category, LandmarkSchema};
    ///
    /// assert_eq!(DeepFashion2Category::LongSleeveTop.landmarks(), 25..58);
    /// assert_eq!(LandmarkSchema::deepfashion2(DeepFashion2Category::LongSleeveTop).len(), 33);
    /// assert_eq!(LandmarkSchema::deepfashion2_all().len(), 294);
    /// ```
    pub fn landmarks(self) -> Range<usize> {
        let count = |(mirror, _): &(&[usize], &[f64])| mirror.len();
        let first = CATEGORIES[..self as usize].iter().map(count).sum();
        first..first + count(&CATEGORIES[self as usize])
    }
}

impl LandmarkSchema {
    /// All 294 landmarks, one range per category, numbered from 1 as in the dataset, with the
    /// official evaluator's sigmas. The skeleton is the garments' outlines, derived from the mirror
    /// tables: neckline or waist, sides, hems, and the edges of an open front.
    pub fn deepfashion2_all() -> Self {
        let (mut names, mut flip, mut skeleton) = (Vec::new(), Vec::new(), Vec::new());
        let (mut sigmas, mut categories) = (Vec::new(), Vec::new());
        for (index, (category, (mirror, own_sigmas))) in
            DeepFashion2Category::ALL.iter().zip(CATEGORIES).enumerate()
        {
            let name = category.name();
            let first = names.len();
            names.extend((1..=mirror.len()).map(|number| format!("{name} {number}")));
            flip.extend(mirror.iter().map(|i| first + i));
            skeleton.extend(outline(mirror).into_iter().map(|[a, b]| [first + a, first + b]));
            sigmas.extend_from_slice(own_sigmas);
            categories.push(LandmarkCategory {
                id: index as u64 + 1,
                name: name.to_string(),
                landmarks: (first..names.len()).collect(),
            });
        }
        Self::new(names, flip, skeleton)
            .and_then(|schema| schema.with_sigmas(sigmas))
            .and_then(|schema| schema.with_categories(categories))
            .expect("the tables above agree")
    }

    /// The landmarks of one category of DeepFashion2: its subset of [`Self::deepfashion2_all`].
    pub fn deepfashion2(category: DeepFashion2Category) -> Self {
        Self::deepfashion2_all().only(category as usize)
    }
}

/// The lines along a garment's edges: those in the image's left half and their mirror images.
fn outline(mirror: &[usize]) -> Vec<[usize; 2]> {
    // Trousers, shorts and skirts begin with the waist (0, 1, 2); all others with the neckline (0
    // to 5, with 0 in the middle of the back).
    let below = mirror[0] == 2;
    let (top, first) = if below { (vec![0, 1], 3) } else { (vec![1, 2, 3], 6) };
    let mut chain = vec![top[0]];
    // Down the left side, while the mirror images come up the right one: to the middle, or to an
    // open front.
    let sum = first + mirror[first];
    chain.extend((first..mirror.len()).take_while(|&i| mirror[i] + i == sum && 2 * i <= sum));
    let mut chains = vec![top];
    if !below {
        chains.push(vec![0, 1]);
        if mirror[3] != 3 {
            // An open front: from the neckline down its edge to the corner of the hem.
            let corner = chain[chain.len() - 1] + 1;
            let edge = (mirror[3] + 1..mirror.len()).filter(|&i| mirror[i] > i).map(|i| mirror[i]);
            chains.push([3].into_iter().chain(edge).chain([corner]).collect());
            chain.push(corner);
        }
    }
    chains.push(chain);
    let half: Vec<[usize; 2]> =
        chains.iter().flat_map(|c| c.windows(2).map(|w| [w[0], w[1]])).collect();
    let mut lines = half.clone();
    for line in half.iter().map(|[a, b]| [mirror[*a], mirror[*b]]) {
        if !lines.contains(&line) && !lines.contains(&[line[1], line[0]]) {
            lines.push(line);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_landmark_is_joined_to_others_and_outlines_mirror_themselves() {
        for &category in DeepFashion2Category::ALL {
            let schema = LandmarkSchema::deepfashion2(category);
            let (mirror, lines) = (schema.mirror(), schema.skeleton());
            let has = |a, b| lines.contains(&[a, b]) || lines.contains(&[b, a]);
            for &[a, b] in lines {
                assert!(a != b && has(mirror[a], mirror[b]), "{category}: {a} to {b}");
            }
            for i in 0..schema.len() {
                let ends = lines.iter().flatten().filter(|&&end| end == i).count();
                // A point of an outline has two neighbors, or three where the neckline meets the
                // side.
                assert!((2..=3).contains(&ends), "{category}: {i} has {ends} lines");
            }
        }
    }

    #[test]
    fn sigmas_are_the_published_ones() {
        let schema = LandmarkSchema::deepfashion2_all();
        let sigmas = schema.sigmas().unwrap();
        assert_eq!((sigmas.len(), sigmas[0], sigmas[293]), (294, 0.012, 0.0173));
        // The two pairs whose sigmas differ.
        let dress = LandmarkSchema::deepfashion2(DeepFashion2Category::LongSleeveDress);
        let of = dress.sigmas().unwrap();
        let unlike: Vec<_> = (0..of.len()).filter(|&i| of[i] != of[dress.mirror()[i]]).collect();
        assert_eq!(unlike, [14, 28]);
    }

    #[test]
    fn the_ranges_make_up_all_landmarks_and_mirror_themselves() {
        let mut next = 0;
        for &category in DeepFashion2Category::ALL {
            let range = category.landmarks();
            assert_eq!(range.start, next);
            next = range.end;
            let schema = LandmarkSchema::deepfashion2(category);
            assert_eq!(schema.len(), range.len());
            schema.validate().unwrap();
            assert_eq!(category.name().parse::<DeepFashion2Category>().unwrap(), category);
        }
        assert_eq!(next, DeepFashion2Category::LANDMARKS);
        // As in the dataset's papers and tools: trousers are 14 landmarks from 168 on.
        assert_eq!(DeepFashion2Category::Trousers.landmarks(), 168..182);
        assert!("trouser".parse::<DeepFashion2Category>().is_err());
    }
}
