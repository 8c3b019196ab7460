"""The product with a hand on its door, served by the tests' gunicorn as `tests.faults.held:application`.

A request with the header `X-Hold: before NAME` waits before the product sees it, one with `X-Hold: after NAME` when
the product has done its work and nothing of the answer has left yet. Each waits for the file NAME.go in the folder
MEGURI_TEST_HOLDS and says by NAME.here that it waits.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from wsgi import from_environment

application = from_environment()
product = application.wsgi_app


def held(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """One request, held where it says."""
    when, _, name = environ.get("HTTP_X_HOLD", "").partition(" ")
    if when == "before":
        _wait(name)
    answer = product(environ, start_response)
    if when == "after":
        _wait(name)
    return answer


application.wsgi_app = held  # type: ignore[method-assign]


def _wait(name: str) -> None:
    folder = Path(os.environ["MEGURI_TEST_HOLDS"])
    (folder / f"{name}.here").touch()
    moment = threading.Event()
    while not (folder / f"{name}.go").exists():
        moment.wait(0.02)
