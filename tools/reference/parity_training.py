"""Adam by itself, and five whole training steps: tests/fixtures/parity/training.{safetensors,json}.

Burn's batch norm keeps running variances of the biased estimate, PyTorch's of the unbiased one; the JSON gives each
norm's n = B·H·W, by which a test converts one to the other, and this script verifies that conversion.
"""
import torch
from torch import Tensor, nn

import codec
import fill
from network import LandmarkNet
from parity_networks import small

STEPS = 5
ADAM = {"lr": 1e-3, "betas": (0.9, 0.999), "eps": 1e-8}
LONE = {  # name: shape, scale of the values, scale of the gradients
    "adam/a": ([3, 4], 1.0, 1.0),
    "adam/b": ([7], 0.01, 1e-3),
    "adam/c": ([2, 3, 2], 100.0, 1e-6),
}
BATCH, SIDE, LANDMARKS, SIGMA = 4, 64, 2, 1.5
OUTSIDE = {"sample": 1, "landmark": 0, "position": [70.0, 20.0]}
UNLABELED = {"sample": 2, "landmark": 1}
MOMENTUM = 0.1
TINY = 1e-5


def adam_alone() -> dict[str, Tensor]:
    """Parameters after each of five steps on gradients `{name}/grad/{step}`, steps counted from 1."""
    values = {name: nn.Parameter(fill.scaled(name, shape, scale)) for name, (shape, scale, _) in LONE.items()}
    optimizer = torch.optim.Adam(values.values(), **ADAM)
    stored = {}
    for step in range(1, STEPS + 1):
        for name, (shape, _, scale) in LONE.items():
            values[name].grad = fill.scaled(f"{name}/grad/{step}", shape, scale)
        optimizer.step()
        stored |= {f"{name}/step{step}": value.detach().clone() for name, value in values.items()}
    return stored


def batch(step: int) -> tuple[Tensor, Tensor, Tensor]:
    """A step's images, positions and weights: one position outside the image, one weight 0."""
    images = fill.scaled(f"train/images/{step}", [BATCH, 3, SIDE, SIDE], 1.0)
    positions = fill.scaled(f"train/positions/{step}", [BATCH, LANDMARKS, 2], 30.0, 32.0)
    positions[OUTSIDE["sample"], OUTSIDE["landmark"]] = torch.tensor(OUTSIDE["position"])
    weights = torch.ones(BATCH, LANDMARKS)
    weights[UNLABELED["sample"], UNLABELED["landmark"]] = 0
    return images, positions, weights


class BiasedVariances:
    """Every batch norm's running variance as Burn keeps it, computed from the norms' inputs in f64."""

    def __init__(self, net: nn.Module) -> None:
        self.norms = {name: module for name, module in net.named_modules() if isinstance(module, nn.BatchNorm2d)}
        self.first = {name: norm.running_var.double().clone() for name, norm in self.norms.items()}
        self.running = dict(self.first)
        self.counts: dict[str, int] = {}
        for name, norm in self.norms.items():
            norm.register_forward_pre_hook(lambda _, inputs, name=name: self.update(name, inputs[0].detach()))

    def update(self, name: str, x: Tensor) -> None:
        count = x.numel() // x.shape[1]
        assert self.counts.setdefault(name, count) == count
        variance = x.double().var(dim=(0, 2, 3), unbiased=False)
        self.running[name] = (1 - MOMENTUM) * self.running[name] + MOMENTUM * variance

    def verify(self, steps: int) -> None:
        """r0·0.9^k + (PyTorch's - r0·0.9^k)·(n - 1)/n is what the biased estimates run to."""
        for name, norm in self.norms.items():
            kept = self.first[name] * (1 - MOMENTUM) ** steps
            converted = kept + (norm.running_var.double() - kept) * (self.counts[name] - 1) / self.counts[name]
            torch.testing.assert_close(converted, self.running[name], rtol=1e-5, atol=0.0, msg=lambda m: f"{name}: {m}")


