"""Compares the output of `dafe convert --to coco` for a COCO-keypoints file with what pycocotools loads.

    dafe convert --data a.json --images images --to coco --out out
    python3 coco_reading.py a.json out/annotations/train.json

Every annotation of the first file that has a labeled keypoint must be in the second, in the same
image, with its keypoints at the same positions and, if its box isn't empty, the same box. Keypoints without a position,
and those with a confidence below 0.3, are not labeled. Needs pycocotools.
"""
import contextlib
import io
import math
import sys
from collections import defaultdict

from pycocotools.coco import COCO


def load(path):
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(path)


def points(annotation, least):
    """Positions of labeled keypoints, by index."""
    keypoints = annotation.get("keypoints") or []
    if keypoints and isinstance(keypoints[0], list):
        keypoints = [number for point in keypoints for number in point]
    triplets = zip(keypoints[::3], keypoints[1::3], keypoints[2::3])
    labeled = {}
    for place, (x, y, v) in enumerate(triplets):
        if v and (v >= 1 or v >= least) and not math.isnan(float(x)) and not math.isnan(float(y)):
            labeled[place] = (float(x), float(y))
    return labeled


def box(annotation):
    bounds = [float(number) for number in annotation.get("bbox") or []]
    sound = len(bounds) == 4 and bounds[2] > 0 and bounds[3] > 0
    return bounds if sound else None


def by_image(coco, least):
    found = defaultdict(list)
    for annotation in coco.loadAnns(coco.getAnnIds()):
        labeled = points(annotation, least)
        if labeled:
            name = coco.imgs[annotation["image_id"]]["file_name"].replace("\\", "/")
            found[name].append((labeled, box(annotation)))
    return found


def near(one, other):
    return all(abs(a - b) <= 1e-3 * max(1, abs(a)) for a, b in zip(one, other))


def main(original, converted):
    expected, found = by_image(load(original), 0.3), by_image(load(converted), 0.3)
    count = 0
    for name, annotations in expected.items():
        assert len(annotations) == len(found[name]), f"{name}: {len(annotations)} and {len(found[name])}"
        for (labeled, bounds), (own, own_bounds) in zip(annotations, found[name]):
            # A category with some of the file's landmarks has only its own.
            assert len(labeled) == len(own), f"{name}: {len(labeled)} keypoints and {len(own)}"
            assert all(near(a, b) for a, b in zip(labeled.values(), own.values())), f"{name}: other places"
            assert bounds is None or near(bounds, own_bounds), f"{name}: {bounds} and {own_bounds}"
            count += 1
    assert sum(map(len, found.values())) == count, "annotations that pycocotools does not load"
    print(f"{original}: {count} annotations agree")


if __name__ == "__main__":
    main(*sys.argv[1:])
