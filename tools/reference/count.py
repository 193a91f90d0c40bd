#!/usr/bin/env python3
"""Counts parameters, multiply-adds and activations of each part of several networks: tests/fixtures/parity/counts.json.

    pip install torch torchvision torchinfo fvcore
    python3 tools/reference/count.py

Only convolutions, transposed convolutions and matrix products count, as in PyTorch's own counter: no norms,
activations, element-wise products or sums, means, and no bilinear upsampling (not a matrix product in PyTorch).
A transposed convolution costs its kernel at each INPUT position, even where its output is cropped. Activations are
the output values of these layers, counted by fvcore.
"""
import json
from pathlib import Path

import torch
import torchinfo
from fvcore.nn import ActivationCountAnalysis
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from network import RESNETS, LandmarkNet, describe
from parity_networks import PAPER, SMALL_CHOICES, small

FILE = Path(__file__).parents[2] / "tests" / "fixtures" / "parity" / "counts.json"


def parts(net: LandmarkNet) -> dict[str, nn.Module]:
    return {"backbone": net.backbone, **{f"decoder.{at}": stage for at, stage in enumerate(net.decoder)},
            "head": net.head}


def count(name: str, model: dict, size: tuple[int, int]) -> list[dict]:
    """One row per part, of an image of `size` (width, height)."""
    with torch.device("meta"):
        net = LandmarkNet(model).eval()
        images = torch.empty(1, 3, size[1], size[0])
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        net(images)
    flops = counter.get_flop_counts()
    real = LandmarkNet(model).eval()
    analysis = ActivationCountAnalysis(real, torch.zeros(1, 3, size[1], size[0]))
    activations = analysis.unsupported_ops_warnings(False).uncalled_modules_warnings(False).by_module()
    rows = []
    for part, module in parts(net).items():
        rows.append({"net": name, "input": list(size), "part": part,
                     "parameters": sum(values.numel() for values in module.parameters()),
                     "multiply_adds": sum(flops[f"LandmarkNet.{part}"].values()) // 2,
                     "activations": int(activations[part])})
    assert sum(row["multiply_adds"] for row in rows) * 2 == counter.get_total_flops()
    assert sum(row["parameters"] for row in rows) == sum(values.numel() for values in net.parameters())
    return rows


def second_opinion(model: dict, size: tuple[int, int]) -> int:
    """torchinfo's count of the backbone's convolutions. Its counts of transposed ones and of matmuls are wrong."""
    net = LandmarkNet(model).backbone.eval()
    summary = torchinfo.summary(net, (1, 3, size[1], size[0]), verbose=0)
    return sum(layer.macs for layer in summary.summary_list if isinstance(layer.module, nn.Conv2d))


def main() -> None:
    nets = {"paper": (PAPER, (320, 320)),
            "resnet18": (describe(8, [128, 128, 128], *RESNETS["resnet18"], norm=True), (192, 192))}
    nets |= {name: (small(**choices), (96, 64)) for name, choices in SMALL_CHOICES.items()}
    rows = []
    for name, (model, size) in nets.items():
        counted = count(name, model, size)
        rows += counted
        for row in counted:
            print(f"{name:22} {row['part']:10} {row['parameters']:12,} {row['multiply_adds']:15,}")
        total = sum(row["multiply_adds"] for row in counted)
        print(f"{name:22} {'total':10} {sum(row['parameters'] for row in counted):12,} {total:15,}")
        other = second_opinion(model, size)
        print(f"{name:22} backbone by torchinfo   {other:15,} ({other - counted[0]['multiply_adds']:+,})")
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
