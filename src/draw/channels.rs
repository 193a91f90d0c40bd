//! A bar chart of a module's channel weights.
use image::{Rgb, RgbImage};
use tiny_skia::{PathBuilder, Rect, Stroke, StrokeDash};

use super::{
    canvas::{Canvas, DARK},
    caption::{Align, text_size, write},
    colors::LANDMARK_COLORS,
};

/// Amplified channels are blue; dampened or negated ones are orange. Both are light enough to write
/// on.
const BEYOND: [u8; 3] = LANDMARK_COLORS[1];
const BELOW: [u8; 3] = LANDMARK_COLORS[0];

/// One bar per channel, highest first, upwards or downwards from 0.
///
/// A dashed line marks 1, which leaves a channel unchanged. Weights that are not finite are left
/// out. The image has `size` (`[width, height]`, pixels, at least 1).
pub(super) fn channel_bars(weights: &[f32], size: [u32; 2]) -> RgbImage {
    let page = RgbImage::from_pixel(size[0].max(1), size[1].max(1), Rgb([255; 3]));
    let mut canvas = Canvas::new(&page);
    let [width, height] = canvas.size();
    let mut weights: Vec<f32> = weights.iter().copied().filter(|w| w.is_finite()).collect();
    weights.sort_by(|a, b| b.total_cmp(a));
    let high = weights.first().copied().unwrap_or(0.0).max(1.0);
    let low = weights.last().copied().unwrap_or(0.0).min(0.0);
    // Half of each, so that their difference is finite.
    let text = text_size(size[0]);
    let (top, usable) = (1.3 * text, (height - 1.3 * text - 1.0).max(1.0));
    let y = |value: f32| top + usable * ((high / 2.0 - value / 2.0) / (high / 2.0 - low / 2.0));
    // A bar may be narrower than a pixel, so this goes by pixel columns: each shows the bar at it.
    for column in 0..if weights.is_empty() { 0 } else { size[0] } {
        let weight =
            weights[(f64::from(column) / f64::from(size[0]) * weights.len() as f64) as usize];
        let color = if weight > 1.0 { BEYOND } else { BELOW };
        let (from, to) = (y(weight.max(0.0)), y(weight.min(0.0)));
        let bar = Rect::from_ltrb(column as f32, from, column as f32 + 1.0, to);
        if let Some(bar) = bar {
            canvas.fill(&PathBuilder::from_rect(bar), color, 255);
        }
    }
    let thin = (text / 13.0).max(1.0);
    let mut level = |value: f32, dash: Option<StrokeDash>| {
        let mut line = PathBuilder::new();
        line.move_to(0.0, y(value));
        line.line_to(width, y(value));
        if let Some(line) = line.finish() {
            canvas.stroke(&line, DARK, 255, &Stroke { width: thin, dash, ..Stroke::default() });
        }
    };
    level(0.0, None);
    level(1.0, StrokeDash::new(vec![4.0 * thin, 3.0 * thin], 0.0));
    let beyond = weights.iter().filter(|weight| **weight > 1.0).count();
    let said = format!("1 (unchanged): {beyond} above, {} not", weights.len() - beyond);
    let base = y(1.0) - 0.35 * text;
    write(&mut canvas, &said, 0.85 * text, [width - 0.3 * text, base, width], Align::Right);
    canvas.image()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_sorted_from_zero_up_and_down() {
        // Text of 13 pixels, so the bars have 200 − 16.9 − 1 pixels from 2 down to −1: 1 is at
        // 77.6, 0 at 138.3.
        let shown = channel_bars(&[0.5, -1.0, f32::NAN, 2.0, f32::INFINITY], [300, 200]);
        let at = |x, y| shown.get_pixel(x, y).0;
        assert_eq!(at(50, 25), BEYOND);
        assert_eq!(at(50, 130), BEYOND);
        assert_eq!(at(50, 150), [255; 3]);
        assert_eq!(at(150, 130), BELOW);
        assert_eq!(at(150, 100), [255; 3]);
        assert_eq!(at(250, 130), [255; 3]);
        assert_eq!(at(250, 150), BELOW);
        assert_eq!(at(250, 195), BELOW);
        // The line lies across two rows of pixels.
        assert!(at(150, 138)[0] < 100);
    }

    #[test]
    fn any_weights_and_sizes_can_be_drawn() {
        let many: Vec<f32> = (0..5000).map(|i| i as f32 / 2500.0).collect();
        let weights: [&[f32]; 6] =
            [&[], &[f32::NAN], &[f32::MAX, f32::MIN], &[0.0; 3], &[f32::MIN_POSITIVE], &many];
        for weights in weights {
            for size in [[0, 0], [1, 1], [400, 3], [3, 400], [360, 240]] {
                let shown = channel_bars(weights, size);
                assert_eq!(shown.dimensions(), (size[0].max(1), size[1].max(1)));
            }
        }
    }
}
