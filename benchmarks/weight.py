"""First visit, nothing cached: weight and number of requests of the wallet's home and of the till, in real Chromium."""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import sync_playwright

from benchmarks.site import site

PAGES = {"wallet home (390×844)": ("/wallet/", "meguri_session", (390, 844)), "till (1180×820)": ("/till/", "meguri_till", (1180, 820))}


def main() -> None:
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with site(1, 1) as place, sync_playwright() as playwright:
        cookies = {"meguri_session": place.town.cookie(place.consumers[0].person_id), "meguri_till": place.tills[0].token}
        address = f"http://{place.host}:{place.port}"
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        print("\n| page, first visit | requests | kB over the line | of it fonts: requests | kB |\n| --- | --- | --- | --- | --- |")
        for name, (path, cookie, (width, height)) in PAGES.items():
            context = browser.new_context(viewport={"width": width, "height": height}, locale="ja-JP", service_workers="block")
            context.add_cookies([{"name": cookie, "value": cookies[cookie], "url": address}])
            page = context.new_page()
            devtools = context.new_cdp_session(page)
            devtools.send("Network.enable")
            kinds: dict[str, str] = {}
            sizes: dict[str, float] = {}
            devtools.on("Network.responseReceived", lambda event, kinds=kinds: kinds.update({event["requestId"]: event["type"]}))
            devtools.on(
                "Network.loadingFinished", lambda event, sizes=sizes: sizes.update({event["requestId"]: event["encodedDataLength"]})
            )
            page.goto(address + path, wait_until="load")
            page.wait_for_timeout(4_000)
            fonts = [size for request, size in sizes.items() if kinds.get(request) == "Font"]
            print(f"| {name} | {len(sizes)} | {sum(sizes.values()) / 1000:.1f} | {len(fonts)} | {sum(fonts) / 1000:.1f} |")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
