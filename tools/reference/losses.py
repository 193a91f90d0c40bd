#!/usr/bin/env python3
"""Writes the values and gradients of every loss, as PyTorch computes them, to tests/fixtures/losses.json.

    pip install torch numpy
    python3 tools/reference/losses.py

Where PyTorch has the loss, it is PyTorch's own; the others are implemented from their papers' formulas and differentiated by
autograd. Everything in f64.
"""
import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

FILE = Path(__file__).parents[2] / "tests" / "fixtures" / "losses.json"
BATCH, LANDMARKS, ROWS, COLUMNS = 2, 4, 5, 6

# x and y in cells, fractional. The last landmark is trained towards an empty map, the others with these weights.
CELLS = torch.tensor([[[1.3, 2.2], [0.0, 0.0], [4.9, 0.4], [2.0, 2.0]], [[3.0, 3.6], [2.5, 1.5], [0.0, 0.0], [1.0, 1.0]]],
                     dtype=torch.float64)
LOCATED = torch.tensor([[1.0, 0.0, 0.5, 0.0], [1.0, 0.75, 0.0, 0.0]], dtype=torch.float64)
WEIGHTS = LOCATED + torch.tensor([0.0, 0.0, 0.0, 1.0], dtype=torch.float64)


def gaussians(sigma: float = 1.0) -> Tensor:
    x = torch.arange(COLUMNS, dtype=torch.float64) - CELLS[..., 0, None]
    y = torch.arange(ROWS, dtype=torch.float64) - CELLS[..., 1, None]
    maps = torch.exp(-(y[..., :, None] ** 2 + x[..., None, :] ** 2) / (2 * sigma**2))
    return maps * (LOCATED > 0)[..., None, None]


def by_landmark(losses: Tensor, weights: Tensor) -> Tensor:
    """[B]: the mean over landmarks of [B, n] times weight; the divisor does not include the weights."""
    return (losses * weights).sum(1) / LANDMARKS


def mse(maps, target):
    return by_landmark(F.mse_loss(maps, target, reduction="none").mean((2, 3)), WEIGHTS)


def ohkm(maps, target, hardest):
    losses = F.mse_loss(maps, target, reduction="none").mean((2, 3)) * WEIGHTS
    return torch.stack([torch.topk(of_sample, hardest).values.sum() / hardest for of_sample in losses])


def adaptive_wing(maps, target, alpha, omega, epsilon, theta, foreground):
    """Wang et al. 2019: equations of Adaptive Wing, and its weighted loss map from a 3×3 gray dilation above 0.2."""
    distance, power = (target - maps).abs(), alpha - target
    ratio = theta / epsilon
    a = omega * (1 / (1 + ratio**power)) * power * ratio ** (power - 1) / epsilon
    c = theta * a - omega * torch.log(1 + ratio**power)
    losses = torch.where(distance < theta, omega * torch.log(1 + (distance / epsilon) ** power), a * distance - c)
    padded = F.pad(target, (1, 1, 1, 1))
    shifts = [padded[:, :, dy:dy + ROWS, dx:dx + COLUMNS] for dy in range(3) for dx in range(3)]
    dilated = torch.stack(shifts).amax(0)
    losses = losses * (1 + foreground * (dilated >= 0.2))
    return by_landmark(losses.mean((2, 3)), WEIGHTS)


def bce(maps, target):
    losses = F.binary_cross_entropy_with_logits(maps, target, reduction="none")
    return by_landmark(losses.mean((2, 3)), WEIGHTS)


def focal(maps, target, alpha, beta):
    """CornerNet's equation 1; a landmark's own cell is the maximum of its target."""
    p = torch.sigmoid(maps)
    own = (target == target.amax((2, 3), keepdim=True)) & (target > 0)
    losses = torch.where(own, -((1 - p) ** alpha) * p.log(), -((1 - target) ** beta) * p**alpha * (1 - p).log())
    return by_landmark(losses.sum((2, 3)), WEIGHTS)


def distributions(maps, target, temperature):
    log_p = F.log_softmax(maps.flatten(2) / temperature, dim=2)
    sums = target.flatten(2).sum(2, keepdim=True)
    shares = torch.where(sums > 0, target.flatten(2) / sums.clamp(min=1e-300), 0.0)
    return log_p, shares, WEIGHTS * (sums[..., 0] > 0)


def kl(maps, target, temperature):
    log_p, shares, weights = distributions(maps, target, temperature)
    return by_landmark(F.kl_div(log_p, shares, reduction="none").sum(2), weights)


