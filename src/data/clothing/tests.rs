//! The label table, and its join with files that stand in for the photographs.
use std::collections::BTreeMap;

use image::RgbImage;
use sha2::{Digest, Sha256};

use super::*;
use crate::{
    ErrorKind,
    data::{DatasetFormat, image::write_png, open, test_files::Files},
    landmark::Visibility,
};

const DRESS: &str = "train/dress/c6815f1d-54b5-4b94-a8a8-02cd9db5c08a.jpg";
const LONGSLEEVE: &str = "train/longsleeve/111f1db6-391c-4a82-b2e8-999a7fbcd886.jpg";
const PANTS: &str = "train/pants/82cc97d5-b719-4a00-b6d6-e7dfead3dd75.jpg";
/// The size of these three photographs.
const SIZE: [u32; 2] = [400, 533];

/// Stand-ins for photographs, with labels that have the stand-ins' own hashes.
struct Stand {
    files: Files,
    table: String,
}

impl Stand {
    /// Images of the photographs' size, with their labels.
    fn of(photographs: &[&str]) -> Self {
        let mut stand = Self { files: Files::new(), table: String::new() };
        for photograph in photographs {
            stand.files.bytes(photograph, []);
            let path = stand.files.root().join(photograph);
            write_png(&path, &RgbImage::new(SIZE[0], SIZE[1])).unwrap();
            let row = LABELS.lines().find(|row| row.starts_with(photograph)).unwrap();
            let hash = row.split('\t').nth(1).unwrap();
            stand.table += &row.replace(hash, &hash_of(&std::fs::read(&path).unwrap()));
            stand.table.push('\n');
        }
        stand
    }

    fn open(&self, split: Split) -> Result<ClothingDataset, Error> {
        ClothingDataset::of_table(self.files.root(), &self.table, split, &mut strictly)
    }

    /// The message of opening the training split, without the root's path.
    fn refused(&self) -> String {
        self.files.plain(&self.open(Split::Train).unwrap_err())
    }
}

fn hash_of(bytes: &[u8]) -> String {
    format!("{:.16}", format!("{:x}", Sha256::digest(bytes)))
}

/// FLD's visibility number and the pixel that contains the landmark; 0 0 outside, as in FLD's
/// files.
fn fld_triplets(sample: &LandmarkSample) -> Vec<[u32; 3]> {
    let landmarks = sample.landmarks.iter().filter(|one| one.visibility != Visibility::Absent);
    let triplet = |landmark: &crate::landmark::Landmark| {
        let pixel = |center: f32| (center + 0.5).floor() as u32;
        match landmark.visibility {
            Visibility::Visible => [0, pixel(landmark.x), pixel(landmark.y)],
            Visibility::Occluded => [1, pixel(landmark.x), pixel(landmark.y)],
            _ => [2, 0, 0],
        }
    };
    landmarks.map(triplet).collect()
}

/// The same labels as in an FLD tree that was written independently, in whole pixels: the pixel
/// that contains the landmark.
#[test]
fn labels_are_where_an_fld_tree_has_them() {
    let stand = Stand::of(&[DRESS, LONGSLEEVE, PANTS]);
    let test = stand.open(Split::Test).unwrap();
    assert_eq!((test.len(), test.split(), &test.samples()[0].image[..]), (1, Split::Test, DRESS));
    let dress = test.sample(0);
    assert_eq!(dress.category, Some(ClothesType::Full as usize));
    let expected = [
        [0, 134, 79],
        [0, 222, 66],
        [0, 92, 119],
        [0, 272, 95],
        [0, 116, 234],
        [0, 236, 234],
        [0, 104, 407],
        [0, 238, 431],
    ];
    assert_eq!(fld_triplets(&dress), expected);
    let bounds = dress.bounding_box;
    let sides = [bounds.x1, bounds.y1, bounds.x2, bounds.y2];
    assert_eq!(sides.map(f32::round), [88.0, 64.0, 276.0, 437.0]);

    let train = stand.open(Split::Train).unwrap();
    let [longsleeve, pants] = train.samples() else { panic!("{:?}", train.samples()) };
    let expected = [[0, 118, 74], [0, 246, 58], [2, 0, 0], [2, 0, 0], [0, 84, 418], [0, 324, 407]];
    assert_eq!(fld_triplets(longsleeve), expected);
    assert_eq!(longsleeve.landmarks[4].visibility, Visibility::Absent, "tops have no waistline");
    assert_eq!(fld_triplets(pants), [[0, 124, 7], [0, 295, 20], [2, 0, 0], [0, 368, 522]]);
    assert_eq!(pants.category, Some(ClothesType::Lower as usize));
    assert_eq!(train.image(1).unwrap().dimensions(), SIZE.into());
    assert_eq!(train.image_path(pants), stand.files.root().join(PANTS));

    let lower = train.of_type(ClothesType::Lower).unwrap();
    assert_eq!((lower.len(), lower.schema().len()), (1, 4));
}

