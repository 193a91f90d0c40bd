#!/usr/bin/env python3
"""Writes the metrics of pycocotools and xtcocotools on random garments to tests/fixtures/metrics/average_precision.safetensors.

    pip install "numpy<2" pycocotools==2.0.11 xtcocotools==1.14.3 safetensors
    python3 tools/reference/average_precision.py             # 2000 cases
    python3 tools/reference/average_precision.py --check     # only compares with the file
    python3 tools/reference/average_precision.py --cases 30000 --out runs/many.safetensors
    DAFE_AVERAGE_PRECISION=runs/many.safetensors cargo test --release --test it metrics::average_precision

The cases themselves are not stored: tests/it/metrics/random_garments.rs generates identical ones. "expected"
has a row for each case; a case with an even number counts visible landmarks only, one with an odd number occluded ones,
too. A row: AP at the ten thresholds, AR at the ten thresholds, then APm, APl, ARm, ARl; -1 where there are no ground truths.
"sigmas" are DeepFashion2's, from its evaluation code.
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
import xtcocotools.coco
import xtcocotools.cocoeval
from safetensors.numpy import load_file, save_file

FOLDER = Path(__file__).parents[2] / "tests" / "fixtures" / "metrics"
MASK = (1 << 64) - 1
COUNTS = [25, 33, 31, 39, 15, 15, 10, 14, 8, 29, 37, 19, 19]
FIRST = [sum(COUNTS[:category]) for category in range(13)]


class Random:
    """SplitMix64, as in tests/it/common/fill.rs."""

    def __init__(self, seed: int):
        self.state = seed

    def below(self, count: int) -> int:
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = ((self.state ^ (self.state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        z ^= z >> 31
        return ((z >> 32) * count) >> 32


def box(random: Random) -> list[int]:
    """x, y, width, height, in pixels: small, on the ranges' edges, medium or large."""
    kind = random.below(4)
    if kind == 1:
        width = height = [32, 96][random.below(2)]
    else:
        least, spread = [(8, 40), None, (30, 120), (90, 400)][kind]
        width = least + random.below(spread)
        height = least + random.below(spread)
    return [random.below(200), random.below(200), width, height]


def points_in(random: Random, bounds: list[int], count: int) -> list[list[int]]:
    """In eighths of a pixel, which floats of any width represent exactly."""
    x, y, width, height = bounds
    return [[x * 8 + random.below(width * 8 + 1), y * 8 + random.below(height * 8 + 1)] for _ in range(count)]


def truth(random: Random, used: list[int]) -> dict:
    category = used[random.below(len(used))]
    bounds = box(random)
    crowd = random.below(10) == 0
    mode = random.below(6)
    points = points_in(random, bounds, COUNTS[category])
    # 2 visible, 1 occluded, 0 not labeled.
    visibility = [[2, 1, 0][mode] if mode < 3 else random.below(3) for _ in points]
    return {"category": category, "box": bounds, "crowd": crowd, "points": points, "visibility": visibility}


def detection(random: Random, used: list[int], truths: list[dict]) -> dict:
    which = random.below(len(truths) + 1)
    if which == len(truths):
        category = used[random.below(len(used))]
        return {"category": category, "points": points_in(random, box(random), COUNTS[category])}
    of = truths[which]
    if random.below(8) == 0:
        category = used[random.below(len(used))]
        return {"category": category, "points": points_in(random, of["box"], COUNTS[category])}
    off = max(of["box"][2:]) * 8 * [0, 1, 2, 4, 8][random.below(5)] // 100
    points = [[value + random.below(2 * off + 1) - off for value in point] for point in of["points"]]
    return {"category": of["category"], "points": points}


def garments(seed: int) -> list[tuple[list[dict], list[dict]]]:
    """The ground truths and detections of each image."""
    random = Random(seed)
    used = [random.below(13) for _ in range(1 + random.below(4))]
    images = []
    for _ in range(1 + random.below(5)):
        truths, detections = [], []
        for _ in range(random.below(5)):
            # Sometimes a duplicate, for equal similarities.
            again = random.below(8) == 0 and truths
            truths.append(truths[-1] if again else truth(random, used))
        many = random.below(12) == 0
        for _ in range(20 + random.below(8) if many else random.below(9)):
            again = random.below(6) == 0 and detections
            found = dict(detections[-1]) if again else detection(random, used, truths)
            # Half of the scores are one of eight values, for equal scores.
            steps = 3 if random.below(2) == 0 else 20
            found["score"] = random.below(1 << steps) / 2**steps
            detections.append(found)
        images.append((truths, detections))
    return images


