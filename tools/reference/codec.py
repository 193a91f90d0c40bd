"""Heatmap targets, the training loss and the normalized error, implemented from their definitions."""
import numpy as np
import torch
from torch import Tensor

STRIDE = 4


def to_cells(positions: Tensor) -> Tensor:
    """Input pixels to heatmap cells; both count pixel centers from 0, so the images' edges agree (half-pixel)."""
    return (positions + 0.5) / STRIDE - 0.5


def targets(positions: Tensor, weights: Tensor, size: tuple[int, int], sigma: float) -> tuple[Tensor, Tensor]:
    """Gaussian heatmaps [B, n, H, W] and the weights that apply [B, n], from positions [B, n, (x, y)] in input pixels.

    Centers are not rounded and tails not cut. A center outside the map has weight 0, and weight 0 an all-zero map.
    """
    rows, columns = size
    x, y = to_cells(positions).unbind(-1)
    inside = (x >= -0.5) & (x < columns - 0.5) & (y >= -0.5) & (y < rows - 0.5)
    weights = weights * inside
    dx = torch.arange(columns, dtype=x.dtype) - x[..., None]
    dy = torch.arange(rows, dtype=y.dtype) - y[..., None]
    squares = dy[..., :, None] ** 2 + dx[..., None, :] ** 2
    maps = torch.exp(-squares / (2 * sigma**2))
    return maps * (weights > 0)[..., None, None], weights


def loss(heatmaps: Tensor, target: Tensor, weights: Tensor) -> Tensor:
    """The weighted mean squared error over all cells of all maps; maps of weight 0 count in the divisor, too."""
    return (weights[..., None, None] * (heatmaps - target) ** 2).sum() / heatmaps.numel()


def normalized_error(predicted: np.ndarray, labeled: np.ndarray, boxes: np.ndarray,
                     visible: np.ndarray) -> tuple[float, list[float | None]]:
    """NE overall and per landmark (None where no instance is visible), in f64.

    Points are [samples, landmarks, (x, y)], boxes [samples, (x1, y1, x2, y2)]. Overall is the unweighted mean of the
    landmarks that have any instance.
    """
    sides = (boxes[:, 2:] - boxes[:, :2])[:, None, :]
    distances = np.sqrt((((predicted - labeled) / sides) ** 2).sum(axis=2))
    per_landmark = [float(distances[seen, at].mean()) if seen.any() else None for at, seen in enumerate(visible.T)]
    return float(np.mean([error for error in per_landmark if error is not None])), per_landmark
