"""Nobody waits for the compiler: all is compiled ahead, once, into a folder that is ours."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from numba.core.registry import CPUDispatcher

import analytics.kernels
import wsgi
from analytics.kernels import compiler, place, rfm
from analytics.kernels.warm import warm


def compiled() -> Iterator[tuple[str, CPUDispatcher]]:
    for module in pkgutil.iter_modules(analytics.kernels.__path__):
        for name, function in vars(importlib.import_module(f"analytics.kernels.{module.name}")).items():
            if isinstance(function, CPUDispatcher):
                yield f"{module.name}.{name}", function


def test_warming_compiles_every_kernel() -> None:
    warm()
    inside = {name for _, function in compiled() for name in function.py_func.__code__.co_names}  # part of whoever calls them
    assert [name for name, function in compiled() if not function.signatures and function.__name__ not in inside] == []


def test_a_mapped_column_needs_no_other_compilation() -> None:
    """Files are read-only, arrays of a test are not: the compiler would take them for two types."""
    warm()
    before = {name: len(function.signatures) for name, function in compiled()}
    at, who, yen = np.array([1, 2], np.int64), np.array([0, 1], np.int32), np.array([5, 6], np.int64)
    for is_writable in (True, False):
        for column in (at, who, yen):
            column.flags.writeable = is_writable
        rfm.rfm(at, who, yen, consumers=2)
    assert {name: len(function.signatures) for name, function in compiled()} == before


def test_the_terminal_warms_without_settings() -> None:
    answer = CliRunner().invoke(wsgi.meguri, ["analytics", "warm"])
    assert answer.exit_code == 0
    assert str(compiler.FOLDER) in answer.output


def test_the_terminal_does_not_load_compiler_and_statistics_for_every_verb() -> None:
    asked = "import sys, wsgi; sys.exit(not sys.modules.keys().isdisjoint({'numba', 'scipy.stats', 'scipy.linalg'}))"
    assert subprocess.run([sys.executable, "-c", asked], cwd=wsgi.__file__.rpartition("/")[0], check=False).returncode == 0


def test_a_web_process_loads_what_is_compiled_beside_its_requests() -> None:
    """And the first page of insight finds it there."""
    warm()
    asked = """
import sys
from analytics.kernels import ready
assert 'numba' not in sys.modules
ready.load_beside().join()
from analytics.kernels import rfm, transitions
assert 'scipy.stats' in sys.modules
sys.exit(not (rfm._paid.signatures and transitions._moves.signatures))
"""
    assert subprocess.run([sys.executable, "-c", asked], cwd=wsgi.__file__.rpartition("/")[0], check=False).returncode == 0


def test_an_install_that_cannot_be_written_to_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the administrator compiled is used by the service, in a folder of its own."""
    install, is_ours = tmp_path / "install", place._is_ours
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr(place, "BESIDE", install)
    there = place.folder()
    (there / "one.nbi").write_text("compiled")
    monkeypatch.setattr(place, "_is_ours", lambda one: install not in one.parents and is_ours(one))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    own = place.folder()
    assert own.is_relative_to(tmp_path / "home")
    assert (own / "one.nbi").read_text() == "compiled"


def test_a_folder_that_strangers_can_write_to_is_not_used(tmp_path: Path) -> None:
    """Compiled code is run as it lies there."""
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    assert not place._is_ours(open_to_all)
    assert place._is_ours(tmp_path / "own")


def test_the_operator_may_choose_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert place.folder() == tmp_path
