//! Distances and their averages compared with numpy, see tools/reference/metrics.py.
use std::{collections::BTreeMap, fs};

use dafe::{
    landmark::{Landmark, Visibility},
    metric::{
        Auc, Epe, LandmarkDistances, LandmarkMetric, Ne, Pck, PdlArea, PdlCurve, VisibilityRule,
    },
    prelude::*,
};
use serde::Deserialize;

use super::fixture;

#[derive(Deserialize)]
struct Distances {
    predicted: Vec<Vec<[f32; 2]>>,
    truth: Vec<Vec<[f32; 2]>>,
    visibility: Vec<Vec<usize>>,
    boxes: Vec<[f32; 4]>,
    sizes: Vec<[u32; 2]>,
    expected: BTreeMap<String, Expected>,
}

#[derive(Deserialize)]
struct Expected {
    per_landmark: Vec<Option<f64>>,
    headline: f64,
}

impl Distances {
    fn read() -> Self {
        serde_json::from_str(&fs::read_to_string(fixture("distances.json")).unwrap()).unwrap()
    }

    fn errors(&self, clip: bool) -> LandmarkDistances {
        let mut errors = LandmarkDistances::new(8);
        for (i, &[x1, y1, x2, y2]) in self.boxes.iter().enumerate() {
            let kinds = [Visibility::Truncated, Visibility::Occluded, Visibility::Visible];
            let truth: Vec<_> = self.truth[i]
                .iter()
                .zip(&self.visibility[i])
                .map(|(&[x, y], &visibility)| Landmark::new(x, y, kinds[visibility]))
                .collect();
            let bounds = BoundingBox::new(x1, y1, x2, y2).unwrap();
            let size = clip.then_some(self.sizes[i]);
            errors.update(i, &self.predicted[i], &truth, &bounds, size);
        }
        errors
    }

    fn check(&self, name: &str, errors: &LandmarkDistances, metric: &impl LandmarkMetric) {
        let (wanted, found) = (&self.expected[name], errors.means(metric));
        for (found, wanted) in found.per_landmark().iter().zip(&wanted.per_landmark) {
            assert_eq!(found.is_some(), wanted.is_some(), "{name}");
            close(name, found.unwrap_or(0.0), wanted.unwrap_or(0.0));
        }
        close(name, metric.headline(&found).unwrap(), wanted.headline);
    }
}

/// Coordinates are exact in both; sums may be rounded differently.
fn close(name: &str, found: f64, wanted: f64) {
    assert!((found - wanted).abs() <= 1e-12 * wanted.max(1.0), "{name}: {found}, not {wanted}");
}

#[test]
fn pck_auc_and_epe_are_mmposes() {
    let distances = Distances::read();
    let (labeled, clipped) = (distances.errors(false), distances.errors(true));
    for threshold in [0.05, 0.1, 0.2] {
        let pck = Pck { threshold };
        distances.check(&format!("pck labeled {threshold}"), &labeled, &pck);
        distances.check(&format!("pck clipped {threshold}"), &clipped, &pck);
    }
    distances.check("auc", &clipped, &Auc::default());
    distances.check("epe", &clipped, &Epe);
}

#[test]
fn normalized_error_and_pdl_are_numpys() {
    let distances = Distances::read();
    let errors = distances.errors(false);
    for (name, visibility, inside_box_only) in [
        ("ne visible", VisibilityRule::Visible, false),
        ("ne visible inside", VisibilityRule::Visible, true),
        ("ne labeled", VisibilityRule::VisibleAndOccluded, false),
        ("ne labeled inside", VisibilityRule::VisibleAndOccluded, true),
    ] {
        let protocol = Ne { visibility, inside_box_only };
        distances.check(name, &errors, &protocol);
    }
    let wanted = &distances.expected["pdl"];
    let curve = PdlCurve::of(&errors, &Ne::default(), |_, _| true).unwrap();
    for (found, wanted) in curve.fractions.iter().zip(&wanted.per_landmark) {
        close("pdl", *found, wanted.unwrap());
    }
    close("pdl", errors.headline(&PdlArea::default()).unwrap(), wanted.headline);
}
