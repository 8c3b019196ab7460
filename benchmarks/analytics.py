"""Kernels against DuckDB, Polars and scipy.sparse on the same payments: interleaved rounds, results compared bit by bit.

`--rows N` (1 and 10 million without), `--rounds N`, `--alone`: without the others. Everybody has all cores and the columns in memory in
their own form; loading is not measured. The others are told what we know: their columns are as narrow, rows are numbered in the
order of time, so that nobody sorts by more than one integer, and where two ways of asking exist, the faster counts.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from analytics.kernels import (
    covisits,
    money,
    outings,
    rfm,
    rhythm,
    routes,
    transitions,
)
from analytics.kernels.columns import THREADS, mapped
from analytics.kernels.warm import warm
from benchmarks.analytics_payments import CONSUMERS, DAYS, SHOPS, SINCE, Payments, made
from benchmarks.analytics_questions import (
    COMPARED,
    ROOMS,
    by_month,
    cohorts_by_month,
    hours,
    last_number_and_yen,
    moves,
    shared,
    windows,
)
from benchmarks.analytics_rivals import Rival, rivals

MILLION = 1_000_000


def _transitions(p: Payments) -> Any:
    found = moves(p, by_month)
    return transitions.circulation(found), transitions.stationary(found.moves)


def _rhythm(p: Payments) -> Any:
    """Month by month, as reports keep the days of each person."""
    parts = mapped(rhythm.days_part, by_month(p.at, p.consumer), consumers=CONSUMERS)
    first = (SINCE + 32_400) // 86_400
    return rhythm.comings(rhythm.combine(parts), np.arange(first, first + DAYS + 1, dtype=np.int32), as_of=first + DAYS)


def _routes(p: Payments) -> Any:
    """Of the last 28 days, and who walked them: what the report tells."""
    rows = slice(int(np.searchsorted(p.at, p.at[-1] - 28 * 86_400)), None)
    part = outings.outings_part(p.at[rows], p.consumer[rows], p.shop[rows], consumers=CONSUMERS)
    walked = outings.outings(part, shops=SHOPS)
    return routes.walkers(walked, routes.routes(walked, persons=10, most=50))


def _money(p: Payments) -> Any:
    before = money.nothing(CONSUMERS + SHOPS)
    before.held[:CONSUMERS, 0] = 10**8
    return money.follow(p.consumer, CONSUMERS + p.shop, p.yen, before).cashed.sum(axis=0)


def all_kernels(p: Payments) -> dict[str, float]:
    """Every kernel once over the whole history, by months where reports keep parts of these, with its peak of memory; milliseconds by name.

    What a page asks, guard and sentence included, is in `analytics_page`.
    """
    print(f"\nAll kernels over {len(p.at):,} payments\n\n| kernel | ms | peak MB |\n| --- | --- | --- |")
    took: dict[str, float] = {}

    def report(name: str, work: Callable[[], Any]) -> Any:
        with Peak() as peak:
            took[name], answer = timed(work)
        print(f"| {name} | {took[name]:,.0f} | {peak.mb:,.0f} |", flush=True)
        return answer

    report("RFM with scores", lambda: rfm.scored(last_number_and_yen(p, by_month)))
    report("monthly cohorts", lambda: cohorts_by_month(p))
    report("transitions, circulation, stationary", lambda: _transitions(p))
    report("routes of 28 days", lambda: _routes(p))
    report("hands", lambda: _money(p))
    report("profiles of shops", lambda: hours(p))
    report("rolling 28 days", lambda: windows(p))
    report("new, returning, lapsed", lambda: _rhythm(p))
    report("co-visits with significance", lambda: covisits.tested(*shared(p), persons=CONSUMERS))
    print(f"| together | {sum(took.values()):,.0f} | |")
    return took


FIXED = ("routes of 28 days",)
"""Of so many days, whatever the rows."""


def linear(taken: dict[int, dict[str, float]]) -> None:
    """Nanoseconds a payment of each kernel at each number of payments, and how often it is that of the smaller one."""
    sizes = sorted(taken)
    if len(sizes) < 2:
        return
    print(f"\nIs the cost linear in rows? ns a payment\n\n| kernel | {' | '.join(f'{size:,}' for size in sizes)} | last ÷ first |")
    print(f"|{' --- |' * (len(sizes) + 2)}")
    for name in taken[sizes[0]]:
        if name not in FIXED:
            each = [taken[size][name] * 1e6 / size for size in sizes]
            print(f"| {name} | {' | '.join(f'{ns:,.1f}' for ns in each)} | {each[-1] / each[0]:.1f} |")


def read_once(p: Payments, names: tuple[str, ...]) -> None:
    """The same bytes, read and added up by all cores: what no kernel can beat."""
    pieces = [piece for name in names for piece in np.array_split(getattr(p, name)[: len(p.at) // 2 * 2].view(np.int64), THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(np.sum, pieces))


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds, and what came out."""
    start = time.perf_counter()
    answer = work()
    return (time.perf_counter() - start) * 1_000, answer


