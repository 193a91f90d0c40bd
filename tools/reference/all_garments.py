#!/usr/bin/env python3
"""Measures `dafe detect --all` with the bundled model: precision and recall on generated images with several garments,
and how many of 60 images of nothing (plain, noise, gradients, blobs) get a detection.

    pip install pillow
    python3 tools/reference/all_garments.py --dafe target/release/dafe --work runs/all-garments

A detection is correct if its intersection over union with the box of a garment of the same category, which no detection
with a higher score has, is at least 0.5.
"""
import argparse
import json
import random
import subprocess
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

IMAGES = 150
SEED = 4242
IOU = 0.5
SIZES = [(400, 533), (640, 480), (500, 500)]


def color(chance: random.Random, darkest: int = 0) -> tuple[int, ...]:
    return tuple(chance.randrange(darkest, 256) for _ in "rgb")


def noise(chance: random.Random, side: tuple[int, int]) -> Image.Image:
    return Image.frombytes("RGB", side, chance.randbytes(side[0] * side[1] * 3))


def nothing(kind: int, size: tuple[int, int], chance: random.Random) -> Image.Image:
    """An image of nothing, of one of six kinds."""
    if kind == 0:
        return Image.new("RGB", size, color(chance))
    if kind == 1:
        return noise(chance, size)
    if kind == 2:
        return noise(chance, (16, 16)).resize(size, Image.Resampling.BICUBIC)
    if kind == 3:
        return noise(chance, (64, 64)).resize(size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(6))
    if kind == 4:
        image = Image.new("RGB", size, color(chance, 150))
        for _ in range(12):
            x, y, width, height = (chance.randrange(least, most) for least, most in
                                   ((0, size[0]), (0, size[1]), (20, 120), (20, 120)))
            ImageDraw.Draw(image).ellipse([x, y, x + width, y + height], fill=color(chance))
        return image
    gradient = Image.new("RGB", (1, 2), color(chance))
    gradient.putpixel((0, 1), color(chance))
    return gradient.resize(size, Image.Resampling.BILINEAR)


def detect(dafe: Path, images: Path, out: Path) -> dict[str, list[dict]]:
    """The detections of each image of a folder, by file name."""
    subprocess.run([dafe, "detect", images, "--all", "--no-drawings", "--out", out], check=True,
                   stdout=subprocess.DEVNULL)
    found = {}
    for path in out.rglob("*.json"):
        read = json.loads(path.read_text())
        if "detections" in read:
            found[Path(read["image"]).name] = read["detections"]
    return found


def iou(a: list[float], b: list[float]) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    both = max(width, 0) * max(height, 0)
    area = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    return both / (area - both)


def clipped(box: dict[str, float], image: dict) -> list[float]:
    return [max(box["x1"], 0), max(box["y1"], 0), min(box["x2"], image["width"]), min(box["y2"], image["height"])]


def correct(detections: list[dict], garments: list[tuple[str, list[float]]], image: dict) -> int:
    left = list(garments)
    for detection in sorted(detections, key=lambda detection: -detection["box_score"]):
        box = clipped(detection["bounding_box"], image)
        matches = [(iou(box, garment[1]), garment) for garment in left if garment[0] == detection["category"]["name"]]
        best = max(matches, default=(0, None))
        if best[0] >= IOU:
            left.remove(best[1])
    return len(garments) - len(left)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dafe", type=Path, default="target/release/dafe", help="the program")
    parser.add_argument("--work", type=Path, default="runs/all-garments", help="the folder for images and results")
    options = parser.parse_args()

    data = options.work / "several"
    subprocess.run([options.dafe, "generate", "--format", "coco", "--seed", str(SEED), "--train", "1", "--val", "1",
                    "--test", str(IMAGES), "--out", data], check=True, stdout=subprocess.DEVNULL)
    labels = json.loads((data / "annotations" / "test.json").read_text())
    names = {category["id"]: category["name"] for category in labels["categories"]}
    found = detect(options.dafe, data / "images", options.work / "found")
    garments = detected = matched = 0
    for image in labels["images"]:
        boxes = [(names[label["category_id"]], label["bbox"]) for label in labels["annotations"]
                 if label["image_id"] == image["id"]]
        boxes = [(name, [x, y, x + width, y + height]) for name, (x, y, width, height) in boxes]
        detections = found[Path(image["file_name"]).name]
        garments += len(boxes)
        detected += len(detections)
        matched += correct(detections, boxes, image)
    print(f"{len(labels['images'])} images with {garments} garments: {detected} detections, "
          f"precision {matched / detected:.2f}, recall {matched / garments:.2f}")

    chance = random.Random(3)
    empty = options.work / "nothing"
    empty.mkdir(parents=True, exist_ok=True)
    for number in range(60):
        nothing(number % 6, chance.choice(SIZES), chance).save(empty / f"{number:02}.png")
    found = detect(options.dafe, empty, options.work / "found-nothing")
    print(f"{len(found)} images of nothing: {sum(map(len, found.values()))} detections")


if __name__ == "__main__":
    main()
