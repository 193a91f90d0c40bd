"""EfficientNet-Lite by timm and by efficientnet_lite_pytorch: tests/fixtures/parity/efficientnet.{safetensors,json}.

    pip install timm efficientnet-lite-pytorch

Made with timm 1.0.31. Images come normalized with ImageNet's mean and deviation, as the crate's backbones take them;
networks with TensorFlow's weights get TensorFlow's normalization of the same pixels.
"""
import timm
import torch
from efficientnet_lite_pytorch import EfficientNet

import fill
from parity_networks import samples

MEAN = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
DEVIATION = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
NAMES = {"tensorflow": "tf_efficientnet_lite0", "timm": "efficientnet_lite0"}
# Odd, odd at only some levels, and even: "same" padding differs.
SIZES = {"odd": [1, 3, 75, 53], "mixed": [1, 3, 66, 44], "even": [1, 3, 64, 96]}
# The first and the last layers, and one with a stride, a kernel of 5 and an expansion.
GRADIENTS = ["conv_stem.weight", "bn1.weight", "blocks.0.0.conv_dw.weight", "blocks.0.0.conv_pw.weight",
             "blocks.2.0.conv_dw.weight", "blocks.3.1.conv_pw.weight", "blocks.6.0.conv_pwl.weight"]


def tensorflow_input(images: torch.Tensor) -> torch.Tensor:
    """(v - 127) / 128 of pixel values, from images with ImageNet's normalization."""
    return ((images.double() * DEVIATION + MEAN) * 255 - 127).div(128).float()


def maps() -> dict[str, torch.Tensor]:
    stored = {}
    for variant, name in NAMES.items():
        net = timm.create_model(name, pretrained=False, features_only=True, out_indices=(1, 2, 3, 4)).eval()
        fill.fill(net, f"{variant}.")
        for size, shape in SIZES.items():
            case = f"{variant}/{size}"
            images = fill.scaled(f"{case}/images", shape, 1.0)
            levels = net(tensorflow_input(images) if variant == "tensorflow" else images)
            loss = torch.zeros(())
            for level, values in enumerate(levels, start=2):
                print(f"{case} c{level} {list(values.shape)}: largest {values.abs().max():.3g}")
                stored[f"{case}/c{level}/samples"] = samples(values.detach())
                flow = fill.scaled(f"{case}/c{level}/flow", list(values.shape), 1.0)
                loss = loss + (values * flow).sum()
            net.zero_grad()
            loss.backward()
            parameters = dict(net.named_parameters())
            for key in GRADIENTS:
                stored[f"{case}/{key}/gradient"] = samples(parameters[key].grad)
    return stored


def networks() -> dict:
    """Each size's widths and count of parameters without the classifier; the keys of the smallest in both naming schemes."""
    sizes = []
    for number in range(5):
        net = timm.create_model(f"tf_efficientnet_lite{number}", pretrained=False, features_only=True,
                                out_indices=(1, 2, 3, 4))
        sizes.append({"channels": net.feature_info.channels(), "parameters": sum(p.numel() for p in net.parameters())})
    original = EfficientNet.from_name("efficientnet-lite0").state_dict()
    ours = timm.create_model("tf_efficientnet_lite0", pretrained=False).state_dict()
    # Both list the same layers in the same order, so equal positions are the same tensor.
    assert [tuple(v.shape) for v in original.values()] == [tuple(v.shape) for v in ours.values()]
    return {"sizes": sizes, "keys": [list(pair) for pair in zip(original, ours)]}
