"""Where months are counted: here, or by the workers of Dask's distributed scheduler. One setting, MEGURI_ANALYTICS_SCHEDULER.

The work and its answers are the same: a piece of work is a function of the columns on the disk and of nothing else, so that a piece
whose worker died is done again by another one, and twice is harmless.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any, TypeVar

from analytics.errors import SchedulerAway, SchedulerMissing
from analytics.kernels.columns import THREADS

T = TypeVar("T")
PATIENCE_S = 10
TRIES = 3
"""So often a piece is given out anew of which a worker died: it may be the piece that kills them."""


def spread(address: str | None, work: Callable[..., T], pieces: Sequence[tuple[Any, ...]]) -> Iterator[T]:
    """`work(*piece)` of each, as they are done. `address`: of a scheduler, tcp://127.0.0.1:8786; None: threads of this process.

    A fault in a piece is raised as it was. Raises SchedulerMissing, SchedulerAway.
    """
    if not pieces:
        return
    if address is None:
        pool = ThreadPoolExecutor(THREADS)
        try:
            for done in as_completed([pool.submit(work, *piece) for piece in pieces]):
                yield done.result()
        finally:
            pool.shutdown(cancel_futures=True)  # where nobody waits for the rest, or one of them failed
        return
    yield from _by_workers(address, work, pieces)


def _by_workers(address: str, work: Callable[..., T], pieces: Sequence[tuple[Any, ...]]) -> Iterator[T]:
    try:
        import distributed  # an extra: most districts never need it
    except ImportError:
        raise SchedulerMissing from None
    try:
        client = distributed.Client(address, timeout=PATIENCE_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except OSError:
        raise SchedulerAway(address=address) from None
    with client:
        given = client.map(work, *zip(*pieces, strict=True), pure=False, retries=TRIES)
        for done in distributed.as_completed(given, loop=client.loop):  # type: ignore[no-untyped-call]
            yield done.result()
