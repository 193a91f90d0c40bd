//! The command's options.
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use dafe::{detector::Search, prelude::*};
use serde::Serialize;

use crate::support::{models::Source, output};

/// The name of standard input and output as an input and in `--out`.
pub const STANDARD: &str = "-";

const NOTES: &str = "\
Coordinates are pixels of the upright image: the EXIF orientation is applied first. Landmarks:
integer coordinates are pixel centers. Boxes: coordinates are pixel edges, the whole image is
0,0,WIDTH,HEIGHT.

Results, below --out, in the same folders as the images (their formats:
https://github.com/dafe-rs/dafe/blob/main/docs/detect.md):
  NAME.json             landmarks with score and visibility, category and box of each garment
  NAME.landmarks.png    the image with them (--no-drawings, --jpeg, --names, --min-score)
  NAME.explanation.png  what the network looked at (--explain)
  landmarks.csv         --format csv: a row per landmark, of all images
  results.json          --format coco: COCO keypoint results; images.json lists the images
                        and categories that their IDs refer to
  detect.json           the model and the options that made them
An image with results made by the same model and options from the same file (by its size and
modification time) is not processed again, except with --again.

Exit status: 0 all images are done, with or without garments, 1 some failed and are listed,
2 nothing could be done, 130 interrupted.

Examples:
  dafe detect dress.jpg                                 with the bundled model
  dafe detect photos/                                   all images in a folder and its subfolders
  dafe detect 'photos/**/*.jpg' --format csv            a pattern; one table for all
  dafe detect shirt.jpg --box 20,30,220,310             the garment in a box
  dafe detect street.jpg --all                          every garment in it
  dafe detect photos/ --boxes detections.json           a detector's boxes
  dafe detect val2017/ --boxes results.json --boxes-images instances_val2017.json
  dafe detect photos/ --out - | jq '.detections[0]'     one line of JSON per image
  dafe detect - --out - --format png <in.jpg >out.png   from standard input to standard output";

#[derive(clap::Args)]
#[command(next_line_help = true, after_help = NOTES)]
pub struct Args {
    /// Images, folders and patterns (quoted or not); - for one image from standard input. In a
    /// folder, all images that are not hidden, at any depth
    #[arg(required_unless_present = "list")]
    pub inputs: Vec<PathBuf>,
    /// Read further inputs from this file, one per line; - for standard input
    #[arg(long, value_name = "FILE")]
    pub list: Option<PathBuf>,
    /// The model: a file or folder that `dafe train` wrote, or a .pth file of MMPose's fashion
    /// networks (feature pytorch) [default: the bundled model for FLD's landmarks, trained on
    /// generated garments and 263 photographs]
    #[arg(long)]
    pub model: Option<PathBuf>,
    /// The garments' category, by its name in the model (upper, lower, full; short-sleeve-top,
    /// …): only its landmarks are returned. "all" returns those of all categories, "boxes" uses
    /// the category_id of each box in --boxes [default: inferred if the model was trained for
    /// it, else all]. Required for MMPose's DeepFashion2 files, which don't record their
    /// category
    #[arg(long)]
    pub category: Option<String>,
    /// A garment's box; may be given several times. Without a box, the garment is searched for
    /// in the whole image (--search)
    #[arg(
        long = "box",
        value_parser = parse_box,
        value_name = "x1,y1,x2,y2",
        allow_hyphen_values = true,
    )]
    pub bounds: Vec<BoundingBox>,
    /// Find all garments in each image, such as a top and trousers: the results have one entry
    /// per garment, best first; there may be none
    #[arg(
        long,
        conflicts_with_all = ["bounds", "boxes", "category", "explain", "search"],
    )]
    pub all: bool,
    /// With --all: report garments with at least this score
    #[arg(long, requires = "all", value_name = "SCORE", default_value_t = LandmarkDetector::GARMENT_SCORE)]
    pub garment_score: f32,
    /// How to search for a garment without a box: thorough (four passes of the network) or
    /// quick (two) [default: the model's, which is thorough unless saved otherwise]
    #[arg(long, value_name = "HOW")]
    pub search: Option<Search>,
    /// Read each image's boxes from this file: COCO annotations or results ([{file_name, bbox,
    /// score}, …]), matched by the images' names. Images without a box have no results
    #[arg(long, conflicts_with = "bounds", value_name = "FILE")]
    pub boxes: Option<PathBuf>,
    /// For --boxes with image_id but no file_name: a COCO file whose list of images maps IDs to
    /// names, such as the dataset's annotations or the images.json of --format coco [default:
    /// images.json next to the boxes, if it exists]
    #[arg(long, requires = "boxes", value_name = "FILE")]
    pub boxes_images: Option<PathBuf>,
    /// The folder of the results; - for standard output, which then contains nothing
    /// else
    #[arg(long, default_value = "runs/detect")]
    pub out: PathBuf,
    /// The format of the results
    #[arg(long, value_enum, default_value_t = Format::Json)]
    pub format: Format,
    /// Don't render images
    #[arg(long)]
    pub no_drawings: bool,
    /// Write rendered images as JPEG files, which are smaller
    #[arg(long, conflicts_with = "no_drawings")]
    pub jpeg: bool,
    /// Also render how each garment's landmarks were found: heatmaps, and the spatial and
    /// channel attention of the DAFE modules
    #[arg(long, conflicts_with = "no_drawings")]
    pub explain: bool,
    /// Write the landmarks' names on rendered images
    #[arg(long, conflicts_with = "no_drawings")]
    pub names: bool,
    /// Render landmarks with at least this score [default: from the model's calibration, else 0.3]
    #[arg(long)]
    pub min_score: Option<f32>,
    /// Process images again that already have results
    #[arg(long)]
    pub again: bool,
    /// Also save the model to this file or folder, in dafe's own format; MMPose's preprocessing
    /// is kept
    #[arg(long)]
    pub save_model: Option<PathBuf>,
    /// The device: flex, ndarray, cuda:0, vulkan:0, …
    #[arg(long, default_value = "flex")]
    pub device: String,
    /// Images per batch
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub batch_size: u16,
    /// Threads that read and render images [default: one per core, at most 8]
    #[arg(long)]
    pub workers: Option<usize>,
}

/// The format of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A file per image; on standard output, a line per image
    Json,
    /// One table, a row per landmark
    Csv,
    /// COCO keypoint results
    Coco,
    /// The rendered image of a single input, on standard output
    Png,
}

/// The options that affect results: results made with other options don't count as done.
#[derive(Serialize)]
pub struct Options<'a> {
    category: Option<&'a str>,
    bounds: &'a [BoundingBox],
    /// The minimum score of garments, if all garments are searched for.
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

    /// The minimum score of garments, if all garments are searched for.
    pub fn all_from(&self) -> Option<f32> {
        self.all.then_some(self.garment_score)
    }

    /// The landmark score below which an image counts as showing no garment; `None` if the
    /// boxes are given.
    pub fn rendered_from(&self, min_score: f32) -> Option<f32> {
        self.boxes.is_none().then_some(min_score)
    }

    /// The options, with landmarks rendered from this score on.
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

    /// Prints a line for the user: to standard output, or to standard error if results go to
    /// standard output.
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
