"""Payments a second through the ledger's doors on a durable PostgreSQL, as a ratio to pgbench's simple-update.

Every figure is paired: simple-update just before and just after it, on the same server, in the same run; the ratio is
to the mean of both. Afterwards the books are verified. Run alone: load on the machine moves the absolute rates, and the
ratios less.

`MEGURI_BENCH_PGLEDGER` may name a checkout of github.com/pgr0ss/pgledger: then its transfers are measured in the same run.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
from pathlib import Path

from benchmarks.book import ACCOUNTS, PAYMENT, PROGRAMS, WITH_COUPON, Bench, book, rate

SECONDS, ROUNDS = 4, 3
CLIENTS = (1, 8, 32)
TRANSFER = """\
\\set payer random(1, {last})
\\set shop random({first_shop}, {last_shop})
SELECT id FROM pgledger_create_transfer(
  (SELECT id FROM bench_account WHERE number = :payer), (SELECT id FROM bench_account WHERE number = :shop), 1);
"""
PGLEDGER_ACCOUNTS = """
CREATE TABLE bench_account AS
    SELECT n AS number, (pgledger_create_account('account ' || n, 'JPY')).id FROM generate_series(1, {accounts}) AS n;
ALTER TABLE bench_account ADD PRIMARY KEY (number);
VACUUM ANALYZE;
"""


def paired(bench: Bench, url: str, script: Path, clients: int) -> tuple[float, list[float]]:
    """The best absolute rate, and one ratio a round."""
    best, ratios = 0.0, []
    for _ in range(ROUNDS):
        before = rate(bench.base_url, clients, SECONDS, "-b", "simple-update")
        ours = rate(url, clients, SECONDS, "-f", str(script))
        after = rate(bench.base_url, clients, SECONDS, "-b", "simple-update")
        best = max(best, ours)
        ratios.append(ours / statistics.mean((before, after)))
    return best, ratios


def pgledger(bench: Bench, checkout: Path) -> dict[str, tuple[str, Path]]:
    """Another library's book of the same size beside ours, granted a table that finds its text ids by number."""
    bench.server.drop_database("bench_pgledger")
    bench.server.create_database("bench_pgledger")
    url = bench.server.url("meguri_owner", "bench_pgledger")
    vendored = checkout / "vendor" / "scoville-pgsql-ulid"
    files = [vendored / "uuid-to-ulid.sql", vendored / "ulid-to-uuid.sql", checkout / "pgledger.sql"]
    loads = [word for file in files for word in ("-f", str(file))]
    subprocess.run([PROGRAMS / "psql", "-q", "-v", "ON_ERROR_STOP=1", *loads, url], check=True, capture_output=True)
    accounts = PGLEDGER_ACCOUNTS.format(accounts=2 * ACCOUNTS)
    subprocess.run([PROGRAMS / "psql", "-q", "-v", "ON_ERROR_STOP=1", url], input=accounts, text=True, check=True, capture_output=True)
    found = {}
    for name, last_shop in (("uniform", 2 * ACCOUNTS), ("one hot shop", ACCOUNTS + 1)):
        script = bench.folder / f"pgledger-{last_shop}.sql"
        script.write_text(TRANSFER.format(last=ACCOUNTS, first_shop=ACCOUNTS + 1, last_shop=last_shop))
        found[f"pgledger, {name}"] = (url, script)
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, book(Path(folder)) as bench:
        scripts = {
            name: (bench.url, bench.script(name, template, last_shop))
            for name, (template, last_shop) in {
                "uniform": (PAYMENT, ACCOUNTS - 1),
                "one hot shop": (PAYMENT, 0),
                "with a coupon, five lines, uniform": (WITH_COUPON, ACCOUNTS - 1),
            }.items()
        }
        if "MEGURI_BENCH_PGLEDGER" in os.environ:
            scripts |= pgledger(bench, Path(os.environ["MEGURI_BENCH_PGLEDGER"]))
        print(f"\nPosting, durable, {SECONDS} s a cell, {ROUNDS} rounds\n")
        print("| payments | clients | best, a second | ÷ simple-update (each round) | median |\n| --- | --- | --- | --- | --- |")
        medians: dict[tuple[str, int], float] = {}
        for clients in CLIENTS:
            for name, (url, script) in scripts.items():
                best, ratios = paired(bench, url, script, clients)
                medians[name, clients] = statistics.median(ratios)
                shown = ", ".join(f"{ratio:.2f}" for ratio in ratios)
                print(f"| {name} | {clients} | {best:,.0f} | {shown} | {medians[name, clients]:.2f} |", flush=True)
        print(f"\nOne hot shop ÷ uniform at 32 clients: {medians['one hot shop', 32] / medians['uniform', 32]:.2f}")
        for name in ("uniform", "one hot shop"):
            if f"pgledger, {name}" in scripts:
                print(f"÷ pgledger, {name}, 32 clients: {medians[name, 32] / medians[f'pgledger, {name}', 32]:.1f}")
        print(bench.findings())


if __name__ == "__main__":
    main()
