"""The tablet's battery dies while it sells without a network: the browser's own processes are killed between the press and the receipt.

Again and again, over one real store. What was shown is there, once; what was not shown is there once or not at all, and the same press
gives it once.
"""

from __future__ import annotations

import os
import random
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Playwright, Route

from merchant.rules.device_log import hash_of, read
from tests.merchant.test_till_offline import GRANT, STATIC

pytestmark = pytest.mark.browser

HERE = "http://localhost:1/"
CUTS = 10
KEPT_FOR_GOOD = "navigator.storage.persist = navigator.storage.persisted = async () => true"
OPENS = """async (grant) => {
  window.log = await import("/offline/log.js");
  window.store = await import("/offline/store.js");
  if (grant) await store.keepGrant({ ...grant, secret: "5".repeat(64), sent: 0, offset: 0, stopped: null });
  return (await store.entriesAfter("5".repeat(64), 0, 10_000)).map(({ said, hash }) => [said, hash]);
}"""
PRESSES = """(sale) => {
  console.log("pressed");
  log.sell(7, sale).then(({ number }) => console.log(`shown ${number}`));
}"""


class Tablet:
    """A browser with a folder of its own. `shown`: numbers of the receipts that somebody saw."""

    def __init__(self, playwright: Playwright, arguments: dict[str, Any], folder: Path) -> None:
        self._chromium, self._arguments, self.folder = playwright.chromium, arguments, folder
        self.shown: list[str] = []

    def starts(self, *, grants: bool = False) -> tuple[Page, list[list[str]]]:
        """It is switched on: the page, and what its store holds."""
        context: BrowserContext = self._chromium.launch_persistent_context(self.folder, **self._arguments)
        page = context.new_page()
        page.route(f"{HERE}**", self._answers)
        page.add_init_script(KEPT_FOR_GOOD)
        page.on("console", lambda said: self.shown.append(said.text[6:]) if said.text.startswith("shown ") else None)
        page.goto(HERE)
        return page, page.evaluate(OPENS, GRANT if grants else None)

    def processes(self) -> list[int]:
        """Those of this browser: they name its folder, or came of one that does."""
        found = []
        for one in Path("/proc").iterdir():
            try:
                if one.name.isdigit() and str(self.folder) in (one / "cmdline").read_text(encoding="utf-8", errors="replace"):
                    found.append(int(one.name))
            except (FileNotFoundError, ProcessLookupError):
                continue
        return found

    @staticmethod
    def _answers(route: Route) -> None:
        name = route.request.url.removeprefix(HERE)
        if name.endswith("web/http.js"):
            route.fulfill(body="export const ask = null", content_type="text/javascript")
        elif name:
            source = (STATIC / name).read_text(encoding="utf-8").replace('"web/http.js"', '"/web/http.js"')
            route.fulfill(body=source, content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html>", content_type="text/html")


def sale(cut: int) -> dict[str, Any]:
    line = {"name": "まんじゅう", "qty": cut + 1, "price": 135, "rate": 8, "article": 11}
    bill = {"lines": [line], "offs": [], "eat_in": False}
    return {"key": f"00000000-0000-4000-8000-{cut:012d}", "bill": bill, "mode": "inclusive", "rounding": "floor", "received": 10_000}


def test_a_battery_that_dies_at_the_press(playwright: Playwright, browser_type_launch_args: dict[str, Any], tmp_path: Path) -> None:
    """After each death the log is whole, holds all that was shown, and the same press again gives one receipt."""
    tablet, rng = Tablet(playwright, browser_type_launch_args, tmp_path / "tablet"), random.Random(9)
    page, kept = tablet.starts(grants=True)
    for cut in range(CUTS):
        processes = tablet.processes()
        page.evaluate(PRESSES, sale(cut))
        page.wait_for_timeout(rng.choice((0, 0, 5, 10, 20, 40)))
        for each in processes:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        with pytest.raises(Error):
            page.evaluate("1")
        page, kept = tablet.starts()
        numbers = [read(said)["body"]["content"]["number"] for said, _hash in kept]
        assert set(tablet.shown) <= set(numbers)
        again = page.evaluate("async (sale) => (await log.sell(7, sale)).number", sale(cut))
        tablet.shown.append(again)
    kept = page.evaluate(OPENS, None)
    page.context.close()
    entries = [read(said) for said, _hash in kept]
    assert [each["seq"] for each in entries] == list(range(1, CUTS + 1))
    assert [each["body"]["key"] for each in entries] == [sale(cut)["key"] for cut in range(CUTS)]
    assert all(hash_of(said).hex() == told for said, told in kept)
    assert [each["before"] for each in entries] == ["", *(told for _said, told in kept[:-1])]
