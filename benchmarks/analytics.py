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
    cohorts,
    covisits,
    money,
    outings,
    people,
    profiles,
    rfm,
    rhythm,
    rolling,
    routes,
    transitions,
)
from analytics.kernels.columns import THREADS, cut, mapped
from analytics.kernels.tokyo import DAY_S, TOKYO_S, first_day, months
from analytics.kernels.warm import warm
from benchmarks.analytics_payments import CONSUMERS, DAYS, SHOPS, SINCE, Payments, made
from benchmarks.analytics_rivals import Rival, rivals

ALL = ("at", "consumer", "shop", "yen")
MILLION = 1_000_000


ROOMS: dict[int, Any] = {}
"""Where to sort so many payments: kept, as the others keep their memory from one question to the next."""


def _people(p: Payments) -> people.People:
    return people.people(cut(*p), consumers=CONSUMERS, room=_room(p))


def _room(p: Payments) -> Any:
    return ROOMS.setdefault(len(p.at), np.empty((len(p.at), 2), np.int64))


def by_month(at: Any, *columns: Any) -> list[tuple[Any, ...]]:
    """The rows of each Tokyo month, as the snapshot keeps them."""
    since, until = months(at[[0, -1]]).tolist()
    borders = np.searchsorted(at, [first_day(month) * DAY_S - TOKYO_S for month in range(since + 1, until + 1)])
    return list(zip(*(np.split(column, borders) for column in (at, *columns)), strict=True))


def _rfm(p: Payments) -> Any:
    return rfm.combine(mapped(rfm.rfm_part, cut(p.at, p.consumer, p.yen), consumers=CONSUMERS))


def _cohorts(p: Payments) -> Any:
    return cohorts.whole(cut(p.at, p.consumer, p.yen), consumers=CONSUMERS)[1:]


def _profiles(p: Payments) -> Any:
    return profiles.combine_sums(mapped(profiles.sums, cut(p.at, p.shop, p.yen), shops=SHOPS))


def _hours(p: Payments) -> Any:
    return profiles.counted(cut(*p), consumers=CONSUMERS, shops=SHOPS)


def _covisits(p: Payments) -> Any:
    return (covisits.both(cut(p.consumer, p.shop), consumers=CONSUMERS, shops=SHOPS),)


COMPARED: dict[str, tuple[Callable[[Payments], Any], tuple[str, ...]]] = {
    "RFM by consumer": (_rfm, ("at", "consumer", "yen")),
    "monthly cohorts": (_cohorts, ("at", "consumer", "yen")),
    "profiles: payments and yen": (_profiles, ("at", "shop", "yen")),
    "profiles: persons and largest too": (_hours, ALL),
    "transitions ≤ 24 h": (lambda p: _moves(p)[:5], ALL),
    "rolling 28 days with visitors": (lambda p: rolling.whole(_people(p), shops=SHOPS)[1:], ALL),
    "co-visits": (_covisits, ("consumer", "shop")),
}
"""What we ask, by the names of `rivals`, from the columns as they come, and those that have to be read for it."""


def _moves(p: Payments) -> transitions.Transitions:
    return transitions.whole(cut(*p), consumers=CONSUMERS, shops=SHOPS)


def _transitions(p: Payments) -> Any:
    found = _moves(p)
    return transitions.circulation(found), transitions.stationary(found.moves)


def _rhythm(p: Payments) -> Any:
    """Month by month, as reports keep the days of each person."""
    months = mapped(rhythm.days_part, by_month(p.at, p.consumer), consumers=CONSUMERS)
    first = (SINCE + 32_400) // 86_400
    return rhythm.comings(rhythm.combine(months), np.arange(first, first + DAYS + 1, dtype=np.int32), as_of=first + DAYS)


def _routes(p: Payments) -> Any:
    """Of the last 28 days, and who walked them: what the report tells."""
    rows = slice(int(np.searchsorted(p.at, p.at[-1] - 28 * 86_400)), None)
    part = outings.outings_part(p.at[rows], p.consumer[rows], p.shop[rows], consumers=CONSUMERS)
    walked = outings.outings(part, shops=SHOPS)
    return routes.walkers(walked, routes.routes(walked, persons=10, most=50))


