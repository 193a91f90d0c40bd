//! Plots as SVG documents; each is a pure function of the numbers.
mod curves;
mod paper;
mod parts;
mod reliability;
#[cfg(feature = "train")]
mod training;

pub use curves::{pck_curve, pdl_curve};
pub use parts::ne_by_part;
pub use reliability::reliability_diagram;
#[cfg(feature = "train")]
pub use training::training_curves;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::{Estimate, Interval, Named, NePart, PdlCurve, ReliabilityBin};

    /// Asserts that the SVG's elements are closed, and that all numbers in it are valid.
    fn assert_drawn(svg: &str) {
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{svg}");
        for wrong in ["NaN", "inf", "<script"] {
            assert!(!svg.contains(wrong), "{wrong} in {svg}");
        }
    }

    fn part(value: f64, interval: Option<[f64; 2]>) -> NePart {
        let interval = interval.map(|[low, high]| Interval { low, high });
        NePart { samples: 3, landmarks: 1234, ne: Estimate { value: Some(value), interval } }
    }

    fn named<'a>(parts: impl IntoIterator<Item = (&'a str, NePart)>) -> Named<NePart> {
        parts.into_iter().map(|(name, part)| (name.to_string(), part)).collect()
    }

    #[test]
    fn names_from_outside_stay_text() {
        let name = "<script>alert('&')</script>";
        let parts: Named<NePart> = [(name.into(), part(0.04, Some([0.03, 0.05])))].into();
        let svg = ne_by_part(name, &parts, Some(0.04)).unwrap();
        assert_drawn(&svg);
        assert!(svg.contains("&lt;script&gt;alert(&apos;&amp;&apos;)&lt;/script&gt;"), "{svg}");
        assert!(svg.contains("of 1234") && svg.contains("0.0400"), "{svg}");
    }

    #[test]
    fn every_part_has_its_place_and_an_interval_as_wide_as_it_is() {
        let parts = [("a", part(0.02, Some([0.01, 0.03]))), ("b", part(0.04, Some([0.02, 0.06])))];
        let svg = ne_by_part("parts", &named(parts), None).unwrap();
        // An interval twice as wide is a line twice as long.
        let whiskers: Vec<Vec<f64>> = svg
            .split("<polyline ")
            .skip(1)
            .filter(|line| line.contains("stroke=\"#0072B2\""))
            .map(|line| {
                let points = line.split("points=\"").nth(1).unwrap().split('"').next().unwrap();
                let x = |point: &str| point.split(',').next().unwrap().parse().unwrap();
                points.split_whitespace().map(x).collect()
            })
            .collect();
        let lengths: Vec<f64> = whiskers.iter().map(|x| (x[1] - x[0]).abs()).collect();
        assert_eq!(lengths.len(), 2, "{svg}");
        // Ends are rounded to pixels.
        approx::assert_abs_diff_eq!(lengths[1], 2.0 * lengths[0], epsilon = 2.0);
    }

    #[test]
    fn what_cannot_be_placed_is_left_out() {
        let odd = [f64::NAN, f64::INFINITY, -1.0, 0.0, f64::MAX];
        let odd = ["a", "b", "c", "d", "e"].into_iter().zip(odd.map(|value| part(value, None)));
        assert_drawn(&ne_by_part("odd", &named(odd), Some(f64::NAN)).unwrap());
        assert_drawn(&ne_by_part("none", &Named::new(), None).unwrap());
        let curve = PdlCurve { distances: vec![0.0, f64::NAN, 0.2], fractions: vec![0.0, 0.5] };
        assert_drawn(&pdl_curve(&curve).unwrap());
        assert_drawn(&pdl_curve(&PdlCurve { distances: vec![], fractions: vec![] }).unwrap());
        assert_drawn(&reliability_diagram("visible", &[]).unwrap());
        let bin = ReliabilityBin {
            low: 0.0,
            high: 0.1,
            count: 0,
            probability: f64::NAN,
            observed: f64::NAN,
        };
        assert_drawn(&reliability_diagram("visible", &[bin]).unwrap());
    }

    #[test]
    fn a_calibrated_bin_lies_on_the_diagonal() {
        let bin = |probability, observed| ReliabilityBin {
            low: 0.4,
            high: 0.6,
            count: 50,
            probability,
            observed,
        };
        let center = |bins: &[ReliabilityBin]| {
            let svg = reliability_diagram("visible", bins).unwrap();
            let circle = svg.split("<circle ").nth(1).unwrap();
            ["cx", "cy"].map(|name| {
                let value = circle.split(&format!("{name}=\"")).nth(1).unwrap();
                value.split('"').next().unwrap().parse::<i32>().unwrap()
            })
        };
        let [x, y] = center(&[bin(0.5, 0.5)]);
        let [same_x, lower] = center(&[bin(0.5, 0.25)]);
        let [right, same_y] = center(&[bin(0.75, 0.5)]);
        assert!((same_x, same_y) == (x, y) && lower > y && right > x);
    }
}
