//! The options.
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use dafe::{detector::Search, prelude::*};
use serde::Serialize;

use crate::support::{models::Source, output};

/// What `--out` and an input are called when standard output and input are meant.
pub const STANDARD: &str = "-";

const NOTES: &str = "\
Coordinates are pixels of the upright image: photographs are turned by their EXIF orientation
before anything else. A pixel's integer coordinate is its center. Boxes are in the same pixels.

Results, below --out, in the folders that the images are in (docs/detect.md has their forms):
  NAME.json             landmarks with score and visibility, category and box of each garment
  NAME.landmarks.png    the image with them (--no-drawings, --jpeg, --names, --min-score)
  NAME.explanation.png  what the network looked at (--explain)
  landmarks.csv         --format csv: a line for each landmark of all images
  results.json          --format coco: COCO's keypoint results; images.json says what the
                        numbers of images and categories in it mean
  detect.json           the model and the options that made them
An image whose results are there, made by the same model and options from the same file (by its
size and time of change), is not looked at again, unless by --again.

Exit status: 0 all images are done, also where no garment was found in one, 1 some failed and are
listed, 2 nothing could be done, 130 interrupted.

Examples:
  dafe detect dress.jpg                                 with the bundled model
  dafe detect photos/                                   all images in a folder and in those below
  dafe detect 'photos/**/*.jpg' --format csv            a pattern; one table for all
  dafe detect shirt.jpg --box 20,30,220,310             the garment in a box
  dafe detect street.jpg --all                          every garment in it
  dafe detect photos/ --boxes detections.json           a detector's boxes
  dafe detect val2017/ --boxes results.json --boxes-images instances_val2017.json
  dafe detect photos/ --out - | jq '.detections[0]'     one line of JSON for each image
  dafe detect - --out - --format png <in.jpg >out.png   from standard input to standard output";

#[derive(clap::Args)]
#[command(next_line_help = true, after_help = NOTES)]
pub struct Args {
    /// Images, folders and patterns (quoted or not); - for one image from standard input.
    /// Of a folder, all .jpg, .jpeg, .png and .webp files at any depth that are not hidden
    #[arg(required_unless_present = "list", verbatim_doc_comment)]
    pub inputs: Vec<PathBuf>,
    /// Take further inputs from this file, one a line; - for standard input
    #[arg(long, value_name = "FILE")]
    pub list: Option<PathBuf>,
    /// The model: the file or folder that `dafe train` wrote, or a .pth file of MMPose's
    /// fashion networks (feature pytorch) [default: the bundled one, for FLD's landmarks,
    /// trained on generated garments and a few photographs]
    #[arg(long, verbatim_doc_comment)]
    pub model: Option<PathBuf>,
    /// The garments' category, as the model names it (upper, lower, full; short-sleeve-top,
    /// …): only its landmarks are returned; "all" for those of all categories, "boxes" for
    /// the category_id of each box of --boxes [default: inferred, if the model was trained
    /// for that; else all]. A file of MMPose's for DeepFashion2 does not say which category
    /// it is for, so that it must be given here
    #[arg(long, verbatim_doc_comment)]
    pub category: Option<String>,
    /// A garment's box; may be given several times. Without one the garment is looked for in
    /// the whole image, and then again where it seems to be (--search)
    #[arg(
        long = "box",
        value_parser = parse_box,
        value_name = "x1,y1,x2,y2",
        allow_hyphen_values = true,
        verbatim_doc_comment
    )]
    pub bounds: Vec<BoundingBox>,
    /// Find all garments of each image, such as a top and trousers: the results have one for
    /// each, the surest first, or none
    #[arg(
        long,
        conflicts_with_all = ["bounds", "boxes", "category", "explain", "search"],
        verbatim_doc_comment
    )]
    pub all: bool,
    /// With --all: take what is found for a garment from this score on
    #[arg(long, requires = "all", value_name = "SCORE", default_value_t = LandmarkDetector::GARMENT_SCORE)]
    pub garment_score: f32,
    /// How a garment is looked for without a box: thorough (four looks of the network) or
    /// quick (two) [default: the model's, which is thorough unless it was saved otherwise]
    #[arg(long, value_name = "HOW", verbatim_doc_comment)]
    pub search: Option<Search>,
    /// Each image's boxes from this file: COCO's annotations, or results
    /// ([{file_name, bbox, score}, …]), joined by the images' names. Nothing is looked for
    /// in images without one
    #[arg(long, conflicts_with = "bounds", value_name = "FILE", verbatim_doc_comment)]
    pub boxes: Option<PathBuf>,
    /// Where --boxes have no file_name, but an image_id: a COCO file whose list of images has
    /// the numbers' names, as the dataset's annotations and the images.json of --format coco
    /// [default: images.json beside the boxes, if it is there]
    #[arg(long, requires = "boxes", value_name = "FILE", verbatim_doc_comment)]
    pub boxes_images: Option<PathBuf>,
    /// The folder of the results; - for standard output, where then nothing else is
    /// written
    #[arg(long, default_value = "runs/detect", verbatim_doc_comment)]
    pub out: PathBuf,
    /// The results' form
    #[arg(long, value_enum, default_value_t = Format::Json)]
    pub format: Format,
    /// Draw nothing
    #[arg(long)]
    pub no_drawings: bool,
    /// Draw to JPEG files, which are smaller
    #[arg(long, conflicts_with = "no_drawings")]
    pub jpeg: bool,
    /// Draw what led to each garment's landmarks, too: heatmaps, where the DAFE modules
    /// look, and which channels they keep
    #[arg(long, conflicts_with = "no_drawings", verbatim_doc_comment)]
    pub explain: bool,
    /// Write the landmarks' names on the drawings
    #[arg(long, conflicts_with = "no_drawings")]
    pub names: bool,
    /// Draw landmarks from this score on; all are in the results [default: the model's, from
    /// its calibration; else 0.3]
    #[arg(long)]
    pub min_score: Option<f32>,
    /// Do images again that are done already
    #[arg(long)]
    pub again: bool,
    /// Save the model to this file or folder, too, in dafe's own form; MMPose's
    /// preprocessing is kept
    #[arg(long, verbatim_doc_comment)]
    pub save_model: Option<PathBuf>,
    /// The device: flex, ndarray, cuda:0, vulkan:0, …
    #[arg(long, default_value = "flex")]
    pub device: String,
    /// Images at a time
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub batch_size: u16,
    /// Threads that read and draw images [default: one a core, at most 8]
    #[arg(long)]
    pub workers: Option<usize>,
}

