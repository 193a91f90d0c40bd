//! Hand-written checkpoints: some as PyTorch writes them, and some that it never would.
use crate::weights::forge::floats;

/// An archive of uncompressed entries without checksums, as written by PyTorch with
/// `compute_crc32=False`.
pub fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in entries {
        let place = file.len() as u32;
        let length = (bytes.len() as u32).to_le_bytes();
        let mut header = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0, 0, 0, 0, 0];
        header.extend([length, length].concat());
        header.extend((name.len() as u16).to_le_bytes());
        header.extend([0, 0]);
        file.extend([b"PK\x03\x04", &header[..], name.as_bytes(), bytes].concat());
        directory.extend([b"PK\x01\x02\x14\x00", &header[..], &[0; 10]].concat());
        directory.extend([&place.to_le_bytes()[..], name.as_bytes()].concat());
    }
    let count = (entries.len() as u16).to_le_bytes();
    let (place, length) = (file.len() as u32, directory.len() as u32);
    file.extend(&directory);
    file.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count[..]].concat());
    file.extend([&length.to_le_bytes()[..], &place.to_le_bytes(), &[0, 0]].concat());
    file
}

/// A checkpoint of PyTorch since 1.6 around a pickle, with one storage of two floats.
pub fn checkpoint(pickle: &[u8]) -> Vec<u8> {
    zip(&[("a/data.pkl", pickle), ("a/version", b"3\n"), ("a/data/0", &floats(&[1.0, 2.0]))])
}

/// A checkpoint of PyTorch before 1.6 around a pickle, without a storage.
pub fn legacy(pickle: &[u8]) -> Vec<u8> {
    let magic = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
    let system = [b"\x80\x02}", &text("little_endian")[..], b"\x88s."].concat();
    [magic, &b"\x80\x02M\xe9\x03."[..], &system, pickle, b"\x80\x02]."].concat()
}

/// A string in a pickle.
pub fn text(text: &str) -> Vec<u8> {
    [b"X", &(text.len() as u32).to_le_bytes()[..], text.as_bytes()].concat()
}

/// A pickled tensor of storage 0, which claims to have `length` floats.
pub fn tensor(length: u32, offset: u32, shape: &[u32], stride: &[u32]) -> Vec<u8> {
    let number = |n: u32| [b"J", &n.to_le_bytes()[..]].concat();
    let tuple = |items: &[u32]| {
        let items: Vec<u8> = items.iter().flat_map(|item| number(*item)).collect();
        [b"(", &items[..], b"t"].concat()
    };
    let storage = [text("storage"), b"ctorch\nFloatStorage\n".into(), text("0"), text("cpu")];
    [
        b"ctorch._utils\n_rebuild_tensor_v2\n((",
        &storage.concat()[..],
        &number(length),
        b"tQ",
        &number(offset),
        &tuple(shape),
        &tuple(stride),
        b"\x89}tR",
    ]
    .concat()
}

/// A pickle of a dictionary whose values are already pickled.
pub fn dict(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let entries: Vec<u8> =
        entries.iter().flat_map(|(key, value)| [text(key), value.clone()].concat()).collect();
    [b"}(", &entries[..], b"u"].concat()
}

/// A complete pickle of a pickled value.
pub fn pickle(value: &[u8]) -> Vec<u8> {
    [b"\x80\x02", value, b"."].concat()
}
