"""For readers who own a shop, or may. Each knows the own sales to the yen, so a figure is told to them only if it leaves enough without.

Whose a shop is, is said by `owner`: shops of the same person have the same code, and count as one. With one owner a figure is that one's
own, with two each has the other's by taking the own off; and with ten, nine customers of the others may be what is left.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.guard.published import SEAL, Grid, Published
from analytics.guard.rule import LEAST, LEAST_OTHERS, Bools, Ints, is_spread, tally
from analytics.guard.tables import Raw, open_raw


def among_shops(found: Published, raw: Raw, owner: NDArray[Any], *, adds_up: bool = True) -> Published:
    """`found` as it is told to whoever is not of the association. `raw`: what it was made of; `owner`: of each contribution.

    Where the rows add up to something that is told, what is withheld together must leave enough as well: else the smallest go
    too, by how often somebody paid.
    """
    read = open_raw(raw)
    labels = found.labels
    fits = leave_enough(read.row, read.person, read.yen, owner, len(labels))
    often = np.bincount(read.row, minlength=len(labels))
    told = [at for at in np.argsort(often, kind="stable").tolist() if found[labels[at]] is not None and fits[at]]

    def rest_is_thin() -> bool:
        rest = ~np.isin(read.row, told)
        return bool(rest.any()) and not _leaves_enough(read.person[rest], read.yen[rest], owner[rest])

    while adds_up and told and rest_is_thin():
        told.pop(0)
    total = found.total if _leaves_enough(read.person, read.yen, owner) else None
    kept = set(told)
    return Published(SEAL, labels, [found[label] if at in kept else None for at, label in enumerate(labels)], total)


def grid_among_shops(found: Grid, raw: Raw, owner: NDArray[Any]) -> Grid:
    """A table of two sides likewise, row by row; of its columns' totals nothing is told."""
    read = open_raw(raw)
    labels, cols = found.by_row.labels, found.by_col.labels
    parts = []
    for at, label in enumerate(labels):
        here = read.row == at
        parts.append(among_shops(found.row(label), Raw(cols, read.col[here], read.person[here], read.yen[here]), owner[here]))
    by_row = Published(SEAL, labels, [part.total for part in parts], None)
    return Grid(
        SEAL, labels, cols, [[part[label] for label in cols] for part in parts], by_row, Published(SEAL, cols, [None] * len(cols), None)
    )


def columns_among_shops(found: Grid, raw: Raw, owner: NDArray[Any]) -> Grid:
    """A table of shops × columns whose totals by column are told as to others; each shop's row is for itself, as it was."""
    read = open_raw(raw)
    labels, cols = found.by_row.labels, found.by_col.labels
    by_col = among_shops(found.by_col, Raw(cols, read.col, read.person, read.yen), owner)
    cells = [[figure for _, figure in found.row(label)] for label in labels]
    return Grid(SEAL, labels, cols, cells, found.by_row, by_col)


def is_told_to_owners(raw: Raw, owner: NDArray[Any]) -> bool:
    """Whether the sum of it all leaves enough, whoever takes the own shops off. Of nothing there is nothing to tell."""
    read = open_raw(raw)
    return _leaves_enough(read.person, read.yen, owner)


def leave_enough(figure: Ints, person: Ints, yen: Ints, owner: NDArray[Any], figures: int) -> Bools:
    """Of each figure: three owners behind it, and whatever of them takes the own sales off, ten people and nobody who dominates the rest.

    As careful as it is short: the two largest people are those of the whole figure, wherever they paid.
    """
    whole = tally(figure, person, yen, figures)
    by_owner = _tally_pairs(figure, owner, yen)
    most_yen, owners = np.zeros(figures, np.int64), np.zeros(figures, np.int64)
    np.maximum.at(most_yen, by_owner[0], by_owner[2])
    np.add.at(owners, by_owner[0], 1)
    most_alone = np.zeros(figures, np.int64)
    alone = _at_one_owner(figure, person, owner)
    np.maximum.at(most_alone, alone[0], alone[2])
    left = whole._replace(persons=whole.persons - most_alone, yen=whole.yen - most_yen)
    return (owners >= LEAST_OTHERS) & (left.persons >= LEAST) & is_spread(left)


def shops_behind(row: NDArray[Any], shop: NDArray[Any], rows: int) -> list[set[int]]:
    """Of each row the shops where somebody paid, or their owners."""
    found: list[set[int]] = [set() for _ in range(rows)]
    for at, where in np.unique(np.stack([row.astype(np.int64), shop.astype(np.int64)]), axis=1).T.tolist():
        found[at].add(where)
    return found


def _leaves_enough(person: Ints, yen: Ints, owner: NDArray[Any]) -> bool:
    return bool(leave_enough(np.zeros_like(person), person, yen, owner, 1)[0])


def _tally_pairs(one: Ints, other: NDArray[Any], weight: Ints) -> tuple[Ints, Ints, Ints]:
    """Each pair once, with its sum of weights."""
    width = int(other.max(initial=0)) + 1
    keys, place = np.unique(one * width + other, return_inverse=True)
    sums = np.zeros(len(keys), np.int64)
    np.add.at(sums, place, weight)
    return keys // width, keys % width, sums


def _at_one_owner(figure: Ints, person: Ints, owner: NDArray[Any]) -> tuple[Ints, Ints, Ints]:
    """Of each figure and owner how many people paid there and nowhere else in the figure."""
    people = int(person.max(initial=0)) + 1
    visit, where, _ = _tally_pairs(figure * people + person, owner, np.ones_like(figure))
    _, place, often = np.unique(visit, return_inverse=True, return_counts=True)
    only = often[place] == 1
    return _tally_pairs(visit[only] // people, where[only], np.ones(int(only.sum()), np.int64))
