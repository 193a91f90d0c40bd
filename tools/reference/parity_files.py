"""torchvision's keys, checkpoint files written by PyTorch, and normalized errors.

Writes tests/fixtures/parity/{keys,metrics}.json and small{,_legacy,_wrapped}.pth, small.safetensors.
"""
from pathlib import Path

import numpy as np
import torch
import torchvision
from safetensors.torch import save_file
from torch import nn

import codec
import fill
from network import Backbone

SAMPLES, LANDMARKS, NEVER_VISIBLE = 40, 8, 6
BATCHES_SEEN = 7


def keys() -> dict[str, list]:
    """The ordered [key, shape] of whole torchvision state dicts, classifier and batch counters included."""
    names = ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152"]
    with torch.device("meta"):
        nets = {name: getattr(torchvision.models, name)(weights=None) for name in names}
    return {name: [[key, list(value.shape)] for key, value in net.state_dict().items()] for name, net in nets.items()}


def small_state() -> dict[str, torch.Tensor]:
    """The state dict of a small ResNet with a classifier, as torchvision would name it."""
    net = Backbone("basic", [1, 1, 1, 1], width=4, stem_kernel=7)
    net.fc = nn.Linear(32, 10)
    fill.fill(net, "small.")
    state = net.state_dict()
    for key, value in state.items():
        if key.endswith("num_batches_tracked"):
            value.fill_(BATCHES_SEEN)
    return state


def write_checkpoints(folder: Path) -> None:
    """The same state dict in each container that users have."""
    state = small_state()
    torch.save(state, folder / "small.pth")
    torch.save(state, folder / "small_legacy.pth", _use_new_zipfile_serialization=False)
    wrapped = {f"module.{key}": value for key, value in state.items()}
    meta = {"epoch": 3, "arch": "small", "best": 0.5}
    torch.save({"state_dict": wrapped, "meta": meta}, folder / "small_wrapped.pth")
    save_file(dict(state), folder / "small.safetensors")


def metrics() -> dict:
    """Predictions near random labels, some of them hidden, and one landmark that is never visible."""
    random = np.random.default_rng(7)
    corners = random.uniform(0, 80, (SAMPLES, 2))
    sides = random.uniform(40, 240, (SAMPLES, 2))
    boxes = np.round(np.concatenate([corners, corners + sides], axis=1), 3)
    labeled = np.round(corners[:, None] + random.uniform(0, 1, (SAMPLES, LANDMARKS, 2)) * sides[:, None], 3)
    predicted = np.round(labeled + random.normal(0, 12, labeled.shape), 3)
    visible = random.uniform(size=(SAMPLES, LANDMARKS)) < 0.7
    visible[:, NEVER_VISIBLE] = False
    overall, per_landmark = codec.normalized_error(predicted, labeled, boxes, visible)
    print(f"normalized error {overall:.4f}, by landmark {per_landmark}")
    return {"predicted": predicted.tolist(), "labeled": labeled.tolist(), "boxes": boxes.tolist(),
            "visible": visible.tolist(), "overall": overall, "per_landmark": per_landmark}
