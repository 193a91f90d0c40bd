"""The crate's default loading in PyTorch: DataLoader, torchvision.transforms.v2, batches of bytes.

Augmentations are sampled like the crate's (src/data/transform/augmentation.rs): the box is scaled, moved and its
sides jittered; half of the images are rotated about the box's center; the crop is resized to 320 x 320 with
antialiasing, mirrored half of the time, and its colors vary. Landmarks are transformed, too.
"""
import argparse
import math
import random
from pathlib import Path

import torch
from torch.utils.data import DataLoader, Dataset
from torchvision import io
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional as F

from timing import report, time_repeats

SIDE = 320
SCALE, TURN, MOVE, JITTER, COLOR = 0.15, 15.0, 0.05, 0.05, 0.2
PADDING = [124, 116, 104]
MIRROR = [1, 0, 3, 2, 5, 4, 7, 6]
MEAN, DEVIATION = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
# The slots of FLD's upper, lower and full garments.
SLOTS = {1: [0, 1, 2, 3, 6, 7], 2: [4, 5, 6, 7], 3: [0, 1, 2, 3, 4, 5, 6, 7]}


def rows(file: Path) -> list[list[str]]:
    return [line.split() for line in file.read_text().splitlines()[2:]]


class Garments(Dataset):
    """The training split of a dataset in FLD's format."""

    def __init__(self, root: Path, decoder: str, plain: bool) -> None:
        split = {name: part for name, part in rows(root / "Eval" / "list_eval_partition.txt")}
        boxes = {name: [float(side) for side in box] for name, *box in rows(root / "Anno" / "list_bbox.txt")}
        self.samples = []
        for name, kind, _, *landmarks in rows(root / "Anno" / "list_landmarks.txt"):
            if split[name] == "train":
                points, weights = torch.zeros(8, 2), torch.zeros(8)
                for at, slot in enumerate(SLOTS[int(kind)]):
                    visibility, x, y = (int(value) for value in landmarks[3 * at : 3 * at + 3])
                    points[slot] = torch.tensor([x, y])
                    weights[slot] = float(visibility < 2)
                self.samples.append((str(root / name), boxes[name], points, weights))
        self.decoder, self.plain = decoder, plain
        self.colors = v2.ColorJitter(brightness=COLOR, contrast=COLOR, saturation=COLOR)

    def __len__(self) -> int:
        return len(self.samples)

    def image(self, path: str):
        """A tensor, or Pillow's image, for which torchvision uses Pillow's own functions."""
        if self.decoder == "torchvision":
            return io.decode_jpeg(io.read_file(path), mode=io.ImageReadMode.RGB)
        from PIL import Image

        image = Image.open(path).convert("RGB")
        return F.pil_to_tensor(image) if self.decoder == "mixed" else image

    def __getitem__(self, index: int):
        path, box, points, weights = self.samples[index]
        image = self.image(path)
        if not self.plain:
            box = varied(box)
            if random.random() < 0.5:
                image, points, box = turned(image, points, box, random.uniform(-TURN, TURN))
        left, top, right, bottom = (round(side) for side in box)
        image = F.resize(crop(image, left, top, right, bottom), [SIDE, SIDE], antialias=True)
        scale = torch.tensor([SIDE / (right - left), SIDE / (bottom - top)])
        points = (points - torch.tensor([left, top]) + 0.5) * scale - 0.5
        if not self.plain:
            image = self.colors(image)
            if random.random() < 0.5:
                image, points, weights = F.horizontal_flip(image), points[MIRROR], weights[MIRROR]
                points[:, 0] = SIDE - 1 - points[:, 0]
        return image if isinstance(image, torch.Tensor) else F.pil_to_tensor(image), points, weights


def varied(box: list[float]) -> list[float]:
    left, top, right, bottom = box
    grow, signed = SCALE * random.uniform(-0.5, 0.5), lambda: random.uniform(-1, 1)
    moved = [MOVE * signed(), MOVE * signed()]
    lengths = [right - left, bottom - top]
    return [side + lengths[at % 2] * (moved[at % 2] + JITTER * signed() + (grow if at > 1 else -grow))
            for at, side in enumerate(box)]


def turned(image, points: torch.Tensor, box: list[float], degrees: float):
    """The rotated box: only the part of the image that it can show is rotated."""
    left, top, right, bottom = box
    angle = math.radians(degrees)
    cos, sin = math.cos(angle), abs(math.sin(angle))
    middle = [(left + right) / 2, (top + bottom) / 2]
    reach = [((right - left) * cos + (bottom - top) * sin) / 2, ((right - left) * sin + (bottom - top) * cos) / 2]
    height, width = F.get_size(image)
    x1, y1 = (max(math.floor(at - by), 0) for at, by in zip(middle, reach))
    x2, y2 = (min(math.ceil(at + by), side) for at, by, side in zip(middle, reach, (width, height)))
    image = crop(image, x1, y1, x2, y2)
    center = [middle[0] - x1, middle[1] - y1]
    # torchvision rotates counterclockwise.
    image = F.rotate(image, -degrees, interpolation=v2.InterpolationMode.BILINEAR, center=center, fill=PADDING)
    turn = torch.tensor([[cos, math.sin(angle)], [-math.sin(angle), cos]])
    points = (points - torch.tensor(middle)) @ turn + torch.tensor(center)
    return image, points, [left - x1, top - y1, right - x1, bottom - y1]


def crop(image, left: int, top: int, right: int, bottom: int):
    """Padded with the mean outside the image, where torchvision's own crop pads with black."""
    height, width = F.get_size(image)
    outside = [max(-left, 0), max(-top, 0), max(right - width, 0), max(bottom - height, 0)]
    if any(outside):
        image = F.crop(image, max(top, 0), max(left, 0), min(bottom, height) - max(top, 0),
                         min(right, width) - max(left, 0))
        return F.pad(image, outside, fill=PADDING)
    return F.crop(image, top, left, bottom - top, right - left)


def loader(options: argparse.Namespace) -> None:
    from safetensors.torch import save_file

    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    garments = Garments(Path(options.data), options.decoder, options.plain)
    batches = DataLoader(garments, options.batch, shuffle=not options.plain, num_workers=options.workers,
                         persistent_workers=options.workers > 0)

    def epoch() -> None:
        loaded = sum(len(images) for images, _, _ in batches)
        assert loaded == len(garments), "every image once"

    # The workers are separate processes, so this one's peak is meaningless.
    report(time_repeats(options, epoch), None, images=len(garments))
    if options.images:
        images, _, _ = next(iter(batches))
        mean, deviation = (torch.tensor(values).mul(255).view(1, 3, 1, 1) for values in (MEAN, DEVIATION))
        save_file({"images": (images - mean) / deviation}, options.images)
