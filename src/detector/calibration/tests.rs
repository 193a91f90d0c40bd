use super::*;

#[test]
fn margins_are_in_the_landmarks_span() {
    let at = |x, y| crate::landmark::Landmark::new(x, y, Visibility::Occluded);
    let sample = LandmarkSample::new(
        "",
        BoundingBox::new(0.0, 10.0, 100.0, 210.0).unwrap(),
        vec![at(20.0, 20.0), at(60.0, 60.0), at(30.0, 120.0)],
    );
    assert_eq!(reach(&sample), Some([0.5, 0.1, 1.0, 0.9]));
    assert_eq!(median(vec![3.0, 0.25, -1.0]), Some(0.25));
    assert_eq!(median(vec![]), None);
}
