"""A database of its own, with the invented town opened in it and its first three days booked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import demo.people
from base.clock import day_bounds
from base.db import make_engine
from base.settings import Settings
from demo.fill import fill, remember
from demo.opening import Town, open_town
from embedded import Server
from tests.conftest import copy_of_template

OPENED = datetime.now(UTC).replace(hour=3, minute=41, second=0, microsecond=0) - timedelta(days=1)  # 12:41 in Tokyo
"""Yesterday: the coin that runs then is running now, when browsers and the database look at their own clocks."""
DAYS = 3


@dataclass(frozen=True, slots=True)
class Place:
    """The town and ways into its database: as the fill's role and as the site's."""

    engine: Engine
    settings: Settings
    town: Town

    def session(self) -> Session:
        return Session(self.engine, info={"master_key": self.settings.master_key})

    def morning_after(self, days: int) -> datetime:
        """When `days` whole days of the town's life lie behind."""
        return day_bounds(self.town.first_day + timedelta(days=days))[0] + timedelta(hours=1)


@contextmanager
def few_guests() -> Iterator[None]:
    """Whoever lives in the town, and few of those who come for a day: each of two thousand sign-ups is like the one before.
    `test_town` counts them all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo.people, "WEEKENDERS", 60)
        patch.setattr(demo.people, "VISITORS", 60)
        yield


@pytest.fixture(scope="session")
def opened(server: Server, settings: Settings) -> Iterator[tuple[str, Town]]:
    """The opened town, made once for each test process: nobody plays in it, everybody gets a copy."""
    name = f"test_{os.getpid()}_town"
    copy_of_template(server, name)
    engine = make_engine(server.url("meguri_demo", name), pool_size=4)
    with few_guests(), Session(engine, info={"master_key": settings.master_key}) as session:
        town = open_town(session, lambda _line: None, now=OPENED)
        remember(session, town, now=OPENED)
        fill(session, town, lambda _line: None, now=Place(engine, settings, town).morning_after(DAYS))
    engine.dispose()
    yield name, town
    server.drop_database(name)


@pytest.fixture(scope="module")
def place(server: Server, settings: Settings, opened: tuple[str, Town]) -> Iterator[Place]:
    """A copy of the town for this file: what is paid in one file is not missed in another."""
    origin, town = opened
    name = f"{origin}_copy"
    copy_of_template(server, name, origin)
    engine = make_engine(server.url("meguri_demo", name), pool_size=4)
    with few_guests():
        yield Place(
            engine, replace(settings, database_url=server.url("meguri_web", name), public_url="http://localhost:8765", demo=True), town
        )
    engine.dispose()
    server.drop_database(name)
