"""The comparisons of compare.py: the contenders' commands for each task, how outputs must agree, and the main
table's rows."""
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from material import BUNDLED, Material

OURS, TORCH, ORT, NUMPY, BURN = "dafe", "PyTorch", "ONNX Runtime", "numpy", "plain Burn"
LAYOUTS = {"NCHW": "nchw", "channels_last": "channels_last"}
# Settings that disable AVX-512. ONNX Runtime has none.
AVX2 = {"DAFE_CPU_CAPABILITY": "avx2", "ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2"}
WRITINGS = {"out": "multiply(out=)", "argmax": "argmax", "einsum": "einsum", "max": "max and ==", "loop": "a loop"}
# At the paper's 1e-3, Adam's first steps from untrained parameters amplify rounding errors.
LEARNING_RATE = 1e-5


class Disagreement(Exception):
    """Two contenders computed different things, so comparing their speed means nothing."""


@dataclass
class Contender:
    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass
class Comparison:
    name: str
    title: str
    contenders: list[Contender]
    # The option by which every contender writes what it computed.
    output: str | None = None
    # Gets every contender's report and output file; raises Disagreement or returns how well they agree.
    check: Callable[[dict[str, dict], dict[str, Path]], str] | None = None
    # Time from the start of the process to its last line, instead of the times that it reports.
    whole_process: bool = False
    repeats: tuple[int, int] | None = None
    # In a growth table: which one, and the position in it.
    growth: tuple[str, str, int] | None = None
    images: int = 1


@dataclass
class Row:
    """A row of the main table: time, the baseline's divided by ours; memory, ours divided by the baseline's."""
    comparison: str
    baseline: str
    memory: bool = False


ROWS = [
    Row("forward-1", ORT), Row("forward-4", ORT),
    Row("forward-1", TORCH), Row("forward-4", TORCH),
    Row("forward-1", BURN), Row("forward-4", BURN),
    Row("bundled", ORT), Row("bundled", TORCH),
    Row("avx2-1", TORCH), Row("avx2-4", TORCH),
    Row("step-4", TORCH),
    Row("forward-1", ORT, memory=True), Row("forward-4", ORT, memory=True),
    Row("forward-1", TORCH, memory=True), Row("forward-4", TORCH, memory=True),
    Row("step-4", TORCH, memory=True),
    Row("loader", TORCH),
    Row("codec-8", NUMPY), Row("codec-294", NUMPY),
    Row("first", TORCH),
]


def relative(found: np.ndarray, expected: np.ndarray) -> float:
    return float(np.abs(found - expected).max() / np.abs(expected).max())


def demand(within: bool, message: str) -> str:
    if not within:
        raise Disagreement(message)
    return message


def same_heatmaps(_: dict[str, dict], outputs: dict[str, Path]) -> str:
    """1e-4: fifty layers of f32 sums in another order differ by about 1e-5 of the largest value."""
    maps = {name: load_file(path)["heatmaps"] for name, path in outputs.items()}
    expected = maps[f"{TORCH}, NCHW"]
    worst = max(relative(found, expected) for found in maps.values())
    return demand(worst <= 1e-4, f"heatmaps differ by {worst:.1e} of the largest value (limit: 1e-4)")


def same_losses(reports: dict[str, dict], _: dict[str, Path]) -> str:
    """1e-3: Adam divides by the gradient's own size, so the first steps move noise as far as signal."""
    losses = {name: np.array(report["losses"][:3]) for name, report in reports.items()}
    expected = losses[f"{TORCH}, NCHW"]
    worst = max(float(np.abs(found / expected - 1).max()) for found in losses.values())
    return demand(worst <= 1e-3,
                  f"the losses of the first three steps differ by {worst:.1e} of themselves (limit: 1e-3)")


def same_updates(start: Path) -> Callable[[dict[str, dict], dict[str, Path]], str]:
    """The difference of three steps' updates of all parameters from PyTorch's in NCHW: at most twice that of
    PyTorch's other layout."""
    def check(_: dict[str, dict], outputs: dict[str, Path]) -> str:
        before = load_file(start)
        after = {name: load_file(path) for name, path in outputs.items()}
        keys = [key for key in before if "running" not in key]
        expected = after.pop(f"{TORCH}, NCHW")

        def norm(a: dict, b: dict) -> float:
            return sum(float(np.square(a[key] - b[key]).sum()) for key in keys) ** 0.5

        far = {name: norm(found, expected) / norm(before, expected) for name, found in after.items()}
        ours, theirs = far[OURS], far[f"{TORCH}, channels_last"]
        return demand(ours <= 2 * theirs,
                      f"three steps' updates differ from PyTorch's in NCHW by {ours:.3f} of their size, "
                      "and PyTorch's own in "
                      f"channels_last by {theirs:.3f} (limit: twice that). Adam divides each gradient by its size, so "
                      "gradients that consist of rounding errors also move their parameters by a full step")
    return check


