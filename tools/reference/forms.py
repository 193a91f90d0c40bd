#!/usr/bin/env python3
"""Writes test datasets in the formats of Ultralytics and DeepLabCut, and their expected contents.

    pip install pillow pandas pyyaml
    python3 tools/reference/forms.py

The files go to tests/fixtures/yolo and tests/fixtures/deeplabcut. The tables are written by pandas like DeepLabCut's
(`DataFrame.to_csv` with levels scorer, individuals, bodyparts, coords), config.yaml and data.yaml by PyYAML. YOLO's numbers are
computed like in Ultralytics' COCO converter: x, y and sides divided by the image's width and height, with six significant digits.
What the tests expect is in expected.json, in pixels, taken from the numbers in the files. Made with pandas 3.1 and PyYAML 6.0.
"""
import json
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from PIL import Image

FIXTURES = Path(__file__).parents[2] / "tests" / "fixtures"
ORIENTATION = 0x0112


def image(path: Path, size, turned=False):
    """A small gradient; if `turned`, it is stored rotated by 90°, with width and height exchanged."""
    path.parent.mkdir(parents=True, exist_ok=True)
    width, height = reversed(size) if turned else size
    ramp = np.linspace(0, 255, width, dtype=np.uint8)
    pixels = np.broadcast_to(ramp[None, :, None], (height, width, 3))
    picture, exif = Image.fromarray(np.ascontiguousarray(pixels)), Image.Exif()
    if turned:
        exif[ORIENTATION] = 6
    if path.suffix == ".png":
        picture.save(path, optimize=True)
    else:
        picture.save(path, quality=50, exif=exif)


def yolo():
    root = FIXTURES / "yolo"
    # Images by split with size, and COCO's boxes (x, y, width, height) and keypoints in pixels.
    images = {
        "train": {
            "cat.png": ((64, 48), [
                (0, (8, 6, 40, 30), [(20, 12, 2), (12.5, 9.25, 1), (30, 9, 2)]),
                (1, (30, 20, 20, 20), [(40, 25, 2), (0, 0, 0), (46.75, 22, 2)]),
            ]),
            "far/turned.jpg": ((30, 50), [(0, (3, 5, 20, 40), [(15, 25, 2), (6, 45, 2), (0, 0, 0)])]),
            "empty.png": ((20, 20), []),
            "without.png": ((20, 20), None),
        },
        "val": {"dog.png": ((33, 77), [(1, (1, 2, 31, 70), [(5, 70, 2), (11, 7, 2), (22, 7, 1)])])},
    }
    expected = {}
    for split, named in images.items():
        expected[split] = []
        for name, (size, annotations) in sorted(named.items()):
            image(root / "images" / split / name, size, turned="turned" in name)
            if annotations is None:
                continue
            lines = []
            for category, (x, y, w, h), keypoints in annotations:
                # Like ultralytics.data.converter.convert_coco: the center, then all relative to the image.
                bounds = np.array([x + w / 2, y + h / 2, w, h]) / np.tile(size, 2)
                points = np.array(keypoints, dtype=float) / np.array([*size, 1])
                values = [category, *bounds, *points.reshape(-1)]
                lines.append(" ".join(f"{value:g}" for value in values))
                read = [float(value) for value in lines[-1].split()]
                cx, cy, w, h = np.array(read[1:5]) * np.tile(size, 2)
                expected[split].append({
                    "image": f"images/{split}/{name}", "category": category,
                    "box": [cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2],
                    "landmarks": (np.array(read[5:]).reshape(-1, 3) * np.array([*size, 1])).tolist(),
                })
            labels = root / "labels" / split / Path(name).with_suffix(".txt")
            labels.parent.mkdir(parents=True, exist_ok=True)
            labels.write_text("".join(line + "\n" for line in lines))
    config = {
        "path": "../datasets/pets", "train": "images/train", "val": "images/val", "test": None,
        "kpt_shape": [3, 3], "flip_idx": [0, 2, 1], "names": {0: "cat", 1: "dog"},
        "kpt_names": {name: ["nose", "left ear", "right ear"] for name in (0, 1)},
        "download": "https://example.org/pets.zip",
    }
    (root / "data.yaml").write_text("# Pets\n" + yaml.safe_dump(config, sort_keys=False))
    (root / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


def table(path: Path, rows, individuals, parts, split_index):
    """A table as DeepLabCut saves it; rows are images' names and points by individual and part."""
    scorer = "Ana"
    if individuals is None:
        names = ["scorer", "bodyparts", "coords"]
        columns = [(scorer, part, axis) for part in parts[""] for axis in "xy"]
    else:
        names = ["scorer", "individuals", "bodyparts", "coords"]
        columns = [(scorer, who, part, axis) for who in individuals for part in parts[who] for axis in "xy"]
    columns = pd.MultiIndex.from_tuples(columns, names=names)
    images = [name for name, _ in rows]
    index = pd.MultiIndex.from_tuples([tuple(name.split("/")) for name in images]) if split_index else images
    frame = pd.DataFrame(np.nan, index=index, columns=columns)
    for at, (_, points) in enumerate(rows):
        for (who, part), place in points.items():
            key = (scorer, part) if individuals is None else (scorer, who, part)
            for axis, value in zip("xy", place):
                frame.iloc[at, columns.get_loc((*key, axis))] = value
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(path)


def deeplabcut():
    mouse = FIXTURES / "deeplabcut" / "mouse"
    parts = ["snout", "leftear", "rightear", "tailbase"]
    first = [
        ("labeled-data/m1/img0004.png", {("", "snout"): (20.5, 12), ("", "leftear"): (12, 9.25), ("", "tailbase"): (50, 40)}),
        ("labeled-data/m1/img0117.png", {("", part): (10 + at * 11.125, 30 - at) for at, part in enumerate(parts)}),
        ("labeled-data/m1/img0200.png", {}),
    ]
    # Another order of columns, and the index in three columns.
    second = [("labeled-data/m2/img0001.png", {("", "rightear"): (1.5, 2.5), ("", "snout"): (61, 47)})]
    table(mouse / "labeled-data/m1/CollectedData_Ana.csv", first, None, {"": parts}, False)
    table(mouse / "labeled-data/m2/CollectedData_Ana.csv", second, None, {"": parts[::-1]}, True)
    config = {
        "Task": "mouse", "scorer": "Ana", "date": "Aug30", "project_path": "/home/ana/mouse-Ana-2026-08-30",
        "video_sets": {"/home/ana/videos/m1.avi": {"crop": "0, 64, 0, 48"}}, "bodyparts": parts,
        "skeleton": [["snout", "tailbase"], ["leftear", "rightear"]], "TrainingFraction": [0.95], "resnet": None,
    }
    (mouse / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False))

    pair = FIXTURES / "deeplabcut" / "pair"
    individuals = ["one", "two", "single"]
    of = {"one": ["snout", "tail"], "two": ["snout", "tail"], "single": ["corner1", "corner2"]}
    rows = [
        ("labeled-data/v/img1.png", {("one", "snout"): (5, 6), ("one", "tail"): (25, 16), ("two", "snout"): (40, 30.75),
                                     ("single", "corner1"): (0, 0), ("single", "corner2"): (63, 47)}),
        ("labeled-data/v/img2.png", {("two", "snout"): (1, 2), ("two", "tail"): (3, 40)}),
    ]
    table(pair / "labeled-data/v/CollectedData_Ana.csv", rows, individuals, of, True)
    # With a single point, the box is the whole image.
    image(pair / "labeled-data/v/img1.png", (64, 48))


if __name__ == "__main__":
    yolo()
    deeplabcut()
