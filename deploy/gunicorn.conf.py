"""gunicorn -c deploy/gunicorn.conf.py: plain threads, enough of them for every open stream.

A full worker stalls payments, and the kernel shares connections out unevenly: so the threads of ONE worker must exceed
all the streams that it may hold (MEGURI_STREAMS_MAX, 400 a process) by what payments need.
"""

import os
from typing import Any

from analytics.kernels.ready import load_beside
from base.db import WAKE_ALL

wsgi_app = "wsgi:from_environment()"
bind = os.environ.get("MEGURI_BIND", "127.0.0.1:8000")
worker_class = "gthread"
preload_app = True  # imported once for all workers; connections and listening threads begin at the first need, after the fork
workers = int(os.environ.get("MEGURI_WORKERS", "2"))
threads = 512
worker_connections = 2000
keepalive = 65  # longer than the proxy keeps its idle connections
graceful_timeout = 5  # live streams never end by themselves
control_socket_disable = True  # it would open one under the user's home
accesslog = None  # the application writes its own lines, without secrets in addresses


def post_worker_init(worker: Any) -> None:
    """The worker before it may have been killed between a commit and its wake-up: every open line looks now."""
    worker.wsgi.extensions["meguri.waker"]([WAKE_ALL])
    load_beside()
