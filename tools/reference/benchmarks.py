"""BENCHMARKS.md and its plot, from the results of all rounds."""
import shlex
import sys
import textwrap
from pathlib import Path

from comparisons import OURS, ROWS, Comparison, Row
from growth_plot import draw
from machine import median
from material import BUNDLED

WHERE_TIME_GOES = Path(__file__).with_name("where_time_goes.md")
ROOT = Path(__file__).resolve().parents[2]
PLOT = Path("docs") / "growth.svg"


def digits(value: float) -> str:
    """Three of them."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


class Measured:
    """One contender's medians over rounds."""

    def __init__(self, name: str, rounds: list[dict], key: str) -> None:
        self.name = name
        self.values = [done["reports"][name][key] for done in rounds]

    @property
    def median(self) -> float:
        return median(self.values)

    def __str__(self) -> str:
        return f"{digits(self.median)} ({digits(min(self.values))}–{digits(max(self.values))})"


def row(wanted: Row, comparison: Comparison, rounds: list[dict]) -> str:
    key, unit = ("peak_mib", "MiB") if wanted.memory else ("ms", "ms")
    ours = Measured(OURS, rounds, key)
    # Of all that the baseline was tried with, whatever was best.
    baselines = [Measured(contender.name, rounds, key) for contender in comparison.contenders
                 if contender.name.startswith(wanted.baseline)]
    baseline = min(baselines, key=lambda measured: measured.median)
    ratio = ours.median / baseline.median if wanted.memory else baseline.median / ours.median
    work = f"{comparison.title}: peak memory" if wanted.memory else comparison.title
    return f"| {work} | {ours} {unit} | {baseline} {unit} | {baseline.name} | **{ratio:.2f}×** |"


def main_table(comparisons: dict[str, Comparison], results: dict[str, list[dict]]) -> list[str]:
    lines = ["| task | dafe | baseline | implementation | ratio |", "|---|---|---|---|---|"]
    return lines + [row(wanted, comparisons[wanted.comparison], results[wanted.comparison]) for wanted in ROWS]


def growth_table(comparisons: list[Comparison], results: dict[str, list[dict]], axis: str) -> list[str]:
    lines = [f"| task | {axis} | dafe, ms per image | PyTorch | ratio | dafe, peak MiB | PyTorch | ratio |",
             "|---|---|---|---|---|---|---|---|"]
    for comparison in comparisons:
        if comparison.growth and comparison.growth[1] == axis:
            job, _, value = comparison.growth
            (ms, other_ms), (peak, other_peak) = growth_values(comparison, results)
            lines.append(f"| {job} | {value} | {digits(ms)} | {digits(other_ms)} | {other_ms / ms:.2f}× | "
                         f"{digits(peak)} | {digits(other_peak)} | {peak / other_peak:.2f}× |")
    return lines


def growth_values(comparison: Comparison, results: dict[str, list[dict]]) -> list[list[float]]:
    """Milliseconds an image and peak memory, each of ours and PyTorch's."""
    rounds = results[comparison.name]
    return [[Measured(contender.name, rounds, key).median / per for contender in comparison.contenders]
            for key, per in (("ms", comparison.images), ("peak_mib", 1))]


def everything(comparison: Comparison, rounds: list[dict], work: Path) -> list[str]:
    """All contenders of a comparison, what they agree in, and their commands."""
    lines = [f"### {comparison.title}", "", "| | ms | peak MiB |", "|---|---|---|"]
    for contender in comparison.contenders:
        peak = str(Measured(contender.name, rounds, "peak_mib"))\
            if rounds[0]["reports"][contender.name]["peak_mib"] else "–"
        lines.append(f"| {contender.name} | {Measured(contender.name, rounds, 'ms')} | {peak} |")
    lines.append("")
    if comparison.check:
        lines += [f"In the last round {rounds[-1]['agreement']}.", ""]
    options = f" --warmup {comparison.repeats[0]} --repeats {comparison.repeats[1]}" if comparison.repeats else ""
    commands = ["".join(f"{name}={value} " for name, value in contender.environment.items())
                + shlex.join(short(word, work) for word in contender.command) + options
                for contender in comparison.contenders]
    return lines + ["```sh", *commands, "```", ""]


