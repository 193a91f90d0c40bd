"""The paper's decoder blocks and its alternatives, written from their definitions in plain PyTorch.

A two-input block takes the high-level map X [B, C, H, W] and the low-level map Y [B, C', H', W'], where H' is 2H - 1,
2H or 2H + 1 and W' likewise; its output has Y's height and width. Attribute names are the keys of the stored
parameters.
"""
import torch
import torch.nn.functional as F
from torch import Tensor, nn


def match_rows_and_columns(doubled: Tensor, size: tuple[int, int]) -> Tensor:
    """A map of 2H x 2W at `size`: cropped where too big, its last row or column repeated where too small."""
    rows, columns = (min(have, want) for have, want in zip(doubled.shape[-2:], size))
    doubled = doubled[..., :rows, :columns]
    return F.pad(doubled, (0, size[1] - columns, 0, size[0] - rows), mode="replicate")


def bilinear_double(values: Tensor, size: tuple[int, int]) -> Tensor:
    """U_b: exactly twice the size, with half-pixel centers, then matched to `size` (never stretched to it)."""
    doubled = F.interpolate(values, scale_factor=2, mode="bilinear", align_corners=False)
    return match_rows_and_columns(doubled, size)


class Doubling(nn.ConvTranspose2d):
    """U_t: the transposed convolution, padded by one at the bottom/right for 2H + 1 and cropped for 2H - 1."""

    def __init__(self, channels: int, width: int, bias: bool) -> None:
        super().__init__(channels, width, kernel_size=4, stride=2, padding=1, bias=bias)

    def forward(self, high: Tensor, size: tuple[int, int]) -> Tensor:
        extra = [max(want - 2 * have, 0) for have, want in zip(high.shape[-2:], size)]
        out = F.conv_transpose2d(high, self.weight, self.bias, stride=2, padding=1, output_padding=extra)
        return out[..., : size[0], : size[1]]


class SpatialAttentiveUpsampling(nn.Module):
    """SAU: U_t(X) + U_b(sigmoid(attention(X))) * lateral(Y); the "uniform" attention is 1 everywhere."""

    def __init__(self, channels: int, low_channels: int, out_channels: int | None = None, attention: str = "shared",
                 norm: bool = False) -> None:
        super().__init__()
        width = out_channels or low_channels
        self.upsample = Doubling(channels, width, bias=True)
        maps = {"shared": 1, "per_channel": width, "uniform": 0}[attention]
        self.attention = nn.Conv2d(channels, maps, 1) if maps else None
        self.lateral = nn.Conv2d(low_channels, width, 1) if low_channels != width else None
        self.norm = nn.BatchNorm2d(width) if norm else None

    def forward(self, high: Tensor, low: Tensor) -> Tensor:
        size = tuple(low.shape[-2:])
        up = self.upsample(high, size)
        if self.norm is not None:
            up = F.relu(self.norm(up))
        detail = low if self.lateral is None else self.lateral(low)
        if self.attention is not None:
            detail = bilinear_double(torch.sigmoid(self.attention(high)), size) * detail
        return up + detail


