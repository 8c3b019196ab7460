"""What all kernels share around the compiled part: arrays in one form, and the same work over many chunks at once.

Payments come as columns, sorted by (at, seq): `at` int64[n] in seconds since 1970-01-01 UTC, `consumer` int32[n] and `shop`
int32[n] as dense codes from 0, `yen` int64[n]. A chunk is any run of rows; usually one Tokyo month.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Int8 = NDArray[np.int8]
Int16 = NDArray[np.int16]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Float = NDArray[np.float64]
Part = TypeVar("Part")

THREADS = min(4, os.cpu_count() or 1)


def given(array: Any, dtype: type[np.generic]) -> Any:
    """The array as kernels take it: of this dtype, contiguous, read-only. A memory-mapped column of that dtype is not copied.

    Compiled code is made for each combination of types. Read-only and writable arrays are different types to the compiler, and a
    mapped file is read-only: so everything is given read-only, and one compilation serves all.
    """
    view = np.ascontiguousarray(array, dtype=dtype).view()
    view.flags.writeable = False
    return view


def i32(array: Any) -> Int32:
    return given(array, np.int32)  # type: ignore[no-any-return]


def i64(array: Any) -> Int64:
    return given(array, np.int64)  # type: ignore[no-any-return]


def f64(array: Any) -> Float:
    return given(array, np.float64)  # type: ignore[no-any-return]


def mapped(part: Callable[..., Part], chunks: Iterable[Sequence[Any]], *, threads: int = THREADS, **rest: Any) -> list[Part]:
    """`part(*chunk, **rest)` of each chunk, in their order, several at once: kernels hold no lock of the interpreter."""
    chunks = list(chunks)
    if threads <= 1 or len(chunks) <= 1:
        return [part(*chunk, **rest) for chunk in chunks]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda chunk: part(*chunk, **rest), chunks))


def cut(*columns: Any, pieces: int = THREADS) -> list[tuple[Any, ...]]:
    """Columns of equal length, in `pieces` runs of nearly as many rows: chunks for `mapped` where there are no months."""
    rows = len(columns[0])
    borders = [rows * piece // pieces for piece in range(pieces + 1)]
    return [tuple(column[low:high] for column in columns) for low, high in pairwise(borders)]


def spans(start: Int64) -> list[tuple[int, int]]:
    """From where to before where of the things whose rows begin at `start`, in pieces of nearly as many rows each, for several threads."""
    borders = np.searchsorted(start, np.arange(THREADS + 1) * int(start[-1]) // THREADS).tolist()
    borders[0], borders[-1] = 0, start.size - 1
    return list(pairwise(borders))


def kept(kind: Callable[..., Part], arrays: Mapping[str, Any]) -> Part:
    """A part as it came from a file of its fields (`part._asdict()`): numbers are numbers again, and not arrays of one."""
    return kind(**{name: field.item() if np.ndim(field) == 0 else field for name, field in arrays.items()})


def grown(array: Any, *shape: int) -> Any:
    """The array with zeros behind, up to `shape`: codes that came later than this chunk."""
    if array.shape == shape:
        return array
    larger = np.zeros(shape, array.dtype)
    larger[tuple(slice(0, size) for size in array.shape)] = array
    return larger
