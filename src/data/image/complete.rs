//! Whether a file ends where its image does. Decoders of JPEG and WebP paint what is missing; the
//! PNG decoder notices by itself.

/// Walks a JPEG's markers to the end-of-image marker, passing over the segments' contents: those of a thumbnail
/// have an end of their own.
pub(super) fn jpeg(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|&byte| byte == 0xFF) {
        rest = &rest[at + 1..];
        match rest {
            [0xD9, ..] => return true,
            // An escaped byte of data, restart markers, start of image, TEM: nothing follows. 0xFF is only padding.
            [0x00 | 0x01 | 0xD0..=0xD8 | 0xFF, ..] => (),
            // All others carry their length, counting its own two bytes.
            [_, high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                rest = rest.get(1 + length..).unwrap_or_default();
            }
            _ => return false,
        }
    }
    false
}

/// Whether a WebP file is as long as its header says, and has each of its chunks to the end.
pub(super) fn webp(bytes: &[u8]) -> bool {
    let Some((content, _)) = riff_chunk(bytes) else { return false };
    // After the word "WEBP". What is too short for a chunk's header is no part of the image.
    let mut rest = content.get(4..).unwrap_or_default();
    while rest.len() >= 8 {
        match riff_chunk(rest) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    true
}

/// What the first chunk holds, and what follows it.
fn riff_chunk(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = u32::from_le_bytes(*bytes.get(4..)?.first_chunk()?);
    let (content, behind) = bytes[8..].split_at_checked(length as usize)?;
    // Odd lengths are padded by a byte, which some writers leave out at the very end.
    Some((content, behind.get(content.len() % 2..).unwrap_or_default()))
}
