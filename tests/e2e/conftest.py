"""One district served to several real browsers at once: a phone, a tablet, a desk."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from base.clock import Clock, system_clock
from tests.conftest import Port
from tests.town import Town, district

__all__ = ["district"]

PHONE, TABLET, DESK = (390, 844), (1180, 820), (1440, 900)


@pytest.fixture
def clock() -> Clock:
    """Browsers, streams and the database live now."""
    return system_clock


@pytest.fixture
def address(port: Port, district: Town, clock: Clock) -> Iterator[str]:
    """Where the district is served; codes point there. A name under localhost: cameras and passkeys work."""
    with port.serves(district.host, clock) as site:
        yield site.address


Opens = Callable[..., Page]


@pytest.fixture
def opens(browser: Browser, address: str, district: Town) -> Iterator[Opens]:
    """A browser of its own for somebody: `opens(PHONE, person_id)`, or for nobody."""
    contexts: list[BrowserContext] = []

    def give(size: tuple[int, int], person_id: int | None = None, *, by: Browser = browser) -> Page:
        context = by.new_context(base_url=address, viewport={"width": size[0], "height": size[1]}, locale="ja-JP", service_workers="block")
        contexts.append(context)
        if person_id is not None:
            context.add_cookies([{"name": "meguri_session", "value": district.cookie(person_id), "url": address}])
        page = context.new_page()
        page.set_default_timeout(30_000)
        return page

    yield give
    for context in contexts:
        context.close()


@pytest.fixture
def films(playwright: Playwright, browser_type_launch_args: dict[str, object], tmp_path: Path) -> Iterator[Callable[[Path], Browser]]:
    """A Chromium whose camera sees a picture: `films(tmp_path / "page.png")`."""
    browsers: list[Browser] = []

    def give(picture: Path) -> Browser:
        film = tmp_path / "camera.y4m"
        filter_ = "scale=600:600:force_original_aspect_ratio=decrease,pad=1280:720:-1:-1:gray,format=yuv420p"
        command = ["ffmpeg", "-loglevel", "error", "-y", "-loop", "1", "-i", picture, "-t", "1", "-r", "10", "-vf", filter_, film]
        subprocess.run(command, check=True)
        own = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
        arguments = {**browser_type_launch_args, "args": [*browser_type_launch_args.get("args", []), *own]}
        browsers.append(playwright.chromium.launch(**arguments))
        return browsers[-1]

    yield give
    for browser in browsers:
        browser.close()
