//! Backgrounds: plain paper, walls, places in and out of focus; others for unlike images.
use tiny_skia::Pixmap;

use super::{
    backdrop::Backdrop, canvas::Canvas, cast_shadow::CastShadow, chances, floors, grounds, home,
    outdoors, rooms, shop, street, walls,
};
use crate::{
    color::{Color, hex},
    geometry::point::pt,
    paint::blur,
    random::dice::Dice,
    style::Style,
};

/// A background to paint.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Background {
    pub backdrop: Backdrop,
    /// Its main color.
    pub color: Color,
    /// The shadow of the wearer or clothes on it.
    pub cast: Option<CastShadow>,
    /// The factor by which it is painted smaller, to be out of focus.
    shrink: u32,
    /// The direction of light: −1 from the image's left, 1 from its right.
    light: f32,
    seed: u64,
}

impl Background {
    /// Chooses a background; clothes without a wearer mostly lie on plain ground.
    pub fn new(dice: &mut Dice, worn: bool, light: f32) -> Self {
        let table = match dice.style {
            Style::Usual => &chances::USUAL_BACKDROPS[..],
            Style::Unlike => &chances::UNLIKE_BACKDROPS[..],
        };
        let choices: Vec<_> =
            table.iter().map(|&(a, b, kind)| (if worn { a } else { b }, kind)).collect();
        let backdrop = dice.weighted(&choices);
        let shrink = match backdrop {
            Backdrop::Room | Backdrop::Street | Backdrop::Rail => dice.pick(&[1, 2, 3, 3]),
            Backdrop::Foliage | Backdrop::Sea | Backdrop::Night => dice.pick(&[1, 2, 2, 3]),
            Backdrop::Perspective => dice.pick(&[1, 1, 2]),
            _ => 1,
        };
        let near = !matches!(
            backdrop,
            Backdrop::Room | Backdrop::Street | Backdrop::Foliage | Backdrop::Sea | Backdrop::Night
        );
        let cast =
            (near && dice.chance(chances::CAST_SHADOW)).then(|| CastShadow::new(dice, worn, light));
        let color = backdrop.color(dice);
        Self { backdrop, color, cast, shrink, light, seed: dice.number() }
    }

    /// Paints it with `width` × `height` pixels.
    ///
    /// # Panics
    /// If a side is 0 or the image does not fit into memory.
    pub fn paint(&self, width: u32, height: u32) -> Pixmap {
        let mut dice = Dice::from_number(self.seed);
        let (small_width, small_height) =
            (width.div_ceil(self.shrink), height.div_ceil(self.shrink));
        let map = Pixmap::new(small_width, small_height).expect("an image's size");
        let (w, h, shrink) = (width as f32, height as f32, self.shrink as f32);
        let mut canvas = Canvas { map, w, h, shrink, light: self.light };
        canvas.map.fill(self.color.skia(1.0));
        self.fill(&mut canvas, &mut dice);
        if self.shrink > 1 {
            blur::blur(&mut canvas.map, dice.count(1, 2));
            return blur::enlarged(&canvas.map, width, height).expect("an image's size");
        }
        canvas.map
    }

    fn fill(&self, canvas: &mut Canvas, dice: &mut Dice) {
        let color = self.color;
        match self.backdrop {
            Backdrop::White => {
                if dice.chance(0.3) {
                    canvas.glow(color, hex(0xd8d8da), 0.35);
                }
                if dice.chance(0.25) {
                    canvas.weather(dice, 5.0, 0.0);
                }
                if dice.chance(0.08) {
                    shop::sign(canvas, dice, color);
                }
            }
            Backdrop::Studio => studio(canvas, dice, color),
            Backdrop::Plaster => walls::plaster(canvas, dice),
            Backdrop::Bricks => walls::bricks(canvas, dice, color),
            Backdrop::Boards => walls::boards(canvas, dice, color),
            Backdrop::Wallpaper => walls::wallpaper(canvas, dice, color),
            Backdrop::Sheet => walls::sheet(canvas, dice),
            Backdrop::Concrete => walls::concrete(canvas, dice, color),
            Backdrop::Tiles => walls::tiles(canvas, dice, color),
            Backdrop::Laminate => grounds::laminate(canvas, dice, color),
            Backdrop::FloorTiles => grounds::floor_tiles(canvas, dice, color),
            Backdrop::Carpet => grounds::carpet(canvas, dice, color),
            Backdrop::Quilt => home::quilt(canvas, dice, color),
            Backdrop::Bedding => home::bedding(canvas, dice, color),
            Backdrop::Door => home::door(canvas, dice, color),
            Backdrop::Room => rooms::room(canvas, dice, color),
            Backdrop::Street => street::street(canvas, dice),
            Backdrop::Rail => shop::rail(canvas, dice, color),
            Backdrop::Foliage => outdoors::foliage(canvas, dice),
            Backdrop::Sea => outdoors::sea(canvas, dice),
            Backdrop::Dunes => outdoors::dunes(canvas, dice, color),
            Backdrop::Night => outdoors::night(canvas, dice, color),
            Backdrop::Rug => floors::rug(canvas, dice, color),
            Backdrop::Perspective => floors::perspective(canvas, dice, color),
            Backdrop::Mosaic => floors::mosaic(canvas, dice, color),
            Backdrop::Marble => walls::marble(canvas, dice, color),
            Backdrop::Gels => walls::gels(canvas, dice, color),
            Backdrop::Curtain => walls::curtain(canvas, dice),
        }
        if matches!(self.backdrop, Backdrop::White | Backdrop::Studio) {
            return;
        }
        if dice.chance(0.4) {
            // Brighter towards the lamp or window.
            let ends = [pt(0.0, 0.0), pt(canvas.w, canvas.h * dice.range(-0.4, 0.6))];
            let (bright, dark) = (hex(0xffffff).skia(0.22), hex(0x08080a).skia(0.28));
            let colors = if self.light < 0.0 { [bright, dark] } else { [dark, bright] };
            canvas.run(&canvas.below(0.0), ends, colors);
        }
    }
}

/// Paper from a roll: light from one side, dark corners, a seamless floor.
fn studio(canvas: &mut Canvas, dice: &mut Dice, color: Color) {
    let dark = color.darker(dice.range(0.03, 0.3));
    let at = pt(canvas.w * dice.range(0.2, 0.8), canvas.h * dice.range(0.2, 0.6));
    let reach = canvas.h * dice.range(0.6, 1.1);
    canvas.pool(at, reach, color.lighter(dice.range(0.0, 0.5)).skia(1.0), dark.skia(1.0));
    if dice.chance(0.45) {
        let y = canvas.h * dice.range(0.65, 0.95);
        let ends = [pt(0.0, y), pt(0.0, canvas.h)];
        let (from, to) = if dice.chance(0.5) { (dark, color) } else { (color, dark) };
        let soft = if dice.chance(0.5) { 0.0 } else { 0.75 };
        canvas.run(&canvas.below(y), ends, [from.skia(soft), to.skia(0.6)]);
    }
    let slow = dice.range(1.0, 8.0);
    canvas.weather(dice, slow, 0.0);
}
