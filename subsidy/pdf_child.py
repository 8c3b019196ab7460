"""Run alone (`python -P pdf_child.py`): a PDF on the standard input, how it opens and what its first sheets say on the standard output.

Foreign PDFs are opened here and not in the program that takes payments: one that unpacks without end takes this process with it and
nothing else. Nothing of ours is imported, and no network, file or secret is needed.
"""

from __future__ import annotations

import io
import json
import re
import sys
from typing import Any

MEMORY_MAX, CPU_S = 700 * 1024**2, 8
SHEETS_READ = 3
"""The total of an invoice stands on its first sheets."""
DRAWN_MAX = 400_000
"""Bytes of what the sheets draw, unpacked, that are searched for text: an invoice draws some ten thousand, and this much takes seconds."""
TEXT_MAX = 20_000


def confine() -> None:
    """So much memory and so many seconds; where the system has no such limits, whoever started this watches the clock alone."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))


def looked_at_twice(content: bytes) -> dict[str, Any]:
    """A file whose table of places is wrong is opened as every reader does: without it, by searching the whole."""
    try:
        return looked_at(content)
    except Exception:  # noqa: BLE001  a foreign file fails in whichever part is broken
        return looked_at(re.sub(rb"startxref\s+\d+", b"startxref 0", content))


def looked_at(content: bytes) -> dict[str, Any]:
    """`state`: open or encrypted. `text`: of the first sheets, line by line; empty for a scan. Fails if the first sheet does not open."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        return {"state": "encrypted"}
    first = reader.pages[0]
    if first.mediabox.width <= 0 or first.mediabox.height <= 0:
        raise ValueError("a page without a surface")
    drawn = first.get_contents()
    if drawn is not None:
        drawn.get_data()
    return {"state": "open", "sheets": len(reader.pages), "text": _text(reader)}


def _text(reader: Any) -> str:
    """As it lies on the sheet: a word and its figure in one line. What cannot be read is no text, and the file is kept all the same."""
    found: list[str] = []
    left = DRAWN_MAX
    for page in reader.pages[:SHEETS_READ]:
        try:
            drawn = page.get_contents()
            left -= 0 if drawn is None else len(drawn.get_data())
            if drawn is not None and left >= 0:
                found.append(page.extract_text(extraction_mode="layout"))
        except Exception:  # noqa: BLE001  a foreign file fails in whichever part is broken
            continue
    lines = (" ".join(line.split()) for page in found for line in page.splitlines())
    return "\n".join(line for line in lines if line)[:TEXT_MAX]


if __name__ == "__main__":
    confine()
    json.dump(looked_at_twice(sys.stdin.buffer.read()), sys.stdout)
