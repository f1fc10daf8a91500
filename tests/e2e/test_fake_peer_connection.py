"""What the JavaScript tests believe about RTCPeerConnection is what Chromium does."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Route

from tests.e2e.harness.media import RED

if TYPE_CHECKING:
    from tests.e2e.conftest import Chromiums

FAKES = Path(__file__).resolve().parents[1] / "js" / "fakes"
ORIGIN = "http://localhost:9"
PLAY = """async () => {
    const { play } = await import('/contract/scenario.js');
    return play({
        create: () => new RTCPeerConnection({ bundlePolicy: 'max-bundle' }),
        createStream: () => new MediaStream(),
        settle: () => new Promise((resolve) => setTimeout(resolve, 400)),
    });
}"""


def serve(route: Route) -> None:
    path = FAKES / route.request.url.removeprefix(ORIGIN).lstrip("/")
    if path.is_file():
        route.fulfill(body=path.read_text(), content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html><title>contract</title>", content_type="text/html")


def lines_of_the_fake() -> list[str]:
    node = shutil.which("node")
    assert node, "Node is not installed"
    finished = subprocess.run(
        [node, FAKES / "contract" / "play.js"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    lines: list[str] = json.loads(finished.stdout)
    return lines


def test_the_fake_behaves_as_chromium_does(chromiums: "Chromiums") -> None:
    context = chromiums[RED].new_context()
    try:
        context.route(f"{ORIGIN}/**", serve)
        page = context.new_page()
        page.goto(f"{ORIGIN}/")
        in_chromium = page.evaluate(PLAY)
    finally:
        context.close()

    assert lines_of_the_fake() == in_chromium