class Peak:
    """Most memory above what was in use before, in MB: the kernel's own high-water mark, which can be set back."""

    def __enter__(self) -> Peak:
        Path("/proc/self/clear_refs").write_text("5")
        self.before = self._status("VmRSS")
        return self

    def __exit__(self, *_: object) -> None:
        self.mb = (self._status("VmHWM") - self.before) / 1_024

    @staticmethod
    def _status(name: str) -> int:
        return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))


def same(ours: Any, theirs: Any) -> bool:
    return all(np.array_equal(np.asarray(a, np.int64), np.asarray(b, np.int64)) for a, b in zip(ours, theirs, strict=True))


class Row(NamedTuple):
    ours: list[float]
    by_months: list[float]
    read: list[float]
    theirs: dict[str, list[float]]


def measured(p: Payments, others: dict[str, list[Rival]], rounds: int) -> dict[str, Row]:
    """Every way of every engine in each round, in turn, so that all see the same weather; the first round warms up and compares answers."""
    table = {name: Row([], [], [], {}) for name in COMPARED}
    for number in range(rounds + 1):
        for name, (columns, at_once, by_months) in COMPARED.items():
            row = table[name]
            took, answer = timed(lambda at_once=at_once: at_once(p))
            row.ours.append(took)
            if by_months is not None:
                took, joined = timed(lambda by_months=by_months: by_months(p))
                row.by_months.append(took)
                if number == 0 and not same(answer, joined):
                    raise SystemExit(f"{name}: months answer something else")
            row.read.append(timed(lambda columns=columns: read_once(p, columns))[0])
            for rival in others.get(name, []):
                took, theirs = timed(rival.ask)
                row.theirs.setdefault(rival.engine, []).append(took)
                if number == 0 and not same(answer, rival.dense(theirs)):
                    raise SystemExit(f"{name}: {rival.engine} answers something else")
    return table


def compare(p: Payments, others: dict[str, list[Rival]], rounds: int) -> None:
    table = measured(p, others, rounds)
    engines = sorted({rival.engine.split(":")[0] for each in others.values() for rival in each})
    print(f"\n{len(p.at):,} payments; minimum of {rounds} rounds, ms; answers equal bit by bit\n")
    heads = ("question", "numba", *engines, "fastest other ÷ numba", "by rounds", "by months, as reports ask", "÷ that")
    print(f"| {' | '.join(heads)} | numba ÷ reading once | peak MB |\n|{' --- |' * (len(heads) + 2)}")
    for name, row in table.items():
        with Peak() as peak:
            COMPARED[name].at_once(p)
        print(f"| {name} | {' | '.join(cells(row, engines))} | {min(row.ours[1:]) / min(row.read[1:]):.1f} | {peak.mb:,.0f} |")


def cells(row: Row, engines: list[str]) -> list[str]:
    """Of a question what stands under each head between its name and the reading."""
    ours, months = min(row.ours[1:]), min(row.by_months[1:], default=None)
    best = [min((min(took[1:]) for one, took in row.theirs.items() if one.split(":")[0] == engine), default=None) for engine in engines]
    found = [f"{ours:,.0f}", *(f"{each:,.0f}" if each else "–" for each in best)]
    if row.theirs:
        fastest = min(filter(None, best))
        by_round = [min(took[number] for took in row.theirs.values()) / row.ours[number] for number in range(1, len(row.ours))]
        found += [f"**{fastest / ours:.1f}**", f"{min(by_round):.1f} to {max(by_round):.1f}"]
    else:
        found += ["–", "–"]
    return [*found, f"{months:,.0f}" if months else "–", f"{fastest / months:.1f}" if months and row.theirs else "–"]


WARM = """
import time
from analytics.kernels.tokyo import DAY_S, TOKYO_S, first_day, months
from analytics.kernels.warm import warm
start = time.perf_counter()
warm()
print(time.perf_counter() - start, time.process_time())
"""


def compiler() -> None:
    """Cold and cached, each in a new process."""
    with tempfile.TemporaryDirectory() as folder:
        for state in ("cold", "cached"):
            asked = WARM
            environment = os.environ | {"NUMBA_CACHE_DIR": folder}
            done = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True)
            seconds, processor = map(float, done.stdout.split())
            print(f"All kernels, {state}: {seconds:.1f} s ({processor:.1f} s of processor, imports included)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, action="append", help="payments; may be given more than once")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--alone", action="store_true", help="only our own times: for a hundred million")
    options = parser.parse_args()
    print(f"{THREADS} threads; load {os.getloadavg()[0]:.1f}")
    compiler()
    warm()  # nothing below waits for the compiler, or for what it kept
    taken = {}
    for rows in options.rows or (MILLION, 10 * MILLION):
        ROOMS.clear()
        payments = made(rows)
        if options.alone or rows > 20 * MILLION:
            compare(payments, {}, 1)
        else:
            compare(payments, rivals(payments, consumers=CONSUMERS, shops=SHOPS), options.rounds)
        taken[rows] = all_kernels(payments)
        del payments
    linear(taken)
    print(f"\nPeak of the whole process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024:,.0f} MB")


if __name__ == "__main__":
    main()
