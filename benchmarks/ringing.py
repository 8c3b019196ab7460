"""From commit to ring with 200 tablets open, and what the ring costs the payments.

Each payment goes to one of 200 shops; one process holds all 200 live lines. Commit → ring is measured from the moment
that the book wrote (posted_at, taken under the locks: a little before the commit) to the arrival of the event.
"""

from __future__ import annotations

import json
import multiprocessing
import selectors
import socket
import statistics
import time
from datetime import datetime

from sqlalchemy import text

from benchmarks import paying
from benchmarks.site import Site, percentile, site
from web.live import BEAT_S

TABLETS, PAYERS, ROUNDS = 200, 32, 3


def listen(
    host: str, port: int, cookies: list[str], ready: multiprocessing.Event, stop: multiprocessing.Event, out: multiprocessing.Queue
) -> None:  # type: ignore[type-arg,valid-type]
    """Hold a live line for each tablet; gives [(transaction id, arrival in seconds since 1970)].

    What arrives is read only afterwards: in a town each tablet has a processor of its own.
    """
    selector, arrived = selectors.DefaultSelector(), []
    pieces: list[tuple[int, float, bytes]] = []
    for cookie in cookies:
        line = socket.create_connection(("127.0.0.1", port))
        line.sendall(f"GET /till/events HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: meguri_till={cookie}\r\n\r\n".encode())
        selector.register(line, selectors.EVENT_READ)
    deadline = time.time() + 20
    while not stop.is_set():
        for key, _ in selector.select(0.2):
            piece, now = key.fileobj.recv(65536), time.time()
            if not piece:
                selector.unregister(key.fileobj)
                continue
            pieces.append((key.fd, now, piece))
        if time.time() > deadline - 15:
            ready.set()
    begun: dict[int, bytes] = {}
    for line_number, now, piece in pieces:
        *whole, begun[line_number] = (begun.get(line_number, b"") + piece).split(b"\n")
        arrived += [(int(json.loads(row[6:])["id"]), now) for row in whole if row.startswith(b"data: ") and b'"id"' in row]
    out.put((len(selector.get_map()), arrived))


def main() -> None:
    paying.SECONDS = 8
    with site(PAYERS, TABLETS) as place:
        town = place.town
        jobs = [(town.cookie(who.person_id), place.tills[n * 6 % TABLETS].shop.public_number) for n, who in enumerate(place.consumers)]
        paying.together(place, jobs, "pays")  # warm
        off, on, lines, arrived = [], [], [], []
        for _ in range(ROUNDS):
            off.append(len(paying.together(place, jobs, "pays")))
            (open_lines, rings), count = with_tablets(place, jobs)
            on.append(count)
            lines.append(open_lines)
            arrived += rings
        off.append(len(paying.together(place, jobs, "pays")))
        posted: dict[int, datetime] = {
            row.id: row.posted_at
            for row in town.session.execute(text("SELECT id, posted_at FROM ledger.transaction WHERE kind = 'payment'"))
        }
        late = [(moment - posted[number].timestamp()) * 1000 for number, moment in dict(arrived).items() if number in posted]
        print(f"\nRing with {min(lines)} of {TABLETS} live lines open, {PAYERS} payers who never look, {len(late):,} rings\n")
        print("| what | figure |\n| --- | --- |")
        print(f"| written → ring, median | {statistics.median(late):.0f} ms |\n| written → ring, 99 % | {percentile(late, 99):.0f} ms |")
        print(f"| payments a second with the ring | {_rates(on)} |\n| without, before and after each | {_rates(off)} |")
        print(f"| payments with the ring ÷ without | {statistics.mean(on) / statistics.mean(off):.2f} |")


def _rates(counts: list[int]) -> str:
    return ", ".join(f"{count / paying.SECONDS:.0f}" for count in counts)


def with_tablets(place: Site, jobs: list[tuple[str, str]]) -> tuple[tuple[int, list[tuple[int, float]]], int]:
    """Payments while all tablets listen."""
    ready, stop, out = multiprocessing.Event(), multiprocessing.Event(), multiprocessing.Queue()
    cookies = [till.token for till in place.tills]
    listener = multiprocessing.Process(target=listen, args=(place.host, place.lines_port, cookies, ready, stop, out))
    listener.start()
    ready.wait(30)
    count = len(paying.together(place, jobs, "pays"))
    time.sleep(1)
    stop.set()
    lines = out.get()
    listener.join()
    time.sleep(BEAT_S + 1)  # until the server has noticed that nobody listens any more
    return lines, count


if __name__ == "__main__":
    main()
