//! A trunk's panels of other cloth.
use crate::{
    clothes::cut::TopCut,
    drawing::piece::{Fill, Mark, Piece},
    geometry::{
        curve::Curve,
        point::{Pt, pt},
    },
    person::body::{Body, level},
    random::dice::Dice,
    sewing::layer::Layer,
};

/// Adds a trunk's panels, beneath other details.
pub(crate) fn trunk(dice: &mut Dice, piece: &mut Piece, body: &Body, cut: &TopCut, layer: &Layer) {
    let panels = &layer.panels;
    let mut areas: Vec<(Vec<Pt>, Fill)> = Vec::new();
    let line = |y: f32, sag: f32, beyond: f32| -> Vec<Pt> {
        let half = cut.drape.half(body, y) + layer.over + beyond;
        let (a, b) = (body.edge(-1.0, half, y), body.edge(1.0, half, y));
        Curve::new().corner(a).smooth(body.front(0.0, half, y + sag)).corner(b).open()
    };
    let across = |y: f32, sag: f32| line(y, sag, 25.0);
    // From one line down to another; parts outside the garment are clipped.
    let between = |upper: Vec<Pt>, lower: Vec<Pt>| -> Vec<Pt> {
        upper.into_iter().chain(lower.into_iter().rev()).collect()
    };
    let second = Fill::Cloth(layer.cloth[1]);
    if panels.block {
        let (y, tall) = (dice.range(level::CHEST, level::WAIST), dice.range(8.0, 22.0));
        areas.push(if dice.chance(0.4) {
            let middle = |y: f32| body.front(0.0, body.build.chest, y);
            (vec![middle(-20.0), middle(190.0), pt(90.0, 190.0), pt(90.0, -20.0)], second)
        } else {
            (between(across(y, 1.0), across(y + tall, 1.0)), second)
        });
    }
    if panels.sides {
        let fraction = dice.range(0.45, 0.75);
        for s in [-1.0, 1.0] {
            let inner = [level::ARMPIT - 8.0, level::CHEST, level::WAIST, level::HIP, 150.0]
                .map(|y| body.front(s * fraction, cut.drape.half(body, y), y));
            let outer = [150.0, -20.0].map(|y| pt(s * 90.0, y));
            areas.push(([&inner[..], &outer].concat(), second));
        }
    }
    if let Some(border) = panels.border {
        let tall = dice.range(3.0, 12.0).min(cut.hem_y * 0.2);
        areas.push((between(across(cut.hem_y - tall, 1.0), across(cut.hem_y + 14.0, 1.0)), border));
    }
    if let Some(yoke) = panels.yoke {
        let y = dice.range(10.0, level::CHEST + 4.0).max(cut.neck_depth.min(level::CHEST) + 1.0);
        let sag = dice.range(-3.0, 5.0);
        let area = between(across(-24.0, 0.0), across(y, sag));
        areas.push((area, yoke));
        if let Some(band) = panels.band {
            let tall = dice.range(2.5, 6.0);
            areas.push((between(across(y - tall * 0.5, sag), across(y + tall * 0.5, sag)), band));
        } else {
            // At the shoulders, the trunk is narrower than its drape.
            let within = if y < level::ARMPIT { -5.0 } else { -0.3 };
            piece.line(line(y, sag, within), 0.35, layer.ink(), 0.6);
        }
    }
    let marks = areas.into_iter().map(|(outline, fill)| Mark::Area { outline, fill });
    piece.marks.splice(0..0, marks);
}