def js(maps, target, temperature):
    """Nibali et al. 2018, in terms of entropies: H(m) − (H(p) + H(t))/2."""
    log_p, shares, weights = distributions(maps, target, temperature)
    p = log_p.exp()
    entropy = lambda q: -torch.special.xlogy(q, q).sum(2)
    return by_landmark(entropy((p + shares) / 2) - (entropy(p) + entropy(shares)) / 2, weights)


def soft_argmax(maps, temperature):
    shares = F.softmax(maps.flatten(2) / temperature, dim=2).reshape(maps.shape)
    x = (shares * torch.arange(COLUMNS, dtype=torch.float64)).sum((2, 3))
    y = (shares * torch.arange(ROWS, dtype=torch.float64)[:, None]).sum((2, 3))
    return torch.stack([x, y], -1)


def soft_argmax_l1(maps, _, temperature):
    losses = F.l1_loss(soft_argmax(maps, temperature), CELLS, reduction="none")
    return by_landmark(losses.mean(2), LOCATED)


def soft_argmax_smooth_l1(maps, _, temperature, threshold):
    losses = F.smooth_l1_loss(soft_argmax(maps, temperature), CELLS, beta=threshold, reduction="none")
    return by_landmark(losses.mean(2), LOCATED)


def soft_argmax_wing(maps, _, temperature, wing):
    """Feng et al. 2018, equation 5."""
    omega, epsilon = wing["omega"], wing["epsilon"]
    x = soft_argmax(maps, temperature) - CELLS
    c = omega - omega * math.log(1 + omega / epsilon)
    losses = torch.where(x.abs() < omega, omega * torch.log(1 + x.abs() / epsilon), x.abs() - c)
    return by_landmark(losses.mean(2), LOCATED)


def wing_case(**numbers):
    return {"name": "adaptive-wing", **numbers}


CASES = [
    ("values", mse, {"name": "mse"}),
    ("values", ohkm, {"name": "ohkm", "hardest": 2}),
    ("values", adaptive_wing, wing_case(alpha=2.1, omega=14.0, epsilon=0.5, theta=0.5, foreground=0.0)),
    ("values", adaptive_wing, wing_case(alpha=2.2, omega=10.0, epsilon=1.0, theta=0.4, foreground=10.0)),
    ("logits", bce, {"name": "bce"}),
    ("logits", focal, {"name": "focal", "alpha": 2.0, "beta": 4.0}),
    ("logits", focal, {"name": "focal", "alpha": 1.5, "beta": 3.0}),
    ("logits", kl, {"name": "kl", "temperature": 1.0}),
    ("values", kl, {"name": "kl", "temperature": 1 / 3}),
    ("logits", js, {"name": "js", "temperature": 1.0}),
    ("values", soft_argmax_l1, {"name": "soft-argmax-l1", "temperature": 0.5}),
    ("logits", soft_argmax_smooth_l1, {"name": "soft-argmax-smooth-l1", "temperature": 1.0, "threshold": 0.8}),
    ("logits", soft_argmax_wing,
     {"name": "soft-argmax-wing", "temperature": 1.0, "wing": {"omega": 1.0, "epsilon": 0.5}}),
]


def rounded(tensor: Tensor) -> list[float]:
    """Nine digits: more than f32 has."""
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


def main() -> None:
    generator = torch.Generator().manual_seed(5)
    noise = torch.rand(BATCH, LANDMARKS, ROWS, COLUMNS, dtype=torch.float64, generator=generator) * 2 - 1
    target = gaussians()
    # Rounded to f32, so that both sides start from the same numbers.
    inputs = {"values": (target + 0.9 * noise).float().double(), "logits": (6 * noise).float().double()}
    cases = []
    for kind, function, loss in CASES:
        maps = inputs[kind].clone().requires_grad_()
        per_sample = function(maps, target, **{key: value for key, value in loss.items() if key != "name"})
        per_sample.mean().backward()
        assert maps.grad.isfinite().all()
        cases.append({"loss": loss, "input": kind, "per_sample": rounded(per_sample), "gradient": rounded(maps.grad)})
    shared = {
        "shape": [BATCH, LANDMARKS, ROWS, COLUMNS],
        "cells": rounded(CELLS),
        "located": rounded(LOCATED),
        "weights": rounded(WEIGHTS),
        "target": rounded(target),
        **{kind: rounded(values) for kind, values in inputs.items()},
    }
    lines = [f"{json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}" for key, value in shared.items()]
    lines.append('"cases": [\n' + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]")
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{FILE.stat().st_size:,} bytes, {len(cases)} cases")


if __name__ == "__main__":
    main()
