"""How kernels are compiled. Where the compiled code is kept: `place`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba

from analytics.kernels.place import chosen

FOLDER = chosen()
numba.config.CACHE_DIR = str(FOLDER)  # type: ignore[attr-defined]  # set by numba from the environment


def kernel(function: Callable[..., Any]) -> Any:
    """Compile `function` once for the types of its first call, keep the code, and let other threads run meanwhile."""
    return numba.njit(cache=True, nogil=True)(function)