/// The form of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A file for each image; to standard output, a line for each
    Json,
    /// One table, a line for each landmark
    Csv,
    /// COCO's keypoint results
    Coco,
    /// The drawn image, to standard output, of a single one
    Png,
}

/// What decides what is found and drawn: results of other options are not taken for done.
#[derive(Serialize)]
pub struct Options<'a> {
    category: Option<&'a str>,
    bounds: &'a [BoundingBox],
    /// The score from which on all garments are taken, if they are looked for.
    all: Option<f32>,
    search: Option<Search>,
    drawings: Option<Drawings>,
}

#[derive(Serialize)]
struct Drawings {
    jpeg: bool,
    explain: bool,
    names: bool,
    min_score: f32,
}

impl Args {
    /// Whether results go to standard output.
    pub fn is_piped(&self) -> bool {
        self.out == Path::new(STANDARD)
    }

    /// Where the model comes from.
    pub fn source(&self) -> Source<'_> {
        self.model.as_deref().map_or(Source::Bundled, Source::File)
    }

    /// The score from which on all garments are taken, if they are looked for.
    pub fn all_from(&self) -> Option<f32> {
        self.all.then_some(self.garment_score)
    }

    /// The score of a landmark without which an image shows no garment; none where others say what
    /// there is to see in images.
    pub fn shown_from(&self, min_score: f32) -> Option<f32> {
        self.boxes.is_none().then_some(min_score)
    }

    /// The options, where landmarks are drawn from this score on.
    pub fn options(&self, min_score: f32) -> Options<'_> {
        let Self { jpeg, explain, names, .. } = *self;
        Options {
            category: self.category.as_deref(),
            bounds: &self.bounds,
            all: self.all_from(),
            search: self.search,
            drawings: (!self.no_drawings).then_some(Drawings { jpeg, explain, names, min_score }),
        }
    }

    /// A line for whoever started this; standard output is theirs only where no results go there.
    pub fn say(&self, line: &str) {
        match self.is_piped() {
            true => output::warn(line),
            false => output::tell(line),
        }
    }
}

fn parse_box(text: &str) -> Result<BoundingBox, String> {
    let numbers: Vec<f32> = text
        .split(',')
        .map(|number| number.trim().parse().map_err(|_| format!("'{number}' is not a number")))
        .collect::<Result<_, _>>()?;
    let &[x1, y1, x2, y2] = &numbers[..] else {
        return Err(format!("a box has four numbers, x1,y1,x2,y2, not {}", numbers.len()));
    };
    BoundingBox::new(x1, y1, x2, y2).ok_or_else(|| {
        let most = BoundingBox::MAX_SIDE;
        format!("x2 must be beyond x1, and y2 beyond y1, by at most {most} pixels")
    })
}