def state(net: nn.Module) -> dict[str, Tensor]:
    """Parameters and running statistics, without the batch counters."""
    return {key: value.clone() for key, value in net.state_dict().items() if not key.endswith("num_batches_tracked")}


def train(dtype: torch.dtype) -> tuple[dict[str, Tensor], dict[str, int]]:
    """Five steps from the same filled network; the results by name, and n by batch norm."""
    net = fill.fill(LandmarkNet(small(norm=True)).train(), "train.").to(dtype)
    optimizer = torch.optim.Adam(net.parameters(), **ADAM)
    biased = BiasedVariances(net)
    stored: dict[str, Tensor] = {}
    losses = []
    for step in range(1, STEPS + 1):
        images, positions, weights = (values.to(dtype) for values in batch(step))
        heatmaps = net(images)
        target, applied = codec.targets(positions, weights, tuple(heatmaps.shape[-2:]), SIGMA)
        loss = codec.loss(heatmaps, target, applied)
        optimizer.zero_grad()
        loss.backward()
        if step == 1:
            stored |= {"train/targets": target, "train/weights": applied}
            stored |= {f"train/grad1/{key}": value.grad.clone() for key, value in net.named_parameters()}
        optimizer.step()
        biased.verify(step)
        losses.append(loss.detach())
        if step in (1, STEPS):
            stored |= {f"train/step{step}/{key}": value for key, value in state(net).items()}
    stored["train/losses"] = torch.stack(losses)
    return stored, biased.counts


def uncertain(single: dict[str, Tensor], double: dict[str, Tensor]) -> list[dict]:
    """Parameters with entries whose gradient in step 1 is nearly noise, which Adam turns into ±lr.

    `tiny` counts entries below 1e-5 of the tensor's largest. `wrong_sign` counts those with another sign in f64: if
    there are any, the parameter's new value is meaningless.
    """
    rows = []
    for name, gradient in single.items():
        if not name.startswith("train/grad1/"):
            continue
        largest = gradient.abs().max().item()
        exact = double[name]
        tiny = int((gradient.abs() < TINY * largest).sum())
        wrong = int((gradient.sign() != exact.sign()).sum())
        zero = bool(exact.abs().max() < 1e-10)
        if tiny or wrong or zero:
            rows.append({"key": name.removeprefix("train/grad1/"), "entries": gradient.numel(), "tiny": tiny,
                         "wrong_sign": wrong, "zero_in_f64": zero, "largest": largest})
    return rows


def generate() -> tuple[dict[str, Tensor], dict]:
    single, counts = train(torch.float32)
    double, _ = train(torch.float64)
    drift = {name: (value - double[name]).abs().max().item() for name, value in single.items()
             if name.startswith(("train/step", "train/losses"))}
    for step in (1, STEPS):
        rows = {name: value for name, value in drift.items() if name.startswith(f"train/step{step}/")}
        worst = sorted(rows, key=rows.get, reverse=True)[:6]
        print(f"f32 against f64 after step {step}:", ", ".join(f"{name} {rows[name]:.2g}" for name in worst))
    rows = uncertain(single, double)
    for row in rows:
        print("gradient of step 1:", row)
    print("losses:", single["train/losses"].tolist())
    first = {f"train/positions/{step}": batch(step)[1] for step in range(1, STEPS + 1)}
    described = {
        "adam": {"lr": ADAM["lr"], "betas": list(ADAM["betas"]), "eps": ADAM["eps"], "steps": STEPS, "parameters": [
            {"name": name, "shape": shape, "scale": scale, "gradient_scale": gradient}
            for name, (shape, scale, gradient) in LONE.items()]},
        "train": {"model": small(norm=True), "images": [BATCH, 3, SIDE, SIDE], "sigma": SIGMA,
                  "positions_scale": 30.0, "positions_center": 32.0, "outside": OUTSIDE, "unlabeled": UNLABELED,
                  "batch_norm_counts": counts, "uncertain_gradients": rows, "f32_from_f64": drift},
    }
    return single | first | adam_alone(), described
