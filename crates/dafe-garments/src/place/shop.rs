//! Shop backgrounds: a name, or other clothes on a rail.
use super::canvas::Canvas;
use crate::{
    color::{Color, hex, palette::cloth},
    geometry::{lettering, point::pt},
    random::dice::Dice,
};

/// A shop's name, faint, above or below.
pub(crate) fn sign(c: &mut Canvas, dice: &mut Dice, color: Color) {
    let word = dice.pick(&lettering::WORDS);
    let ink = if color.luma() > 110.0 { color.darker(0.3) } else { color.lighter(0.3) };
    let y = if dice.chance(0.5) { dice.range(0.05, 0.12) } else { dice.range(0.88, 0.95) };
    let at = pt(c.w * dice.range(0.25, 0.75), c.h * y);
    let width = c.w * dice.range(0.15, 0.4);
    let alpha = dice.range(0.4, 0.9);
    for line in lettering::word(word, width, at) {
        c.stroke(&line, width * 0.022 + 0.6, ink, alpha);
    }
}

/// Other clothes on a rail.
pub(crate) fn rail(c: &mut Canvas, dice: &mut Dice, color: Color) {
    c.glow(color.lighter(0.3), color.darker(0.2), 1.0);
    let y = c.h * dice.range(0.05, 0.25);
    c.block(0.0, y, c.w, 3.0, hex(0x4a4a4c));
    let mut x = dice.range(-10.0, 10.0);
    while x < c.w {
        let w = c.w * dice.range(0.07, 0.2);
        if dice.chance(0.85) {
            let tint = cloth(dice, &[color], 30.0);
            let long = c.h * dice.range(0.3, 0.62);
            let shape = [
                pt(x + w * 0.5, y + 4.0),
                pt(x + w, y + 16.0),
                pt(x + w * 1.05, y + long),
                pt(x - w * 0.05, y + long),
                pt(x, y + 16.0),
            ];
            c.fill(&shape, tint, 1.0);
            c.fill(
                &[shape[1], shape[2], pt(x + w * 0.75, y + long), pt(x + w * 0.8, y + 20.0)],
                tint.darker(0.35),
                0.6,
            );
        }
        x += w * 0.95;
    }
    c.block(0.0, c.h * 0.9, c.w, c.h, hex(0x8f867c));
    let folds = c.clouds(dice, [c.w * 0.05, c.h], 3, 0.7);
    folds.shade(&mut c.map, 14.0);
    c.weather(dice, 12.0, 5.0);
}
