#!/usr/bin/env python3
"""Computes metrics of random errors with numpy, by the definitions of MMPose and the fashion-landmark papers, and
writes them to tests/fixtures/metrics/distances.json.

    pip install numpy
    python3 tools/reference/metrics.py            # writes the file
    python3 tools/reference/metrics.py --check    # only compares with it

PCK, AUC and EPE are computed like in MMPose (one threshold at a time, distances of -1 for unlabeled landmarks, means
over landmarks with labels), with MMPose's clipping of boxes to the image; the crate sums one landmark at a time.
"""
import argparse
import json
import sys
from pathlib import Path

import numpy as np

FILE = Path(__file__).parents[2] / "tests" / "fixtures" / "metrics" / "distances.json"
SAMPLES, LANDMARKS = 60, 8


def random_samples() -> dict:
    rng = np.random.default_rng(20260)
    eighths = lambda values: np.round(values * 8) / 8
    corner = rng.integers(-40, 120, (SAMPLES, 2))
    side = rng.integers(15, 260, (SAMPLES, 2))
    size = rng.integers(100, 300, (SAMPLES, 2))
    truth = corner[:, None] + rng.uniform(-0.1, 1.1, (SAMPLES, LANDMARKS, 2)) * side[:, None]
    spread = rng.choice([0.0, 2.0, 8.0, 30.0], (SAMPLES, LANDMARKS, 1))
    predicted = truth + rng.normal(size=truth.shape) * spread
    # 2 visible, 1 occluded, 0 not labeled; the last landmark is never labeled.
    visibility = rng.choice([0, 1, 2], (SAMPLES, LANDMARKS), p=[0.2, 0.25, 0.55])
    visibility[:, -1] = 0
    truth = eighths(truth)
    exact = spread == 0
    return {
        "predicted": np.where(exact, truth, eighths(predicted)),
        "truth": truth,
        "visibility": visibility,
        "boxes": np.concatenate([corner, corner + side], 1),
        "sizes": size,
    }


def clipped_side(samples: dict) -> np.ndarray:
    """The longer side of each box after clipping, as in MMPose's annotation loader."""
    limit = np.tile(samples["sizes"] - 1, 2)
    box = np.clip(samples["boxes"], 0, limit)
    return (box[:, 2:] - box[:, :2]).max(1)


def distances(samples: dict, mask: np.ndarray, norm: np.ndarray) -> np.ndarray:
    """[landmark, sample]; -1 where not labeled, or where the norm is 0."""
    mask = mask & (norm > 0)[:, None]
    found = np.full(mask.shape, -1.0)
    off = (samples["predicted"] - samples["truth"]) / np.where(norm > 0, norm, 1)[:, None, None]
    found[mask] = np.linalg.norm(off, axis=-1)[mask]
    return found.T


def pck(distances: np.ndarray, threshold: float) -> tuple[list, float]:
    shares = []
    for row in distances:
        labeled = row[row != -1]
        shares.append(float((labeled < threshold).mean()) if len(labeled) else None)
    valid = [share for share in shares if share is not None]
    return shares, float(np.mean(valid))


def results(samples: dict) -> dict:
    labeled = samples["visibility"] > 0
    visible = samples["visibility"] == 2
    found = {}
    for name, norm in [
        ("clipped", clipped_side(samples)),
        ("labeled", (samples["boxes"][:, 2:] - samples["boxes"][:, :2]).max(1)),
    ]:
        for threshold in [0.05, 0.1, 0.2]:
            shares, mean = pck(distances(samples, labeled, norm), threshold)
            found[f"pck {name} {threshold}"] = {"per_landmark": shares, "headline": mean}
    thirty = distances(samples, labeled, np.full(SAMPLES, 30.0))
    curve = [pck(thirty, step / 20) for step in range(20)]
    found["auc"] = {
        "per_landmark": [
            None if shares[0] is None else float(np.mean(shares))
            for shares in zip(*(shares for shares, _ in curve))
        ],
        "headline": float(sum(mean for _, mean in curve) / 20),
    }
    pixels = distances(samples, labeled, np.ones(SAMPLES))
    means = [float(row[row != -1].mean()) if (row != -1).any() else None for row in pixels]
    found["epe"] = {"per_landmark": means, "headline": float(pixels[pixels != -1].mean())}

    side = (samples["boxes"][:, 2:] - samples["boxes"][:, :2])[:, None]
    normalized = np.sqrt((((samples["predicted"] - samples["truth"]) / side) ** 2).sum(-1))
    low, high = samples["boxes"][:, None, :2], samples["boxes"][:, None, 2:]
    inside = ((samples["truth"] >= low) & (samples["truth"] <= high)).all(-1)
    for name, mask in [
        ("ne visible", visible),
        ("ne visible inside", visible & inside),
        ("ne labeled", labeled),
        ("ne labeled inside", labeled & inside),
    ]:
        columns = [normalized[mask[:, i], i] for i in range(LANDMARKS)]
        means = [float(column.mean()) if len(column) else None for column in columns]
        headline = float(np.mean([mean for mean in means if mean is not None]))
        found[name] = {"per_landmark": means, "headline": headline}
    steps = [0.2 * step / 40 for step in range(41)]
    shares = [float((normalized[visible] < step).mean()) for step in steps]
    area = float(np.clip(1 - normalized[visible] / 0.2, 0, None).mean())
    found["pdl"] = {"per_landmark": shares, "headline": area}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    samples = random_samples()
    wanted = {name: values.tolist() for name, values in samples.items()} | {"expected": results(samples)}
    if parser.parse_args().check:
        # Numbers from another numpy may differ in the last digit.
        stored = json.loads(FILE.read_text())
        same = all(stored[name] == wanted[name] for name in samples)
        for name, values in wanted["expected"].items():
            old = stored["expected"][name]
            pairs = zip(values["per_landmark"] + [values["headline"]], old["per_landmark"] + [old["headline"]])
            same &= all(a == b or abs(a - b) < 1e-12 for a, b in pairs)
        sys.exit(None if same else f"{FILE} differs")
    lines = [f"{json.dumps(name)}: {json.dumps(values, separators=(',', ':'))}" for name, values in wanted.items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
