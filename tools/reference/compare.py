#!/usr/bin/env python3
"""Compares the crate's speed and memory with PyTorch's, ONNX Runtime's and numpy's, and writes BENCHMARKS.md.

    pip install torch torchvision timm onnx onnxruntime safetensors pillow matplotlib
    python3 tools/reference/compare.py --work FOLDER

Every task runs in a process of its own. Contenders take turns in rounds; only complete rounds are kept, and their
outputs are compared. The same command resumes an interrupted run. A folder's run is for one machine, one set of
versions and one build; others are refused, because numbers of different runs are not comparable.
"""
import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import machine
from benchmarks import write
from comparisons import Catalogue, Comparison, Disagreement
from material import Material

SCRIPTS = Path(__file__).resolve().parent
ROOT = SCRIPTS.parents[1]
TIMEOUT = 1800
# A round in which other processes used more of the cores is repeated, up to this often, whatever its numbers.
DISTURBED = 0.1
ATTEMPTS = 3


def build() -> dict[str, Path]:
    """Our binaries, by name."""
    command = ["cargo", "build", "--release", "-p", "dafe-tools", "--bin", "measure", "-p", "dafe-cli", "--bin", "dafe",
               "--message-format", "json-render-diagnostics"]
    built = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    artifacts = [json.loads(line) for line in built.splitlines()]
    return {artifact["target"]["name"]: Path(artifact["executable"]) for artifact in artifacts
            if artifact.get("executable")}


def run(command: list[str], environment: dict[str, str], whole_process: bool) -> dict:
    """The line that a contender prints, with one time (of the whole process if requested) and the fraction of all
    cores that other processes used meanwhile."""
    busy, children = machine.ticks()
    started = time.perf_counter()
    done = subprocess.run(command, env=os.environ | environment, stdout=subprocess.PIPE, text=True, timeout=TIMEOUT)
    wall = (time.perf_counter() - started) * 1e3
    if done.returncode != 0:
        sys.exit(f"exit status {done.returncode}: {' '.join(command)}")
    report = json.loads(done.stdout.splitlines()[-1])
    busy_after, children_after = machine.ticks()
    # The system's clock ticks are hundredths of a second.
    others = max((busy_after - busy) - (children_after - children) - 0.05, 0)
    report["others"] = others / (wall / 1e3) / machine.CORES
    if report["others"] > DISTURBED:
        print(f"others took {report['others']:.0%} of the cores during: {' '.join(command)}", file=sys.stderr)
    report["ms"] = wall if whole_process else machine.median(report["times_ms"])
    return report


def run_round(comparison: Comparison, folder: Path, quick: bool) -> dict:
    """Every contender's report, and the result of the check."""
    reports, outputs = {}, {}
    for contender in comparison.contenders:
        command = list(contender.command)
        if comparison.repeats:
            warmup, repeats = comparison.repeats
            repeats = min(repeats, 3) if quick else repeats
            command += ["--warmup", str(warmup), "--repeats", str(repeats)]
        if comparison.output:
            outputs[contender.name] = folder / f"output-{len(outputs)}.safetensors"
            command += [comparison.output, str(outputs[contender.name])]
        reports[contender.name] = run(command, contender.environment, comparison.whole_process)
    try:
        agreement = comparison.check(reports, outputs) if comparison.check else None
    except Disagreement as disagreement:
        sys.exit(f"\n{comparison.title}: the outputs DISAGREE: {disagreement}\nNothing is written.")
    for output in outputs.values():
        output.unlink()
    return {"reports": reports, "agreement": agreement}


class Progress:
    """A line for each round on stderr, with the remaining time, estimated from earlier rounds."""

    def __init__(self, planned: list[Comparison]) -> None:
        self.left = list(planned)
        self.seconds: dict[str, float] = {}

    def done(self, comparison: Comparison, seconds: float) -> None:
        self.left.remove(comparison)
        self.seconds[comparison.name] = seconds
        usual = sum(self.seconds.values()) / len(self.seconds)
        left = sum(self.seconds.get(other.name, usual) for other in self.left)
        to_go = f"{len(self.left)} to go, about {left / 60:.0f} min"
        print(f"{comparison.title}: {seconds:.0f} s; {to_go}", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=ROOT / "runs" / "compare", help="the folder for files and results")
    parser.add_argument("--out", type=Path, default=ROOT / "BENCHMARKS.md",
                        help="the page; its plot goes to docs/ beside it")
    parser.add_argument("--rounds", type=int, default=5, help="of the main table")
    parser.add_argument("--growth-rounds", type=int, default=3, help="of the growth tables, which come last")
    parser.add_argument("--only", metavar="NAME", help="comparisons whose name contains this; writes no page")
    parser.add_argument("--quick", action="store_true", help="one round, few repetitions and sizes: to try this script")
    options = parser.parse_args()
    rounds = 1 if options.quick else options.rounds

    built = build()
    work = options.work.resolve()
    described = machine.describe(ROOT, built["measure"])
    machine.same_run(work, described | {"quick": options.quick})
    print("making what is worked on", file=sys.stderr)
    catalogue = Catalogue(Material(work, built["dafe"]), built["measure"], SCRIPTS, options.quick)
    comparisons = catalogue.headline() + catalogue.growth()
    if options.only:
        comparisons = [comparison for comparison in comparisons if options.only in comparison.name]
        if not comparisons:
            sys.exit(f"no comparison's name contains '{options.only}'")

    results: dict[str, list[dict]] = {comparison.name: [] for comparison in comparisons}
    growth_rounds = min(rounds, options.growth_rounds)
    planned = [(number, comparison) for growth in (False, True) for number in range(growth_rounds if growth else rounds)
               for comparison in comparisons if bool(comparison.growth) == growth]
    stored = {(number, comparison.name): work / "rounds" / f"{comparison.name}-{number}.json"
              for number, comparison in planned}
    progress = Progress([comparison for number, comparison in planned
                         if not stored[number, comparison.name].exists()])
    (work / "rounds").mkdir(exist_ok=True)
    for number, comparison in planned:
        path = stored[number, comparison.name]
        if not path.exists():
            started = time.monotonic()
            for _ in range(1 if options.quick else ATTEMPTS):
                done = run_round(comparison, work, options.quick)
                if all(report["others"] <= DISTURBED for report in done["reports"].values()):
                    break
            unfinished = path.with_suffix(".unfinished")
            unfinished.write_text(json.dumps(done))
            unfinished.rename(path)
            progress.done(comparison, time.monotonic() - started)
        results[comparison.name].append(json.loads(path.read_text()))

    if options.only:
        for comparison in comparisons:
            for contender in comparison.contenders:
                reports = [done["reports"][contender.name] for done in results[comparison.name]]
                peaks = [report["peak_mib"] for report in reports if report["peak_mib"]]
                peak = f", {machine.median(peaks):.0f} MiB" if peaks else ""
                ms = machine.median([report["ms"] for report in reports])
                print(f"{comparison.title}: {contender.name}: {ms:.2f} ms{peak}")
            print(f"  {results[comparison.name][-1]['agreement']}")
    else:
        write(options.out, described, comparisons, results, work, growth_rounds)
        print(options.out, file=sys.stderr)


if __name__ == "__main__":
    main()
