"""What a kernel made of a closed month, kept beside it: by report, version of the kernel, and the hash of the month's files."""

from __future__ import annotations

import hashlib
import io
import time
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from analytics.snapshot import files

FOLDER = "partials"
KEPT = (".npz", ".json")
UNFINISHED_S = 3_600
Arrays = Mapping[str, np.ndarray[Any, Any]]


def digest_of(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """Of all files of a month, short."""
    files_of = (f"{name}{block['sha256']}" for name in sorted(tables) for block in tables[name])
    return hashlib.sha256("".join(files_of).encode()).hexdigest()[:16]


def states(digests: Iterable[str]) -> list[str]:
    """Of each month and all before it, short: what something depends on that looks back to the beginning."""
    found, whole = [], hashlib.sha256()
    for digest in digests:
        whole.update(digest.encode())
        found.append(whole.hexdigest()[:16])
    return found


def is_kept(folder: Path, name: str) -> bool:
    return (folder / FOLDER / f"{name}.npz").exists()


def kept(folder: Path, name: str, make: Callable[[], Arrays]) -> dict[str, np.ndarray[Any, Any]]:
    """What was kept under this name; else what `make` gives, kept. A file that cannot be read is made again.

    Where it cannot be kept (a full disk, a folder that is cleared meanwhile) it is given all the same.
    """
    path = files.private(folder / FOLDER) / f"{name}.npz"
    try:
        with np.load(path, allow_pickle=False) as found:
            return dict(found)
    except (FileNotFoundError, ValueError, EOFError, zipfile.BadZipFile):
        made = {key: np.asarray(values) for key, values in make().items()}
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, **made)
    with suppress(OSError):
        files.write_bytes(path, content.getvalue())
    return made


def kept_bytes(folder: Path, name: str) -> bytes | None:
    """What was kept under this name by `keep_bytes`."""
    try:
        return (folder / FOLDER / f"{name}.json").read_bytes()
    except FileNotFoundError:
        return None


def keep_bytes(folder: Path, name: str, content: bytes) -> None:
    """Where it cannot be kept, nothing is lost but time."""
    with suppress(OSError):
        files.write_bytes(files.private(folder / FOLDER) / f"{name}.json", content)


def clear(folder: Path, digests: set[str]) -> None:
    """Remove what was made of months that are no more as they were, and what was begun long ago and never finished."""
    if (folder / FOLDER).exists():
        for path in (folder / FOLDER).iterdir():
            is_over = path.stem.rsplit("-", 1)[-1] not in digests if path.suffix in KEPT else _age_s(path) > UNFINISHED_S
            if is_over:
                path.unlink(missing_ok=True)


def clear_editions(folder: Path, begun: tuple[str, ...], edition: str) -> None:
    """Remove what other editions of the program made under names that begin so: of a closed month nobody else would ever do it."""
    if (folder / FOLDER).exists():
        for path in (folder / FOLDER).iterdir():
            if path.name.startswith(begun) and f"-{edition}-" not in path.name:
                path.unlink(missing_ok=True)


def _age_s(path: Path) -> float:
    """0 where somebody has just finished it."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0
