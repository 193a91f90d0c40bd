#!/usr/bin/env python3
"""Variance and correlations of 3x3 patches of photographs: the constants of src/weights/image_scale.rs.

    pip install numpy pillow torch
    python3 tools/reference/image_statistics.py efficientnet-lite0-57934424.pth PHOTOGRAPH...

Photographs are stretched to 224 x 224; values are 0 to 1. From the weights, it prints the scale implied by the
first layer's running variances: 255/128 = 1.99 was used.
"""
import collections
import sys

import numpy as np
import torch
from PIL import Image

PATCHES = 60


def main() -> None:
    file, *photographs = sys.argv[1:]
    random, patches = np.random.default_rng(0), []
    for path in sorted(photographs):
        image = Image.open(path).convert("RGB").resize((224, 224), Image.BICUBIC)
        image = np.asarray(image, dtype=np.float64) / 255
        for _ in range(PATCHES):
            y, x = random.integers(0, 221, 2)
            patches.append(image[y:y + 3, x:x + 3].transpose(2, 0, 1).reshape(-1))
    covariance = np.cov(np.array(patches).T)
    variance = covariance.diagonal().mean()
    print(f"variance {variance:.4f}")
    by_distance = collections.defaultdict(list)
    place = [(at // 9, at // 3 % 3, at % 3) for at in range(27)]
    pairs = [(i, j, (place[i][0] != place[j][0],
                     (place[i][1] - place[j][1])**2 + (place[i][2] - place[j][2])**2))
             for i in range(27) for j in range(27)]
    for i, j, key in pairs:
        by_distance[key].append(covariance[i, j] / variance)
    for key in sorted(by_distance):
        print(f"{'other' if key[0] else 'same'} color, squared distance {key[1]}: {np.mean(by_distance[key]):.4f}")

    model = np.zeros((27, 27))
    for i, j, key in pairs:
        model[i, j] = variance * np.mean(by_distance[key])
    weights = torch.load(file, weights_only=True)
    kernels = weights["_conv_stem.weight"].double().reshape(-1, 27).numpy()
    found = weights["_bn0.running_var"].double().numpy()
    expected = np.einsum("ki,ij,kj->k", kernels, model, kernels)
    tells = (expected > 1e-4) & (found > 1e-4)
    print(f"scale of the weights' images {np.median(np.sqrt(found[tells] / expected[tells])):.2f}")


if __name__ == "__main__":
    main()
