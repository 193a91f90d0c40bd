//! Files of results.
use super::*;

#[test]
fn results_have_the_categorys_own_landmarks_and_zeros() {
    let dataset = open(&file());
    let positions = [[1.0, 2.0], [3.0, 4.5], [5.0, 6.0], [7.0, 8.0], [9.0, 10.0]];
    let scores = [0.5, 0.25, 0.75, 1.0, 0.0];
    let cat = LandmarkResult::new(&dataset, 0, &positions, &scores).unwrap();
    let door = LandmarkResult::new(&dataset, 1, &positions, &scores).unwrap();
    assert_eq!((cat.score, door.score), (0.5, 0.5));
    let on_disk = OnDisk::new("");
    write_results(&on_disk.path(), &[cat, door]).unwrap();
    assert_eq!(
        fs::read_to_string(on_disk.path()).unwrap(),
        "[{\"image_id\":7,\"category_id\":2,\"keypoints\":[1,2,0.5,3,4.5,0.25,5,6,0.75,0,0,0,0,0,0],\"score\":0.5},\
         {\"image_id\":4,\"category_id\":3,\"keypoints\":[0,0,0,0,0,0,0,0,0,7,8,1,9,10,0],\"score\":0.5}]\n"
    );
}

#[test]
fn results_that_json_cannot_hold_are_refused() {
    let mut result =
        LandmarkResult { image_id: 5, category_id: 8, keypoints: vec![[0.0; 3]; 294], score: 1.0 };
    let refused = |result: &LandmarkResult, message: &str| {
        let on_disk = OnDisk::new("old");
        let good = LandmarkResult { keypoints: vec![], score: 0.0, ..result.clone() };
        let error = write_results(&on_disk.path(), &[good, result.clone()]).unwrap_err();
        let at = "dataset a.json: result 2 (image 5, category 8): ";
        assert_eq!(on_disk.plain(&error), format!("{at}{message}"));
        assert_eq!(fs::read(on_disk.path()).unwrap(), b"old");
    };
    result.score = f32::NAN;
    refused(&result, "its score is NaN");
    result.score = 1.0;
    result.keypoints[293] = [1.0, f32::NEG_INFINITY, 0.5];
    refused(&result, "landmark 294 is [1.0, -inf, 0.5]");
}

#[test]
#[should_panic(expected = "4 positions and 5 scores for 5 landmarks")]
fn results_of_other_landmarks_are_a_programmers_mistake() {
    let _ = LandmarkResult::new(&open(&file()), 0, &[[0.0; 2]; 4], &[0.0; 5]);
}
