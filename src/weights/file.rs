//! Weights files: detecting their format by content, and listing their tensors without reading
//! them.
use std::{fs, io::Read, path::Path};

use burn::{
    store::burn_pack,
    tensor::{AllocationProperty, BoolStore, Bytes, DType},
};
use bytes::Bytes as Shared;
use safetensors::{Dtype, SafeTensors};

#[cfg(feature = "pytorch")]
use super::pytorch;
use super::tensors::{Metadata, Origin, Tensors, short};
use crate::{Error, ErrorKind, file::open_regular};

/// Bytes needed to detect the format; the signature of a tar archive is the last of them.
const HEAD: u64 = 512;

/// The format of a file, detected from its first bytes.
enum Kind {
    Safetensors,
    Zip,
    /// The format of PyTorch before 1.6.
    Legacy,
    /// Not supported; the text continues "not a safetensors file".
    Other(String),
}

impl Kind {
    /// The order and the signatures are those of pytorch-reader 0.22, so that both detect the same
    /// format.
    fn of(head: &[u8], length: u64) -> Self {
        let is = |text: &str| Self::Other(format!(", but {text}"));
        let text = head.trim_ascii_start();
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            Self::Zip
        } else if looks_like_safetensors(head) {
            Self::Safetensors
        } else if head.get(257..262) == Some(b"ustar") {
            is("a tar archive of PyTorch before 0.1.10; save it again with a later version")
        } else if starts_with_legacy_magic(head) {
            Self::Legacy
        } else if text.starts_with(b"<") {
            is("a web page")
        } else if text.starts_with(b"version https://git-lfs") {
            is("a Git LFS pointer; fetch the file with git lfs pull")
        } else if head.starts_with(b"\xff\xd8\xff") || head.starts_with(b"\x89PNG") {
            is("an image")
        } else if head.starts_with(b"\x1f\x8b") {
            is("a gzip file")
        } else if head.starts_with(b"\x80") && length > 16 {
            // In all of PyTorch's formats, tensors are outside the pickle, so a bare pickle has
            // none.
            is("a pickle without PyTorch's tensors")
        } else if length <= 16 {
            Self::Other(format!(": it has {length} bytes"))
        } else {
            Self::Other(String::new())
        }
    }
}

/// A length, then JSON.
fn looks_like_safetensors(head: &[u8]) -> bool {
    let length = head.first_chunk::<8>().map(|length| u64::from_le_bytes(*length));
    length.is_some_and(|length| length <= 100_000_000) && head.get(8) == Some(&b'{')
}

/// The number 0x1950a86a20f9469cfc6c as pickle protocols 2 and up write it, or 0 and 1 in decimal.
fn starts_with_legacy_magic(head: &[u8]) -> bool {
    let magic = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
    let text = b"119547037146038801333356";
    let head = &head[..head.len().min(64)];
    head.windows(magic.len()).any(|bytes| bytes == magic)
        || head.windows(text.len()).any(|bytes| bytes == text)
}

/// The tensors of a file in any format, and their location in it.
pub(super) fn read(path: &Path) -> Result<(Tensors, Origin), Error> {
    let failed = |message: String| Error::new(ErrorKind::Weights, message).with_path(path);
    match kind(path)? {
        (Kind::Safetensors, _) => Ok((safetensors(path, into_memory(path)?)?.0, Origin::default())),
        #[cfg(feature = "pytorch")]
        (kind @ (Kind::Zip | Kind::Legacy), _) => pytorch::read(path, matches!(kind, Kind::Zip)),
        #[cfg(not(feature = "pytorch"))]
        (Kind::Zip | Kind::Legacy, _) => Err(failed(
            "a PyTorch checkpoint, which this build can't read: build with the feature `pytorch` \
             (the program: cargo install dafe-cli --features pytorch)"
                .into(),
        )
        .with_kind(ErrorKind::Format)),
        (Kind::Other(_), 0) => Err(failed("the file is empty".into())),
        (Kind::Other(what), _) => {
            let message = format!("not a safetensors file or PyTorch checkpoint{what}");
            Err(failed(message).with_kind(ErrorKind::Format))
        }
    }
}

/// The tensors of a safetensors file; other formats are an error.
pub(super) fn read_safetensors(path: &Path) -> Result<Tensors, Error> {
    // Checks the head first, so that a file in another format is not read as a whole.
    only_safetensors(path, kind(path)?.0)?;
    Ok(safetensors(path, into_memory(path)?)?.0)
}

