"""Reads and writes the configuration in the crate's model files: the entry "dafe" of a safetensors file's metadata."""
import json
import struct
from pathlib import Path


def _header(path: Path) -> tuple[dict, int]:
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        return json.loads(file.read(length)), 8 + length


def read_config(path: Path) -> dict | None:
    """The DetectorConfig of the model in the file `path`; None if it only has parameters."""
    described = _header(path)[0].get("__metadata__", {}).get("dafe")
    return json.loads(described)["config"] if described else None


def describe(weights: Path, config: dict, path: Path) -> None:
    """Writes the tensors of the file `weights` and a DetectorConfig to the model file `path`."""
    header, start = _header(weights)
    header["__metadata__"] = {"dafe": json.dumps({"format": 2, "config": config})}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + weights.read_bytes()[start:])
