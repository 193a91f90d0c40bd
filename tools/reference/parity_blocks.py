"""Outputs and gradients of every block: tests/fixtures/parity/blocks.{safetensors,json}.

Case `c` has parameters filled under the prefix `c.`, inputs `c/high` and `c/low` (or `c/x`) and the upstream gradient
`c/upstream`; the scalar differentiated is the sum of output times upstream gradient. Batch norms are in eval mode.
"""
import itertools

import torch
from torch import nn

import blocks
import fill

HIGH = [2, 6, 3, 4]
LOW_SIZES = {"even": [6, 8], "taller": [7, 7], "wider": [5, 9]}
SMALLEST_GRADIENT = 1e-3
SMALLEST_ENTROPY = 0.5


def two_inputs(name: str, block: str, size: str, out_channels: int | None, **options) -> dict:
    return {"name": name, "block": block, "high": HIGH, "low": [2, 4, *LOW_SIZES[size]],
            "out_channels": out_channels, **options}


def upsampling_cases() -> list[dict]:
    cases = []
    for attention, out_channels, size in itertools.product(["shared", "per_channel", "uniform"], [5, None], LOW_SIZES):
        lateral = "lateral" if out_channels else "direct"
        name = f"sau_{attention}_{lateral}_{size}"
        cases.append(two_inputs(name, "sau", size, out_channels, attention=attention, norm=False))
    cases.append(two_inputs("sau_norm", "sau", "taller", 5, attention="shared", norm=True))
    return cases


def cases() -> list[dict]:
    """Every case, with the options specific to its block."""
    shared = {"attention": "shared", "reduction": 2, "gate": "linear"}
    single = {"even": [2, 6, 4, 2], "odd": [2, 8, 5, 3]}
    return upsampling_cases() + [
        {"name": "cas_linear", "block": "cas", "x": [2, 6, 4, 3], "reduction": 2, "gate": "linear"},
        {"name": "cas_sigmoid", "block": "cas", "x": [2, 6, 4, 3], "reduction": 2, "gate": "sigmoid"},
        two_inputs("dafe_shared_linear", "dafe", "even", 5, norm=False, **shared),
        two_inputs("dafe_per_channel_sigmoid", "dafe", "wider", None, norm=False, attention="per_channel", reduction=2,
                   gate="sigmoid"),
        two_inputs("dafe_norm", "dafe", "taller", 5, norm=True, **shared),
        *[two_inputs(f"transposed_{size}", "transposed", size, 5) for size in LOW_SIZES],
        two_inputs("top_down_high_smooth_even", "top_down", "even", 5, smooth=True),
        two_inputs("top_down_high_taller", "top_down", "taller", 5, smooth=False),
        two_inputs("top_down_smooth_wider", "top_down", "wider", 6, smooth=True),
        two_inputs("top_down_even", "top_down", "even", 6, smooth=False),
        *[{"name": f"global_context_{size}", "block": "global_context", "x": shape, "reduction": 2}
          for size, shape in single.items()],
        *[{"name": f"non_local_{size}", "block": "non_local", "x": shape} for size, shape in single.items()],
    ]


def build(case: dict) -> nn.Module:
    kinds = {"sau": blocks.SpatialAttentiveUpsampling, "cas": blocks.ChannelAttentiveSelection,
             "dafe": blocks.DualAttentionFeatureEnhancement, "transposed": blocks.TransposedUpsampling,
             "top_down": blocks.TopDownAddition, "global_context": blocks.GlobalContext,
             "non_local": blocks.NonLocal}
    options = {key: value for key, value in case.items() if key not in ("name", "block", "high", "low", "x")}
    channels = [case[key][1] for key in ("high", "low", "x") if key in case]
    module = kinds[case["block"]](*channels, **options).eval()
    return fill.fill(module, case["name"] + ".")


def zero_gradients(block: str) -> list[str]:
    """Parameters that shift all logits of a softmax equally, so their gradient is zero for any input."""
    return {"global_context": ["mask.bias"], "non_local": ["phi.bias"]}.get(block, [])


def entropy(weights: torch.Tensor) -> float:
    """The smallest entropy among the rows of a block's `weights`, as a fraction of the largest possible."""
    rows = weights.squeeze(-1)
    return (-(rows * rows.clamp_min(1e-30).log()).sum(-1) / torch.tensor(rows.shape[-1]).log()).min().item()


def results(case: dict) -> dict[str, torch.Tensor]:
    """A case's output and gradients, each checked to be informative."""
    name, module = case["name"], build(case)
    names = [key for key in ("high", "low", "x") if key in case]
    inputs = {key: fill.scaled(f"{name}/{key}", case[key], 1.0).requires_grad_() for key in names}
    output = module(*inputs.values())
    upstream = fill.scaled(f"{name}/upstream", tuple(output.shape), 1.0)
    (output * upstream).sum().backward()

    if hasattr(module, "weights"):
        left = entropy(module.weights(*inputs.values()).detach())
        print(f"{name}: smallest entropy of the softmax {left:.3f} of the largest possible")
        assert left > SMALLEST_ENTROPY, f"{name}: the softmax is saturated"
    leaves = dict(module.named_parameters()) | inputs
    stored = {f"{name}/output": output.detach()}
    for key, leaf in leaves.items():
        if leaf.grad is None:
            # The transposed convolution uses only the size of its low-level map.
            assert (case["block"], key) == ("transposed", "low"), f"{name}: no gradient of {key}"
            continue
        norm = leaf.grad.norm().item()
        if key in zero_gradients(case["block"]):
            assert norm < 1e-5, f"{name}: the gradient of {key} should be zero, its norm is {norm}"
            continue
        assert norm > SMALLEST_GRADIENT, f"{name}: the gradient of {key} is almost zero: {norm}"
        stored[f"{name}/grad/{key}"] = leaf.grad
    return stored


def generate() -> tuple[dict[str, torch.Tensor], list[dict]]:
    every = cases()
    tensors: dict[str, torch.Tensor] = {}
    for case in every:
        tensors |= results(case)
        case["zero_gradients"] = zero_gradients(case["block"])
    return tensors, every
