"""What a first visit to the landing and the call page loads: bytes, origins, requests.

A real Chromium with an empty cache; bytes are what came over the wire, compressed as
the server sent it (CDP Network.loadingFinished).
"""

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from bench.call_setup.browsers import CHROMIUM, FLAGS
from bench.support.numbers import Mark
from bench.support.processes import Measured, free_port, wait_for_port
from bench.support.product import WEB, Product
from bench.support.report import Report, parser, table

ADDRESS = "127.0.0.1"
LIMIT_BYTES = 150_000
QUIET_MS = 2000


def weigh(browser: Browser, url: str, *, cookies: list[Any]) -> dict[str, Any]:
    context = browser.new_context()
    context.add_cookies(cookies)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    urls: dict[str, str] = {}
    sizes: dict[str, float] = {}
    session.on(
        "Network.responseReceived",
        lambda event: urls.update({event["requestId"]: event["response"]["url"]}),
    )
    session.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}),
    )
    page.goto(url, wait_until="networkidle")
    page.wait_for_timeout(QUIET_MS)
    context.close()
    loaded = {urls[key]: size for key, size in sizes.items() if key in urls}
    own = urlsplit(url).netloc
    return {
        "bytes": sum(loaded.values()),
        "requests": len(loaded),
        "foreign": [each for each in loaded if urlsplit(each).netloc not in ("", own)],
        "loaded": dict(sorted(loaded.items(), key=lambda item: -item[1])),
    }


def main() -> int:
    options = parser(__doc__).parse_args()
    report = Report("page_weight")
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        product = Product(directory, ADDRESS, free_port())
        product.prepare()
        seeded = product.seed({"rooms": 1})
        log = (directory / "web.log").open("wb")
        stack.enter_context(Measured(product.command, env=product.environment, cwd=WEB, log=log))
        wait_for_port(product.port)
        playwright = stack.enter_context(sync_playwright())
        browser = stack.enter_context(
            playwright.chromium.launch(
                executable_path=CHROMIUM, args=list(FLAGS), ignore_default_args=["--headless"]
            )
        )
        cookie = {"name": "sessionid", "value": seeded["sessions"][0], "url": product.origin}
        slug = seeded["rooms"][0]["slug"]
        pages = {
            "landing": weigh(browser, f"{product.origin}/", cookies=[]),
            "call": weigh(browser, f"{product.origin}/c/{slug}/", cookies=[cookie]),
        }
    rows = [
        [name, page["bytes"] / 1000, page["requests"], len(page["foreign"])]
        for name, page in pages.items()
    ]
    report.show(table(["page", "kB over the wire", "requests", "other origins"], rows))
    for name, page in pages.items():
        heaviest = ", ".join(
            f"{urlsplit(url).path} {size / 1000:.1f}"
            for url, size in list(page["loaded"].items())[:8]
        )
        report.show(f"{name}, heaviest (kB): {heaviest}")
        report.mark(Mark(f"{name}: bytes", page["bytes"], LIMIT_BYTES))
        report.mark(Mark(f"{name}: requests to other origins", len(page["foreign"]), 0))
    report.data["pages"] = pages
    return report.finish(json_path=options.json)


if __name__ == "__main__":
    sys.exit(main())
