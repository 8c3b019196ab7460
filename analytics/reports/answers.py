"""What a report answers: a sentence, a picture, a table, and one thing to do about it. All of it made of what the guard published."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from analytics.guard import Figure, Grid, Published
from base.errors import N_

WITHHELD = N_("10人未満のため非表示")
"""The mark of everything that is withheld, whatever the reason."""
THIN = N_("まだ言えません。この期間は、言えるだけの人数（10人以上）がいません。")

Translate = Callable[[str], str]
"""`flask_babel.gettext` on a page, `identity.letters.words(language).ugettext` elsewhere."""


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence or a name of ours, marked for translation. `facts` fill its gaps: numbers, foreign names, or words again."""

    text: str
    facts: Mapping[str, int | str | Words] = field(default_factory=dict)

    def said(self, translate: Translate) -> str:
        """In the reader's language, numbers with separators."""
        return translate(self.text) % {name: said(fact, translate) for name, fact in self.facts.items()}


MONTHS = (
    N_("1月"),
    N_("2月"),
    N_("3月"),
    N_("4月"),
    N_("5月"),
    N_("6月"),
    N_("7月"),
    N_("8月"),
    N_("9月"),
    N_("10月"),
    N_("11月"),
    N_("12月"),
)
"""January to December: names in English"""


def month_words(month: date) -> Words:
    """A month as people say it."""
    return Words(N_("%(year)s年%(name)s"), {"year": str(month.year), "name": Words(MONTHS[month.month - 1])})


Cell = int | str | Words | date | None
"""None: withheld."""


def said(cell: Cell, translate: Translate) -> str:
    """One cell as text; what is withheld says so."""
    if cell is None:
        return translate(WITHHELD)
    if isinstance(cell, Words):
        return cell.said(translate)
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


@dataclass(frozen=True, slots=True)
class Head:
    """A column of the table. `holds`: text, count (people in full tens), yen or percent."""

    title: str
    holds: str


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or one set of bars. `values` stand over the marks of the chart; None is withheld: a gap, never zero."""

    name: Words
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What the picture is drawn from. `kind`: line, bars, heat (a series a row), flows ("from → to"), band (the middle, and between
    which two it lies; then lines beside it) or intervals (the same three, each mark by itself). `unit`: people, yen or percent.
    `flags`: what is noted of a mark, by its place. `cut`: the place before which nothing is foretold, or nothing had begun yet.
    """

    kind: str
    unit: str
    marks: tuple[str | Words, ...]
    series: tuple[Series, ...]
    flags: tuple[tuple[int, str], ...] = ()
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Action:
    """The one thing to do next: a link to the page of that endpoint."""

    label: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class Answer:
    """`sentence`: what the numbers say, or that they do not say it yet: then `can_tell` is False and there is no action.

    `notes`: what a reader must know to read the table rightly. `as_of`: the newest booking that is in it, None in an empty district.
    """

    sentence: Words
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    chart: Chart | None
    action: Action | None
    can_tell: bool = True
    notes: tuple[Words, ...] = ()
    as_of: datetime | None = None

    @property
    def has_withheld(self) -> bool:
        """Whether the table needs the explanation of the mark."""
        return any(cell is None for row in self.rows for cell in row)


class Told:
    """What a report was given back by the guard, by name. Anything else is refused, so that no raw number gets as far as a sentence."""

    def __init__(self, **parts: Published | Grid) -> None:
        for name, part in parts.items():
            if not isinstance(part, (Published, Grid)):
                raise TypeError(f"{name} did not pass the guard")
        self._parts = parts

    def line(self, name: str) -> Published:
        """A table of one side."""
        found = self._parts[name]
        assert isinstance(found, Published), name
        return found

    def grid(self, name: str) -> Grid:
        """A table of two sides."""
        found = self._parts[name]
        assert isinstance(found, Grid), name
        return found


def people(figure: Figure | None) -> int | None:
    """Full tens, None if withheld."""
    return None if figure is None else figure.persons


def yen(figure: Figure | None) -> int | None:
    """Exact yen, None if withheld."""
    return None if figure is None else figure.yen


def thin(heads: Sequence[Head], rows: Sequence[tuple[Cell, ...]], chart: Chart | None = None) -> Answer:
    """Too few people: the same answer for nobody as for nine."""
    return Answer(Words(THIN), tuple(heads), tuple(rows), chart, None, can_tell=False)
