//! Reading and writing image files, with limits on their size.
//!
//! ```
//! use dafe::{
//!     data::image::{read_image, write_png},
//!     image::{Rgb, RgbImage},
//! };
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("red.png");
//! write_png(&path, &RgbImage::from_pixel(60, 40, Rgb([255, 0, 0])))?;
//! let image = read_image(&path)?;
//! assert_eq!((image.dimensions(), image[(0, 0)].0), ((60, 40), [255, 0, 0]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! JPEG, PNG, WebP, BMP, TIFF and GIF files are read as 8-bit RGB. The format is detected from the
//! content, not the name. Gray, palette, 16-bit, CMYK and YCCK images are converted, and
//! transparent images are blended onto white. Of a TIFF the first image is read, of an animation
//! the first frame (or the default image of a PNG, if it is not part of the animation). Color
//! profiles are not applied. HEIC, HEIF, AVIF, camera raw files and TIFFs with a palette are not
//! supported: convert them to JPEG or PNG.
//!
//! Photographs are read **upright**, according to their EXIF orientation. Coordinates refer to the
//! upright image, as shown by a viewer. Some datasets were labeled on the stored pixels instead: an
//! [`ImageFile`] knows the image size given by the annotations and is read as stored if only that
//! fits them.
mod complete;
mod decode;
mod entropy;
mod file;
mod format;
mod orientation;
#[cfg(test)]
mod tests;
mod tiff;
mod write;

use std::path::{Path, PathBuf};

use image::RgbImage;

use crate::{Error, ErrorKind};
#[cfg(feature = "detect")]
pub(crate) use decode::flattened;
pub use decode::{MAX_FILE_BYTES, MAX_PIXELS, MAX_SIDE};
pub use file::{ImageCheck, ImageFile, ImageHeader, Orientation};
pub use write::{write_jpeg, write_png};

/// Reads an image upright, rotated or mirrored according to its EXIF orientation if it has a valid
/// one.
///
/// ```no_run
/// # use dafe::{data::image::read_image, prelude::*};
/// # fn shown(detector: &LandmarkDetector) -> Result<(), dafe::Error> {
/// let photograph = read_image("holiday.jpg")?;
/// // In pixels of `photograph`, as a viewer shows it.
/// let found = detector.detect(&photograph, None)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// An [I/O error](crate::ErrorKind::Io) if the file cannot be read. An [image
/// error](crate::ErrorKind::Image) if it is not a file, is empty or has an unsupported format; if
/// it has a side above [`MAX_SIDE`], more than [`MAX_PIXELS`] pixels or more than
/// [`MAX_FILE_BYTES`] bytes (rejected before decoding); or if it cannot be decoded.
///
/// Truncated files are errors, even though decoders may fill the missing part with gray. The
/// exception is a JPEG that lacks only its end-of-image marker and is not progressive
/// ([`ImageFile::check`] warns about it). Damage inside the data of a JPEG or WebP is only detected
/// if the decoder detects it.
pub fn read_image(path: impl AsRef<Path>) -> Result<RgbImage, Error> {
    ImageFile::new(path.as_ref()).read()
}

/// Decodes an image from `bytes`, upright like [`read_image`]. Use it for data from standard input
/// or the network. Errors refer to the image as `name`.
///
/// ```
/// use dafe::{ErrorKind, data::image::decode_image};
///
/// let error = decode_image(b"%PDF-1.7", "upload").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Image);
/// assert!(error.to_string().starts_with("upload: "));
/// ```
///
/// # Errors
/// An [image error](crate::ErrorKind::Image), as [`read_image`].
pub fn decode_image(bytes: &[u8], name: impl Into<PathBuf>) -> Result<RgbImage, Error> {
    decode::decoded(bytes, |_| true).map(|(image, _)| image).map_err(refused(name))
}

fn refused(path: impl Into<PathBuf>) -> impl Fn(String) -> Error {
    let path = path.into();
    move |message| Error::new(ErrorKind::Image, message).with_path(path.clone())
}
