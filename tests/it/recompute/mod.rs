//! Recomputing the backbone's stages changes only memory and time.
mod comparison;
mod decoders;
mod frozen;
mod numbers;
mod own_backbone;
mod scene;
mod training;

use dafe::train::Recompute;

#[test]
fn its_text_form() {
    for &recompute in Recompute::ALL {
        assert_eq!(recompute.to_string().parse::<Recompute>().unwrap(), recompute);
        assert_eq!(serde_json::to_value(recompute).unwrap(), recompute.name());
    }
    let error = "all".parse::<Recompute>().unwrap_err().to_string();
    assert_eq!(error, "unknown recompute 'all'; there are none, stages");
}