def keypoints(category: int, points: list[list[int]], visibility: list[int]) -> list[float]:
    vector = [0.0] * (3 * sum(COUNTS))
    for i, ((x, y), v) in enumerate(zip(points, visibility)):
        at = 3 * (FIRST[category] + i)
        vector[at : at + 3] = [x / 8, y / 8, v]
    return vector


def evaluate(coco, cocoeval, images, occluded: bool, sigmas: np.ndarray):
    truths, detections = [], []
    for image, (labeled, found) in enumerate(images, 1):
        for one in labeled:
            visibility = [v if v == 2 or occluded else 0 for v in one["visibility"]]
            truths.append({
                "id": len(truths) + 1,
                "image_id": image,
                "category_id": one["category"] + 1,
                "bbox": one["box"],
                "area": one["box"][2] * one["box"][3],
                "iscrowd": int(one["crowd"]),
                "keypoints": keypoints(one["category"], one["points"], visibility),
                "num_keypoints": sum(v > 0 for v in visibility),
            })
        for one in found:
            detections.append({
                "image_id": image,
                "category_id": one["category"] + 1,
                "keypoints": keypoints(one["category"], one["points"], [1] * len(one["points"])),
                "score": one["score"],
            })
    known = coco.COCO()
    known.dataset = {
        "images": [{"id": image} for image in range(1, len(images) + 1)],
        "categories": [{"id": category} for category in range(1, 14)],
        "annotations": truths,
    }
    known.createIndex()
    if detections:
        results = known.loadRes(detections)
    else:
        results = coco.COCO()
        results.dataset = {**known.dataset, "annotations": []}
        results.createIndex()
    if coco is xtcocotools.coco:
        evaluation = cocoeval.COCOeval(known, results, "keypoints", sigmas)
    else:
        evaluation = cocoeval.COCOeval(known, results, "keypoints")
        evaluation.params.kpt_oks_sigmas = sigmas
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    return evaluation


def row(evaluation) -> np.ndarray:
    precision = evaluation.eval["precision"][..., 0]  # thresholds, recalls, categories, areas
    recall = evaluation.eval["recall"][..., 0]  # thresholds, categories, areas
    present = lambda values: values[values > -1].mean() if (values > -1).any() else -1.0
    values = [present(precision[t, :, :, 0]) for t in range(10)]
    values += [present(recall[t, :, 0]) for t in range(10)]
    values += [present(precision[..., area]) for area in (1, 2)]
    values += [present(recall[..., area]) for area in (1, 2)]
    # AP AP50 AP75 APm APl AR AR50 AR75 ARm ARl, in the tool's own summary.
    mean = lambda of: float(np.mean(of))
    ours = [mean(values[:10]), values[0], values[5], values[20], values[21]]
    ours += [mean(values[10:20]), values[10], values[15], values[22], values[23]]
    assert np.allclose(ours, evaluation.stats[:10], atol=1e-12), (ours, evaluation.stats)
    return np.array(values)


def expected(seed: int, sigmas: np.ndarray) -> np.ndarray:
    rows = []
    for tools in [(pycocotools.coco, pycocotools.cocoeval), (xtcocotools.coco, xtcocotools.cocoeval)]:
        with contextlib.redirect_stdout(io.StringIO()):
            rows.append(row(evaluate(*tools, garments(seed), seed % 2 == 1, sigmas)))
    assert np.abs(rows[0] - rows[1]).max() < 1e-12, f"case {seed}: {rows}"
    return rows[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--out", type=Path, default=FOLDER / "average_precision.safetensors")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    sigmas = np.array(json.loads((FOLDER / "deepfashion2_sigmas.json").read_text()))
    assert sigmas.shape == (sum(COUNTS),)
    rows = np.stack([expected(seed, sigmas) for seed in range(arguments.cases)]).astype(np.float32)
    if arguments.check:
        stored = load_file(arguments.out)["expected"]
        sys.exit(None if np.array_equal(rows, stored) else f"{arguments.out} differs")
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    save_file({"expected": rows}, arguments.out)
    print(f"{len(rows)} cases, {np.unique(rows).size} values, {(rows < 0).mean():.0%} without truths")


if __name__ == "__main__":
    main()
