"""Payments while everything is killed, again and again, and a checker that decides whether the books survived.

    python3 dev.py torture                        a quarter of an hour
    python3 dev.py torture --minutes 60 --seed 7

Ctrl-C ends it, and everything that it started. Exit status: 0, nothing was found; 1, something was, or nobody got an answer any more;
2, nothing was found, but something could not be tried on this machine, or it was stopped before its time.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from embedded import ServerTrouble, place
from tests.faults import breaks, moved_clock
from tests.faults.breaks import Break, CannotMount
from tests.faults.clients import NO_HOLDS
from tests.faults.history import Finding
from tests.faults.machine import ROOT
from tests.faults.stage import DATABASE, Stage, Told, stage

HEAD = "  time  chapter  broken                                                      paid  unknown  refused  sealed  findings"
AT_ONCE = 6
"""What breaks in one chapter, between two looks."""


@dataclass
class Tally:
    """What has been tried so far."""

    began: float = field(default_factory=time.monotonic)
    chapters: int = 0
    broken: Counter[str] = field(default_factory=Counter)
    paid: int = 0
    unknown: int = 0
    answers: int = 0
    sealed: int = 0
    findings: list[Finding] = field(default_factory=list)
    not_run: list[str] = field(default_factory=list)

    def add(self, what: Sequence[Break], told: Told) -> None:
        """One chapter more, and its line of the table."""
        names = Counter(each.__name__ for each in what)
        self.chapters += 1
        self.broken += names
        self.paid += told.paid
        self.unknown += told.count("unknown")
        self.answers += len(told.calls) - told.count("unknown")
        self.sealed += told.written
        self.findings += told.findings
        text = ", ".join(f"{count} {name}" if count > 1 else name for name, count in names.items())
        minutes, seconds = divmod(int(time.monotonic() - self.began), 60)
        print(
            f"{minutes:3d}:{seconds:02d}  {self.chapters:7d}  {text:56.56s}  {told.paid:6d}  {told.count('unknown'):7d}"
            f"  {told.count('refused'):7d}  {told.written:6d}  {len(told.findings):8d}",
            flush=True,
        )

    def sentence(self) -> str:
        """What it comes to."""
        seconds = int(time.monotonic() - self.began)
        broken = ", ".join(f"{name} {count}" for name, count in sorted(self.broken.items()))
        return (
            f"In {seconds} s and {self.chapters} chapters {sum(self.broken.values())} things were broken ({broken}).\n"
            f"{self.answers} answers were held against {self.sealed} sealed transactions: {self.paid} payments acknowledged,"
            f" {self.unknown} calls without an answer, each settled."
        )


def main(arguments: Sequence[str]) -> int:
    """Run it, and give the exit status."""
    parser = argparse.ArgumentParser(prog="dev.py torture", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--seed", type=int, default=None, help="what breaks in which order; printed, so that it can be had again")
    options = parser.parse_args(arguments)
    seed = random.randrange(10_000) if options.seed is None else options.seed
    for wish in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(wish, signal.default_int_handler)
    tally, stopped = Tally(), False
    print(f"Seed {seed}, {options.minutes:g} minutes. Ctrl-C ends it and everything that it started.\n{HEAD}", flush=True)
    try:
        with ExitStack() as stages:
            stages.callback(signal.signal, signal.SIGINT, signal.SIG_IGN)  # what is being cleared away is cleared away whole
            torture(tally, stages, random.Random(seed), options.minutes * 60)
    except KeyboardInterrupt:
        stopped = True
    except (AssertionError, ServerTrouble) as failure:
        tally.findings.append(Finding("failed", str(failure)))
    return verdict(tally, stopped=stopped)


def torture(tally: Tally, stages: ExitStack, dice: random.Random, seconds: float) -> None:
    """Chapters on three stages, until the time is over or something is found."""
    whole = _stage(stages, "whole", dice, sites=2, workers=2)
    clock = _stage(stages, "clock", dice)
    clock.acts = NO_HOLDS
    moved_clock.make_movable(clock.server, DATABASE)
    clock.engine.dispose()
    disk = _on_a_small_disk(tally, stages, dice)
    end = time.monotonic() + seconds
    while time.monotonic() < end and not tally.findings:
        turn = tally.chapters % 10
        what = [breaks.failover, *dice.choices(breaks.ALL, k=AT_ONCE - 1)] if turn in (3, 8) else dice.choices(breaks.ALL, k=AT_ONCE)
        on = whole
        if turn == 5:
            on, what = clock, [breaks.clock_set_back] * AT_ONCE
        elif turn == 9 and disk is not None:
            on, what = disk, [breaks.full_disk] * (AT_ONCE // 2)
        tally.add(what, on.chapter(what, whole=turn in (0, 5, 9)))
        if tally.findings:
            kept = shutil.copy(on.log, ROOT / ".cache" / "torture.log") if on.log.exists() else on.server.log
            print(f"What the programs said is kept: {kept}", flush=True)
    if not tally.findings:
        tally.add([], whole.chapter([]))


def _stage(stages: ExitStack, name: str, dice: random.Random, *, sites: int = 0, workers: int = 0) -> Stage:
    folder = place(ROOT / ".cache" / f"torture-{name}-{os.getpid()}")
    return stages.enter_context(stage(folder, sites=sites, workers=workers, seed=dice.getrandbits(32)))


def _on_a_small_disk(tally: Tally, stages: ExitStack, dice: random.Random) -> Stage | None:
    folder = place(ROOT / ".cache" / f"torture-disk-{os.getpid()}")
    try:
        stages.enter_context(breaks.small_disk(folder))
    except CannotMount as reason:
        tally.not_run.append(f"full_disk: this machine lets us mount nothing ({reason}). Run it as root on one that does.")
        print(f"NOT RUN  {tally.not_run[-1]}", flush=True)
        return None
    disk = _stage(stages, "disk", dice, sites=1, workers=1)
    disk.acts = NO_HOLDS
    return disk


def verdict(tally: Tally, *, stopped: bool) -> int:
    """The plain sentence at the end, and the exit status."""
    print(f"\n{tally.sentence()}")
    for finding in tally.findings[:40]:
        print(f"FOUND  {finding.what}\t{finding.about}")
    for reason in tally.not_run:
        print(f"NOT RUN  {reason}")
    if tally.findings:
        print("The books did NOT survive it.")
        return 1
    print("Every acknowledged payment is there, once and whole; nothing else is; every answer is one that an honest book gives.")
    if stopped:
        print("It was stopped before its time.")
    return 2 if stopped or tally.not_run else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
