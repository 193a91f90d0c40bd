"""Inputs of compare.py's tasks, created once in a folder: networks, batches, positions and generated garments."""
import subprocess
from pathlib import Path

import torch
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor, nn

import codec
import model_file
from baseline_net import load, paper
from export import write_onnx
from network import LandmarkNet

SEED = 7
BUNDLED = Path(__file__).resolve().parents[2] / "crates" / "dafe-model" / "bundled.safetensors"
SIGMA = 2.0
IMAGES = 256
FIRST_IMAGE = 10
# The generator's images are about 210 x 290 pixels.
ENLARGED = 1.6
HEADER_LINES = 2


def images(batch: int, side: int) -> Tensor:
    """Normalized noise with roughly an image's spectrum: the sum of noise at five scales."""
    random = torch.Generator().manual_seed(SEED)
    total = torch.zeros(batch, 3, side, side)
    for scale in (1, 2, 4, 8, 16):
        coarse = torch.randn(batch, 3, -(-side // scale), -(-side // scale), generator=random)
        total += nn.functional.interpolate(coarse, size=(side, side), mode="bilinear", align_corners=False)
    return total / total.std()


def trained_like(landmarks: int) -> LandmarkNet:
    """The paper's network with random weights and matching batch norm statistics, so that values keep their scale."""
    torch.manual_seed(SEED)
    net = LandmarkNet(paper(landmarks))
    norms = [module for module in net.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        nn.init.uniform_(norm.weight, 0.5, 1.0)
        nn.init.uniform_(norm.bias, -0.2, 0.2)
        norm.momentum = None  # the mean over all batches
    for stage in net.decoder:
        nn.init.normal_(stage.selection.expand.bias, 1.0, 0.2)
    with torch.no_grad():
        net.train()(images(8, 320))
        # Heatmaps with about the scale of the targets.
        net.head.weight /= net.eval()(images(2, 320)).std() / 0.2
    return net


def enlarge(generated: Path, tree: Path) -> None:
    """A dataset in FLD's format with images and pixel coordinates enlarged by ENLARGED."""
    for folder in ("img", "Anno", "Eval"):
        (tree / folder).mkdir(parents=True, exist_ok=True)
    for path in (generated / "img").iterdir():
        image = Image.open(path).convert("RGB")
        size = [round(side * ENLARGED) for side in image.size]
        image.resize(size, Image.Resampling.BICUBIC).save(tree / "img" / path.name, quality=90)

    def scaled(value: str) -> str:
        return str(round((int(value) + 0.5) * ENLARGED - 0.5))

    def rewrite(name: str, change) -> None:
        header, rows = (lines := (generated / name).read_text().splitlines())[:HEADER_LINES], lines[HEADER_LINES:]
        (tree / name).write_text("\n".join(header + [" ".join(change(row.split())) for row in rows]) + "\n")

    rewrite("Eval/list_eval_partition.txt", lambda row: row)
    rewrite("Anno/list_bbox.txt", lambda row: row[:1] + [scaled(value) for value in row[1:]])
    # Name, clothes type, variation type; then visibility, x, y of each landmark.
    rewrite("Anno/list_landmarks.txt", lambda row: row[:3] + [
        value if at % 3 == 0 else scaled(value) for at, value in enumerate(row[3:])])


class Material:
    """Paths of files, which are created on first use."""

    def __init__(self, folder: Path, dafe: Path) -> None:
        self.folder = folder
        self.dafe = dafe
        folder.mkdir(parents=True, exist_ok=True)

    def made(self, name: str, make) -> Path:
        """The file of a name. It is created atomically, so that an interrupted run leaves no partial file."""
        path = self.folder / name
        if not path.exists():
            unfinished = self.folder / f"unfinished-{name}"
            make(unfinished)
            unfinished.rename(path)
        return path

    def weights(self, landmarks: int = 8) -> Path:
        def make(path: Path) -> None:
            state = trained_like(landmarks).state_dict()
            save_file({key: value for key, value in state.items() if not key.endswith("num_batches_tracked")}, path)

        return self.made(f"net-{landmarks}.safetensors", make)

    def onnx(self) -> Path:
        return self.made("net-8.onnx", lambda path: write_onnx(trained_like(8), [320, 320], path))

    def bundled_onnx(self) -> Path:
        return self.made("bundled.onnx", lambda path: write_onnx(load(str(BUNDLED)), [self.bundled_side()] * 2, path))

    def bundled_side(self) -> int:
        """The side of the bundled model's square input."""
        width, height = model_file.read_config(BUNDLED)["codec"]["input_size"]
        assert width == height
        return width

    def images(self, batch: int, side: int = 320) -> Path:
        return self.made(f"images-{batch}x{side}.safetensors",
                         lambda path: save_file({"images": images(batch, side)}, path))

    def positions(self, batch: int, landmarks: int, side: int = 320) -> tuple[Tensor, Tensor]:
        """Positions in pixels, one in twenty beyond the image's edge, and weights, one in ten of them 0."""
        random = torch.Generator().manual_seed(SEED)
        positions = (torch.rand(batch, landmarks, 2, generator=random) * 1.05 - 0.025) * side
        weights = (torch.rand(batch, landmarks, generator=random) > 0.1).float()
        return positions, weights

    def positions_file(self, batch: int, landmarks: int) -> Path:
        def make(path: Path) -> None:
            positions, weights = self.positions(batch, landmarks)
            save_file({"positions": positions, "weights": weights}, path)

        return self.made(f"positions-{batch}x{landmarks}.safetensors", make)

    def batch(self, batch: int, side: int = 320, landmarks: int = 8) -> Path:
        def make(path: Path) -> None:
            positions, weights = self.positions(batch, landmarks, side)
            size = -(-side // codec.STRIDE)
            heatmaps, weights = codec.targets(positions, weights, (size, size), SIGMA)
            save_file({"images": images(batch, side), "heatmaps": heatmaps, "weights": weights}, path)

        return self.made(f"batch-{batch}x{side}x{landmarks}.safetensors", make)

    def garments(self) -> Path:
        """Generated garments in FLD's format, enlarged to the size of a photograph."""
        generated = self.folder / "generated"
        subprocess.run([self.dafe, "generate", "--out", generated, "--train", str(IMAGES), "--val", "1", "--test", "1"],
                       check=True, stdout=subprocess.DEVNULL)
        return self.made("garments", lambda tree: enlarge(generated, tree))

    def first_image(self) -> tuple[Path, list[str]]:
        """An image and its box."""
        tree = self.garments()
        name, *box = (tree / "Anno" / "list_bbox.txt").read_text().splitlines()[HEADER_LINES + FIRST_IMAGE].split()
        return tree / name, box

    def model(self) -> Path:
        """A model's folder in the crate's format."""
        folder = self.folder / "model"
        folder.mkdir(exist_ok=True)
        weights = folder / "model.safetensors"
        sides = ["left", "right"]
        names = [f"{side} {part}" for part in ("collar", "sleeve", "waistline", "hem") for side in sides]
        described = {
            "model": paper(8),
            "codec": {"input_size": [320, 320], "stride": codec.STRIDE, "sigma": SIGMA, "alignment": "half-pixel"},
            "framing": "stretch", "refinement": "quarter-offset",
            "flip_test": False, "logits": False, "infers_category": False,
            "schema": {"names": names, "mirror": [1, 0, 3, 2, 5, 4, 7, 6], "skeleton": [],
                       "sigmas": None, "categories": []},
        }
        model_file.describe(self.weights(), described, weights)
        return folder
