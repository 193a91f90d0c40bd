#!/usr/bin/env python3
"""Computes the references of the crate's parity tests with PyTorch, and writes them to tests/fixtures/parity.

    pip install torch torchvision numpy safetensors timm efficientnet-lite-pytorch
    python3 tools/reference/parity.py            # writes every file
    python3 tools/reference/parity.py --check    # writes to a temporary folder and compares

Parameters, inputs and upstream gradients are made from names (fill.py), so most files contain only results. Made with
PyTorch 2.15 and torchvision 0.29. Another processor may round differently; the values of training.safetensors that then
differ by more than 1e-5 are those with a large "f32_from_f64" in training.json.
"""
import argparse
import json
import sys
import tempfile
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

import baseline_net
import export
import fill
import parity_blocks
import parity_efficientnet
import parity_files
import parity_networks
import parity_training

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "fixtures" / "parity"
BUNDLED = ROOT / "crates" / "dafe-model" / "bundled.safetensors"
TOLERANCE = 1e-5


def write_tensors(path: Path, tensors: dict[str, torch.Tensor]) -> None:
    for name, values in tensors.items():
        assert values.dtype == torch.float32 and values.isfinite().all(), f"{path.name}: {name}"
    save_file({name: values.contiguous() for name, values in tensors.items()}, path)


def write_json(path: Path, value, one_a_line: bool = False) -> None:
    """Compact JSON; with `one_a_line`, a list has one entry per line, for readable diffs."""
    if one_a_line:
        text = "[\n" + ",\n".join(json.dumps(entry) for entry in value) + "\n]"
    else:
        text = json.dumps(value, separators=(",", ":"))
    path.write_text(text + "\n")


def write_all(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tensors, cases = parity_blocks.generate()
    write_tensors(folder / "blocks.safetensors", tensors)
    write_json(folder / "blocks.json", cases, one_a_line=True)
    write_tensors(folder / "resnet.safetensors", parity_networks.resnets())
    write_tensors(folder / "efficientnet.safetensors", parity_efficientnet.maps())
    write_json(folder / "efficientnet.json", parity_efficientnet.networks())
    tensors, described = parity_networks.networks()
    write_tensors(folder / "network.safetensors", tensors)
    write_json(folder / "network.json", described, one_a_line=True)
    tensors, described = parity_training.generate()
    write_tensors(folder / "training.safetensors", tensors)
    (folder / "training.json").write_text(json.dumps(described, indent=1) + "\n")
    write_json(folder / "metrics.json", parity_files.metrics())
    write_json(folder / "keys.json", parity_files.keys())
    parity_files.write_checkpoints(folder)
    write_tensors(folder / "exported.safetensors", exported())


def exported() -> dict[str, torch.Tensor]:
    """The heatmaps of two models in the crate's files: `export/`, and the bundled one."""
    net, (width, height) = export.load(FOLDER / "export")
    bundled = baseline_net.load(str(BUNDLED)).eval()
    with torch.no_grad():
        return {"heatmaps": net(fill.scaled("export/images", [2, 3, height, width], 1.0)),
                "bundled": bundled(fill.scaled("export/bundled", [1, 3, 96, 128], 1.0))}


def load(path: Path):
    if path.suffix == ".safetensors":
        return load_file(path)
    if path.suffix == ".pth":
        return torch.load(path, weights_only=True)
    return json.loads(path.read_text())


def differences(where: str, new, old) -> list[str]:
    """The differences of two loaded files: numbers by 1e-5 of the tensor's largest (or of themselves), anything else exactly."""
    if isinstance(new, torch.Tensor) and isinstance(old, torch.Tensor):
        if new.shape != old.shape or new.dtype != old.dtype:
            return [f"{where}: {list(new.shape)} {new.dtype} for {list(old.shape)} {old.dtype}"]
        apart = (new.double() - old.double()).abs().max().item()
        largest = old.double().abs().max().item()
        # Written this way round, NaN is a difference.
        return [] if apart <= TOLERANCE * largest else [f"{where}: {apart:.3g} apart, of {largest:.3g}"]
    if isinstance(new, dict) and isinstance(old, dict):
        if list(new) != list(old):
            return [f"{where}: other keys"]
        return [line for key in new for line in differences(f"{where}/{key}", new[key], old[key])]
    if isinstance(new, list) and isinstance(old, list):
        if len(new) != len(old):
            return [f"{where}: {len(new)} entries for {len(old)}"]
        return [line for at in range(len(new)) for line in differences(f"{where}/{at}", new[at], old[at])]
    if isinstance(new, float) and isinstance(old, float):
        return [] if abs(new - old) <= TOLERANCE * abs(old) else [f"{where}: {new} for {old}"]
    return [] if new == old else [f"{where}: {new} for {old}"]


def check() -> int:
    with tempfile.TemporaryDirectory() as name:
        fresh = Path(name)
        write_all(fresh)
        lines = []
        for path in sorted(fresh.iterdir()):
            kept = FOLDER / path.name
            lines += differences(path.name, load(path), load(kept)) if kept.exists() else [f"{path.name}: missing"]
    print("\n".join(lines) or f"everything is within {TOLERANCE} of the files")
    return 1 if lines else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the files instead of writing them")
    torch.set_num_threads(1)
    if parser.parse_args().check:
        return check()
    write_all(FOLDER)
    for path in sorted(path for path in FOLDER.iterdir() if path.is_file()):
        print(f"{path.stat().st_size:9,} {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