def same_images(_: dict[str, dict], outputs: dict[str, Path]) -> str:
    """0.01 is half a level of 255: JPEG decoders and resizers round differently."""
    images = {name: load_file(path)["images"] for name, path in outputs.items()}
    expected = images.pop(TORCH)
    mean = max(float(np.abs(found - expected).mean()) for found in images.values())
    return demand(mean <= 0.01, f"normalized images differ by {mean:.1e} on average (limit: 0.01, half a level of 255)")


def same_codec(_: dict[str, dict], outputs: dict[str, Path]) -> str:
    """1e-5: exp of f32 arguments down to -800. Equal positions, but for near-ties of neighbors: 1 in 1000."""
    found = {name: load_file(path) for name, path in outputs.items()}
    ours = found.pop(OURS)
    maps = max(float(np.abs(ours["heatmaps"] - other["heatmaps"]).max()) for other in found.values())
    moved = max(float((ours["positions"] != other["positions"]).any(axis=2).mean()) for other in found.values())
    return demand(maps <= 1e-5 and moved <= 1e-3,
                  f"heatmaps differ by {maps:.1e} (limit: 1e-5), {100 * moved:.2f} % of the positions differ (limit: 0.1 %)")


def same_landmarks(reports: dict[str, dict], _: dict[str, Path]) -> str:
    """JPEG decoders and resizers round differently, by up to some levels, so the heatmaps' highest values agree to 2 %.
    The network is untrained: its maps have several nearly equal peaks, and some landmarks may switch between them."""
    points = {name: np.array(report["landmarks"]) for name, report in reports.items()}
    scores = {name: np.array(report["scores"]) for name, report in reports.items()}
    apart = np.abs(points[OURS] - points[TORCH]).max(axis=1)
    same, worst = int((apart < 0.1).sum()), relative(scores[OURS], scores[TORCH])
    return demand(worst <= 0.02 and 2 * same >= len(apart),
                  f"scores differ by {worst:.1e} of the largest (limit: 0.02), and {same} of {len(apart)} landmarks agree "
                  "to 0.1 pixels (limit: half of them). The network is untrained: its maps have several nearly equal "
                  "peaks, between which the rounding of JPEG decoders and resizers decides")


