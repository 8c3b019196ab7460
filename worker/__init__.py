"""All that happens without anybody asking for it: folding and sealing, mail, what falls due, columns and forecasts, and the watch over it.

With `wsgi.py` the only part that knows every package."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Collection
from functools import partial

from flask import Flask

import merchant.courier
import merchant.printing
import subsidy.packages
import wallet.pusher
from base.clock import system_clock
from base.settings import Settings, SettingsWrong
from web.logs import log
from worker.benefits import give
from worker.columns import AHEAD_S, COLUMNS_S, FORESEE_S, count_months, foresee, keep_columns
from worker.due import chores
from worker.rounds import Doings, do, sessions
from worker.watch import keep_watch


def run(settings: Settings, app: Flask, *, without: Collection[str] = ()) -> None:
    """Until SIGTERM; several may run. `app` draws what is printed; `without`: chores of CAN_WAIT left to another worker.

    Raises SettingsWrong.
    """
    stop = threading.Event()
    if settings.seal_key is None:
        raise SettingsWrong(problems="MEGURI_SEAL_KEY must be exactly 32 bytes in base64: the worker signs with it")
    for wish in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wish, lambda _number, _frame: stop.set())
    session = sessions(settings, pool_size=4)()
    due = {chore: 0.0 for chore in chores(settings) if chore.name not in without}
    apart = {"webhooks": 1, "printers": 1, "benefits": 1, "packages": 1, "push": wallet.pusher.ROUND_S} | (
        {"columns": COLUMNS_S, "ahead": AHEAD_S, "foresee": FORESEE_S} if settings.columns_folder else {}
    )
    doings = Doings({chore.name: chore.every_s for chore in due} | apart)
    couriers = sessions(settings, pool_size=merchant.courier.AT_ONCE + 1)
    courier = merchant.courier.Courier(couriers, settings, system_clock, noted=partial(doings.note, "webhooks"))
    printing = sessions(settings, pool_size=merchant.printing.AT_ONCE + 1)
    printers = merchant.printing.Printers(printing, app, system_clock, noted=partial(doings.note, "printers"))
    tellers = sessions(settings, pool_size=wallet.pusher.AT_ONCE + 1)
    pusher = wallet.pusher.Pusher(tellers, settings, system_clock, noted=partial(doings.note, "push"))
    packing = sessions(settings, pool_size=subsidy.packages.CONNECTIONS)
    packers = subsidy.packages.Packers(packing, app, system_clock, noted=partial(doings.note, "packages"))
    beside = [
        threading.Thread(target=courier.work, args=(stop,), name="courier"),
        threading.Thread(target=printers.work, args=(stop,), name="printers"),
        threading.Thread(target=pusher.work, args=(stop,), name="push"),
        threading.Thread(target=packers.work, args=(stop,), name="packages"),
        threading.Thread(target=give, args=(settings, doings, stop), name="benefits"),
        threading.Thread(target=keep_watch, args=(settings, doings, stop), name="watch"),
        *(
            threading.Thread(target=does, args=(settings, doings, stop), name=name)
            for name, does in (("columns", keep_columns), ("ahead", count_months), ("foresee", foresee))
            if settings.columns_folder
        ),
    ]
    for thread in beside:
        thread.start()
    log.info("working", chores=[chore.name for chore in due])
    while not stop.wait(1 - time.time() % 1):
        for chore, moment in due.items():
            if time.monotonic() >= moment:
                due[chore] = time.monotonic() + chore.every_s - 0.5
                doings.note(chore.name, do(chore, session))
    session.close()
    for thread in beside:
        thread.join()
