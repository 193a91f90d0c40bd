"""The first image's landmarks in PyTorch from a cold start, with the minimum of imports and computation."""
import argparse
from pathlib import Path

from model_file import read_config
from timing import peak_mib, report

MEAN, DEVIATION = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def first(options: argparse.Namespace) -> None:
    import torch
    from PIL import Image

    import baseline_net

    torch.set_num_threads(options.threads)
    folder = Path(options.model)
    width, height = read_config(folder / "model.safetensors")["codec"]["input_size"]
    net = baseline_net.load(str(folder / "model.safetensors")).eval()
    image = Image.open(options.image).convert("RGB")
    left, top, right, bottom = options.box or (0, 0, *image.size)
    # Pillow's resize with a box is equivalent to torchvision's crop and antialiased resize.
    cut = image.resize((width, height), Image.Resampling.BILINEAR, box=(left, top, right, bottom))
    pixels = torch.frombuffer(bytearray(cut.tobytes()), dtype=torch.uint8).view(1, height, width, 3)
    scale = torch.tensor([MEAN, DEVIATION]).mul(255).view(2, 1, 3, 1, 1)
    with torch.inference_mode():
        heatmaps = net((pixels.permute(0, 3, 1, 2) - scale[0]) / scale[1])[0]
        rows, columns = heatmaps.shape[1:]
        scores, at = heatmaps.flatten(1).max(dim=1)
        row, column = at // columns, at % columns
        steps = []
        for cell, count, step in ((column, columns, 1), (row, rows, columns)):
            within = (cell > 0) & (cell < count - 1)
            near = [heatmaps.flatten(1).gather(1, torch.where(within, at + way, at)[:, None])[:, 0]
                    for way in (-step, step)]
            steps.append(0.25 * (near[1] - near[0]).sign())
        found = torch.stack([column + steps[0], row + steps[1]], dim=1)
        stride = torch.tensor([width / columns, height / rows])
        box = torch.tensor([left, top, right - left, bottom - top])
        pixels = (found + 0.5) * stride * box[2:] / torch.tensor([width, height]) + box[:2] - 0.5
    report([], peak_mib(), landmarks=pixels.tolist(), scores=scores.tolist())