/// The tensors and metadata of a safetensors file given as `bytes`; errors name it `path`.
#[cfg(feature = "detect")]
pub(super) fn parse_safetensors(path: &Path, bytes: Vec<u8>) -> Result<(Tensors, Metadata), Error> {
    let head = &bytes[..bytes.len().min(HEAD as usize)];
    only_safetensors(path, Kind::of(head, bytes.len() as u64))?;
    safetensors(path, bytes)
}

fn only_safetensors(path: &Path, kind: Kind) -> Result<(), Error> {
    let failed = |message: String| Error::new(ErrorKind::Weights, message).with_path(path);
    match kind {
        Kind::Safetensors => Ok(()),
        Kind::Zip | Kind::Legacy => {
            let message = "not a safetensors file, but perhaps a PyTorch checkpoint";
            Err(failed(message.into()).with_kind(ErrorKind::Format))
        }
        Kind::Other(what) => {
            Err(failed(format!("not a safetensors file{what}")).with_kind(ErrorKind::Format))
        }
    }
}

/// The format of a file, and its length.
fn kind(path: &Path) -> Result<(Kind, u64), Error> {
    let mut head = Vec::new();
    let failed = |message: String| Error::new(ErrorKind::Weights, message).with_path(path);
    let (file, length) = open_regular(path, failed)?;
    file.take(HEAD).read_to_end(&mut head).map_err(Error::io("read", path))?;
    Ok((Kind::of(&head, length), length))
}

/// The bytes of a file. It is read, not memory-mapped: if another program truncated a mapped file,
/// this process would crash.
pub(super) fn into_memory(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(Error::io("read", path))
}

fn safetensors(path: &Path, bytes: Vec<u8>) -> Result<(Tensors, Metadata), Error> {
    let failed = |message: String| Error::new(ErrorKind::Weights, message).with_path(path);
    let header = bytes.first_chunk::<8>().map_or(0, |length| u64::from_le_bytes(*length));
    let length = bytes.len() as u64;
    if header.saturating_add(8) > length {
        return Err(failed(format!("truncated: its header has {header} bytes, the file {length}")));
    }
    let damaged = |error: String| {
        failed(short(&format!(
            "a truncated or damaged safetensors file of {length} bytes: {error}"
        )))
    };
    let (header, metadata) =
        SafeTensors::read_metadata(&bytes).map_err(|error| damaged(error.to_string()))?;
    let data = 8 + header;
    // All tensors share the memory that the file was read into: a network's parameters are the
    // largest data in a process.
    let bytes = Shared::from(bytes);
    let mut tensors = Tensors::new();
    for (name, info) in metadata.tensors() {
        let Some(dtype) = dtype(info.dtype) else {
            return Err(failed(format!("{name} holds {:?}, which is not supported", info.dtype)));
        };
        let (start, end) = info.data_offsets;
        let slice = bytes.slice(data + start..data + end);
        let is_aligned = slice.as_ptr().align_offset(align_of::<u64>()) == 0;
        let slice = match is_aligned {
            true => Bytes::from_shared(slice, AllocationProperty::Other),
            false => Bytes::from_bytes_vec(slice.to_vec()),
        };
        let tensor = burn_pack::Tensor::new(name.clone(), dtype, info.shape.clone(), None, slice);
        tensors.insert(name, tensor);
    }
    Ok((tensors, metadata.metadata().clone().unwrap_or_default()))
}

/// Burn's data type for that of a safetensors file; `None` if a network cannot have it.
fn dtype(dtype: Dtype) -> Option<DType> {
    Some(match dtype {
        Dtype::F64 => DType::F64,
        Dtype::F32 => DType::F32,
        Dtype::F16 => DType::F16,
        Dtype::BF16 => DType::BF16,
        Dtype::I64 => DType::I64,
        Dtype::I32 => DType::I32,
        Dtype::I16 => DType::I16,
        Dtype::I8 => DType::I8,
        Dtype::U64 => DType::U64,
        Dtype::U32 => DType::U32,
        Dtype::U8 => DType::U8,
        Dtype::BOOL => DType::Bool(BoolStore::Native),
        _ => return None,
    })
}
