"""A PDF that somebody sends, opened by a process of its own within limits of memory and time: does it open, and what does it say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from base.errors import Later
from subsidy.errors import FileNotOpenedYet
from subsidy.rules.files import FileBad

CHILD = Path(__file__).with_name("pdf_child.py")
TIME_S, WAIT_S = 40, 2
"""Of the clock: on a busy computer a sound file takes many times the seconds of processor by which the child judges it."""
LESS_URGENT = 10
"""Steps below a payment."""
PASSED_ON = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")
"""Of our surroundings; no address and no secret."""
_OPENING = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class OpenedPdf:
    """`text`: of its first sheets, empty for a scan."""

    sheets: int
    text: str


def opened_pdf(content: bytes) -> OpenedPdf:
    """Two at a time in a process: of more each waits for a moment and is asked to come again, so that payments wait for none of them.

    Raises Later, FileNotOpenedYet, FileBad: encrypted or broken.
    """
    command = ["nice", "-n", str(LESS_URGENT), sys.executable, "-P", "-B", str(CHILD)]
    surroundings = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    if not _OPENING.acquire(timeout=WAIT_S):
        raise Later
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=TIME_S, check=True, env=surroundings)
        found = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:  # that says nothing of the file: the child never had its seconds of processor
        raise FileNotOpenedYet from error
    except (subprocess.SubprocessError, ValueError) as error:  # it failed, took too much, or said nothing
        raise FileBad("broken") from error
    finally:
        _OPENING.release()
    if found["state"] != "open":
        raise FileBad(found["state"])
    return OpenedPdf(found["sheets"], found["text"])
