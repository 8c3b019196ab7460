"""A package for filing: whole, dated, and checkable with a tool that every machine has."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from subsidy.packing import SUMS, Piece, entry_name, pack

MADE = datetime(2024, 1, 31, 15, 30, tzinfo=UTC)
PIECES = [Piece("実績報告.pdf", b"%PDF-"), Piece(f"証憑/01_{entry_name('../湯の町: 券売機')}.jpg", b"\xff\xd8")]


def test_a_stranger_checks_the_package_with_sha256sum(tmp_path: Path) -> None:
    """Every file is on the list, one byte changed is found, and the list names Japanese files rightly."""
    content = pack(PIECES, made_at=MADE)
    assert content == pack(PIECES, made_at=MADE)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        packed.extractall(tmp_path)
        assert packed.namelist() == ["実績報告.pdf", "証憑/01_.._湯の町_ 券売機.jpg".replace(".._", "_"), SUMS]
        assert packed.infolist()[0].date_time == (2024, 2, 1, 0, 30, 0)
    tool = shutil.which("sha256sum")
    assert tool
    assert subprocess.run([tool, "-c", SUMS], cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / PIECES[0].name).write_bytes(b"%PDF+")
    assert subprocess.run([tool, "-c", SUMS], cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_two_files_of_one_name_are_no_package() -> None:
    """One would hide the other."""
    with pytest.raises(ValueError, match="one name"):
        pack([PIECES[0], PIECES[0]], made_at=MADE)
