"""The landmark network: a torchvision ResNet or timm's EfficientNet-Lite, three decoder stages and a 1x1 head.

A network is described by the dictionary that the crate stores as "model" in its files, so that export.py can read it
and the fixtures can state it; `describe` makes one.
"""
from torch import Tensor, nn
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet

import blocks

KINDS = {"basic": BasicBlock, "bottleneck": Bottleneck}
ATTENTIONS = {"shared": "shared", "per-channel": "per_channel", "uniform": "uniform"}
RESNETS = {
    "resnet18": ("basic", [2, 2, 2, 2]),
    "resnet50": ("bottleneck", [3, 4, 6, 3]),
}


def describe(num_landmarks: int, decoder_channels: list[int], kind: str, layers: list[int], width: int = 64,
             stem_kernel: int = 7, **choices) -> dict:
    """A network's description; `choices` overrides the paper's decoder."""
    paper = {"attention": "shared", "norm": False, "reduction": 16, "gate": "linear", "decoder": "dafe",
             "supervision": "output"}
    unknown = choices.keys() - paper.keys()
    if unknown:
        raise ValueError(f"unknown choices: {sorted(unknown)}")
    backbone = {"resnet": {"kind": kind, "blocks": layers, "width": width, "stem_kernel": stem_kernel}}
    return {"num_landmarks": num_landmarks, "backbone": backbone, "decoder_channels": decoder_channels,
            **paper, **choices}


def stages(net: ResNet, images: Tensor) -> list[Tensor]:
    """C2, C3, C4 and C5 of a torchvision ResNet."""
    x = net.maxpool(net.relu(net.bn1(net.conv1(images))))
    maps = []
    for layer in (net.layer1, net.layer2, net.layer3, net.layer4):
        x = layer(x)
        maps.append(x)
    return maps


class Backbone(ResNet):
    """torchvision's ResNet without its classifier, of any stage widths w, 2w, 4w, 8w and any odd stem kernel."""

    def __init__(self, kind: str, blocks: list[int], width: int, stem_kernel: int) -> None:
        super().__init__(KINDS[kind], blocks)
        if (width, stem_kernel) != (64, 7):
            self.inplanes = width
            self.conv1 = nn.Conv2d(3, width, stem_kernel, stride=2, padding=stem_kernel // 2, bias=False)
            self.bn1 = nn.BatchNorm2d(width)
            self.layer1 = self._make_layer(KINDS[kind], width, blocks[0])
            self.layer2 = self._make_layer(KINDS[kind], 2 * width, blocks[1], stride=2)
            self.layer3 = self._make_layer(KINDS[kind], 4 * width, blocks[2], stride=2)
            self.layer4 = self._make_layer(KINDS[kind], 8 * width, blocks[3], stride=2)
        del self.fc
        self.channels = [KINDS[kind].expansion * width * step for step in (1, 2, 4, 8)]

    def forward(self, images: Tensor) -> list[Tensor]:
        return stages(self, images)


def backbone(described: dict) -> nn.Module:
    """The backbone of a network's description, which has one key: the kind."""
    ((kind, sizes),) = described.items()
    if kind == "resnet":
        return Backbone(**sizes)
    if kind == "efficientnet-lite":
        # Imported here: only these networks need timm.
        from efficientnet_lite import EfficientNetLite

        return EfficientNetLite(**sizes)
    raise ValueError(f"unknown backbone: {kind}")


class AttendedAddition(nn.Module):
    """The stage of an alternative decoder: unweighted addition (SAU with uniform attention), then an attention block."""

    def __init__(self, upsampling: nn.Module, context: nn.Module | None = None,
                 non_local: nn.Module | None = None) -> None:
        super().__init__()
        self.upsampling = upsampling
        self.context = context
        self.non_local = non_local

    def forward(self, high: Tensor, low: Tensor) -> Tensor:
        out = self.upsampling(high, low)
        for block in (self.context, self.non_local):
            out = out if block is None else block(out)
        return out


class Named(nn.Module):
    """A single two-input block under the key that the crate stores it by."""

    def __init__(self, key: str, block: nn.Module) -> None:
        super().__init__()
        self.add_module(key, block)

    def forward(self, high: Tensor, low: Tensor) -> Tensor:
        (block,) = self.children()
        return block(high, low)


def decoder_stage(model: dict, at: int, channels: int, low_channels: int) -> nn.Module:
    """Stage `at` (0 merges C5 with C4) of the described network."""
    width = model["decoder_channels"][at]
    decoder = model.get("decoder", "dafe")
    norm, reduction = model["norm"], model["reduction"]
    if decoder in ("dafe", "dafe-without-selection"):
        return blocks.DualAttentionFeatureEnhancement(
            channels, low_channels, width, ATTENTIONS[model["attention"]], norm, reduction, model["gate"],
            selection=decoder == "dafe")
    if decoder == "transposed-convolution":
        return Named("transposed", blocks.TransposedUpsampling(channels, low_channels, width))
    if decoder == "feature-pyramid":
        last = at == len(model["decoder_channels"]) - 1
        return Named("top_down", blocks.TopDownAddition(channels, low_channels, width, smooth=last))
    addition = blocks.SpatialAttentiveUpsampling(channels, low_channels, width, "uniform", norm)
    if decoder == "global-context":
        return AttendedAddition(addition, context=blocks.GlobalContext(width, reduction))
    if decoder == "non-local":
        # The full-size map's attention would be too big, so only the first two stages have one.
        return AttendedAddition(addition, non_local=blocks.NonLocal(width) if at < 2 else None)
    raise ValueError(f"unknown decoder: {decoder}")


class LandmarkNet(nn.Module):
    """One heatmap per landmark, at a quarter of the image's size."""

    def __init__(self, model: dict) -> None:
        super().__init__()
        self.backbone = backbone(model["backbone"])
        *lows, channels = self.backbone.channels
        self.decoder = nn.ModuleList()
        for at, low_channels in enumerate(reversed(lows)):
            self.decoder.append(decoder_stage(model, at, channels, low_channels))
            channels = model["decoder_channels"][at]
        self.head = nn.Conv2d(channels, model["num_landmarks"], 1)

    def forward(self, images: Tensor) -> Tensor:
        *lows, x = self.backbone(images)
        for stage, low in zip(self.decoder, reversed(lows)):
            x = stage(x, low)
        return self.head(x)
