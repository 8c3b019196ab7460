"""Columns on the disk: Arrow IPC files named by what is in them, and one page that says which of them belong together.

A file is written beside, flushed, and renamed; the page is renamed last. So whatever stops a writer, the page names a whole state, and
whoever reads has the old or the new one. The same rows are the same bytes, under the same name.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.errors import ColumnsBroken, ColumnsBusy
from analytics.snapshot.schema import DTYPES, FORMAT, UNITS

if TYPE_CHECKING:
    import pyarrow as pa

PAGE = "columns.json"
LOCK = "lock"
UNFINISHED = ".unfinished"


def private(folder: Path) -> Path:
    """Make the folder, for this user alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
    return folder


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Nobody else writes here meanwhile, also none that was cut off. Raises ColumnsBusy."""
    with open(os.open(private(folder) / LOCK, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ColumnsBusy from None
        yield


def write_bytes(path: Path, content: bytes | pa.Buffer) -> None:
    """Whole or not at all, for this user alone; it is there after a power cut."""
    beside = path.with_name(f"{path.name}-{os.getpid()}-{threading.get_ident()}{UNFINISHED}")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path)
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_table(folder: Path, name: str, columns: dict[str, Any], about: dict[str, str]) -> dict[str, Any]:
    """One record batch, uncompressed, so that it can be looked at where it lies. Gives the file's entry on the page.

    `columns`: arrays of numbers, or lists of text. `about`: what the file says of itself.
    """
    import pyarrow as pa  # slow to load, and only whoever opens columns needs it

    arrays = [pa.array(values, pa.string() if isinstance(values, list) else None) for values in columns.values()]
    fields = [
        pa.field(column, array.type, nullable=False, metadata={"unit": UNITS[column]} if column in UNITS else None)
        for column, array in zip(columns, arrays, strict=True)
    ]
    schema = pa.schema(fields, metadata={"format": FORMAT, **about})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, schema) as writer:
        writer.write_batch(pa.record_batch(arrays, schema=schema))
    content = sink.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    file = f"{name}-{digest[:16]}.arrow"
    entry = {"file": file, "rows": len(arrays[0]), "sha256": digest}
    if not (folder / file).exists() or not is_whole(folder, entry):
        write_bytes(folder / file, content)
    return entry


def is_whole(folder: Path, entry: dict[str, Any]) -> bool:
    """Whether each byte is as it was written."""
    with (folder / entry["file"]).open("rb") as file:
        digest: str = hashlib.file_digest(file, "sha256").hexdigest()
    return digest == str(entry["sha256"])


def read_table(folder: Path, entry: dict[str, Any]) -> dict[str, Any]:
    """Its columns: numbers as arrays that lie in the file, read only; text as lists. Raises ColumnsBroken, FileNotFoundError."""
    import pyarrow as pa

    try:
        with pa.memory_map(str(folder / entry["file"])) as source:
            batch = pa.ipc.open_file(source).get_batch(0)
        if batch.num_rows != entry["rows"]:
            raise ColumnsBroken
        return {
            name: column.to_numpy(zero_copy_only=True) if name in DTYPES else column.to_pylist()
            for name, column in zip(batch.schema.names, batch.columns, strict=True)
        }
    except (pa.ArrowInvalid, KeyError) as error:
        raise ColumnsBroken from error


def write_page(folder: Path, page: dict[str, Any]) -> None:
    write_bytes(folder / PAGE, json.dumps(page, indent=1, sort_keys=True).encode() + b"\n")


def read_page(folder: Path) -> dict[str, Any] | None:
    """None: nothing was written yet. Raises ColumnsBroken, also for columns of another format."""
    try:
        page: dict[str, Any] = json.loads((folder / PAGE).read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise ColumnsBroken from error
    if page.get("format") != FORMAT:
        raise ColumnsBroken
    return page


def files_of(page: dict[str, Any] | None) -> set[str]:
    """The names of all files that a page names."""
    if page is None:
        return set()
    of_months = (entry for month in page["months"].values() for blocks in month["tables"].values() for entry in blocks)
    return {entry["file"] for entry in (*page["tables"].values(), *of_months)}


def clear(folder: Path, kept: set[str]) -> None:
    """Remove columns that no page names any more, and what a writer that was cut off has left. Whoever has one open keeps it.

    Only for the one writer of the folder: nobody else's file is unfinished.
    """
    for path in folder.iterdir():
        if path.name.endswith((".arrow", UNFINISHED)) and path.name not in kept:
            path.unlink(missing_ok=True)


def columns_of(table: Any) -> dict[str, np.ndarray[Any, Any]]:
    """Of a NamedTuple of arrays, each with the type that the schema gives it."""
    return {name: np.ascontiguousarray(values, DTYPES[name]) for name, values in table._asdict().items()}
