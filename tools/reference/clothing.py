#!/usr/bin/env python3
"""Writes the labels of the Clothing dataset's photographs as the crate embeds them.

    python3 tools/reference/clothing.py labels.json            # writes src/data/clothing/labels.tsv
    python3 tools/reference/clothing.py labels.json --check    # compares, and prints the counts

`labels.json` has the manual labels, a list of
{"path", "split", "sha256_16", "clothes_type", "box": [x1, y1, x2, y2], "landmarks": [[visibility, x, y], …]},
in percent of the upright photograph; FLD's visibility: 0 visible, 1 occluded or ill-defined, 2 outside. Later corrections are made
in the table, which is authoritative.
"""
import collections
import json
import sys
from pathlib import Path

TABLE = Path(__file__).parents[2] / "src" / "data" / "clothing" / "labels.tsv"
HEAD = """\
# Labels of photographs of the Clothing dataset (small), https://github.com/alexeygrigorev/clothing-dataset-small at 119615165124.
# The labels are CC0 1.0, as the photographs.
# Positions: percent of the upright photograph's width and height. Landmarks in FLD's order; ",o" occluded or ill-defined, "-" outside.
# photograph\tSHA-256, its first 16 digits\tsplit\tclothes type\tbox: left,top,right,bottom\tlandmarks
"""


def landmark(visibility, x, y):
    return {0: f"{x:g},{y:g}", 1: f"{x:g},{y:g},o", 2: "-"}[visibility]


def row(label):
    bounds = ",".join(f"{side:g}" for side in label["box"])
    landmarks = " ".join(landmark(*one) for one in label["landmarks"])
    return "\t".join([label["path"], label["sha256_16"], label["split"], label["clothes_type"], bounds, landmarks])


def main():
    labels = json.loads(Path(sys.argv[1]).read_text())
    text = HEAD + "".join(row(label) + "\n" for label in sorted(labels, key=lambda label: label["path"]))
    if "--check" not in sys.argv:
        TABLE.write_text(text)
        return
    print(collections.Counter(label["split"] for label in labels))
    print(collections.Counter(label["clothes_type"] for label in labels))
    print(collections.Counter(one[0] for label in labels for one in label["landmarks"]))
    sys.exit(0 if TABLE.read_text() == text else "the table has other labels")


main()
