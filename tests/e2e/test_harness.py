"""The harness itself: what it calls red is red, and a self view does not pass for another."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Chromiums
from tests.e2e.harness.browser import Tab, eventually
from tests.e2e.harness.chromium import ChromiumTab
from tests.e2e.harness.firefox import Firefox, FirefoxTab
from tests.e2e.harness.media import BLUE, FIREFOX_TONE, RED, SIGNATURES, Signature
from tests.e2e.harness.recognise import hears, shows, silent

CAPTURE = """(async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = stream;
  document.body.append(video);
  await video.play();
  return true;
})()"""
VIDEO = "document.querySelector('video')"
STREAM = f"{VIDEO}.srcObject"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: Any) -> None:
        pass


@pytest.fixture(scope="module")
def bare_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty page on localhost: cameras need a secure origin."""
    directory = tmp_path_factory.mktemp("bare")
    Path(directory, "index.html").write_text("<!doctype html><title>bare</title><body>")
    handler = partial(_Quiet, directory=str(directory))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join(5)


def capture(tab: Tab, url: str) -> None:
    tab.goto(url)
    assert tab.evaluate(CAPTURE)


@pytest.mark.parametrize("signature", SIGNATURES, ids=lambda signature: signature.name)
def test_each_chromium_shows_its_own_colour_and_tone_and_nobody_elses(
    signature: Signature, chromiums: Chromiums, bare_page: str
) -> None:
    with chromiums[signature].new_context() as context:
        tab = ChromiumTab(context)
        capture(tab, bare_page)
        eventually(lambda: shows(tab.picture(VIDEO), signature), what=f"{signature.name} is seen")
        picture, sound = tab.picture(VIDEO), tab.sound(STREAM)
        assert [other.name for other in SIGNATURES if shows(picture, other)] == [signature.name]
        assert [other.name for other in SIGNATURES if hears(sound, other.tone)] == [signature.name]


def test_a_muted_track_is_silent_and_a_black_picture_is_nobodys(
    chromiums: Chromiums, bare_page: str
) -> None:
    with chromiums[RED].new_context() as context:
        tab = ChromiumTab(context)
        capture(tab, bare_page)
        tab.evaluate(f"void {STREAM}.getTracks().forEach((track) => {{ track.enabled = false; }})")
        eventually(lambda: not shows(tab.picture(VIDEO), RED), what="the picture goes black")
        assert not any(shows(tab.picture(VIDEO), signature) for signature in SIGNATURES)
        assert silent(tab.sound(STREAM))


def test_a_request_to_another_origin_is_a_complaint_and_one_to_the_own_is_not(
    chromiums: Chromiums, bare_page: str
) -> None:
    other = bare_page.replace("localhost", "127.0.0.1")
    with chromiums[RED].new_context() as context:
        tab = ChromiumTab(context)
        tab.goto(bare_page)
        tab.evaluate(f"fetch('{bare_page}index.html').then(() => true)")
        tab.evaluate(
            "fetch(URL.createObjectURL(new Blob(['x']))).then(() => fetch('data:,x'))"
            ".then(() => true)"
        )
        assert _strangers(tab) == []
        tab.evaluate(f"fetch('{other}asked', {{ mode: 'no-cors' }}).then(() => true)")
        assert _strangers(tab) == [f"{other}asked"]
        socket = other.replace("http", "ws") + "socket"
        tab.evaluate(f"void new WebSocket('{socket}')")
        # Events are delivered while the page is asked something.
        eventually(
            lambda: tab.evaluate("true") and _strangers(tab) == [f"{other}asked", socket],
            what="the socket is seen too",
        )


def test_the_fake_firefox_hums_and_its_picture_changes(firefox: Firefox, bare_page: str) -> None:
    context = firefox.new_context()
    tab = FirefoxTab(firefox, context)
    capture(tab, bare_page)
    first = eventually(lambda: tab.picture(VIDEO), what="a picture")
    eventually(
        lambda: _differs(first, tab.picture(VIDEO)), what="another colour of Firefox's fake camera"
    )
    assert hears(tab.sound(STREAM), FIREFOX_TONE)
    assert not hears(tab.sound(STREAM), BLUE.tone)
    firefox.call("discard", context=context)


def _strangers(tab: Tab) -> list[str]:
    told = "request to another origin: "
    return [each.removeprefix(told) for each in tab.complaints if each.startswith(told)]


def _differs(first: dict[str, int], then: dict[str, int] | None) -> bool:
    return then is not None and sum(abs(first[c] - then[c]) for c in "rgb") > 30