/// 31.2 % of 400 and 1.5 % of 533 pixels, converted to pixel centers; a box spans 0.5 % to 99 % of
/// the height.
#[test]
fn percentages_become_centers_and_sides() {
    let stand = Stand::of(&[PANTS]);
    let pants = stand.open(Split::Train).unwrap().sample(0);
    assert_eq!([pants.landmarks[4].x, pants.landmarks[4].y], [124.3, 7.495]);
    let bounds = pants.bounding_box;
    assert_eq!([bounds.x1, bounds.y1, bounds.x2, bounds.y2], [0.0, 2.665, 372.0, 527.67]);
}

/// Stored as 24 × 16, upright 16 × 24.
#[test]
fn labels_are_of_the_upright_photograph() {
    let mut stand = Stand::of(&[PANTS]);
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
    let turned = std::fs::read(format!("{fixtures}/images/turned_by_exif.jpg")).unwrap();
    stand.files.bytes(PANTS, &turned);
    let old = stand.table.split('\t').nth(1).unwrap().to_string();
    stand.table = stand.table.replace(&old, &hash_of(&turned));
    let dataset = stand.open(Split::Train).unwrap();
    assert_eq!(dataset.image(0).unwrap().dimensions(), (16, 24));
    let bounds = dataset.sample(0).bounding_box;
    assert_eq!([bounds.x2, bounds.y2], [0.93 * 16.0, 0.99 * 24.0]);
}

#[test]
fn the_labels_are_as_many_as_documented() {
    let mut photographs = BTreeMap::new();
    let (mut splits, mut types, mut seen) = ([0; 3], [0; 3], [0; 3]);
    for label in table::rows(LABELS) {
        splits[label.split as usize] += 1;
        types[label.kind as usize] += 1;
        for place in &label.landmarks {
            seen[match place {
                Some((_, Visibility::Visible)) => 0,
                Some(_) => 1,
                None => 2,
            }] += 1;
        }
        assert!(label.sha256.len() == 16, "{label:?}");
        assert!(label.sha256.bytes().all(|digit| b"0123456789abcdef".contains(&digit)));
        let [x1, y1, x2, y2] = label.bounds;
        assert!(x1 < x2 && y1 < y2, "{label:?}");
        let parts: Vec<_> = label.photograph.split('/').collect();
        assert!(matches!(parts[..], ["train" | "validation" | "test", _, _]), "{label:?}");
        photographs.insert(label.photograph, label.sha256);
    }
    assert_eq!(splits, [263, 30, 83]);
    assert_eq!(types, [182, 128, 66]);
    assert_eq!(seen, [1943, 106, 83]);
    assert_eq!(photographs.len(), 376);
    let hashes: std::collections::BTreeSet<_> = photographs.values().collect();
    assert_eq!(hashes.len(), 376, "a photograph is labeled twice");
}

