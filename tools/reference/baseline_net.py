"""The paper's network in PyTorch eager and ONNX Runtime: inference and training."""
import argparse

from timing import peak_mib, report, time_repeats

ADAM = {"fused": {"fused": True}, "foreach": {"foreach": True}, "loop": {"foreach": False, "fused": False}}


def paper(landmarks: int) -> dict:
    """The description of the paper's network for network.py."""
    from network import RESNETS, describe

    kind, layers = RESNETS["resnet50"]
    return describe(landmarks, [256, 256, 256], kind, layers)


def load(file: str):
    """The network with a file's parameters. It is created without allocating initial ones. A model file describes
    its network; otherwise it is the paper's."""
    from pathlib import Path

    import torch
    from model_file import read_config
    from network import LandmarkNet
    from safetensors.torch import load_file

    # Half-precision tensors are converted to single precision.
    state = {key: value.float() for key, value in load_file(file).items()}
    config = read_config(Path(file))
    with torch.device("meta"):
        net = LandmarkNet(config["model"] if config else paper(state["head.weight"].shape[0]))
    # The crate's batch norms have no batch counters.
    counters = {key for key in net.state_dict() if key.endswith("num_batches_tracked")}
    net.load_state_dict(state | {key: torch.tensor(0) for key in counters}, strict=True, assign=True)
    return net


def forward(options: argparse.Namespace) -> None:
    by_torch(options) if options.by == "torch" else by_onnxruntime(options)


def by_torch(options: argparse.Namespace) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    torch.set_num_threads(options.threads)
    layout = {"nchw": torch.contiguous_format, "channels_last": torch.channels_last}[options.layout]
    net = load(options.weights).eval().to(memory_format=layout)
    images = load_file(options.images)["images"].to(memory_format=layout)
    heatmaps = None

    def work() -> None:
        nonlocal heatmaps
        heatmaps = None
        heatmaps = net(images)

    with torch.inference_mode():
        times = time_repeats(options, work)
    report(times, peak_mib())
    if options.heatmaps:
        save_file({"heatmaps": heatmaps.contiguous()}, options.heatmaps)


def by_onnxruntime(options: argparse.Namespace) -> None:
    import onnxruntime
    from safetensors.numpy import load_file, save_file

    images = load_file(options.images)["images"]
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = options.threads
    settings.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    settings.add_session_config_entry("session.set_denormal_as_zero", "1")
    # The export has a free batch size; a fixed one allows more optimizations.
    settings.add_free_dimension_override_by_name("batch", images.shape[0])
    if options.no_spinning:
        settings.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(options.weights, settings, providers=["CPUExecutionProvider"])
    heatmaps = None

    def work() -> None:
        nonlocal heatmaps
        (heatmaps,) = session.run(None, {"images": images})

    times = time_repeats(options, work)
    report(times, peak_mib())
    if options.heatmaps:
        save_file({"heatmaps": heatmaps}, options.heatmaps)


def step(options: argparse.Namespace) -> None:
    import codec
    import torch
    from safetensors.torch import load_file, save_file

    torch.set_num_threads(options.threads)
    layout = {"nchw": torch.contiguous_format, "channels_last": torch.channels_last}[options.layout]
    net = load(options.weights).train().to(memory_format=layout)
    batch = load_file(options.batch)
    images = batch["images"].to(memory_format=layout)
    optimizer = torch.optim.Adam(net.parameters(), lr=options.learning_rate, eps=1e-8, **ADAM[options.adam])
    losses = []

    def work() -> None:
        optimizer.zero_grad(set_to_none=True)
        loss = codec.loss(net(images), batch["heatmaps"], batch["weights"])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())

    times = time_repeats(options, work)
    report(times, peak_mib(), losses=losses)
    if options.parameters:
        save_file({key: value.detach().contiguous() for key, value in net.state_dict().items()}, options.parameters)
