"""How the baselines are timed, and the line of JSON that they print: the fields of the crate's `measure`."""
import argparse
import json
import time
from collections.abc import Callable


def time_repeats(options: argparse.Namespace, work: Callable[[], None]) -> list[float]:
    """The milliseconds of each timed repetition."""
    times = []
    for repetition in range(options.warmup + options.repeats):
        started = time.perf_counter()
        work()
        if repetition >= options.warmup:
            times.append((time.perf_counter() - started) * 1e3)
    return times


def peak_mib() -> float | None:
    """The peak of this process's resident memory, if the system reports it (Linux)."""
    try:
        with open("/proc/self/status") as status:
            (line,) = [line for line in status if line.startswith("VmHWM:")]
    except OSError:
        return None
    return int(line.split()[1]) / 1024


def report(times: list[float], peak: float | None, **more) -> None:
    print(json.dumps({"times_ms": times, "peak_mib": peak, **more}), flush=True)
