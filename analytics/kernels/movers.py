"""What changed between two equal periods, and which way of looking at it explains most.

Source: Bhagwan et al. (2014), "Adtributor: revenue debugging in advertising systems", NSDI: of each dimension (shops, hours, new
against returning customers) the few elements that make up most of the change, and the dimension whose shares shifted most, by
Jensen and Shannon's divergence. Not compiled: it sees cells, not payments.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from analytics.kernels.columns import Float, Int32, Int64

ENOUGH = 0.67
"""Elements are named until together they make up this share of the change."""
WORTH_NAMING = 0.10
"""An element that makes up less than this share of the change is not named."""


class Moved(NamedTuple):
    """One dimension."""

    change: Int64
    """int64[cells]: yen after minus yen before."""
    share: Float
    """float64[cells]: of the whole change; they sum to 1, and may be negative or above 1. NaN where nothing changed on the whole."""
    surprise: Float
    """float64[cells]: in nats, ≥ 0: how much the cell's share of the whole shifted."""
    named: Int32
    """int32[k]: the cells that explain the change, the most surprising first."""
    explained: float
    """The share of the change that they make up."""
    shift: float
    """Their surprise together: the dimension with the largest explains best."""


def moved(before: Int64, after: Int64) -> Moved:
    """How one dimension changed. before, after int64[cells]: yen of each cell in two periods of equal length."""
    change = after - before
    whole = int(change.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        share = change / whole if whole else np.full(change.shape, np.nan)
    surprise = _divergence(before, after)
    named: list[int] = []
    explained = 0.0
    for cell in np.argsort(-surprise, kind="stable"):
        if share[cell] >= WORTH_NAMING:
            named.append(int(cell))
            explained += float(share[cell])
        if explained >= ENOUGH:
            break
    return Moved(change, share, surprise, np.array(named, np.int32), explained, float(surprise[named].sum()))


def best(dimensions: dict[str, Moved]) -> list[str]:
    """Names of the dimensions that explain the change (`ENOUGH` of it), the best first; none if none does: then say "can't tell"."""
    able = [name for name, one in dimensions.items() if one.explained >= ENOUGH]
    return sorted(able, key=lambda name: -dimensions[name].shift)


def _divergence(before: Any, after: Any) -> Float:
    """Each cell's part of Jensen and Shannon's divergence between the shares before and after."""
    p, q = (np.maximum(side, 0) / max(np.maximum(side, 0).sum(), 1) for side in (before, after))
    middle = (p + q) / 2
    parts = np.zeros(middle.shape)
    for side in (p, q):
        there = side > 0
        parts[there] += side[there] * np.log(side[there] / middle[there]) / 2
    return np.maximum(parts, 0.0)


def is_new(consumer: Int32, first: Int64, since: int) -> Int32:
    """int32[n]: for each payment 0 if its person had paid before the period began, else 1: cells for `tally.tally`.

    first int64[consumers]: seconds of each person's first payment ever; since: seconds at which the period begins.
    """
    return (first[consumer] >= since).astype(np.int32)