class ChannelAttentiveSelection(nn.Module):
    """CAS: each channel times a gate computed from all channels' means."""

    def __init__(self, channels: int, reduction: int, gate: str = "linear") -> None:
        super().__init__()
        bottleneck = max(channels // reduction, 1)
        self.reduce = nn.Conv2d(channels, bottleneck, 1)
        self.expand = nn.Conv2d(bottleneck, channels, 1)
        self.gate = {"linear": nn.Identity(), "sigmoid": nn.Sigmoid()}[gate]

    def forward(self, x: Tensor) -> Tensor:
        means = x.mean(dim=(2, 3), keepdim=True)
        return x * self.gate(self.expand(F.relu(self.reduce(means))))


class DualAttentionFeatureEnhancement(nn.Module):
    """DAFE: selection after upsampling; without `selection` it is the paper's ablation."""

    def __init__(self, channels: int, low_channels: int, out_channels: int | None = None, attention: str = "shared",
                 norm: bool = False, reduction: int = 16, gate: str = "linear", selection: bool = True) -> None:
        super().__init__()
        self.upsampling = SpatialAttentiveUpsampling(channels, low_channels, out_channels, attention, norm)
        width = out_channels or low_channels
        self.selection = ChannelAttentiveSelection(width, reduction, gate) if selection else None

    def forward(self, high: Tensor, low: Tensor) -> Tensor:
        out = self.upsampling(high, low)
        return out if self.selection is None else self.selection(out)


class TransposedUpsampling(nn.Module):
    """SimpleBaseline's stage: relu(norm(U_t(X))), which uses only the size of Y."""

    def __init__(self, channels: int, low_channels: int, out_channels: int | None = None) -> None:
        super().__init__()
        width = out_channels or low_channels
        self.upsample = Doubling(channels, width, bias=False)
        self.norm = nn.BatchNorm2d(width)

    def forward(self, high: Tensor, low: Tensor) -> Tensor:
        return F.relu(self.norm(self.upsample(high, tuple(low.shape[-2:]))))


class TopDownAddition(nn.Module):
    """The feature pyramid's stage: smooth(U_b(high(X)) + lateral(Y))."""

    def __init__(self, channels: int, low_channels: int, out_channels: int | None = None,
                 smooth: bool = False) -> None:
        super().__init__()
        width = out_channels or low_channels
        self.high = nn.Conv2d(channels, width, 1) if channels != width else None
        self.lateral = nn.Conv2d(low_channels, width, 1)
        self.smooth = nn.Conv2d(width, width, 3, padding=1) if smooth else None

    def forward(self, high: Tensor, low: Tensor) -> Tensor:
        high = high if self.high is None else self.high(high)
        out = bilinear_double(high, tuple(low.shape[-2:])) + self.lateral(low)
        return out if self.smooth is None else self.smooth(out)


class GlobalContext(nn.Module):
    """GCNet's block (Cao et al. 2019): one attended mean of all positions, transformed and added to each of them."""

    def __init__(self, channels: int, reduction: int) -> None:
        super().__init__()
        bottleneck = max(channels // reduction, 1)
        self.mask = nn.Conv2d(channels, 1, 1)
        self.reduce = nn.Conv2d(channels, bottleneck, 1)
        self.norm = nn.LayerNorm(bottleneck, eps=1e-5)
        self.expand = nn.Conv2d(bottleneck, channels, 1)

    def weights(self, x: Tensor) -> Tensor:
        """The attention over positions, [B, H·W, 1]."""
        return self.mask(x).flatten(1).softmax(dim=1).unsqueeze(2)

    def forward(self, x: Tensor) -> Tensor:
        context = torch.bmm(x.flatten(2), self.weights(x)).unsqueeze(3)
        hidden = self.reduce(context).flatten(1)
        return x + self.expand(F.relu(self.norm(hidden))[..., None, None])


class NonLocal(nn.Module):
    """The embedded-Gaussian non-local block (Wang et al. 2018): no scaling of the products, no subsampling."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        inner = max(channels // 2, 1)
        self.theta = nn.Conv2d(channels, inner, 1)
        self.phi = nn.Conv2d(channels, inner, 1)
        self.g = nn.Conv2d(channels, inner, 1)
        self.out = nn.Conv2d(inner, channels, 1)

    def weights(self, x: Tensor) -> Tensor:
        """The attention, [B, queries, keys]: each query's row sums to 1."""
        queries, keys = self.theta(x).flatten(2), self.phi(x).flatten(2)
        return torch.bmm(queries.transpose(1, 2), keys).softmax(dim=2)

    def forward(self, x: Tensor) -> Tensor:
        values = self.g(x).flatten(2).transpose(1, 2)
        attended = torch.bmm(self.weights(x), values).transpose(1, 2)
        return x + self.out(attended.unflatten(2, x.shape[-2:]))
