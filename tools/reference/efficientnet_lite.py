"""EfficientNet-Lite0 to 4 as a backbone, by timm, whose parameter names the crate's files have."""
import timm
import torch
from torch import Tensor, nn

IMAGENET = [[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]]
# For each variant: timm's name, and the mean and deviation of the images that the weights were trained on.
VARIANTS = {
    "tensorflow": ("tf_efficientnet_lite", [[127 / 255] * 3, [128 / 255] * 3]),
    "timm": ("efficientnet_lite", IMAGENET),
}
# The stages whose outputs are the maps of strides 4, 8, 16 and 32.
LAST_STAGES = (1, 2, 4, 6)


def normalized(images: Tensor, variant: str) -> Tensor:
    """Images with ImageNet's normalization, with the variant's."""
    _, (mean, deviation) = VARIANTS[variant]
    if [mean, deviation] == IMAGENET:
        return images
    colors = [torch.tensor(values, device=images.device).view(1, 3, 1, 1) for values in (*IMAGENET, mean, deviation)]
    imagenet_mean, imagenet_deviation, mean, deviation = colors
    return (images * imagenet_deviation + imagenet_mean - mean) / deviation


class EfficientNetLite(nn.Module):
    """The maps of strides 4, 8, 16 and 32 of images with ImageNet's normalization."""

    def __init__(self, channels: list[int], blocks: list[int], stem: int, variant: str) -> None:
        super().__init__()
        for number in range(5):
            net = timm.create_model(f"{VARIANTS[variant][0]}{number}", pretrained=False, features_only=True)
            widths = [(block.conv_pwl if hasattr(block, "conv_pwl") else block.conv_pw).out_channels
                      for *_, block in net.blocks]
            if [widths, [len(stage) for stage in net.blocks], net.conv_stem.out_channels] == [channels, blocks, stem]:
                break
        else:
            raise ValueError(f"no EfficientNet-Lite0 to 4 has {blocks} blocks of {channels} channels after {stem}")
        self.conv_stem, self.bn1, self.blocks = net.conv_stem, net.bn1, net.blocks
        self.variant = variant
        self.channels = [channels[stage] for stage in LAST_STAGES]

    def forward(self, images: Tensor) -> list[Tensor]:
        x = self.bn1(self.conv_stem(normalized(images, self.variant)))
        maps = []
        for at, stage in enumerate(self.blocks):
            x = stage(x)
            if at in LAST_STAGES:
                maps.append(x)
        return maps
