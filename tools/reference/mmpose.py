#!/usr/bin/env python3
"""Writes references for the fashion-landmark detector: images, boxes and MMPose's results.

    pip install torch torchvision numpy opencv-python-headless safetensors
    python3 tools/reference/mmpose.py                     # tests/fixtures/parity/mmpose
    python3 tools/reference/mmpose.py --checkpoints DIR   # full-size files, for checks by hand

The networks' tensors are made from their names (fill.py), after the prefixes `mmpose_upper.`, `mmpose_lower.` and
`mmpose_full.`, always with the keys of MMPose 1.x. The inference is in mmpose_pipeline.py. For each case, the first
run also prints how far each landmark's maximum is from a tie. Made with torch 2.15, torchvision 0.29 and OpenCV 5.0.
"""
import argparse
import json
import sys
import types
from pathlib import Path

import cv2
import fill
import mmpose_pipeline as pipeline
import numpy as np
import torch
from safetensors.torch import save_file
from torchvision.models import resnet18, resnet50

# Name, image, box (x1, y1, x2, y2) and clothes type.
CASES = [
    ("inside_tall", "shirt", (20, 30, 130, 175), "upper"),
    ("beyond_top_right", "shirt", (78, -36, 188, 118), "upper"),
    ("beyond_both_sides_wide", "skirt", (-40, 60, 330, 150), "upper"),
    ("inside_square", "skirt", (30, 20, 180, 170), "lower"),
    ("touching_right_bottom", "skirt", (190, 10, 299, 179), "lower"),
    ("touching_left_bottom", "shirt", (0, 55, 90, 199), "lower"),
    ("whole_image", "shirt", (0, 0, 150, 200), "full"),
    ("touching_bottom_small", "dress", (10, 10, 84, 139), "full"),
    ("beyond_left_bottom_fraction", "dress", (-26.5, 37.25, 54.75, 169), "full"),
]
# The case whose input tensor is sampled.
SAMPLED = "beyond_top_right"
SAMPLES = 64
NOISES = 6
DEEPFASHION2_MAPS = 294
FORMS = {"0.x": "keypoint_head.", "1.x": "head."}


def ground(width: int, height: int, first, second, angle: float) -> np.ndarray:
    """A gradient between two colors, with a mild texture of waves."""
    y, x = np.mgrid[:height, :width]
    along = (x * np.cos(angle) + y * np.sin(angle)) / np.hypot(width, height)
    share = np.clip(along, 0, 1)[..., None]
    waves = np.sin(x / 3.1 + np.sin(y / 17)) * np.cos(y / 4.3 + x / 29)
    return (1 - share) * np.float64(first) + share * np.float64(second) + 6 * waves[..., None]


def lay(image: np.ndarray, color, outline) -> None:
    """Draws a polygon with soft edges on the image."""
    mask = np.zeros(image.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.int32(outline)], 255)
    share = cv2.GaussianBlur(mask, (0, 0), 1.2)[..., None] / 255
    image += share * (np.float64(color) - image) * 0.85


def shirt() -> np.ndarray:
    image = ground(150, 200, (225, 215, 190), (120, 150, 190), 1.1)
    body = [(52, 38), (70, 46), (92, 36), (134, 70), (120, 96), (102, 82)]
    body += [(108, 168), (44, 160), (48, 78), (24, 118), (8, 104)]
    lay(image, (190, 40, 50), body)
    lay(image, (250, 220, 60), [(60, 90), (96, 100), (88, 124), (58, 116)])
    lay(image, (240, 190, 160), [(62, 12), (84, 10), (88, 34), (72, 44), (60, 34)])
    return image


def skirt() -> np.ndarray:
    image = ground(300, 180, (60, 110, 80), (210, 200, 120), 0.3)
    lay(image, (40, 50, 150), [(70, 30), (128, 24), (176, 150), (110, 166), (38, 140)])
    lay(image, (230, 120, 40), [(200, 60), (262, 40), (284, 120), (240, 150), (210, 110)])
    lay(image, (235, 235, 240), [(84, 80), (140, 70), (146, 90), (86, 102)])
    return image


def dress() -> np.ndarray:
    image = ground(90, 140, (40, 40, 60), (170, 120, 150), 2.0)
    body = [(34, 18), (54, 22), (58, 56), (78, 124), (22, 130), (30, 60), (10, 66), (14, 36)]
    lay(image, (60, 170, 160), body)
    lay(image, (250, 245, 200), [(30, 58), (60, 54), (61, 64), (30, 70)])
    return image


