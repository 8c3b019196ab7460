"""A whole payment over HTTP, 50 consumers at once: the page to confirm, the press, the page that says done.

Twice: as people do, who look at each page for about a second, and as fast as it goes, where all 50 press without ever
looking, so that their waiting is 50 divided by what the server can do. Paired with a do-nothing endpoint of the same
server, asked by the same 50 clients just before and just after. The clients run on the same cores as server and database.
"""

from __future__ import annotations

import multiprocessing
import random
import statistics
import sys
import threading
import time
from urllib.parse import urlencode

from benchmarks.site import Phone, Site, percentile, site
from ledger.verify import verify

CONSUMERS, SHOPS, PROCESSES, SECONDS, LOOK_S = 50, 20, 2, 12, 1.0


def pays(phone: Phone, number: str, taken: list[tuple[float, float]], look_s: float = 0) -> None:
    """One payment; notes the seconds of the press alone and of all three requests, without the `look_s` before each."""
    looks(look_s)
    start = time.perf_counter()
    path = f"/wallet/pay/shop/{number}"
    status, _, page = phone.request("GET", f"{path}?amount=3")
    assert status == 200, page[:2000]
    asked = time.perf_counter() - start
    looks(look_s)
    pressed = time.perf_counter()
    status, location, page = phone.request("POST", path, urlencode(phone.hidden(page) | {"amount": "3"}))
    answered = time.perf_counter()
    assert status == 303 and "/wallet/done/" in location, (status, location, page[:2000])
    status, _, page = phone.request("GET", location)
    assert status == 200, page[:2000]
    taken.append((answered - pressed, asked + time.perf_counter() - pressed))


def looks_and_pays(phone: Phone, number: str, taken: list[tuple[float, float]]) -> None:
    """One payment by somebody who reads."""
    pays(phone, number, taken, LOOK_S)


def looks(about_s: float) -> None:
    """Half to one and a half times as long."""
    time.sleep(about_s * random.uniform(0.5, 1.5))


def rests(phone: Phone, _number: str, taken: list[tuple[float, float]]) -> None:
    """One request that does nothing."""
    start = time.perf_counter()
    assert phone.request("GET", "/livez")[0] == 200
    taken.append((time.perf_counter() - start,) * 2)


WORK = {"pays": pays, "looks and pays": looks_and_pays, "rests": rests}


def _some(place: Site, jobs: list[tuple[str, str]], work: str, out: multiprocessing.Queue) -> None:  # type: ignore[type-arg]
    taken: list[tuple[float, float]] = []
    until = time.perf_counter() + SECONDS

    def lives(cookie: str, number: str) -> None:
        phone = Phone(place, {"meguri_session": cookie})
        while time.perf_counter() < until:
            WORK[work](phone, number, taken)

    threads = [threading.Thread(target=lives, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    out.put(taken)


def together(place: Site, jobs: list[tuple[str, str]], work: str) -> list[tuple[float, float]]:
    """All clients at once in two processes; what each request took."""
    out: multiprocessing.Queue[list[tuple[float, float]]] = multiprocessing.Queue()
    bare = Site(place.host, place.port, place.lines_port, None, [], [])  # type: ignore[arg-type]  # what a client needs, and can be sent to it
    processes = [multiprocessing.Process(target=_some, args=(bare, jobs[n::PROCESSES], work, out)) for n in range(PROCESSES)]
    for process in processes:
        process.start()
    taken = [one for _ in processes for one in out.get()]
    for process in processes:
        process.join()
    return taken


def _row(who: str, taken: list[tuple[float, float]]) -> None:
    press, whole = [one[0] * 1000 for one in taken], [one[1] * 1000 for one in taken]
    figures = (statistics.median(whole), percentile(whole, 99), statistics.median(press), percentile(press, 99))
    print(f"| {who} | {len(taken) / SECONDS:.0f} | " + " | ".join(f"{figure:.0f} ms" for figure in figures) + " |")


def main() -> None:
    with site(CONSUMERS, SHOPS) as place:
        town = place.town
        jobs = [(town.cookie(who.person_id), place.tills[n % SHOPS].shop.public_number) for n, who in enumerate(place.consumers)]
        together(place, jobs, "rests")  # warm
        together(place, jobs, "pays")
        before = len(together(place, jobs, "rests")) / SECONDS
        fast = together(place, jobs, "pays")
        after = len(together(place, jobs, "rests")) / SECONDS
        calm = together(place, jobs, "looks and pays")
        findings = list(verify(town.session, lambda _: None))
        rate, idle = len(fast) / SECONDS, statistics.mean((before, after))
        print(f"\nWhole payment over HTTP, {CONSUMERS} consumers at once, {SECONDS} s each\n")
        print("| consumers | payments a second | confirm → done, median | 99 % | the press alone, median | 99 % |")
        print("| --- | --- | --- | --- | --- | --- |")
        _row(f"who look at each page for about {LOOK_S:g} s", calm)
        _row("who never look", fast)
        print(
            f"\nWho never look: {3 * rate:.0f} requests a second; the do-nothing endpoint answers {idle:.0f}: ratio {3 * rate / idle:.2f}."
        )
        print(f"Books afterwards: {len(findings)} findings")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
