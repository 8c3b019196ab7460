"""The evidence book of a result report, and the package in which it lies, for a page and for the worker alike."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence

from subsidy import queries, titles
from subsidy.packing import Piece, entry_name
from subsidy.queries import Exhibit, OpenedPaper, Result
from subsidy.rules.files import SUFFIX
from subsidy.views.evidence_book import Laid, bound, laid
from subsidy.views.result_papers import Made, report, workbook
from web import papers, pdf
from web.i18n import _, translate
from web.papers import BookPiece

Shown = tuple[Exhibit, Laid]
VOLUME_BYTES, VOLUME_SHEETS = 16 * 1024**2, 60
"""Of one volume, as it is laid: what is bound is held whole while it is, several times over, and somebody has to open it."""


def pieces(found: Result, opens: Callable[[int], OpenedPaper], made: Made, done: Callable[[], None]) -> Iterator[Piece]:
    """What the package has in it, one after the other.

    `opens` gives a file by its number, and is asked twice for each exhibit; `done` is called after each.
    """
    yield from own_pieces(found, made)
    yield from book_pieces(found, opens, made, done)
    for each in found.exhibits:
        yield Piece(exhibit_name(found, each), opens(each.paper.id).content)
        done()


def own_pieces(found: Result, made: Made) -> Iterator[Piece]:
    """The papers of our own, without the book."""
    yield Piece(_("01_実績報告書.pdf"), report(found, made), "report.pdf")
    yield Piece(_("02_経費明細.xlsx"), workbook(found, made), "lines.xlsx")


def book_pieces(found: Result, opens: Callable[[int], OpenedPaper], made: Made, done: Callable[[], None]) -> Iterator[Piece]:
    """The book, whole or in volumes."""

    def shown() -> Iterator[Shown]:
        for each in found.exhibits:
            opened = opens(each.paper.id)
            yield each, laid(opened.content, opened.media)
            done()

    if not is_large(found):
        yield Piece(_("03_証憑.pdf"), book(found, list(shown()), made), "evidence.pdf")
        return
    for volume in volumes(shown()):
        first, last = (_numbered(found, each.number) for each in (volume[0][0], volume[-1][0]))
        name = _("証憑の綴り %(first)s〜%(last)s番", first=first, last=last)
        file = _("03_証憑_%(first)s-%(last)s.pdf", first=first, last=last)
        bound_one = book(found, volume, made, name)
        del volume  # not beside the next one, nor the knots of references that a PDF is while it is bound
        gc.collect()
        yield Piece(file, bound_one)
        del bound_one


def exhibit_name(found: Result, each: Exhibit) -> str:
    """Its path in the package."""
    words = entry_name(f"{found.costs.project.name_of(each.row.party_id)}_{translate(titles.EVIDENCE[each.paper.kind])}")
    return _("証憑/%(number)s_%(name)s", number=_numbered(found, each.number), name=f"{words}.{SUFFIX[each.paper.media]}")


def is_large(found: Result) -> bool:
    """Whether its package, or its evidence as one PDF, is no work for a page."""
    return queries.is_large([each.paper for each in found.exhibits])


def volumes(shown: Iterator[Shown]) -> Iterator[list[Shown]]:
    """A large book in parts, in its order: no more of it is in memory than one of them, however many pieces there are."""
    volume: list[Shown] = []
    size = sheets = 0
    for each, piece in shown:
        if volume and (size + piece.size_bytes > VOLUME_BYTES or sheets + piece.sheets > VOLUME_SHEETS):
            yield volume
            volume, size, sheets = [], 0, 0
        volume.append((each, piece))
        size, sheets = size + piece.size_bytes, sheets + piece.sheets
    if volume:
        yield volume


def book(found: Result, shown: Sequence[Shown], made: Made, name: str = "") -> bytes:
    """証憑の綴り, or a volume of it with a `name` of its own: the exhibits in their order."""
    data = papers.evidence_book(
        name=name or _("証憑の綴り"),
        about=found.costs.project.name,
        pieces=[
            BookPiece(
                each.number, translate(titles.EVIDENCE[each.paper.kind]), _about(found, each), each.paper.sha256.hex(), len(piece.pages)
            )
            for each, piece in shown
        ],
        **made.frame(found),
    )
    return bound(pdf.render("evidence_book", data, is_tagged=False), [piece for _each, piece in shown])


def _about(found: Result, each: Exhibit) -> str:
    return _("%(line)s番 %(who)s %(words)s", line=each.row.number, who=found.costs.project.name_of(each.row.party_id), words=each.row.words)


def _numbered(found: Result, number: int) -> str:
    """So many figures that names stand in their order."""
    return f"{number:0{max(3, len(str(len(found.exhibits))))}}"
