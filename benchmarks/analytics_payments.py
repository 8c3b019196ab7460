"""Invented payments for the benchmarks of insight: as many as one likes, the same each time."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

CONSUMERS, SHOPS, DAYS = 200_000, 500, 731
SINCE = 1_704_034_800  # 2024-01-01 in Tokyo


class Payments(NamedTuple):
    """Sorted by time."""

    at: Any
    consumer: Any
    shop: Any
    yen: Any


def made(rows: int, seed: int = 1) -> Payments:
    """Invented payments: few persons pay often, few shops are visited by many, nights are quiet, a person has favourites nearby."""
    random = np.random.default_rng(seed)
    hours = np.array([0, 0, 0, 0, 0, 0, 1, 3, 5, 6, 8, 12, 14, 9, 7, 7, 8, 10, 12, 11, 7, 3, 1, 0], float)
    day = random.integers(0, DAYS, rows)
    at = SINCE + day * 86_400 + random.choice(24, rows, p=hours / hours.sum()) * 3_600 + random.integers(0, 3_600, rows)
    at.sort()
    rank = (CONSUMERS * random.random(rows) ** 2.2).astype(np.int32)
    consumer = _by_appearance(rank, CONSUMERS)
    favourite = (rank * np.int64(2_654_435_761) % SHOPS).astype(np.int32)
    near = (favourite + (12 * random.random(rows) ** 3).astype(np.int32)) % SHOPS
    anywhere = (SHOPS * random.random(rows) ** 2).astype(np.int32)
    shop = np.where(random.random(rows) < 0.6, near, anywhere).astype(np.int32)
    return Payments(at, consumer, shop, 10 * random.integers(10, 1_000, rows))


def _by_appearance(code: Any, codes: int) -> Any:
    """Codes as the snapshot gives them: in the order in which they first come."""
    first = np.full(codes, len(code))
    np.minimum.at(first, code, np.arange(len(code)))
    renamed = np.empty(codes, np.int32)
    renamed[np.argsort(first, kind="stable")] = np.arange(codes)
    return renamed[code]
