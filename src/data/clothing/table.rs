//! The label table. It is compiled in, so an invalid row is a bug in this crate and panics.
use crate::{
    data::Split,
    landmark::{ClothesType, Visibility},
};

/// A photograph's label, in percent of its width and height.
#[derive(Debug, PartialEq)]
pub(super) struct Label<'t> {
    /// The path below the clone.
    pub(super) photograph: &'t str,
    /// The first hexadecimal digits of the file's SHA-256.
    pub(super) sha256: &'t str,
    pub(super) split: Split,
    pub(super) kind: ClothesType,
    /// Left, top, right, bottom.
    pub(super) bounds: [f64; 4],
    /// The landmarks of the clothes type, in FLD's order; `None` if outside of the photograph.
    pub(super) landmarks: Vec<Option<([f64; 2], Visibility)>>,
}

/// The table's rows, without comments.
pub(super) fn rows(table: &str) -> impl Iterator<Item = Label<'_>> {
    let lines = (1..).zip(table.lines()).filter(|(_, line)| !line.starts_with('#'));
    lines.map(|(number, line)| {
        parse(line)
            .unwrap_or_else(|| panic!("line {number} of the labels is not a valid row: {line:?}"))
    })
}

fn parse(line: &str) -> Option<Label<'_>> {
    let mut columns = line.split('\t');
    let label = Label {
        photograph: columns.next()?,
        sha256: columns.next()?,
        split: columns.next()?.parse().ok()?,
        kind: columns.next()?.parse().ok()?,
        bounds: numbers(columns.next()?)?,
        landmarks: columns.next()?.split(' ').map(landmark).collect::<Option<_>>()?,
    };
    let is_whole = label.landmarks.len() == label.kind.slots().len();
    (is_whole && columns.next().is_none()).then_some(label)
}

/// Parses `x,y`, `x,y,o` or `-`; `None` for anything else.
fn landmark(text: &str) -> Option<Option<([f64; 2], Visibility)>> {
    if text == "-" {
        return Some(None);
    }
    let (text, visibility) = match text.strip_suffix(",o") {
        Some(text) => (text, Visibility::Occluded),
        None => (text, Visibility::Visible),
    };
    Some(Some((numbers(text)?, visibility)))
}

/// Parses `COUNT` percentages separated by commas.
fn numbers<const COUNT: usize>(text: &str) -> Option<[f64; COUNT]> {
    let number = |text: &str| text.parse().ok().filter(|number| (0.0..=100.0).contains(number));
    let numbers: Vec<f64> = text.split(',').map(number).collect::<Option<_>>()?;
    numbers.try_into().ok()
}
