"""What has passed the guard. Nothing else makes these: whoever holds one may print it, cut it and send it anywhere."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

from analytics.guard.rule import in_tens

SEAL = object()
"""Only the guard hands it over: a test reads all code for it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What may be told. `persons`: distinct people, in full tens, rounded down. `yen`: exact; None in a table of people alone.

    `percent`: of a share in full steps of 5, of an estimate how far it may be off; None elsewhere.
    """

    persons: int
    yen: int | None
    percent: int | None = None


class _Sealed:
    """Made once, by the guard, and never changed."""

    __slots__ = ()

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise TypeError("what is published is not changed")

    def __reduce__(self) -> NoReturn:
        raise TypeError("what is published is not copied around the guard")

    def _keep(self, seal: object, **parts: object) -> None:
        if seal is not SEAL:
            raise TypeError("only the guard publishes: give it a raw table")
        for name, part in parts.items():
            object.__setattr__(self, name, part)


class Published(_Sealed):
    """Figures by label, in the order in which they were given, and their total. None: withheld, be it nobody, nine people, or one too many.

    `total`: None if withheld too. In a table of people alone it counts each once, so that it may be less than the sum.
    """

    __slots__ = ("_figures", "total")
    _figures: dict[Hashable, Figure | None]
    total: Figure | None

    def __init__(self, seal: object, labels: Sequence[Hashable], figures: Sequence[Figure | None], total: Figure | None) -> None:
        self._keep(seal, _figures=dict(zip(labels, figures, strict=True)), total=total)

    def whole(self, label: Hashable) -> Published:
        """Its total alone, as a table of one figure."""
        return Published(SEAL, [label], [self.total], self.total)

    @property
    def labels(self) -> tuple[Hashable, ...]:
        """All of them, told or not."""
        return tuple(self._figures)

    def __getitem__(self, label: Hashable) -> Figure | None:
        return self._figures[label]

    def __iter__(self) -> Iterator[tuple[Hashable, Figure | None]]:
        return iter(self._figures.items())

    def told(self) -> list[tuple[Hashable, Figure]]:
        """Those that may be told, in order."""
        return [(label, figure) for label, figure in self if figure is not None]


class Grid(_Sealed):
    """A table of two sides that was guarded whole. A filter is a part of it, taken afterwards, so no two filters can be set off."""

    __slots__ = ("_cells", "_cols", "_rows", "by_col", "by_row")
    _rows: dict[Hashable, int]
    _cols: tuple[Hashable, ...]
    _cells: Sequence[Sequence[Figure | None]]
    by_row: Published
    by_col: Published

    def __init__(
        self,
        seal: object,
        rows: Sequence[Hashable],
        cols: Sequence[Hashable],
        cells: Sequence[Sequence[Figure | None]],
        by_row: Published,
        by_col: Published,
    ) -> None:
        self._keep(seal, _rows={row: at for at, row in enumerate(rows)}, _cols=tuple(cols), _cells=cells, by_row=by_row, by_col=by_col)

    @property
    def total(self) -> Figure | None:
        """All of it."""
        return self.by_row.total

    def row(self, label: Hashable) -> Published:
        """One row with its own total. Raises KeyError."""
        return Published(SEAL, self._cols, self._cells[self._rows[label]], self.by_row[label])

    def told(self) -> list[tuple[Hashable, Hashable, Figure]]:
        """The cells that may be told: row, column, figure."""
        return [(row, col, figure) for row in self.by_row.labels for col, figure in self.row(row).told()]


def together(parts: Sequence[Published]) -> Published:
    """Tables of other months with the same labels, added up: nothing that was not told. `persons`: at least so many."""
    first, *rest = parts
    sums = dict(first)
    total = first.total
    for part in rest:
        sums = {label: _sum(figure, part[label]) for label, figure in sums.items()}
        total = _sum(total, part.total)
    return Published(SEAL, list(sums), list(sums.values()), total)


def _sum(one: Figure | None, other: Figure | None) -> Figure | None:
    if one is None or other is None:
        return None
    yen = None if one.yen is None or other.yen is None else one.yen + other.yen
    return Figure(max(one.persons, other.persons), yen)


def figures(persons: Iterable[int], yen: Sequence[int] | None, told: Sequence[bool]) -> list[Figure | None]:
    """Figures as they are told, None where they are not."""
    sums: Sequence[int | None] = [None] * len(told) if yen is None else yen
    return [
        Figure(in_tens(int(many)), None if amount is None else int(amount)) if may else None
        for many, amount, may in zip(persons, sums, told, strict=True)
    ]
