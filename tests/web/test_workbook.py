"""Workbooks that somebody sends: whatever stands in them, an answer comes, and soon."""

from __future__ import annotations

import io
import socket
import tracemalloc
import zipfile

import openpyxl
import pytest

from base.row_file import FileWrong
from web.workbook import UNPACKED_MAX, sheet_rows


def workbook(*swap: tuple[bytes, bytes], level: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Two rows, and in the XML of the sheet each first word exchanged for the second."""
    book, made, packed = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    for row in (["品名", "値段"], ["甘酒", 300]):
        book.worksheets[0].append(row)
    book.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(packed, "w", level) as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("sheet1.xml"):
                for before, after in swap:
                    assert before in part
                    part = part.replace(before, after)
            new.writestr(name, part)
    return packed.getvalue()


def read(content: bytes) -> list[tuple[int, list[str]]]:
    return sheet_rows(content, bytes_max=1_000_000, lines_max=100)


@pytest.mark.parametrize("row", [b"5000000000", b"1048577"])
def test_a_row_far_beyond_any_sheet_is_refused_and_not_counted_up_to(row):
    """A few kilobytes that name row five billion would keep the server busy for an hour."""
    named = [(b' r="%s2"' % column, b' r="%s%s"' % (column, row)) for column in (b"", b"A", b"B")]
    with pytest.raises(FileWrong) as refused:
        read(workbook((b'<dimension ref="A1:B2" />', b""), *named))
    assert refused.value.reason == "large"


def test_rows_beyond_the_size_that_the_file_states_come_in_too():
    """Some programs write a size that is not true; half a list would come in."""
    rows = read(workbook((b'ref="A1:B2"', b'ref="A1:B1"')))
    assert [(line, cells[:2]) for line, cells in rows] == [(1, ["品名", "値段"]), (2, ["甘酒", "300"])]


@pytest.mark.parametrize("swap", [(b"</sheetData>", b""), (b'r="2"', b'r="x"')])
def test_a_broken_sheet_is_unreadable_and_no_fault(swap):
    with pytest.raises(FileWrong) as refused:
        read(workbook(swap))
    assert refused.value.reason == "unreadable"


def test_a_workbook_that_unpacks_without_end_is_refused_before_it_is_unpacked():
    """Sixty kilobytes that would become sixty megabytes: by what its list says; and what its list hides is not read either."""
    bomb = workbook((b"</sheetData>", b"</sheetData>" + b" " * (UNPACKED_MAX + 1)))
    assert len(bomb) < 100_000
    tracemalloc.start()
    try:
        with pytest.raises(FileWrong) as refused:
            read(bomb)
        assert refused.value.reason == "large" and tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    lying = bytearray(bomb)
    with zipfile.ZipFile(io.BytesIO(bomb)) as packed:
        size = packed.getinfo("xl/worksheets/sheet1.xml").file_size.to_bytes(4, "little")
    start = bytes(lying).rindex(size)
    lying[start : start + 4] = (1_000).to_bytes(4, "little")
    with pytest.raises(FileWrong):
        read(bytes(lying))


def test_nothing_is_fetched_for_a_workbook_and_no_file_of_ours_is_read(monkeypatch):
    """A sheet that names an entity from the network or from our disk: no address is asked, and nothing of it comes in."""
    asked = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *call, **_more: asked.append(call))
    monkeypatch.setattr(socket.socket, "connect", lambda _socket, place: asked.append(place))
    for place in ("http://192.0.2.1/x", "file:///etc/hostname"):
        named = b'<!DOCTYPE x [<!ENTITY far SYSTEM "%s">]><worksheet' % place.encode()
        content = workbook((b"<worksheet", named), (b"<v>300</v>", b"<v>&far;</v>"))
        with pytest.raises(FileWrong) as refused:
            read(content)
        assert refused.value.reason == "unreadable"
    assert asked == []


def test_bytes_that_do_not_unpack_are_unreadable():
    content = bytearray(workbook())
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as packed:
        start = packed.getinfo("xl/worksheets/sheet1.xml").header_offset + 60
    content[start : start + 40] = bytes(40)
    with pytest.raises(FileWrong) as refused:
        read(bytes(content))
    assert refused.value.reason == "unreadable"
