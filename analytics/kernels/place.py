"""Where the compiled code is kept, so that nobody waits for the compiler twice.

Numba keeps what it compiled in files, and looks whether the source file of a function changed, but not whether a function that
it calls from another file did. So the folder's name carries a fingerprint of the files whose functions others call.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
SHARED = ("tokyo.py",)
"""Files whose compiled functions are called from other files."""
BESIDE = HERE / "__pycache__"


def folder() -> Path:
    """Where compiled kernels are kept: NUMBA_CACHE_DIR, else beside the sources, else in a folder of our own.

    Beside the sources is where whoever installs compiles them. A service that may not write there works on a copy of that in the
    user's cache folder, or, without a home, in a temporary folder that nobody else can write to: code of a stranger is never run.
    """
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        return Path(chosen)
    digest = hashlib.sha256()
    for name in SHARED:
        digest.update((HERE / name).read_bytes())
    name = f"kernels-{digest.hexdigest()[:16]}"
    beside = BESIDE / name
    if _is_ours(beside):
        return beside
    home = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))
    for place in (home / "meguri" / name, Path(tempfile.gettempdir()) / f"meguri-{os.getuid()}-{name}"):
        if _is_ours(place):
            if beside.is_dir():
                shutil.copytree(beside, place, dirs_exist_ok=True)
            return place
    return Path(tempfile.mkdtemp(prefix="meguri-kernels-"))


@cache
def chosen() -> Path:
    """The folder of this process."""
    return folder()


def _is_ours(place: Path) -> bool:
    """Whether we can write there, and nobody but us can."""
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o755)
        tempfile.TemporaryFile(dir=place).close()
        about = place.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(about.st_mode) and about.st_uid == os.geteuid() and not about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
