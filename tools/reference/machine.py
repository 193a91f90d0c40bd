"""The machine and the versions that numbers were measured with."""
import hashlib
import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

median = statistics.median
CORES = len(os.sched_getaffinity(0))


def cpu() -> tuple[str, str]:
    """The processor's name and its vector extensions."""
    text = Path("/proc/cpuinfo").read_text()
    name = re.search(r"^model name\s*: (.*)$", text, re.MULTILINE)
    flags = re.search(r"^flags\s*: (.*)$", text, re.MULTILINE)
    wanted = [flag for flag in (flags[1].split() if flags else []) if re.match(r"avx|fma$|amx", flag)]
    return (name[1] if name else platform.processor()), " ".join(sorted(wanted))


def system() -> str:
    release = Path("/etc/os-release")
    named = re.search(r'^PRETTY_NAME="(.*)"$', release.read_text(), re.MULTILINE) if release.exists() else None
    return f"{named[1] if named else platform.system()}, kernel {platform.release()}"


def locked(lock: str, name: str) -> str:
    return re.search(rf'name = "{name}"\nversion = "(.*?)"', lock)[1]


def describe(root: Path, measure: Path) -> dict[str, str]:
    name, flags = cpu()
    lock = (root / "Cargo.lock").read_text()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30

    def say(*command: str) -> str:
        return subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    return {
        "CPU": f"{name}, {CORES} cores ({flags})",
        "memory": f"{memory:.0f} GiB",
        "system": system(),
        "Rust": say("rustc", "--version").removeprefix("rustc "),
        "dafe": f"{locked(lock, 'dafe')}, revision {say('git', 'describe', '--always', '--dirty')}",
        "Burn": f"{locked(lock, 'burn')}, Flex",
        "Python": platform.python_version(),
        "PyTorch": f"{version('torch')}, torchvision {version('torchvision')}",
        "ONNX Runtime": version("onnxruntime"),
        "numpy": f"{version('numpy')}, Pillow {version('pillow')}",
        "build": hashlib.sha256(measure.read_bytes()).hexdigest()[:12],
    }


def ticks() -> tuple[float, float]:
    """Seconds of busy time (or stolen by a hypervisor) of all cores since the start, and that of our child processes."""
    user, nice, system, _, _, irq, softirq, steal = map(int, Path("/proc/stat").read_text().split()[1:9])
    busy = (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return busy, children.ru_utime + children.ru_stime


def same_run(work: Path, described: dict) -> None:
    """Refuses to mix runs: the folder's run must be of this machine, these versions and this build, or not exist yet."""
    work.mkdir(parents=True, exist_ok=True)
    file = work / "run.json"
    if not file.exists():
        file.write_text(json.dumps(described, indent=1))
        return
    # A commit that doesn't change the build doesn't affect measurements.
    before = json.loads(file.read_text())
    changed = [key for key in described if key != "dafe" and before.get(key) != described[key]]
    if changed:
        told = "; ".join(f"{key} was {before.get(key)}, now {described[key]}" for key in changed)
        sys.exit(f"{work} holds another run ({told}). Give another --work, or delete its rounds/ and run.json.")
