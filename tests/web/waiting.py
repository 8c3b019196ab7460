"""Waiting for what a page only promises: `wait_for_function` takes the promise itself for a yes, whatever it is kept with."""

from __future__ import annotations

from playwright.sync_api import Page

LOOP = """async () => {
  const end = performance.now() + 30_000;
  while (!(await (%s)())) {
    if (performance.now() > end) throw new Error("it never came true");
    await new Promise((go) => setTimeout(go, 20));
  }
}"""
CONTROLLED = "async () => (await navigator.serviceWorker.ready).active && navigator.serviceWorker.controller"


def wait_for_promise(page: Page, function: str) -> None:
    """Until what this function of the page promises is true, asked anew each time; after half a minute the test has failed."""
    page.evaluate(LOOP % function)


def wait_for_the_service_worker(page: Page) -> None:
    """Until it is there and this page's requests go through it."""
    wait_for_promise(page, CONTROLLED)
