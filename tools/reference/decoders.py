#!/usr/bin/env python3
"""Writes heatmaps and the positions that MMPose's decoders find in them.

    pip install torch numpy opencv-python-headless
    python3 tools/reference/decoders.py       # tests/fixtures/decoders.json

The decoders are MMPose's (1.x) from their definitions: `get_heatmap_maximum`, `refine_keypoints`, `refine_keypoints_dark`,
`refine_keypoints_dark_udp` with `gaussian_blur`; and the integral of Sun et al. (2018) by PyTorch's softmax. All in double
precision from maps in single precision, but OpenCV's blur, which is run as MMPose runs it. Positions are heatmap cells.
Made with torch 2.15, numpy 2.4 and OpenCV 5.0.
"""
import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import torch

WIDTH, HEIGHT = 18, 15
KERNELS = (11, 17)
TEMPERATURES = (0.1, 1.0)
WINDOWS = (None, 7)


def gaussian(x: float, y: float, sigma: float, peak: float = 1) -> np.ndarray:
    columns, rows = np.arange(WIDTH) - x, np.arange(HEIGHT)[:, None] - y
    return peak * np.exp(-(columns**2 + rows**2) / (2 * sigma**2))


def maps() -> dict[str, np.ndarray]:
    """Maps by name: peaks inside, at each border, in corners, side by side; noisy, flat, dark."""
    rng = np.random.default_rng(7)
    made = {}
    for sigma in (1, 2, 3):
        made[f"inside, sigma {sigma}"] = gaussian(8.3, 6.6, sigma)
    places = {"left": (0.2, 7.4), "second column": (1.3, 6.8), "third column": (2.4, 6.7), "right": (17.3, 7.1),
              "last column but one": (16.4, 5.8), "last but two": (15.2, 7.9), "top": (8.3, -0.3), "bottom": (9.2, 14.2),
              "second row": (8.9, 0.8), "last row but one": (7.6, 13.3), "first corner": (0.3, 0.2),
              "last corner": (17.2, 14.3), "in from a corner": (2.2, 12.4)}
    for name, (x, y) in places.items():
        made[name] = gaussian(x, y, 2)
    made["two"] = gaussian(4.4, 5.2, 1.5) + gaussian(12.7, 9.1, 2, 0.8)
    for i in range(6):
        x, y = rng.uniform(0, WIDTH - 1), rng.uniform(0, HEIGHT - 1)
        made[f"noisy {i}"] = gaussian(x, y, rng.uniform(1, 3), rng.uniform(0.3, 1)) + 0.03 * rng.standard_normal((HEIGHT, WIDTH))
    made["faint"] = gaussian(7.7, 7.2, 2, 0.003)
    made["noise alone"] = 0.1 * rng.standard_normal((HEIGHT, WIDTH))
    made["bright"] = gaussian(9.3, 6.4, 2, 255)
    made["flat"] = np.full((HEIGHT, WIDTH), 0.25)
    made["one cell"] = np.where((np.arange(WIDTH) == 6) & (np.arange(HEIGHT)[:, None] == 8), 0.7, 0)
    made["nothing"] = np.zeros((HEIGHT, WIDTH))
    made["below zero"] = gaussian(8.2, 7.3, 2) - 1.5
    short = np.vectorize(lambda value: float(f"{value:.4g}"))
    return {name: short(values).astype(np.float32) for name, values in made.items()}


def maximum(values: np.ndarray) -> tuple[np.ndarray, float]:
    """The highest cell, the first of several; (−1, −1) where nothing is positive."""
    row, column = np.unravel_index(values.argmax(), values.shape)
    score = values[row, column]
    return np.array([column, row] if score > 0 else [-1, -1]), float(score)


def quarter(values: np.ndarray) -> np.ndarray:
    place, _ = maximum(values)
    x, y = place
    shift = np.zeros(2)
    if 1 < x < WIDTH - 1 and 0 < y < HEIGHT:
        shift[0] = values[y, x + 1] - values[y, x - 1]
    if 1 < y < HEIGHT - 1 and 0 < x < WIDTH:
        shift[1] = values[y + 1, x] - values[y - 1, x]
    return place + np.sign(shift) * 0.25