def draw(folder: Path) -> None:
    for paint in (shirt, skirt, dress):
        rgb = np.clip(np.rint(paint()), 0, 255).astype(np.uint8)
        path = folder / f"{paint.__name__}.png"
        cv2.imwrite(str(path), cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_PNG_COMPRESSION, 9])


def variants(image: np.ndarray, matrix: np.ndarray, region: np.ndarray):
    """The region as another correct implementation may see it: cropped differently, or with slight noise."""
    yield pipeline.crop_exactly(image, matrix)
    # OpenCV 4 rounds positions to 1/32 of a pixel.
    yield np.rint(pipeline.crop_exactly(image, matrix, steps=32))
    for seed in range(NOISES):
        noise = np.random.default_rng(seed).integers(-1, 2, region.shape)
        yield np.clip(region.astype(np.int64) + noise, 0, 255)


def gap(heatmap: np.ndarray) -> float:
    """How far the maximum is above the best cell that does not touch it, as a fraction of the map's range."""
    y, x = np.unravel_index(np.argmax(heatmap), heatmap.shape)
    others = heatmap.copy()
    others[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2] = -np.inf
    return float((heatmap.max() - others.max()) / np.ptp(heatmap))


def samples(tensor: torch.Tensor) -> list[float]:
    """Values spread over the tensor, at (i · 2654435761) mod its size."""
    flat = tensor.flatten()
    return [round(float(flat[i * 2654435761 % len(flat)]), 6) for i in range(SAMPLES)]


def answer(net: pipeline.Net, folder: Path, name: str, file: str, box, kind: str, flip: bool) -> dict:
    """One case of cases.json."""
    image = pipeline.read(folder / file)
    height, width = image.shape[:2]
    center, extent = pipeline.frame(box, width, height)
    matrix = pipeline.affine(center, extent)
    region = pipeline.crop(image, matrix)
    tensor = pipeline.normalized(region)
    maps = pipeline.heatmaps(net, tensor, flip)
    expected = pipeline.decode(maps, center, extent)
    stable = np.full(len(maps), True)
    for other in variants(image, matrix, region):
        maps_there = pipeline.heatmaps(net, pipeline.normalized(other), flip)
        moved = np.abs(pipeline.decode(maps_there, center, extent) - expected)[:, :2].max(axis=1)
        stable &= moved < 1e-6
    gaps = " ".join(f"{gap(m):.4f}{'' if s else '!'}{'-' if m.max() <= 0 else ''}" for m, s in zip(maps, stable))
    print(f"{name} {kind} flip={flip}: {gaps}", flush=True)
    case = {
        "name": name,
        "image": file,
        "box": list(box),
        "kind": kind,
        "flip": flip,
        "affine": matrix.tolist(),
        "expected": [[round(x, 5), round(y, 5), round(score, 6)] for x, y, score in expected.tolist()],
        "stable": stable.tolist(),
    }
    if name == SAMPLED and not flip:
        case["input_samples"] = samples(tensor)
    return case


def write_cases(folder: Path) -> None:
    nets = {kind: pipeline.build(maps, f"mmpose_{kind}.") for kind, maps in pipeline.LANDMARKS.items()}
    cases = [
        answer(nets[kind], folder, name, f"{image}.png", box, kind, flip)
        for name, image, box, kind in CASES
        for flip in (False, True)
    ]
    stable = [flag for case in cases for flag in case["stable"]]
    nowhere = sum(score <= 0 for case in cases for _, _, score in case["expected"])
    print(f"{sum(stable)} of {len(stable)} landmarks are stable (others: !); {nowhere} have no maximum above 0 (-)")
    write_lines(folder / "cases.json", cases)


def write_lines(path: Path, rows: list) -> None:
    """A JSON array with one element per line."""
    path.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")


def renamed(net: pipeline.Net, form: str) -> dict[str, torch.Tensor]:
    """The network's tensors with the keys of one generation of MMPose."""
    return {
        FORMS[form] + key.removeprefix("head.") if key.startswith("head.") else key: tensor
        for key, tensor in net.state_dict().items()
    }


