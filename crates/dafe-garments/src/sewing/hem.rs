//! The line of a hem between its two ends.
use crate::{
    clothes::cut::Hem,
    geometry::point::{Pt, pt},
    random::dice::Dice,
};

/// Points between the hem's ends, from left to right. It sags by a fraction `facing` of the sag
/// seen from the front.
pub(crate) fn points(dice: &mut Dice, hem: Hem, [left, right]: [Pt; 2], facing: f32) -> Vec<Pt> {
    let width = right.x - left.x;
    let sag = facing
        * match hem {
            Hem::Tails => dice.range(3.0, 8.5),
            Hem::Wavy => dice.range(1.5, 4.0),
            Hem::Straight | Hem::Ribbed => dice.range(0.2, 1.8),
            Hem::Tucked => dice.range(0.2, 1.0),
            Hem::Scallops | Hem::Points => dice.range(0.5, 3.0),
            Hem::Petals => -dice.range(4.0, 10.0),
        };
    // Waves, arcs or points: their number and depth.
    let (count, deep) = match hem {
        Hem::Wavy => ((width / 9.0).clamp(3.0, 9.0).round(), dice.range(0.4, 1.1)),
        Hem::Scallops => ((width / dice.range(4.0, 7.0)).clamp(4.0, 16.0).round(), 1.4),
        Hem::Points => (dice.count(2, 4) as f32, dice.range(4.0, 9.0)),
        _ => (0.0, 0.0),
    };
    let phase = dice.range(0.0, 6.0);
    let steps = match hem {
        Hem::Scallops => (count * 6.0) as usize,
        Hem::Points => (count * 2.0) as usize,
        Hem::Wavy => 20,
        _ => 8,
    };
    (1..steps)
        .map(|i| {
            let t = i as f32 / steps as f32;
            let arc = 4.0 * t * (1.0 - t);
            let turn = t * count * std::f32::consts::TAU;
            let wave = match hem {
                Hem::Wavy => (turn + phase).sin() * arc.sqrt(),
                Hem::Scallops => (turn * 0.5).sin().abs(),
                Hem::Points if i % 2 == 1 => 1.0,
                _ => 0.0,
            };
            left.lerp(right, t) + pt(0.0, sag * arc.powf(0.8) + wave * deep)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hem_runs_from_left_to_right_and_is_as_far_from_straight_as_its_name_says() {
        let mut dice = Dice::from_number(2);
        let ends = [pt(-20.0, 60.0), pt(20.0, 60.0)];
        for _ in 0..20 {
            let mut reach = |hem| -> (f32, f32) {
                let line = points(&mut dice, hem, ends, 1.0);
                assert!(line.windows(2).all(|pair| pair[0].x < pair[1].x));
                assert!(line.iter().all(|p| p.x > ends[0].x && p.x < ends[1].x));
                let off = line.iter().map(|p| p.y - 60.0);
                (off.clone().fold(f32::MAX, f32::min), off.fold(f32::MIN, f32::max))
            };
            assert!(reach(Hem::Straight).1 <= 1.8 && reach(Hem::Ribbed).1 <= 1.8);
            assert!(reach(Hem::Tails).1 >= 3.0);
            assert!(reach(Hem::Points).1 >= 4.0);
            assert!(reach(Hem::Scallops).1 >= 1.0);
            assert!(reach(Hem::Petals).0 <= -4.0);
        }
    }
}
