//! Losses by name and as JSON.
use dafe::loss::{AdaptiveWing, Focal, LandmarkLoss, LossConfig, Wing};

use super::support::all;

#[test]
fn losses_are_named_and_impossible_ones_explained() {
    let parsed = |text: &str| text.parse::<LossConfig>();
    assert_eq!(parsed("mse").unwrap(), LossConfig::default());
    let sum = parsed(" 2*js+ 0.5 * soft-argmax-wing ").unwrap();
    assert_eq!(sum.to_string(), "2*js + 0.5*soft-argmax-wing");
    // Numbers with a signed exponent, and losses whose name ends like a number.
    for text in ["1e+3*mse+2.E+1*ohkm:8", "soft-argmax-l1+1e-3*mse"] {
        assert_eq!(parsed(text).unwrap().terms.len(), 2, "{text}");
    }
    let ohkm = parsed("1e+3*ohkm:8").unwrap();
    assert_eq!(ohkm.terms[0].weight, 1000.0);
    assert_eq!(ohkm.terms[0].loss, LandmarkLoss::Ohkm { hardest: 8 });
    assert_eq!(ohkm.to_string(), "1000*ohkm:8");
    // Any number of the parameters may be given; the others have defaults.
    let wide = AdaptiveWing { alpha: 2.5, ..AdaptiveWing::default() };
    assert_eq!(parsed("adaptive-wing:2.5").unwrap(), LandmarkLoss::AdaptiveWing(wide).into());
    for (text, message) in [
        ("", "unknown loss ''; there are mse, ohkm, adaptive-wing,"),
        ("mse+", "unknown loss ''"),
        ("mae", "unknown loss 'mae'"),
        ("x*mse", "'x' in the loss 'x*mse' is not a number"),
        ("-1*mse", "the weight of 'mse' must be above 0, and finite in single precision, not -1"),
        ("NaN*mse", "the weight of 'mse' must be above 0, and finite in single precision, not NaN"),
        (
            "1e300*mse",
            "the weight of 'mse' must be above 0, and finite in single precision, not 1000",
        ),
        ("ohkm:0", "hardest of 'ohkm' must be above 0, and finite in single precision, not 0"),
        ("ohkm:0.5", "'0.5' in 'ohkm:0.5' is not a valid number"),
        ("ohkm:8:9", "'9' is one number too many in 'ohkm:8:9'"),
        ("mse:1", "'1' is one number too many in 'mse:1'"),
        ("mse+bce", "'bce' takes heatmaps as logits and 'mse' as the target's own values"),
    ] {
        let error = parsed(text).unwrap_err().to_string();
        assert!(error.contains(message), "{text}: {error}");
    }
    assert!(parsed("focal+js").unwrap().takes_logits() && !sum.takes_logits());

    let steep = Focal { alpha: 0.5, beta: 4.0 };
    let flat = AdaptiveWing { epsilon: 0.0, ..AdaptiveWing::default() };
    for loss in [
        LandmarkLoss::Ohkm { hardest: 0 },
        LandmarkLoss::AdaptiveWing(flat),
        LandmarkLoss::AdaptiveWing(AdaptiveWing { alpha: 2.0, ..AdaptiveWing::default() }),
        // (0.5/0.001)^20 exceeds the range of single precision.
        LandmarkLoss::AdaptiveWing(AdaptiveWing {
            alpha: 20.0,
            epsilon: 1e-3,
            ..AdaptiveWing::default()
        }),
        LandmarkLoss::Focal(Focal { alpha: 1e300, beta: 4.0 }),
        LandmarkLoss::Focal(steep),
        LandmarkLoss::Kl { temperature: f64::NAN },
        LandmarkLoss::SoftArgmaxSmoothL1 { temperature: 0.05, threshold: 0.0 },
        LandmarkLoss::SoftArgmaxL1 { temperature: 1e-5 },
        LandmarkLoss::SoftArgmaxWing {
            temperature: 0.05,
            wing: Wing { omega: -1.0, epsilon: 1.0 },
        },
    ] {
        assert!(LossConfig::from(loss).validate().is_err(), "{loss:?}");
    }
    let none = LossConfig::default().with_terms(Vec::new());
    assert!(none.validate().is_err());
}

#[test]
fn losses_survive_json_and_text_and_leave_out_what_is_usual() {
    for loss in all() {
        let json = serde_json::to_string(&loss).unwrap();
        assert_eq!(serde_json::from_str::<LossConfig>(&json).unwrap(), loss, "{json}");
        assert_eq!(loss.to_string().parse::<LossConfig>().unwrap(), loss, "{loss}");
        loss.validate().unwrap();
    }
    for loss in LandmarkLoss::ALL.iter().cloned() {
        let json = format!(r#"{{"terms": [{{"loss": {{"name": "{}"}}}}]}}"#, loss.name());
        assert_eq!(serde_json::from_str::<LossConfig>(&json).unwrap(), loss.into());
        // A loss without parameters has none to misspell.
        if !matches!(loss, LandmarkLoss::Mse | LandmarkLoss::Bce) {
            let json = json.replace("}}", r#", "gamma": 1}}"#);
            let error = serde_json::from_str::<LossConfig>(&json).unwrap_err().to_string();
            assert!(error.contains("gamma"), "{json}: {error}");
        }
    }
}
