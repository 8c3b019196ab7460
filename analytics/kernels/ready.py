"""Whether all kernels are compiled, asked without loading the compiler: what a web process looks at before it counts anything itself.

`warm` leaves a mark beside the compiled code when it has been through every kernel. The mark is of these sources as they lie there, of this
interpreter, compiler and processor: by the same things the compiler tells whether its files still hold.
"""

from __future__ import annotations

import hashlib
import platform
import sys
import threading
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from analytics.kernels import place

HERE = Path(__file__).parent


def mark(folder: Path) -> Path:
    """The file that is there once everything in this folder is compiled."""
    digest = hashlib.sha256()
    for path in sorted(HERE.glob("*.py")):
        about = path.stat()
        digest.update(f"{path.name} {about.st_mtime_ns} {about.st_size} ".encode())
    for each in (sys.version, version("numba"), version("numpy"), platform.machine(), _processor()):
        digest.update(each.encode())
    return folder / f"all-{digest.hexdigest()[:16]}"


_found: list[Path] = []


def is_ready() -> bool:
    """Whether a question that kernels answer waits for no compiler. Once it is so it stays so, for as long as this process lives."""
    if not _found and (there := mark(place.chosen())).exists():
        _found.append(there)
    return bool(_found)


def load_beside() -> threading.Thread:
    """Load the compiler's library, the compiled kernels and statistics in a thread of their own: for a web process after its start, so that
    neither that start nor the first page of insight waits for them. Compiles nothing: without the mark the libraries alone are loaded."""
    thread = threading.Thread(target=_load, name="kernels", daemon=True)
    thread.start()
    return thread


def _load() -> None:
    from analytics.kernels import warm  # slow to load: that is the point

    if is_ready():
        warm.load()
    import_module("scipy.stats")  # `import scipy` alone leaves that to whoever asks first


def _processor() -> str:
    """What the compiler makes its code for; where nobody says it, the same for all."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return ""
    return "".join(line for line in dict.fromkeys(lines) if line.startswith(("model name", "flags", "Features")))
