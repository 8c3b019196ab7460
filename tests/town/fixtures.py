"""The districts that a test asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, text

from base.clock import Clock
from tests.conftest import leaves_the_list
from tests.town.the_town import Town


@contextmanager
def founded(town: Town, superuser: Engine) -> Iterator[Town]:
    """Its district until the test is over."""
    yield town
    town.close()
    leaves_the_list(superuser, town.district_id)


@pytest.fixture
def district(engine: Engine, clock: Clock, session_info: dict[str, object], superuser: Engine) -> Iterator[Town]:
    """A fresh district with one coin series, あかりコイン, that begins today."""
    with founded(Town(engine, clock, session_info).opens(), superuser) as town:
        yield town


@pytest.fixture
def other_district(engine: Engine, clock: Clock, session_info: dict[str, object], superuser: Engine) -> Iterator[Town]:
    """A second district: nothing of the first may work here."""
    with founded(Town(engine, clock, session_info).opens(), superuser) as town:
        yield town


@pytest.fixture
def bare_district(engine: Engine, clock: Clock, session_info: dict[str, object], superuser: Engine) -> Iterator[Town]:
    """A district on its very first day: people, and nothing else."""
    with founded(Town(engine, clock, session_info), superuser) as town:
        yield town


@contextmanager
def behind_the_doors(superuser: Engine, does: str, undoes: str, **values: object) -> Iterator[None]:
    """What whoever owns the machine could do to the books; put right afterwards, since other tests prove the books of all districts."""
    for sql in (does, undoes):
        with superuser.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(sql), values)
        if sql == does:
            yield
