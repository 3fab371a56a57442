"""Interleaved timing: every sample of a measurement stands beside a sample of the bare transaction."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Measurement:
    """Seconds per sample. `ratio_to_bare_p50` compares medians of samples taken in turns."""

    name: str
    database: str
    seconds: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    extra: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        p50, bare50 = statistics.median(self.seconds), statistics.median(self.bare)
        return {
            "name": self.name,
            "database": self.database,
            "samples": len(self.seconds),
            "p50_ms": round(p50 * 1000, 3),
            "p95_ms": round(_percentile(self.seconds, 95) * 1000, 3),
            "bare_p50_ms": round(bare50 * 1000, 3),
            "bare_p95_ms": round(_percentile(self.bare, 95) * 1000, 3),
            "ratio_to_bare_p50": round(p50 / bare50, 2),
            **self.extra,
        }


def interleave(
    name: str, database: str, work: Callable[[], float], bare: Callable[[], None], samples: int
) -> Measurement:
    """Take turns. `work` times itself (it may have to prepare), and returns seconds."""
    measurement = Measurement(name, database)
    gc.collect()
    gc.disable()
    try:
        for _ in range(samples):
            measurement.bare.append(timed(bare))
            measurement.seconds.append(work())
    finally:
        gc.enable()
    return measurement


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _percentile(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(len(ordered) * percent / 100))]
