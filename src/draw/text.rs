//! Text as outlines of the bundled font.
use tiny_skia::{Path, PathBuilder, Rect};
use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// The bundled font.
pub(super) struct Font {
    face: Face<'static>,
    units: f32,
}

/// A line of text. Its left end is at x = 0, its baseline at y = 0; y points down.
pub(super) struct Line {
    /// The outline; `None` if it is empty.
    pub path: Option<Path>,
    /// The width in pixels.
    pub width: f32,
}

impl Font {
    /// The height of capitals, relative to the font size.
    pub const CAPITAL: f32 = 0.711;

    pub fn bundled() -> Self {
        let face = Face::parse(dafe_font::ROBOTO_MEDIUM, 0).expect("the bundled font is a font");
        Self { units: f32::from(face.units_per_em()), face }
    }

    /// Sets `text` on one line, `size` pixels to the em.
    ///
    /// Text wider than `room` pixels is cut off with an ellipsis. Characters are placed one after
    /// another: there are no ligatures and no right-to-left writing. A character that the font
    /// lacks, such as a line break, is drawn as a box.
    pub fn line(&self, text: &str, size: f32, room: f32) -> Line {
        let scale = size / self.units;
        let advance = |c: char| match self.face.glyph_index(c) {
            Some(glyph) => f32::from(self.face.glyph_hor_advance(glyph).unwrap_or(0)) * scale,
            None => BOX_WIDTH * size,
        };
        // The characters that fit with their positions, and how many of them leave room for the
        // ellipsis.
        let (mut shown, mut end, mut before_ellipsis, mut cut) = (Vec::new(), 0.0, 0, false);
        for c in text.chars() {
            let fits = |c: char| end + advance(c) <= room;
            if fits(ELLIPSIS) {
                before_ellipsis = shown.len();
            }
            if !fits(c) {
                cut = true;
                break;
            }
            shown.push((c, end));
            end += advance(c);
        }
        if cut {
            shown.truncate(before_ellipsis);
            end = shown.last().map_or(0.0, |&(c, start)| start + advance(c));
            if end + advance(ELLIPSIS) <= room {
                shown.push((ELLIPSIS, end));
                end += advance(ELLIPSIS);
            }
        }
        let mut path = PathBuilder::new();
        for (c, start) in shown {
            match self.face.glyph_index(c) {
                Some(glyph) => self.outline(glyph, start, scale, &mut path),
                None => missing(start, size, &mut path),
            }
        }
        Line { path: path.finish(), width: end }
    }

    fn outline(&self, glyph: GlyphId, x: f32, scale: f32, path: &mut PathBuilder) {
        // Spaces have no outline.
        self.face.outline_glyph(glyph, &mut Pen { path, x, scale });
    }
}

const ELLIPSIS: char = '…';

/// The width of the box for a missing character, relative to the font size.
const BOX_WIDTH: f32 = 0.6;

fn missing(start: f32, size: f32, path: &mut PathBuilder) {
    let (left, right) = (start + 0.06 * size, start + (BOX_WIDTH - 0.06) * size);
    let (top, line) = (-Font::CAPITAL * size, 0.08 * size);
    if let Some(outer) = Rect::from_ltrb(left, top, right, 0.0) {
        path.push_rect(outer);
    }
    // In the other direction, so that it is a hole.
    path.move_to(left + line, top + line);
    path.line_to(left + line, -line);
    path.line_to(right - line, -line);
    path.line_to(right - line, top + line);
    path.close();
}

/// Converts a glyph's outline from the font's units, y up, to pixels, y down.
struct Pen<'a> {
    path: &'a mut PathBuilder,
    x: f32,
    scale: f32,
}

impl Pen<'_> {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, -y * self.scale)
    }
}

impl OutlineBuilder for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_has_the_fonts_width_and_stands_on_the_baseline() {
        // fonttools: hmtx['H'] = (1456, 149), its outline reaches from (149, 0) to (1305, 1456); the
        // em has 2048 units.
        let line = Font::bundled().line("H", 2048.0, f32::INFINITY);
        let bounds = line.path.unwrap().bounds();
        assert_eq!(line.width, 1456.0);
        assert_eq!(
            [bounds.left(), bounds.top(), bounds.right(), bounds.bottom()],
            [149.0, -1456.0, 1305.0, 0.0]
        );
    }

    #[test]
    fn what_the_font_lacks_is_a_box() {
        let font = Font::bundled();
        for lacking in ["漢", "\n", "\u{10ffff}", "\u{301}", "\0"] {
            let line = font.line(lacking, 100.0, f32::INFINITY);
            assert!((line.width - 60.0).abs() < 1e-3, "{lacking:?}");
            let bounds = line.path.unwrap().bounds();
            assert!((bounds.width() - 48.0).abs() < 1e-3 && bounds.bottom() == 0.0);
        }
        for known in ["é", "ß", "ž", "Ω", "ж", "…", "−"] {
            assert!(font.face.glyph_index(known.chars().next().unwrap()).is_some(), "{known}");
        }
    }

    #[test]
    fn text_without_room_is_cut_off_with_an_ellipsis() {
        let font = Font::bundled();
        let width = |text| font.line(text, 20.0, f32::INFINITY).width;
        let fits = width("left sl…");
        assert_eq!(font.line("left sleeve", 20.0, fits + 0.01).width, fits);
        assert_eq!(
            font.line("left sleeve", 20.0, width("left sleeve")).width,
            width("left sleeve")
        );
        for room in [0.0, -1.0, f32::NAN] {
            let line = font.line("left sleeve", 20.0, room);
            assert_eq!((line.width, line.path.is_none()), (0.0, true), "{room}");
        }
        assert!(font.line(&"x".repeat(1_000_000), 20.0, 300.0).width <= 300.0);
    }
}
