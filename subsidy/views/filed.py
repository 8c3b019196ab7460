"""What was filed is handed out as it was printed then: its papers are kept with the fact, and what others handed in lies beside them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator

from flask import Response, g, send_file
from sqlalchemy.orm import Session

from subsidy.packing import Piece
from subsidy.queries import BOOK, Kept, OpenedPaper, kept_bytes

ZIP = "application/zip"


def as_file(content: bytes, media: str, name: str) -> Response:
    """A file that the browser saves and no cache keeps."""
    answer = send_file(io.BytesIO(content), mimetype=media, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def kept_paper(kept: Kept | None, door: str) -> bytes | None:
    """The paper of this door as it was filed; None where nothing was, or it was not kept."""
    file = kept.at(door) if kept is not None else None
    return kept_bytes(g.session, kept, file) if kept is not None and file is not None else None


def _never(_paper_id: int) -> OpenedPaper:
    raise AssertionError("a filing without originals opens none")


def filed_pieces(
    session: Session,
    kept: Kept,
    opens: Callable[[int], OpenedPaper] = _never,
    done: Callable[[], None] = lambda: None,
    book: Iterable[Piece] = (),
) -> Iterator[Piece]:
    """The package of a filing, one after the other: `book` where its evidence book was not bound yet.

    `opens` gives an original by its number; `done` is called after each of them.
    """
    ours = [file for file in kept.files if file.paper_id is None and file.name]
    for file in ours:
        if file.place < BOOK:
            yield Piece(file.name, kept_bytes(session, kept, file))
    yield from book if not kept.has_book else (Piece(file.name, kept_bytes(session, kept, file)) for file in ours if file.place >= BOOK)
    for file in kept.files:
        if file.paper_id is not None:
            yield Piece(file.name, opens(file.paper_id).content)
            done()