def blurred(values: np.ndarray, kernel: int) -> np.ndarray:
    """Zero padding, OpenCV's blur, and scaling to the original maximum."""
    padded = np.pad(values, kernel // 2)
    smooth = cv2.GaussianBlur(padded, (kernel, kernel), 0)
    smooth = smooth[kernel // 2:-(kernel // 2), kernel // 2:-(kernel // 2)]
    return (smooth * (values.max() / smooth.max())).astype(np.float64)


def dark(values: np.ndarray, kernel: int) -> np.ndarray:
    place, _ = maximum(values)
    x, y = place
    if not (1 < x < WIDTH - 2 and 1 < y < HEIGHT - 2):
        return place.astype(float)
    log = np.log(np.maximum(blurred(values, kernel), 1e-10))
    gradient = np.array([log[y, x + 1] - log[y, x - 1], log[y + 1, x] - log[y - 1, x]]) / 2
    xx = (log[y, x + 2] - 2 * log[y, x] + log[y, x - 2]) / 4
    yy = (log[y + 2, x] - 2 * log[y, x] + log[y - 2, x]) / 4
    xy = (log[y + 1, x + 1] - log[y - 1, x + 1] - log[y + 1, x - 1] + log[y - 1, x - 1]) / 4
    hessian = np.array([[xx, xy], [xy, yy]])
    if np.linalg.det(hessian) == 0:
        return place.astype(float)
    return place - np.linalg.solve(hessian, gradient)


def dark_udp(values: np.ndarray, kernel: int) -> np.ndarray | None:
    """None where nothing is positive: MMPose then reads cells of other maps."""
    place, score = maximum(values)
    if score <= 0:
        return None
    log = np.pad(np.log(np.clip(blurred(values, kernel), 1e-3, 50)), 1, mode="edge")
    x, y = place + 1
    middle, right, left = log[y, x], log[y, x + 1], log[y, x - 1]
    below, above = log[y + 1, x], log[y - 1, x]
    gradient = np.array([right - left, below - above]) / 2
    xy = (log[y + 1, x + 1] - right - below + 2 * middle - left - above + log[y - 1, x - 1]) / 2
    hessian = np.array([[right - 2 * middle + left, xy], [xy, below - 2 * middle + above]])
    return place - np.linalg.inv(hessian + np.finfo(np.float32).eps * np.eye(2)) @ gradient


def soft_argmax(values: np.ndarray, temperature: float, window: int | None) -> np.ndarray:
    row, column = np.unravel_index(values.argmax(), values.shape)
    top, left = 0, 0
    if window is not None:
        top, left = max(row - window // 2, 0), max(column - window // 2, 0)
        values = values[top:row + window // 2 + 1, left:column + window // 2 + 1]
    weights = torch.softmax(torch.from_numpy(values.astype(np.float64)).flatten() / temperature, 0)
    rows, columns = np.mgrid[:values.shape[0], :values.shape[1]]
    x = (weights * torch.from_numpy(columns.flatten() + left)).sum()
    y = (weights * torch.from_numpy(rows.flatten() + top)).sum()
    return np.array([x, y])


def case(name: str, values: np.ndarray) -> dict:
    """A map and the result of each refinement, by its command-line name; None where MMPose has none."""
    expected = {"mmpose-quarter-offset": quarter(values)}
    for kernel in KERNELS:
        positive = values.max() > 0
        expected[f"mmpose-dark:{kernel}"] = dark(values, kernel) if positive else maximum(values)[0]
        expected[f"dark-udp:{kernel}"] = dark_udp(values, kernel)
    for temperature in TEMPERATURES:
        for window in WINDOWS:
            found = soft_argmax(values, temperature, window)
            expected[f"soft-argmax:{temperature:g}:{window or 'all'}"] = found
    return {
        "name": name,
        "values": [float(f"{value:.4g}") for value in values.flatten()],
        "score": float(values.max()),
        "expected": {key: [round(float(v), 5) for v in found] for key, found in expected.items() if found is not None},
    }


def main() -> None:
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=root / "tests/fixtures/decoders.json")
    args = parser.parse_args()
    cases = [case(name, values) for name, values in maps().items()]
    args.out.write_text(json.dumps({"size": [WIDTH, HEIGHT], "cases": cases}, separators=(",", ":")) + "\n")
    print(f"{args.out}: {len(cases)} maps, {args.out.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
