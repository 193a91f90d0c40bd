"""MMPose's top-down fashion-landmark inference, from an image and a box to image coordinates.

A reimplementation of the behavior of MMPose 1.3, with torch, torchvision and OpenCV only: a ResNet-50 with three
transposed convolutions and a 1x1 convolution, MSRA heatmaps, the flip test with its one-cell shift, and the refinement
by a quarter of a cell.
"""
import cv2
import fill
import numpy as np
import torch
from torch import nn
from torchvision.models import resnet50

WIDTH, HEIGHT = 192, 256
STRIDE = 4
PADDING = 1.25
MEAN = np.float32([123.675, 116.28, 103.53])
STD = np.float32([58.395, 57.12, 57.375])
LANDMARKS = {"upper": 6, "lower": 4, "full": 8}


class Head(nn.Module):
    """Three doublings of the resolution, then one map per landmark."""

    def __init__(self, maps: int):
        super().__init__()
        layers = []
        for channels in (2048, 256, 256):
            layers += [
                nn.ConvTranspose2d(channels, 256, 4, stride=2, padding=1, bias=False),
                nn.BatchNorm2d(256),
                nn.ReLU(),
            ]
        self.deconv_layers = nn.Sequential(*layers)
        self.final_layer = nn.Conv2d(256, maps, 1)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return self.final_layer(self.deconv_layers(features))


class Net(nn.Module):
    """The whole network, with the keys of MMPose 1.x: `backbone.*` and `head.*`."""

    def __init__(self, maps: int):
        super().__init__()
        self.backbone = resnet50()
        del self.backbone.avgpool, self.backbone.fc
        self.head = Head(maps)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        net = self.backbone
        x = net.maxpool(net.relu(net.bn1(net.conv1(image))))
        for stage in (net.layer1, net.layer2, net.layer3, net.layer4):
            x = stage(x)
        return self.head(x)


def build(maps: int, prefix: str) -> Net:
    """A network whose tensors are made from `prefix` and their key.

    `head.final_layer.bias` is ±1 instead of ±0.2, so that a few maps are negative everywhere.
    """
    net = fill.fill(Net(maps), prefix).eval()
    with torch.no_grad():
        net.head.final_layer.bias.copy_(fill.scaled(prefix + "head.final_layer.bias", (maps,), 1.0))
    return net


def frame(box, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    """Center and extent of the region that the network sees, in the image's coordinates."""
    limit = np.float64([width - 1, height - 1])
    low = np.clip(np.float64(box[:2]), 0, limit)
    high = np.clip(np.float64(box[2:]), 0, limit)
    wide, tall = (high - low) * PADDING
    extent = np.float64([max(wide, tall * WIDTH / HEIGHT), max(tall, wide * HEIGHT / WIDTH)])
    return (low + high) / 2, extent


def affine(center: np.ndarray, extent: np.ndarray) -> np.ndarray:
    """The 2x3 matrix from the image to the input of the network."""
    size = np.float64([WIDTH, HEIGHT])
    scale = size / extent
    return np.column_stack([np.diag(scale), size / 2 - scale * center])


def crop(image: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """The region as MMPose crops it: bilinear, rounded to bytes, black outside the image."""
    return cv2.warpAffine(image, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)


def crop_exactly(image: np.ndarray, matrix: np.ndarray, steps: int | None = None) -> np.ndarray:
    """The same region with unrounded values; with `steps`, at positions rounded to that fraction of a pixel."""
    across = (np.arange(WIDTH) - matrix[0, 2]) / matrix[0, 0]
    down = (np.arange(HEIGHT) - matrix[1, 2]) / matrix[1, 1]
    if steps:
        across, down = np.rint(across * steps) / steps, np.rint(down * steps) / steps
    columns = bilinear_weights(across, image.shape[1])
    rows = bilinear_weights(down, image.shape[0])
    return np.einsum("vy,yxc,ux->vuc", rows, image.astype(np.float64), columns, optimize=True)


def bilinear_weights(positions: np.ndarray, size: int) -> np.ndarray:
    """One row per position: the weight of each of `size` samples; samples outside count as zero."""
    return np.maximum(0, 1 - np.abs(positions[:, None] - np.arange(size)))


def normalized(region: np.ndarray) -> torch.Tensor:
    """RGB rows of pixels as a 1x3x256x192 tensor."""
    values = (region.astype(np.float32) - MEAN) / STD
    return torch.from_numpy(values).permute(2, 0, 1)[None].contiguous()


@torch.no_grad()
def heatmaps(net: Net, tensor: torch.Tensor, flip: bool) -> np.ndarray:
    """One 64x48 map per landmark; with `flip`, the mean with those of the mirrored input."""
    maps = net(tensor)
    if flip:
        # Landmarks 2n and 2n + 1 are each other's mirror images.
        partners = [k ^ 1 for k in range(maps.shape[1])]
        mirrored = net(tensor.flip(-1)).flip(-1)[:, partners]
        shifted = torch.cat([mirrored[..., :1], mirrored[..., :-1]], dim=-1)
        maps = (maps + shifted) * 0.5
    return maps[0].numpy()


def locate(heatmap: np.ndarray) -> tuple[np.ndarray, float]:
    """Column and row of the maximum, moved a quarter cell towards its higher neighbors, and its value."""
    height, width = heatmap.shape
    y, x = (int(n) for n in np.unravel_index(np.argmax(heatmap), heatmap.shape))
    score = float(heatmap[y, x])
    if score <= 0:
        return np.float64([-1, -1]), score
    place = np.float64([x, y])
    # The refinement leaves out column and row 1 as well as the border, on the low side only.
    if 1 < x < width - 1 and 0 < y:
        place[0] += 0.25 * np.sign(heatmap[y, x + 1] - heatmap[y, x - 1])
    if 1 < y < height - 1 and 0 < x:
        place[1] += 0.25 * np.sign(heatmap[y + 1, x] - heatmap[y - 1, x])
    return place, score


def decode(maps: np.ndarray, center: np.ndarray, extent: np.ndarray) -> np.ndarray:
    """[x, y, score] of each landmark, in the image's coordinates."""
    rows = []
    for heatmap in maps:
        place, score = locate(heatmap)
        x, y = place * STRIDE / np.float64([WIDTH, HEIGHT]) * extent + center - extent / 2
        rows.append([x, y, score])
    return np.array(rows)


def read(path) -> np.ndarray:
    """The image of a file, RGB."""
    return cv2.cvtColor(cv2.imread(str(path), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
