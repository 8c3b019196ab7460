"""The fit of BG/NBD against the library `lifetimes` on the same people: seconds each, in turn; both find the same parameters.

`--people N` (200,000 without), `--rounds N`. `--theirs PYTHON`: an interpreter with requirements/lifetimes.txt; `dev.py bench` makes one.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from analytics.kernels import bgnbd

TRUTH = (0.243, 4.414, 0.793, 2.426)
WEEKS = 104.0
NEAR = 0.01
"""Parameters of both may differ by so much of themselves: each searches until it is content."""
THEIRS = """
import json, sys, time, warnings
import numpy as np
from lifetimes import BetaGeoFitter
warnings.simplefilter("ignore")
people = np.load(sys.argv[1])
for _ in sys.stdin:
    start = time.perf_counter()
    found = BetaGeoFitter(penalizer_coef=0.0).fit(people["repeats"], people["recency"], people["age"])
    print(json.dumps([time.perf_counter() - start, *map(float, found.params_)]), flush=True)
"""


def made(people: int) -> dict[str, Any]:
    """People who buy and leave as the model has it, first seen within half of two years; in weeks."""
    random = np.random.default_rng(1)
    r, alpha, a, b = TRUTH
    age = random.uniform(WEEKS / 2, WEEKS, people)
    rate, leaves = random.gamma(r, 1 / alpha, people), random.beta(a, b, people)
    now, recency, repeats, stays = np.zeros(people), np.zeros(people), np.zeros(people, np.int64), np.ones(people, bool)
    while stays.any():
        now += random.exponential(1, people) / np.maximum(rate, 1e-300)
        stays &= now < age
        repeats += stays
        recency = np.where(stays, now, recency)
        stays &= random.random(people) >= leaves
    return {"repeats": repeats, "recency": recency, "age": age}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--theirs", help="an interpreter that has lifetimes")
    options = parser.parse_args()
    people = made(options.people)
    bgnbd.fit(**people)  # the compiler, or its cache
    ours, theirs, parameters = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "people.npz"
        np.savez(file, **people)
        if options.theirs is None:
            sys.exit("without --theirs PYTHON there is nothing to compare with: python3 dev.py bench analytics_models")
        command = [options.theirs, "-c", THEIRS, str(file)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdin and other.stdout
            for _ in range(options.rounds):
                start = time.perf_counter()
                found = bgnbd.fit(**people)
                ours.append(time.perf_counter() - start)
                other.stdin.write("again\n")
                other.stdin.flush()
                seconds, *parameters = json.loads(other.stdout.readline())
                theirs.append(seconds)
            other.stdin.close()
    assert np.allclose(found.values, parameters, rtol=NEAR), (found.values, parameters)
    print(f"\nBG/NBD of {options.people:,} people, minimum of {options.rounds} rounds; the same parameters within {NEAR:.0%}\n")
    print("| ours, s | lifetimes, s | lifetimes ÷ ours | by rounds | looks at the likelihood |\n| --- | --- | --- | --- | --- |")
    by_round = [other / own for own, other in zip(ours, theirs, strict=True)]
    spread = f"{min(by_round):.1f} to {max(by_round):.1f}"
    print(f"| {min(ours):.2f} | {min(theirs):.2f} | **{min(theirs) / min(ours):.1f}** | {spread} | {found.looks} |")


if __name__ == "__main__":
    main()
