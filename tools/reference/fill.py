"""Tensors made from their name alone, the same here and in tests/it/common/fill.rs, so that big networks need no files.

A tensor's values come from SplitMix64, seeded with FNV-1a of its name. `uniform` gives multiples of 2^-23 in [-1, 1),
exact in f32; each value is then one f32 product and, where there is a center, one f32 sum.
"""
import numpy as np
import torch

MASK = (1 << 64) - 1


def fnv1a(name: str) -> int:
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = ((state ^ byte) * 0x100000001B3) & MASK
    return state


def uniform(name: str, count: int) -> np.ndarray:
    """`count` numbers in [-1, 1), f32."""
    with np.errstate(over="ignore"):
        steps = np.arange(1, count + 1, dtype=np.uint64)
        z = np.uint64(fnv1a(name)) + steps * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-23) - np.float32(1.0)


def scaled(name: str, shape, scale: float, center: float = 0.0) -> torch.Tensor:
    values = uniform(name, int(np.prod(shape))) * np.float32(scale) + np.float32(center)
    return torch.from_numpy(values.reshape(shape))


def parameter(name: str, shape) -> torch.Tensor:
    """A parameter or running statistic, by its key's last part and its rank.

    | key                       | values                                     |
    |---------------------------|--------------------------------------------|
    | rank 4 (convolutions)     | ±sqrt(3 / (shape[1]·height·width))         |
    | `weight`, rank 1 (norms)  | 1 ± 0.3                                    |
    | `bias`                    | ±0.2                                       |
    | `running_mean`            | ±0.2                                       |
    | `running_var`             | 1 ± 0.5                                    |
    """
    last = name.rsplit(".", 1)[-1]
    if len(shape) == 4:
        return scaled(name, shape, (3.0 / (shape[1] * shape[2] * shape[3])) ** 0.5)
    if last == "running_var":
        return scaled(name, shape, 0.5, 1.0)
    if last == "weight":
        return scaled(name, shape, 0.3, 1.0)
    if last in ("bias", "running_mean"):
        return scaled(name, shape, 0.2)
    raise ValueError(f"no rule for {name} {tuple(shape)}")


def fill(module: torch.nn.Module, prefix: str = "") -> torch.nn.Module:
    """Gives every parameter and running statistic of a module the values of its name, after `prefix`."""
    with torch.no_grad():
        for name, tensor in module.state_dict().items():
            if not name.endswith("num_batches_tracked"):
                tensor.copy_(parameter(prefix + name, tuple(tensor.shape)))
    return module