def _money(p: Payments) -> Any:
    before = money.nothing(CONSUMERS + SHOPS)
    before.held[:CONSUMERS, 0] = 10**8
    return money.hands(money.follow(p.consumer, CONSUMERS + p.shop, p.yen, before))


def all_kernels(p: Payments) -> dict[str, float]:
    """Every kernel once over the whole history, one after the other, with its peak of memory; milliseconds by name.

    What a page asks, guard and sentence included, is in `analytics_page`.
    """
    print(f"\nAll kernels over {len(p.at):,} payments\n\n| kernel | ms | peak MB |\n| --- | --- | --- |")
    took: dict[str, float] = {}

    def report(name: str, work: Callable[[], Any]) -> Any:
        with Peak() as peak:
            took[name], answer = timed(work)
        print(f"| {name} | {took[name]:,.0f} | {peak.mb:,.0f} |", flush=True)
        return answer

    report("RFM with scores", lambda: rfm.scored(_rfm(p)))
    report("monthly cohorts", lambda: _cohorts(p))
    report("transitions, circulation, stationary", lambda: _transitions(p))
    report("routes of 28 days", lambda: _routes(p))
    report("hands", lambda: _money(p))
    report("profiles of shops", lambda: _hours(p))
    report("rolling 28 days", lambda: rolling.whole(_people(p), shops=SHOPS))
    report("new, returning, lapsed", lambda: _rhythm(p))
    report("co-visits with significance", lambda: covisits.tested(*_covisits(p), persons=CONSUMERS))
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
    read: list[float]
    theirs: dict[str, list[float]]


def compare(p: Payments, others: dict[str, list[Rival]], rounds: int) -> None:
    """One table: every engine in each round, in turn, so that all see the same weather."""
    table = {name: Row([], [], {}) for name in COMPARED}
    for number in range(rounds + 1):  # the first warms up, and compares the answers
        for name, (ours, columns) in COMPARED.items():
            row = table[name]
            took, answer = timed(lambda ours=ours: ours(p))
            row.ours.append(took)
            row.read.append(timed(lambda columns=columns: read_once(p, columns))[0])
            for rival in others.get(name, []):
                took, theirs = timed(rival.ask)
                row.theirs.setdefault(rival.engine, []).append(took)
                if number == 0 and not same(answer, rival.dense(theirs)):
                    raise SystemExit(f"{name}: {rival.engine} answers something else")
    engines = sorted({rival.engine.split(":")[0] for each in others.values() for rival in each})
    print(f"\n{len(p.at):,} payments; minimum of {rounds} rounds, ms; answers equal bit by bit\n")
    print(f"| question | numba | {' | '.join(engines)} | fastest other ÷ numba | by rounds | numba ÷ reading once | peak MB |")
    print(f"|{' --- |' * (len(engines) + 6)}")
    for name, row in table.items():
        with Peak() as peak:
            COMPARED[name][0](p)
        best = {
            engine: min((min(took[1:]) for one, took in row.theirs.items() if one.split(":")[0] == engine), default=None)
            for engine in engines
        }
        cells = [f"{best[engine]:,.0f}" if best[engine] else "–" for engine in engines]
        by_round = (
            [min(took[number] for took in row.theirs.values()) / row.ours[number] for number in range(1, rounds + 1)] if row.theirs else []
        )
        ratio = f"**{min(filter(None, best.values())) / min(row.ours[1:]):.1f}**" if row.theirs else "–"
        spread = f"{min(by_round):.1f} to {max(by_round):.1f}" if by_round else "–"
        reading = min(row.ours[1:]) / min(row.read[1:])
        print(f"| {name} | {min(row.ours[1:]):,.0f} | {' | '.join(cells)} | {ratio} | {spread} | {reading:.1f} | {peak.mb:,.0f} |")


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
