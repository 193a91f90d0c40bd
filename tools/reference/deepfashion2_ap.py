#!/usr/bin/env python3
"""Average precision of a results file on a split in DeepFashion2's format, by pycocotools.

    pip install "numpy<2" pycocotools==2.0.11
    cargo run --release -- evaluate --dataset deepfashion2 --data ROOT --split val --model RUN \
        --results results.json --json numbers.json
    python3 tools/reference/deepfashion2_ap.py ROOT/validation results.json --numbers numbers.json

Makes the two ground truths of 294 keypoints that the dataset's own evaluation uses, visible landmarks only and occluded
ones, too, and prints AP and AR of both. With --numbers, compares with the output of `evaluate`: the exit status is 1 if any
differs by more than 1e-6.
"""
import argparse
import contextlib
import io
import json
import sys
from pathlib import Path

import numpy as np
import pycocotools.coco
import pycocotools.cocoeval

FIXTURES = Path(__file__).parents[2] / "tests" / "fixtures" / "metrics"
COUNTS = [25, 33, 31, 39, 15, 15, 10, 14, 8, 29, 37, 19, 19]
FIRST = [sum(COUNTS[:category]) for category in range(13)]
NAMES = ["AP", "AP50", "AP75", "APm", "APl", "AR", "AR50", "AR75", "ARm", "ARl"]


def ground_truth(split: Path, occluded: bool) -> dict:
    images, annotations = [], []
    for path in sorted((split / "annos").glob("*.json")):
        number = int(path.stem)
        images.append({"id": number})
        for key, item in json.loads(path.read_text()).items():
            if not key.startswith("item"):
                continue
            own = np.array(item["landmarks"], float).reshape(-1, 3)
            if not occluded:
                own[own[:, 2] == 1] = 0
            category = item["category_id"]
            keypoints = np.zeros((sum(COUNTS), 3))
            keypoints[FIRST[category - 1]:][:len(own)] = own
            left, top, right, bottom = item["bounding_box"]
            width, height = right - left, bottom - top
            annotations.append({
                "id": len(annotations) + 1, "image_id": number, "category_id": category,
                "bbox": [left, top, width, height], "area": width * height, "iscrowd": 0,
                "keypoints": keypoints.ravel().tolist(), "num_keypoints": int((own[:, 2] > 0).sum()),
            })
    categories = [{"id": number, "name": str(number)} for number in range(1, 14)]
    return {"images": images, "annotations": annotations, "categories": categories}


def evaluate(truth: dict, results: str, sigmas: np.ndarray) -> np.ndarray:
    with contextlib.redirect_stdout(io.StringIO()):
        known = pycocotools.coco.COCO()
        known.dataset = truth
        known.createIndex()
        evaluation = pycocotools.cocoeval.COCOeval(known, known.loadRes(results), "keypoints")
        evaluation.params.kpt_oks_sigmas = sigmas
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return evaluation.stats


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("split", type=Path, help="the folder with annos/, such as ROOT/validation")
    parser.add_argument("results", help="what evaluate --results wrote")
    parser.add_argument("--numbers", type=Path, help="what evaluate --json wrote")
    arguments = parser.parse_args()
    sigmas = np.array(json.loads((FIXTURES / "deepfashion2_sigmas.json").read_text()))
    numbers = json.loads(arguments.numbers.read_text()) if arguments.numbers else {}
    worst = 0.0
    for occluded, key in [(False, "oks_visible"), (True, "oks_visible_and_occluded")]:
        print("visible and occluded" if occluded else "visible")
        stats = evaluate(ground_truth(arguments.split, occluded), arguments.results, sigmas)
        for name, value in zip(NAMES, stats):
            line = f"  {name:<5} {value:9.6f}"
            if key in numbers:
                ours = numbers[key]["headlines"][name]["value"]
                # pycocotools prints -1 without ground truths.
                ours = -1.0 if ours is None else ours
                worst = max(worst, abs(ours - value))
                line += f"   evaluate: {ours:9.6f}"
            print(line)
    if numbers:
        print(f"largest difference: {worst:.1e}")
    return int(worst > 1e-6)


if __name__ == "__main__":
    sys.exit(main())