def write_keys(folder: Path) -> None:
    kinds = pipeline.LANDMARKS | {"deepfashion2": DEEPFASHION2_MAPS}
    nets = {kind: pipeline.Net(maps) for kind, maps in kinds.items()}
    rows = [
        {"form": form, "kind": kind, "keys": [[key, list(t.shape)] for key, t in renamed(net, form).items()]}
        for form in FORMS
        for kind, net in nets.items()
    ]
    write_lines(folder / "keys.json", rows)


def history_buffer(values):
    """A stand-in for MMEngine's container of logged losses, pickled under the same name."""
    name = "mmengine.logging.history_buffer"
    module = types.ModuleType(name)
    kind = type("HistoryBuffer", (), {"__module__": name})
    module.HistoryBuffer = kind
    for parent in ("mmengine", "mmengine.logging"):
        sys.modules.setdefault(parent, types.ModuleType(parent))
    sys.modules[name] = module
    buffer = kind()
    buffer.max_length = 1000000
    buffer._log_history = np.array(values)
    buffer._count_history = np.ones(len(values), np.int64)
    return buffer


def checkpoint(net: pipeline.Net, form: str, loss) -> dict:
    """The contents of a published file; `loss` is the contents of the message hub in a 1.x file."""
    old = {"mmpose_version": "0.10.0", "mmcv_version": "1.2.4", "epoch": 210, "iter": 129570, "time": "Sun Jan 24 2021"}
    if form == "0.x":
        return {"meta": old, "state_dict": renamed(net, form)}
    return {
        "meta": {
            "cfg": "default_scope = 'mmpose'\n",
            "dataset_meta": {"dataset_name": "deepfashion", "flip_indices": [1, 0, 3, 2], "sigmas": None},
            "epoch": 210,
            "iter": 129570,
            "mmengine_version": "0.3.2",
            "seed": 1187123456789,
        },
        "state_dict": renamed(net, form),
        "message_hub": {
            "log_scalars": {"train/loss": loss},
            "runtime_info": {"epoch": 209, "max_iters": 129570},
            "resumed_keys": {"train/loss": True},
        },
        "optimizer": {"state": {}, "param_groups": [{"lr": 5e-4, "betas": (0.9, 0.999), "amsgrad": False}]},
        "param_schedulers": [{"begin": 0, "end": 500, "by_epoch": False}],
    }


def write_checkpoints(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    plain = [0.5, 0.25, 0.125]
    rows = [
        ("res50_deepfashion_upper_256x192", "00000000_20210124", "upper", pipeline.LANDMARKS["upper"], "0.x", plain),
        ("res50_deepfashion_lower_256x192", "00000000_20210124", "lower", pipeline.LANDMARKS["lower"], "1.x", plain),
        ("res50_deepfashion_full_256x192", "00000000_20210124", "full", pipeline.LANDMARKS["full"], "1.x", plain),
        (
            "res50_deepfashion2_short_sleeved_shirt_256x192",
            "00000000_20221208",
            "deepfashion2",
            DEEPFASHION2_MAPS,
            "1.x",
            history_buffer(plain),
        ),
    ]
    for model, version, kind, maps, form, loss in rows:
        contents = checkpoint(pipeline.build(maps, f"mmpose_{kind}."), form, loss)
        torch.save(contents, folder / f"{model}-{version}.pth")
        if kind == "upper":
            path = folder / f"{model}-legacy_20210124.pth"
            torch.save(contents, path, _use_new_zipfile_serialization=False)
    small = fill.fill(resnet18(), "resnet18.").state_dict()
    torch.save(small, folder / "resnet18-fill.pth")
    save_file(small, folder / "resnet18-fill.safetensors")
    large = fill.fill(resnet50(), "resnet50.").state_dict()
    torch.save(large, folder / "resnet50-fill-legacy.pth", _use_new_zipfile_serialization=False)


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes the fashion-landmark fixtures, or full-size checkpoints.")
    parser.add_argument("--checkpoints", type=Path, metavar="DIR", help="write only the checkpoints, to DIR")
    folder = parser.parse_args().checkpoints
    torch.set_num_threads(1)
    if folder:
        write_checkpoints(folder)
        return
    fixtures = Path(__file__).parents[2] / "tests" / "fixtures" / "parity" / "mmpose"
    fixtures.mkdir(parents=True, exist_ok=True)
    draw(fixtures)
    write_cases(fixtures)
    write_keys(fixtures)


if __name__ == "__main__":
    main()
