#!/usr/bin/env python3
"""Times one task in a process of its own, in PyTorch, ONNX Runtime or numpy: compare.py's baselines.

    pip install torch torchvision timm onnxruntime safetensors pillow
    python3 tools/reference/baselines.py forward --by torch --layout channels_last --weights W --images I

Prints one line of JSON with the same fields as `measure` of dafe-tools. Each task imports only what it needs,
as imports are part of a cold start.
"""
import argparse

THREADS = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    jobs = parser.add_subparsers(dest="job", required=True)

    def job(name: str, help: str) -> argparse.ArgumentParser:
        added = jobs.add_parser(name, help=help)
        added.add_argument("--repeats", type=int, default=10, help="repetitions that are timed")
        added.add_argument("--warmup", type=int, default=2, help="repetitions before these")
        added.add_argument("--threads", type=int, default=THREADS)
        return added

    layouts = ["nchw", "channels_last"]
    forward = job("forward", "the paper's network on a batch of images")
    forward.add_argument("--by", choices=["torch", "onnxruntime"], required=True)
    forward.add_argument("--layout", choices=layouts, default="nchw", help="PyTorch's only")
    forward.add_argument("--weights", required=True, help="safetensors for PyTorch, ONNX for ONNX Runtime")
    forward.add_argument("--images", required=True, help="safetensors with `images`")
    forward.add_argument("--heatmaps", help="write `heatmaps` to this safetensors file")
    forward.add_argument("--no-spinning", action="store_true", help="ONNX Runtime's threads sleep between operations")

    step = job("step", "the paper's network's training step on a batch")
    step.add_argument("--layout", choices=layouts, default="nchw")
    step.add_argument("--adam", choices=["fused", "foreach", "loop"], default="fused")
    step.add_argument("--weights", required=True, help="safetensors")
    step.add_argument("--batch", required=True, help="safetensors with `images`, `heatmaps` and `weights`")
    step.add_argument("--learning-rate", type=float, default=1e-3, help="Adam's; the time does not depend on it")
    step.add_argument("--parameters", help="write the parameters after the last step to this safetensors file")

    loader = job("loader", "an epoch of images from files to batches of bytes")
    loader.add_argument("--data", required=True, help="the dataset's folder, in FLD's form")
    loader.add_argument("--batch", type=int, default=32)
    loader.add_argument("--workers", type=int, default=2)
    loader.add_argument("--decoder", choices=["torchvision", "pillow", "mixed"], default="torchvision",
                        help="mixed: Pillow decodes, torchvision does the rest")
    loader.add_argument("--plain", action="store_true", help="crop and resize only, in the dataset's order")
    loader.add_argument("--images", help="write the first batch's `images` to this safetensors file")

    codec = job("codec", "positions to heatmaps and back, in numpy")
    codec.add_argument("--positions", required=True, help="safetensors with `positions` and `weights`")
    codec.add_argument("--found", help="write the first image's `heatmaps`, and all `positions` and `scores`")
    codec.add_argument("--encode", default="out", help="the writing of the encoder")
    codec.add_argument("--decode", default="argmax", help="the writing of the decoder")

    first = job("first", "one image's landmarks, from a cold start")
    first.add_argument("--model", required=True, help="folder with model.safetensors, a model of the crate's")
    first.add_argument("--image", required=True)
    first.add_argument("--box", type=float, nargs=4, metavar=("X1", "Y1", "X2", "Y2"))

    options = parser.parse_args()
    if options.job in ("forward", "step"):
        import baseline_net as baseline
    elif options.job == "loader":
        import baseline_loader as baseline
    elif options.job == "codec":
        import baseline_codec as baseline
    else:
        import baseline_first as baseline
    getattr(baseline, options.job)(options)


if __name__ == "__main__":
    main()
