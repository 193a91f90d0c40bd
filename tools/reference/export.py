#!/usr/bin/env python3
"""Loads a model folder that the crate wrote into the PyTorch reference, compares the two and exports ONNX.

    pip install torch torchvision timm safetensors onnx onnxruntime
    python3 tools/reference/export.py MODEL_DIR --compare FILE --onnx model.onnx

MODEL_DIR holds model.safetensors, a model of the crate. FILE is a safetensors file with `images` and the crate's `heatmaps`
for them. The exit status is 1 if the largest difference is above 1e-4 of the largest value.
"""
import argparse
import sys
import warnings
from pathlib import Path

import torch
from safetensors.torch import load_file

import baseline_net
from model_file import read_config
from network import LandmarkNet

TOLERANCE = 1e-4


def load(folder: Path) -> tuple[LandmarkNet, list[int]]:
    """The network in eval mode, with every key of the file used and none missing, and its input's [width, height]."""
    file = folder / "model.safetensors"
    return baseline_net.load(str(file)).eval(), read_config(file)["codec"]["input_size"]


def apart(name: str, ours: torch.Tensor, theirs: torch.Tensor) -> bool:
    """Prints the largest difference relative to the largest value of `theirs`; returns whether it is too large."""
    if ours.shape != theirs.shape:
        print(f"{name}: {list(ours.shape)} against {list(theirs.shape)}")
        return True
    ratio = ((ours - theirs).abs().max() / theirs.abs().max()).item()
    print(f"{name}: largest difference {ratio:.3g} of the largest value")
    # Also true of a NaN.
    return not ratio <= TOLERANCE


def compare(net: LandmarkNet, file: Path) -> bool:
    stored = load_file(file)
    with torch.no_grad():
        heatmaps = net(stored["images"])
    return apart("the crate against PyTorch", stored["heatmaps"], heatmaps)


def write_onnx(net: LandmarkNet, size: list[int], file: Path) -> None:
    """Writes ONNX with a free batch size. Exporting folds batch norms into the convolutions before them."""
    width, height = size
    with warnings.catch_warnings(action="ignore"):
        torch.onnx.export(net.eval(), (torch.randn(2, 3, height, width),), str(file), input_names=["images"],
                          output_names=["heatmaps"], dynamic_axes={"images": {0: "batch"}, "heatmaps": {0: "batch"}},
                          dynamo=False)


def export(net: LandmarkNet, size: list[int], file: Path) -> bool:
    """Writes ONNX and runs it on random images, of another batch size than traced."""
    import onnxruntime

    width, height = size
    write_onnx(net, size, file)
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    too_big = False
    for batch in (1, 3):
        images = torch.randn(batch, 3, height, width)
        with torch.no_grad():
            heatmaps = net(images)
        (ran,) = session.run(None, {"images": images.numpy()})
        too_big |= apart(f"ONNX Runtime against PyTorch, batch of {batch}", torch.from_numpy(ran), heatmaps)
    return too_big


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="MODEL_DIR")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="safetensors with images and heatmaps")
    parser.add_argument("--onnx", type=Path, metavar="FILE", help="where to write the ONNX model")
    options = parser.parse_args()
    torch.manual_seed(0)
    net, size = load(options.folder)
    print(f"{sum(values.numel() for values in net.parameters()):,} parameters, input {size[0]} x {size[1]}")
    too_big = compare(net, options.compare) if options.compare else False
    if options.onnx:
        too_big |= export(net, size, options.onnx)
    return 1 if too_big else 0


if __name__ == "__main__":
    sys.exit(main())
