"""The machine that these tests break, and a district on it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from tests.faults.machine import Handset, Hold, Machine
from tests.town import Consumer, Town, district, other_district
from tests.wallet.phones import hand, phone, served

__all__ = ["district", "hand", "other_district", "phone", "served"]


@pytest.fixture(scope="session")
def kept_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Made once; each test finds it running."""
    machine = Machine(os.environ.get("PYTEST_XDIST_WORKER", "alone"), tmp_path_factory.mktemp("holds"))
    yield machine
    machine.close()


@pytest.fixture
def machine(kept_machine: Machine) -> Machine:
    """PostgreSQL and gunicorn, both up."""
    kept_machine.start_site()
    return kept_machine


@pytest.fixture
def town(machine: Machine) -> Iterator[Town]:
    """A fresh district on the machine."""
    town = machine.town()
    yield town
    town.close()


@pytest.fixture
def handset(machine: Machine, town: Town) -> Callable[[Consumer], Handset]:
    """A phone in somebody's hand: `handset(hanako)`."""
    return lambda consumer: Handset(machine, town, consumer)


@pytest.fixture
def hold(machine: Machine) -> Hold:
    """A place at which a request can be held."""
    return Hold(machine)
