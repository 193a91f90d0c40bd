"""Plots the growth of time and memory as an SVG that is readable on light and dark pages."""
from pathlib import Path

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot as plt

# Okabe and Ito's blue and vermilion: distinguishable with color blindness; and the markers differ.
STYLES = {"dafe": {"color": "#0072B2", "marker": "o"}, "PyTorch": {"color": "#D55E00", "marker": "s"}}
COLUMNS = [("inference", "batch"), ("inference", "input"), ("training", "batch"), ("training", "input")]
TITLES = {("inference", "batch"): "inference, by batch", ("inference", "input"): "inference, by input side",
          ("training", "batch"): "training step, by batch", ("training", "input"): "training step, by input side"}


def draw(path: Path, points: list[tuple[str, str, int, list[float], list[float]]]) -> None:
    """`points`: job, axis, value, [ours, PyTorch's] milliseconds per image, and peak MiB."""
    plt.rcParams.update({"svg.hashsalt": "growth", "font.size": 9})
    plt.rcParams.update({"axes.spines.top": False, "axes.spines.right": False})
    figure, panels = plt.subplots(2, 4, figsize=(12, 5.4), layout="constrained", facecolor="white")
    for column, (job, axis) in enumerate(COLUMNS):
        taken = [point for point in points if point[:2] == (job, axis)]
        values = [point[2] for point in taken]
        for line, (panel, label) in enumerate(zip(panels[:, column], ("ms an image", "peak memory, MiB"))):
            for side, (name, style) in enumerate(STYLES.items()):
                panel.plot(values, [point[3 + line][side] for point in taken], label=name, markersize=4, **style)
            panel.set_xscale("log", base=2)
            panel.set_xticks(values, [str(value) for value in values])
            panel.minorticks_off()
            panel.set_ylim(bottom=0)
            panel.grid(color="#DDDDDD", linewidth=0.6)
            panel.set_axisbelow(True)
            if column in (0, 2):
                panel.set_ylabel(label)
        panels[0, column].set_title(TITLES[job, axis], fontsize=10)
        panels[1, column].set_xlabel("images a batch" if axis == "batch" else "pixels a side")
    panels[0, 0].legend(frameon=False)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
