"""A database transaction of its own, for what must stay when the caller's is rolled back: counts of failures, refusals.

It takes a connection from a small pool of its own, so that a hundred wrong PINs, each inside a payment that holds
a connection, cannot wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.orm import Session

_CONNECTIONS = 2
_WAIT = "3s"  # a caller that changed the same row in its own transaction would wait for itself

_engines: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()
_making = Lock()


def _engine_beside(engine: Engine) -> Engine:
    with _making:
        if engine not in _engines:
            beside = create_engine(
                engine.url,
                pool_size=_CONNECTIONS,
                max_overflow=0,
                pool_timeout=5,
                pool_pre_ping=True,
                isolation_level="READ COMMITTED",
                connect_args={"application_name": "meguri apart", "connect_timeout": 5, "options": "-c timezone=UTC"},
            )
            event.listen(engine, "engine_disposed", lambda _: beside.dispose())
            _engines[engine] = beside
        return _engines[engine]


@contextmanager
def apart(session: Session) -> Iterator[Session]:
    """A session on the same database that commits at the end of the block, also if the caller later fails.

    An error inside the block rolls it back. The caller's uncommitted rows are not seen in it.
    """
    bind = session.get_bind()
    with Session(_engine_beside(bind if isinstance(bind, Engine) else bind.engine)) as own, own.begin():
        own.info["master_key"] = session.info["master_key"]
        own.execute(text(f"SET LOCAL lock_timeout = '{_WAIT}'"))
        yield own
