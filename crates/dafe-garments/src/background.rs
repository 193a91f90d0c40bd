//! What is behind: plain paper, walls, places in and out of focus; for unlike pictures, others.
use tiny_skia::Pixmap;

use super::{
    canvas::Canvas,
    cast::Cast,
    chances,
    colour::{Colour, hex},
    dice::{Dice, Style},
    floors, places,
    shape::pt,
    soft, walls, wilds,
};

/// A kind of background.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Backdrop {
    /// White or nearly so, as in shops' pictures.
    White,
    /// Paper lit from one side, with or without a floor.
    Studio,
    Plaster,
    Bricks,
    Boards,
    Wallpaper,
    /// Cloth that the clothes lie on.
    Sheet,
    Concrete,
    Tiles,
    Room,
    Street,
    /// Other clothes on a rail.
    Rail,
    Foliage,
    Sea,
    /// Sand or snow.
    Dunes,
    Night,
    Rug,
    /// A floor that runs to the wall behind.
    Perspective,
    Mosaic,
    Marble,
    /// A wall in coloured light.
    Gels,
    Curtain,
}

/// A background about to be painted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Background {
    pub backdrop: Backdrop,
    /// The colour that it mostly shows.
    pub colour: Colour,
    /// The shadow on it of what is before it.
    pub cast: Option<Cast>,
    /// How many times smaller it is painted, for what is out of focus.
    shrink: u32,
    /// Where the light comes from: −1 the picture's left, 1 its right.
    light: f32,
    seed: u64,
}

impl Background {
    /// Chooses; clothes alone mostly lie on plain ground.
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
            (near && dice.chance(chances::CAST_SHADOW)).then(|| Cast::new(dice, worn, light));
        let colour = colour(dice, backdrop);
        Self { backdrop, colour, cast, shrink, light, seed: dice.number() }
    }

    /// Paints it, `width` × `height`.
    ///
    /// # Panics
    /// If a side is 0 or the picture does not fit into memory.
    pub fn paint(&self, width: u32, height: u32) -> Pixmap {
        let mut dice = Dice::from_number(self.seed);
        let (small_width, small_height) =
            (width.div_ceil(self.shrink), height.div_ceil(self.shrink));
        let map = Pixmap::new(small_width, small_height).expect("a picture's size");
        let (w, h, shrink) = (width as f32, height as f32, self.shrink as f32);
        let mut canvas = Canvas { map, w, h, shrink, light: self.light };
        canvas.map.fill(self.colour.skia(1.0));
        self.fill(&mut canvas, &mut dice);
        if self.shrink > 1 {
            soft::blur(&mut canvas.map, dice.count(1, 2));
            return soft::enlarged(&canvas.map, width, height).expect("a picture's size");
        }
        canvas.map
    }

    fn fill(&self, canvas: &mut Canvas, dice: &mut Dice) {
        let colour = self.colour;
        match self.backdrop {
            Backdrop::White => {
                if dice.chance(0.3) {
                    canvas.glow(colour, hex(0xd8d8da), 0.35);
                }
                if dice.chance(0.25) {
                    canvas.weather(dice, 5.0, 0.0);
                }
                if dice.chance(0.08) {
                    places::sign(canvas, dice, colour);
                }
            }
            Backdrop::Studio => studio(canvas, dice, colour),
            Backdrop::Plaster => walls::plaster(canvas, dice),
            Backdrop::Bricks => walls::bricks(canvas, dice, colour),
            Backdrop::Boards => walls::boards(canvas, dice, colour),
            Backdrop::Wallpaper => walls::wallpaper(canvas, dice, colour),
            Backdrop::Sheet => walls::sheet(canvas, dice),
            Backdrop::Concrete => walls::concrete(canvas, dice, colour),
            Backdrop::Tiles => walls::tiles(canvas, dice, colour),
            Backdrop::Room => places::room(canvas, dice, colour),
            Backdrop::Street => places::street(canvas, dice),
            Backdrop::Rail => places::rail(canvas, dice, colour),
            Backdrop::Foliage => wilds::foliage(canvas, dice),
            Backdrop::Sea => wilds::sea(canvas, dice),
            Backdrop::Dunes => wilds::dunes(canvas, dice, colour),
            Backdrop::Night => wilds::night(canvas, dice, colour),
            Backdrop::Rug => floors::rug(canvas, dice, colour),
            Backdrop::Perspective => floors::perspective(canvas, dice, colour),
            Backdrop::Mosaic => floors::mosaic(canvas, dice, colour),
            Backdrop::Marble => floors::marble(canvas, dice, colour),
            Backdrop::Gels => floors::gels(canvas, dice, colour),
            Backdrop::Curtain => walls::curtain(canvas, dice),
        }
        if matches!(self.backdrop, Backdrop::White | Backdrop::Studio) {
            return;
        }
        if dice.chance(0.4) {
            // The lamp's or window's side is brighter.
            let ends = [pt(0.0, 0.0), pt(canvas.w, canvas.h * dice.range(-0.4, 0.6))];
            let (bright, dark) = (hex(0xffffff).skia(0.22), hex(0x08080a).skia(0.28));
            let colours = if self.light < 0.0 { [bright, dark] } else { [dark, bright] };
            canvas.run(&canvas.below(0.0), ends, colours);
        }
    }
}