def short(word: str, work: Path) -> str:
    """A command's word without this machine's folders."""
    path = Path(word)
    if word == sys.executable:
        return "python3"
    if path.name == "baselines.py":
        return "tools/reference/baselines.py"
    if path.name == "measure":
        return "target/release/measure"
    if path == BUNDLED:
        return path.relative_to(ROOT).as_posix()
    return word.replace(str(work), "runs/compare")


def write(out: Path, described: dict[str, str], comparisons: list[Comparison], results: dict[str, list[dict]],
          work: Path, growth_rounds: int) -> None:
    named = {comparison.name: comparison for comparison in comparisons}
    headline = [comparison for comparison in comparisons if not comparison.growth]
    rounds = len(results[headline[0].name])
    others = max(report["others"] for done in sum(results.values(), []) for report in done["reports"].values())
    plot = out.parent / PLOT
    plot.parent.mkdir(parents=True, exist_ok=True)
    draw(plot, [(*comparison.growth, *growth_values(comparison, results)) for comparison in comparisons
                if comparison.growth])
    lines = [
        "# Benchmarks", "",
        f"Speed and memory compared with PyTorch, ONNX Runtime and numpy: one machine, one run of {rounds} "
        f"round{'s' * (rounds > 1)}. In each round all implementations run in turn, each in a process of its own. "
        "[`compare.py`](tools/reference/compare.py) writes this page; on other machines the ratios differ:", "",
        "```sh", f"python3 tools/reference/compare.py --rounds {rounds} --growth-rounds {growth_rounds}", "```", "",
        "The network is the paper's (ResNet-50, decoder width 256, 320 × 320, f32, 8 landmarks), with the same parameters "
        "for all. Baselines run in their best configuration: two threads, `inference_mode`, both memory layouts of "
        "PyTorch, ONNX Runtime's highest optimization level, fused Adam. The table shows the best variant of each; all "
        "variants are [below](#everything-that-was-measured). Values are medians over rounds of each process's median, "
        "with minimum and maximum in parentheses. Time ratios are the baseline's time divided by dafe's: above 1, dafe is "
        "faster. Memory is the process's peak resident size, and memory ratios are dafe's divided by the baseline's: "
        "below 1, dafe needs less. \"Plain Burn\" is the same network with Burn's own operations on Flex, its CPU "
        "backend. \"With AVX2 at most\" disables AVX-512, for processors that lack it; ONNX Runtime has no such option. "
        "Every round compares the outputs of all implementations, and the run aborts if they differ. Other processes "
        f"used at most {100 * others:.0f} % of the machine's cores during each measurement.",
        "",
        *main_table(named, results), "",
        "## Where the time goes", "", WHERE_TIME_GOES.read_text().strip(), "",
        "## Growth", "",
        "By batch size, input size (pixels per side of a square) and number of landmarks, compared with PyTorch in "
        "channels_last. Defaults: 320 × 320, 8 landmarks, batch 1 in inference and 4 in training. Each row is measured "
        "by itself, so the differences between rows of the same size show the noise.", "",
        f"![Time and memory by batch and input size]({PLOT.as_posix()})", "",
    ]
    for axis in ("batch", "input", "landmarks"):
        lines += [*growth_table(comparisons, results, axis), ""]
    lines += ["## Machine and versions", "", "| | |", "|---|---|",
              *(f"| {key} | {value} |" for key, value in described.items() if key != "build"), "",
              "## Everything that was measured", "",
              "`runs/compare` is the folder given by `--work`. Times are for one repetition; a cold start is timed from the "
              "start of the process to its end. Peak memory counts the process only, so it is omitted where worker "
              "processes do the work.", ""]
    for comparison in headline:
        lines += everything(comparison, results[comparison.name], work)
    out.write_text(wrapped("\n".join(lines).rstrip()) + "\n")


def wrapped(page: str) -> str:
    """The page with paragraphs wrapped at 100 columns."""
    lines, in_code = [], False
    for line in page.splitlines():
        in_code ^= line.startswith("```")
        is_prose = not in_code and not line.startswith(("|", "#", "!", "```"))
        lines.append(textwrap.fill(line, 100, break_long_words=False, break_on_hyphens=False,
                                   subsequent_indent="  " * line.startswith("- ")) if is_prose else line)
    return "\n".join(lines)