#[test]
#[should_panic(expected = "line 2 of the labels is not a valid row")]
fn a_row_that_is_none_panics() {
    let _ = table::rows("# heading\na.jpg\t00\ttrain\tupper\t0,0,9,9\t1,1 2,2").count();
}

#[test]
fn a_changed_photograph_is_refused_with_both_hashes() {
    let stand = Stand::of(&[LONGSLEEVE, PANTS]);
    let expected = hash_of(&std::fs::read(stand.files.root().join(PANTS)).unwrap());
    // The SHA-256 of "abc", FIPS 180-2, B.1.
    stand.files.bytes(PANTS, "abc");
    assert_eq!(
        stand.refused(),
        format!(
            "{PANTS}: not the labeled photograph: its SHA-256 begins with ba7816bf8f01cfea, not \
             {expected}; check out commit 119615165124 of \
             https://github.com/alexeygrigorev/clothing-dataset-small (git status lists what was \
             changed since)"
        )
    );
    // If the handler continues, one photograph is missing and one problem is reported.
    let (read, _, problems) = stand.files.reported(|on_event| {
        ClothingDataset::of_table(stand.files.root(), &stand.table, Split::Train, on_event)
    });
    assert_eq!((read.unwrap().len(), problems.len()), (1, 1));
    // All are invalid.
    stand.files.bytes(LONGSLEEVE, "");
    let (read, _, problems) = stand.files.reported(|on_event| {
        ClothingDataset::of_table(stand.files.root(), &stand.table, Split::Train, on_event)
    });
    assert!(problems[0].contains("the file is empty"), "{problems:?}");
    let message = read.unwrap_err().to_string();
    assert!(message.contains("no photograph of the split 'train' can be used"), "{message}");
}

#[test]
fn missing_photographs_are_counted_and_the_command_is_named() {
    let stand = Stand::of(&[LONGSLEEVE, PANTS]);
    stand.files.rename(PANTS, "elsewhere.jpg");
    let root = stand.files.root().display();
    assert_eq!(
        stand.refused(),
        format!(
            "{root}: 1 of the 2 photographs of the split 'train' are missing, such as {PANTS}; get \
             the photographs with: git clone \
             https://github.com/alexeygrigorev/clothing-dataset-small && git -C \
             clothing-dataset-small checkout 119615165124"
        )
    );
    // A handler that accepts problems does not get a partial split either.
    let (read, _, problems) = stand.files.reported(|on_event| {
        ClothingDataset::of_table(stand.files.root(), &stand.table, Split::Train, on_event)
    });
    assert_eq!((read.unwrap_err().kind(), problems.len()), (ErrorKind::Dataset, 0));
}

#[test]
fn other_folders_are_refused() {
    let files = Files::new();
    let message = ClothingDataset::open(files.root(), Split::Test).unwrap_err().to_string();
    assert!(message.contains("83 of the 83 photographs") && message.contains("git clone"));
    let error = ClothingDataset::open(files.root().join("none"), Split::Test).unwrap_err();
    assert!(error.to_string().contains("no such folder"), "{error}");
    assert_eq!(error.kind(), ErrorKind::Dataset);
    let error = open(DatasetFormat::Clothing, files.root(), Split::Val).err().unwrap();
    assert!(error.to_string().contains("30 of the 30"), "{error}");
}

#[test]
fn a_clone_is_known_by_its_folders() {
    let files = Files::new();
    let classes = "dress hat longsleeve outwear pants shirt shoes shorts skirt t-shirt";
    for folder in ["train", "validation", "test"] {
        for class in classes.split(' ') {
            assert!(DatasetFormat::find(files.root()).is_err(), "before {folder}/{class}");
            files.bytes(&format!("{folder}/{class}/a.jpg"), "");
        }
    }
    assert_eq!(DatasetFormat::find(files.root()).unwrap(), DatasetFormat::Clothing);
    // A user's own labels.
    files.bytes("train.json", "{}");
    assert_eq!(DatasetFormat::find(files.root()).unwrap(), DatasetFormat::Coco);
}
