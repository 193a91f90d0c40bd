"""Heatmaps in numpy: separable Gaussians, and the highest cell with a quarter of a cell towards the higher neighbor.

There are several implementations of each, as the fastest one depends on the machine: compare.py keeps the best.
All write into preallocated memory, which numpy can do, unlike a library that returns new tensors.
"""
import argparse
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from timing import peak_mib, report, time_repeats

CELLS = 80
STRIDE = 4
SIGMA = 2.0
GRID = np.arange(CELLS, dtype=np.float32)


def gaussians(positions: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns [maps, CELLS] whose products are the heatmaps; zero for weight 0 or positions outside."""
    cells = (positions.reshape(-1, 2) + np.float32(0.5)) / np.float32(STRIDE) - np.float32(0.5)
    inside = ((cells >= -0.5) & (cells < CELLS - 0.5)).all(axis=1) & (weights.ravel() > 0)
    distances = GRID - cells[..., None]
    distances *= distances
    distances *= np.float32(-0.5 / SIGMA**2)
    np.exp(distances, out=distances)
    distances[~inside, 0] = 0
    return distances[:, 0], distances[:, 1]


def encode_out(rows: np.ndarray, columns: np.ndarray, out: np.ndarray) -> None:
    np.multiply(columns[:, :, None], rows[:, None, :], out=out)


def encode_einsum(rows: np.ndarray, columns: np.ndarray, out: np.ndarray) -> None:
    np.einsum("my,mx->myx", columns, rows, out=out)


def encode_loop(rows: np.ndarray, columns: np.ndarray, out: np.ndarray) -> None:
    for row, column, map in zip(rows, columns, out):
        np.multiply.outer(column, row, out=map)


def highest_argmax(flat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    at = flat.argmax(axis=1)
    return at, flat[np.arange(len(flat)), at]


def highest_max(flat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The maximum, then its position."""
    score = flat.max(axis=1)
    return (flat == score[:, None]).argmax(axis=1), score


def highest_loop(flat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    at = np.fromiter((map.argmax() for map in flat), dtype=np.int64, count=len(flat))
    return at, flat[np.arange(len(flat)), at]


ENCODERS = {"out": encode_out, "einsum": encode_einsum, "loop": encode_loop}
DECODERS = {"argmax": highest_argmax, "max": highest_max, "loop": highest_loop}


def decode(flat: np.ndarray, highest) -> tuple[np.ndarray, np.ndarray]:
    """Positions in pixels [maps, 2] and scores [maps]."""
    at, scores = highest(flat)
    row, column = np.divmod(at, CELLS)
    every = np.arange(len(flat))
    found = np.empty((len(flat), 2), dtype=np.float32)
    for axis, (cell, step) in enumerate([(column, 1), (row, CELLS)]):
        within = (cell > 0) & (cell < CELLS - 1)
        before = flat[every, np.where(within, at - step, at)]
        after = flat[every, np.where(within, at + step, at)]
        found[:, axis] = cell + np.float32(0.25) * np.sign(after - before)
    return (found + np.float32(0.5)) * np.float32(STRIDE) - np.float32(0.5), scores


def codec(options: argparse.Namespace) -> None:
    from safetensors.numpy import load_file, save_file

    stored = load_file(options.positions)
    positions, weights = stored["positions"], stored["weights"]
    batch, landmarks = weights.shape
    encoder, highest = ENCODERS[options.encode], DECODERS[options.decode]
    heatmaps = np.empty((batch * landmarks, CELLS, CELLS), dtype=np.float32)
    # numpy uses one core, but most of its loops release the GIL, so halves of a batch run in parallel.
    cuts = [batch * part // options.threads for part in range(options.threads + 1)]
    parts = [slice(*cut) for cut in zip(cuts, cuts[1:])]
    pool = ThreadPoolExecutor(options.threads) if options.threads > 1 else None
    spread = (lambda work: list(pool.map(work, parts))) if pool else (lambda work: [work(part) for part in parts])
    encoding, decoding, found = [], [], []

    def encode_part(part: slice) -> None:
        maps = heatmaps[part.start * landmarks : part.stop * landmarks]
        encoder(*gaussians(positions[part], weights[part]), maps)

    def decode_part(part: slice) -> tuple[np.ndarray, np.ndarray]:
        maps = heatmaps[part.start * landmarks : part.stop * landmarks]
        return decode(maps.reshape(len(maps), -1), highest)

    def work() -> None:
        nonlocal found
        started = time.perf_counter()
        spread(encode_part)
        encoded = time.perf_counter()
        found = spread(decode_part)
        encoding.append((encoded - started) * 1e3)
        decoding.append((time.perf_counter() - encoded) * 1e3)

    times = time_repeats(options, work)
    report(times, peak_mib(), encode_ms=encoding[options.warmup :], decode_ms=decoding[options.warmup :])
    if options.found:
        at, scores = (np.concatenate(pieces) for pieces in zip(*found))
        save_file({"heatmaps": heatmaps[:landmarks].reshape(1, landmarks, CELLS, CELLS).copy(),
                   "positions": at.reshape(batch, landmarks, 2), "scores": scores.reshape(batch, landmarks)},
                  options.found)
