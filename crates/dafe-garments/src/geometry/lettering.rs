//! A small stroke font, for prints, labels and signs.
use super::point::{Pt, pt};

/// Words on clothes and in product images.
pub(crate) const WORDS: [&str; 12] = [
    "NYC", "LOVE", "SUN", "PARIS", "MIX", "VELO", "TOKYO", "SURF", "WILD", "NORTH", "MILANO",
    "HELLO",
];

/// A letter's strokes on a grid of 3 by 5 points: each pair of digits is column, row.
fn strokes(letter: char) -> &'static [&'static str] {
    match letter {
        'A' => &["04011021 24", "0323"],
        'B' => &["0400102112", "022324140 4"],
        'C' => &["21100103142 3"],
        'D' => &["0400102123140 4"],
        'E' => &["20000424", "0212"],
        'F' => &["200004", "0212"],
        'H' => &["0004", "0222", "2024"],
        'I' => &["1014"],
        'K' => &["0004", "200224"],
        'L' => &["000424"],
        'M' => &["0400122024"],
        'N' => &["04002420"],
        'O' => &["10010314232110"],
        'P' => &["0400102112 02"],
        'R' => &["040010211202", "1224"],
        'S' => &["21100112231403"],
        'T' => &["0020", "1014"],
        'U' => &["0003142320"],
        'V' => &["001420"],
        'W' => &["0004122420"],
        'X' => &["0024", "2004"],
        'Y' => &["001220", "1214"],
        _ => &[],
    }
}

/// The strokes of `word`, `width` wide, centered on `at`.
pub(crate) fn word(word: &str, width: f32, at: Pt) -> Vec<Vec<Pt>> {
    let letters = word.chars().count() as f32;
    let unit = (width / (letters * 3.0 - 1.0)).min(width / 8.0);
    let start = at - pt(unit * (letters * 3.0 - 1.0) / 2.0, unit * 2.0);
    let mut lines = Vec::new();
    for (i, letter) in word.chars().enumerate() {
        for stroke in strokes(letter) {
            let digits: Vec<f32> =
                stroke.chars().filter_map(|c| c.to_digit(10)).map(|d| d as f32).collect();
            let points =
                digits.chunks_exact(2).map(|d| start + pt(i as f32 * 3.0 + d[0], d[1]) * unit);
            lines.push(points.collect());
        }
    }
    lines
}