/// What a backdrop mostly looks like.
fn colour(dice: &mut Dice, backdrop: Backdrop) -> Colour {
    let (tints, off): (&[u32], f32) = match backdrop {
        Backdrop::White => {
            // Most are white beyond what a picture can show.
            let grey = if dice.chance(0.5) { 0.0 } else { dice.range(0.0, 0.7) };
            return hex(0xffffff).mix(hex(0xe9e9ea), grey);
        }
        Backdrop::Studio => (
            &[
                0xf4f4f5, 0xe2e2e1, 0xd0d4d9, 0xece6de, 0xb4bbc0, 0xeee0d8, 0xd8e0e4, 0x989da2,
                0x5c6064,
            ],
            10.0,
        ),
        Backdrop::Plaster | Backdrop::Sheet => (
            &[0xf2f0ec, 0xe9e7e4, 0xd8d0c4, 0xcfd4d2, 0xe6e2da, 0x9aa4aa, 0xc9b8a4, 0x54565a],
            12.0,
        ),
        Backdrop::Bricks => (&[0xa05a42, 0xb87458, 0xe4e0d8, 0x8a8078, 0x6a4a40, 0xcfc8bc], 12.0),
        Backdrop::Boards => (&[0xb98f64, 0x8a6546, 0xd8c0a0, 0xe8e2d8, 0x6a4c38, 0x9a948c], 12.0),
        Backdrop::Concrete => (&[0x9a9a98, 0xb4b2ae, 0x7c7e80, 0xc8c4bc], 10.0),
        Backdrop::Tiles => (&[0xeeece8, 0xd4dcde, 0xa8b8ba, 0xc8a890, 0x6a7478, 0xf0e8dc], 10.0),
        Backdrop::Dunes => (&[0xd8b88a, 0xe8d4b0, 0xe8eef4, 0xc09a70, 0xb0743e], 12.0),
        Backdrop::Night => (&[0x20304a, 0x3a2048, 0x14283a, 0x402a20], 10.0),
        Backdrop::Rug => (&[0x7a2028, 0x1c2c4c, 0xb04a28, 0x28483c, 0xd8c8a8, 0x5a2850], 12.0),
        Backdrop::Perspective => (&[0xe8e2d8, 0xb98f64, 0xc8ccd0, 0xa85a40, 0x8a948c], 12.0),
        Backdrop::Mosaic => (&[0x2a7a8c, 0xc8a060, 0x3c5a9a, 0xa84a40, 0x5c8a60, 0xd8d0c0], 12.0),
        Backdrop::Marble => (&[0xf0eee9, 0x3a3c40, 0x2c4a40, 0xd8bca0, 0x7a4a48], 10.0),
        Backdrop::Gels => (&[0xb0b0b4, 0x6a6a70, 0xd8d4d0], 10.0),
        Backdrop::Curtain => (&[0x8a1c2c, 0x1c3a5a, 0x2a5a48, 0xb88a3a, 0x5a2a5a, 0x3a3a40], 14.0),
        _ => (&[0xd8d0c4, 0xb9b2a6, 0xcfd4d2, 0x9d8f80, 0xe6e2da, 0x8b98a0, 0xa8876b], 14.0),
    };
    hex(dice.pick(tints)).jitter(dice, off)
}

/// Paper from a roll: a light on one side, dark corners, a floor that begins without an edge.
fn studio(canvas: &mut Canvas, dice: &mut Dice, colour: Colour) {
    let dark = colour.darker(dice.range(0.03, 0.3));
    let at = pt(canvas.w * dice.range(0.2, 0.8), canvas.h * dice.range(0.2, 0.6));
    let reach = canvas.h * dice.range(0.6, 1.1);
    canvas.pool(at, reach, colour.lighter(dice.range(0.0, 0.5)).skia(1.0), dark.skia(1.0));
    if dice.chance(0.45) {
        let y = canvas.h * dice.range(0.65, 0.95);
        let ends = [pt(0.0, y), pt(0.0, canvas.h)];
        let (from, to) = if dice.chance(0.5) { (dark, colour) } else { (colour, dark) };
        let soft = if dice.chance(0.5) { 0.0 } else { 0.75 };
        canvas.run(&canvas.below(y), ends, [from.skia(soft), to.skia(0.6)]);
    }
    let slow = dice.range(1.0, 8.0);
    canvas.weather(dice, slow, 0.0);
}