class Catalogue:
    """All comparisons; files are made when a command that needs them is listed."""

    def __init__(self, material: Material, measure: Path, scripts: Path, quick: bool) -> None:
        self.material, self.measure, self.quick = material, [str(measure)], quick
        self.baselines = [sys.executable, str(scripts / "baselines.py")]

    def forward(self, batch: int, side: int = 320, landmarks: int = 8,
                model: Path | None = None) -> dict[str, list[str]]:
        weights = ["--weights", str(model or self.material.weights(landmarks))]
        images = ["--images", str(self.material.images(batch, side))]
        torch = {f"{TORCH}, {name}":
                 [*self.baselines, "forward", "--by", "torch", "--layout", layout, *weights, *images]
                 for name, layout in LAYOUTS.items()}
        ours = ["--model", str(model)] if model else weights
        return {OURS: [*self.measure, "forward", *ours, *images], **torch}

    def step(self, batch: int, side: int = 320, landmarks: int = 8) -> dict[str, list[str]]:
        files = ["--weights", str(self.material.weights(landmarks)),
                 "--batch", str(self.material.batch(batch, side, landmarks)), "--learning-rate", str(LEARNING_RATE)]
        torch = {f"{TORCH}, {name}": [*self.baselines, "step", "--layout", layout, *files]
                 for name, layout in LAYOUTS.items()}
        return {OURS: [*self.measure, "step", *files], **torch}

    def headline(self) -> list[Comparison]:
        made = self.material
        listed = []

        def add(name: str, title: str, commands: dict[str, list[str]], environment: dict[str, str] | None = None,
                **more) -> None:
            contenders = [Contender(*item, environment or {}) for item in commands.items()]
            listed.append(Comparison(name, title, contenders, **more))

        def onnxruntime(model: Path, images: Path) -> dict[str, list[str]]:
            return {ORT: [*self.baselines, "forward", "--by", "onnxruntime", "--weights", str(model),
                          "--images", str(images)]}

        for batch in (1, 4):
            commands = self.forward(batch) | onnxruntime(made.onnx(), made.images(batch))
            add(f"forward-{batch}", f"inference, batch {batch}",
                commands | {f"{BURN}, Flex": [*commands[OURS], "--burn"]}, output="--heatmaps",
                check=same_heatmaps, repeats=(3, 12), images=batch)
            add(f"avx2-{batch}", f"inference with AVX2 at most, batch {batch}", self.forward(batch), AVX2,
                output="--heatmaps", check=same_heatmaps, repeats=(3, 12), images=batch)
        side = made.bundled_side()
        add("bundled", f"inference of the bundled model, {side} × {side}, batch 1",
            self.forward(1, side, model=BUNDLED) | onnxruntime(made.bundled_onnx(), made.images(1, side)),
            output="--heatmaps", check=same_heatmaps, repeats=(20, 100))
        add("step-4", "training step, batch 4", self.step(4), check=same_losses, repeats=(1, 5), images=4)
        add("step-check", "three training steps, compared", self.step(4), output="--parameters",
            check=same_updates(made.weights()), repeats=(0, 3))
        data = ["--data", str(made.garments())]
        baselines = {f"{TORCH}, {workers} worker{'s' * (workers > 1)}, {decoder}":
                     [*self.baselines, "loader", *data, "--workers", str(workers), "--decoder", decoder]
                     for workers, decoder in ((2, "torchvision"), (1, "torchvision"), (2, "mixed"), (2, "pillow"))}
        add("loader", "loading 256 images", {OURS: [*self.measure, "loader", *data, "--workers", "2"], **baselines},
            repeats=(1, 5))
        add("loader-check", "plain crops, compared",
            {OURS: [*self.measure, "loader", *data, "--plain"], TORCH: [*self.baselines, "loader", *data, "--plain"]},
            output="--images", check=same_images, repeats=(0, 1))
        for landmarks in (8, 294):
            file = ["--positions", str(made.positions_file(64, landmarks))]
            numpy = {f"{NUMPY}, {WRITINGS[encode]}, {WRITINGS[decode]}, {threads} thread{'s' * (threads > 1)}":
                     [*self.baselines, "codec", *file, "--encode", encode, "--decode", decode,
                      "--threads", str(threads)]
                     for encode, decode, threads in (("out", "argmax", 2), ("out", "argmax", 1), ("einsum", "max", 2),
                                                     ("loop", "loop", 1))}
            add(f"codec-{landmarks}", f"encode and decode 64 × {landmarks} heatmaps",
                {OURS: [*self.measure, "codec", *file], **numpy}, output="--found", check=same_codec, repeats=(3, 15))
        image, box = made.first_image()
        cold = ["first", "--model", str(made.model()), "--image", str(image), "--box", *box]
        add("first", "start of process to first landmarks",
            {OURS: [*self.measure, *cold], TORCH: [*self.baselines, *cold]}, check=same_landmarks, whole_process=True)
        return listed

    def growth(self) -> list[Comparison]:
        """This crate and PyTorch in channels_last, its faster layout, while one size changes."""
        sizes = {"batch": [1, 2, 4, 8, 16, 32], "input": [160, 224, 320, 416, 512, 640], "landmarks": [8, 294]}
        if self.quick:
            sizes = {"batch": [1, 4], "input": [160, 320], "landmarks": [8, 294]}
        listed = []
        for job, usual, commands in (("inference", 1, self.forward), ("training", 4, self.step)):
            for axis, values in sizes.items():
                for value in values:
                    batch = value if axis == "batch" else usual
                    side = value if axis == "input" else 320
                    both = commands(batch, side, value if axis == "landmarks" else 8)
                    both = {name.split(",")[0]: command for name, command in both.items() if "NCHW" not in name}
                    listed.append(Comparison(
                        f"growth-{job}-{axis}-{value}", f"growth of {job}, {axis} {value}",
                        [Contender(*item) for item in both.items()], repeats=(1, 3), images=batch,
                        growth=(job, axis, value)))
        return listed
