"""Backbones and whole networks in eval mode: tests/fixtures/parity/{resnet,network}.safetensors and network.json."""
import torch
import torchvision

import blocks
import fill
from network import RESNETS, LandmarkNet, describe, stages
from parity_blocks import SMALLEST_ENTROPY, entropy

SAMPLES = 512
STEP = 2654435761
PAPER = describe(8, [256, 256, 256], *RESNETS["resnet50"])
SMALL_CHOICES = {
    "dafe": {},
    "dafe_uniform": {"attention": "uniform"},
    "dafe_without_selection": {"decoder": "dafe-without-selection"},
    "dafe_sigmoid": {"gate": "sigmoid"},
    "se": {"attention": "uniform", "gate": "sigmoid"},
    "transposed": {"decoder": "transposed-convolution"},
    "top_down": {"decoder": "feature-pyramid"},
    "global_context": {"decoder": "global-context"},
    "non_local": {"decoder": "non-local"},
}


def small(**choices) -> dict:
    """The small network; a reduction of 2 leaves a bottleneck of 4, enough for a layer norm."""
    return describe(2, [8, 8, 8], "basic", [1, 1, 1, 1], width=4, **({"reduction": 2} | choices))


def samples(values: torch.Tensor) -> torch.Tensor:
    """512 values spread over a map."""
    flat = values.flatten()
    return flat[[at * STEP % flat.numel() for at in range(SAMPLES)]]


def resnets() -> dict[str, torch.Tensor]:
    stored = {}
    for name, make in {"resnet18": torchvision.models.resnet18, "resnet50": torchvision.models.resnet50}.items():
        net = make(weights=None)
        del net.fc
        fill.fill(net.eval(), f"{name}.")
        with torch.no_grad():
            maps = stages(net, fill.scaled(f"{name}/images", [1, 3, 75, 53], 1.0))
        for level, values in enumerate(maps, start=2):
            largest = values.abs().max()
            print(f"{name} c{level} {list(values.shape)}: largest {largest:.3g}, mean {values.mean():.3g}, "
                  f"{(values == 0).float().mean():.0%} zero")
            assert 1e-3 < largest < 1e4, f"{name} c{level}: out of range"
            stored[f"{name}/c{level}/samples"] = samples(values)
            stored[f"{name}/c{level}/max_abs"] = largest.reshape(1)
    return stored


def check_attention(name: str, net: LandmarkNet) -> None:
    """Fails if a softmax inside the network is saturated."""
    def hook(module, inputs, _output) -> None:
        left = entropy(module.weights(*inputs))
        print(f"{name}: smallest entropy of a softmax {left:.3f} of the largest possible")
        assert left > SMALLEST_ENTROPY, f"{name}: a softmax is saturated"

    for module in net.modules():
        if isinstance(module, (blocks.GlobalContext, blocks.NonLocal)):
            module.register_forward_hook(hook)


def networks() -> tuple[dict[str, torch.Tensor], list[dict]]:
    """Heatmaps by network, and each network's name, image shape and description."""
    stored, described = {}, []
    every = {"paper": (PAPER, [1, 3, 64, 96])}
    every |= {name: (small(**choices), [1, 3, 50, 37]) for name, choices in SMALL_CHOICES.items()}
    for name, (model, shape) in every.items():
        net = fill.fill(LandmarkNet(model).eval(), f"{name}.")
        check_attention(name, net)
        with torch.no_grad():
            heatmaps = net(fill.scaled(f"{name}/images", shape, 1.0))
        print(f"{name} {list(heatmaps.shape)}: {heatmaps.min():.3g} to {heatmaps.max():.3g}, "
              f"standard deviation within a map {heatmaps.std(dim=(2, 3)).min():.3g} or more")
        assert heatmaps.isfinite().all() and (heatmaps.std(dim=(2, 3)) > 1e-3).all(), f"{name}: flat heatmaps"
        stored[f"{name}/heatmaps"] = heatmaps
        described.append({"name": name, "images": shape, "model": model})
    return stored, described
