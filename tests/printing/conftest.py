"""A shop whose till writes its receipts and has a printer, and the worker that prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import merchant.commands
from base.clock import Clock
from merchant.printing import Printers
from merchant.queries import PrinterChoice, RegisterChoice
from tests.printing.emulator import Emulator
from tests.town import Shop, Till, Town, district

__all__ = ["district"]


@pytest.fixture
def shop(district: Town) -> Shop:
    shop = district.shop("湯の花まんじゅう 髙﨑屋")
    merchant.commands.set_register(district.session, shop.owner, shop.id, RegisterChoice(), issues=True, now=district.now)
    return shop


@pytest.fixture
def till(shop: Shop) -> Till:
    return shop.till()


@pytest.fixture
def printer() -> Iterator[Emulator]:
    emulator = Emulator()
    yield emulator
    if emulator._server.fileno() >= 0:
        emulator.off()


@dataclass
class Worker:
    """The worker's printing, one round at a time."""

    hire: Callable[[], Printers]

    def goes(self) -> None:
        for way in self.hire().round():
            way.result()


@pytest.fixture
def worker(app: Flask, engine: Engine, session_info: dict[str, object], clock: Clock, printer: Emulator) -> Iterator[Worker]:
    """The operator lets it print on this printer."""
    before = app.config["PRINTERS"]
    app.config["PRINTERS"] = (printer.address,)
    yield Worker(lambda: Printers(lambda: Session(engine, info=dict(session_info)), app, clock, print_s=1))
    app.config["PRINTERS"] = before


def prints_at(till: Till, printer: Emulator, **more: object) -> None:
    """The owner chooses the printer for this till."""
    town, shop = till.shop.town, till.shop
    choice = PrinterChoice("server", printer.address, **more)  # type: ignore[arg-type]
    merchant.commands.set_printer(
        town.session, shop.owner, shop.id, till.who.till_id or 0, choice, allowed=(printer.address,), now=town.now
    )
