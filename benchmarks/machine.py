"""What stands above each benchmark's figures: the machine, the server, and how restless its disk is."""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path


def flush_ms(folder: Path, times: int = 200) -> tuple[float, float]:
    """Median and 95th percentile of one small write and fsync in `folder`, in milliseconds."""
    taken = []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for _ in range(times):
            start = time.perf_counter()
            file.write(b"x" * 512)
            file.flush()
            os.fsync(file.fileno())
            taken.append((time.perf_counter() - start) * 1_000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


def facts(folder: Path, server_version: str) -> str:
    """One paragraph for the head of a report."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "?"
    )
    memory = int(Path("/proc/meminfo").read_text().split()[1]) // 1024**2
    median, late = flush_ms(folder)
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {len(os.sched_getaffinity(0))} cores of {model}, {memory} GB; "
        f"load {os.getloadavg()[0]:.1f}; Linux {platform.release()}; Python {platform.python_version()}; PostgreSQL {server_version}; "
        f"flush {median:.2f} ms median, {late:.2f} ms p95"
    )


def processor_s(processes: Iterable[int]) -> float:
    """Seconds of processor time that these have used so far, their own and the kernel's for them. Beside other work, trust these."""
    return sum(_ticks(process) for process in processes) / os.sysconf("SC_CLK_TCK")


def _ticks(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
