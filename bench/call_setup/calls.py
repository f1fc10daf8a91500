"""The two kinds of call that are compared: the bare page's and the product's.

Both begin with everything warm (camera, socket, credential) on two pages, one of
them in the call; what is measured begins at the other's click.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from playwright.sync_api import Browser

from bench.call_setup.browsers import WAIT_MS, CallPage
from bench.support import relay

MEDIA = {"audio": True, "video": {"width": 1280, "height": 720, "frameRate": 30}}
"""What the product's page asks of a camera, asked by the floor's, too."""


class Call(Protocol):
    name: str
    joiner: CallPage
    resident: CallPage

    def click(self) -> None: ...


@dataclass(slots=True)
class FloorCall:
    joiner: CallPage
    resident: CallPage
    name: str = "floor"

    def click(self) -> None:
        self.joiner.page.click("#join")


@dataclass(slots=True)
class ProductCall:
    joiner: CallPage
    resident: CallPage
    name: str = "product"

    def click(self) -> None:
        self.joiner.page.click(JOIN_BUTTON)


JOIN_BUTTON = "[data-testid=join]"
PREVIEW = "[data-testid=preview]:visible"
STAGE = "[data-testid=stage]:visible"


def open_floor(
    a: Browser,
    b: Browser,
    *,
    origin: str,
    room: str,
    relay_only: bool,
    turn_host: str,
    linked: bool = False,
) -> FloorCall:
    rtc = {"iceServers": relay.ice_servers(address=turn_host)}

    def page(browser: Browser, role: str) -> CallPage:
        result = CallPage(browser, relay_only=relay_only)
        wanted = quote(json.dumps({"role": role, "rtc": rtc, "media": MEDIA, "linked": linked}))
        result.page.goto(f"{origin}/?{room}#{wanted}")
        result.page.wait_for_selector("html[data-ready]", timeout=WAIT_MS)
        return result

    resident = page(b, "resident")
    return FloorCall(joiner=page(a, "joiner"), resident=resident)


def open_product(
    a: Browser, b: Browser, *, origin: str, slug: str, sessions: Sequence[str], relay_only: bool
) -> ProductCall:
    """The owner sits in the call; somebody else who is signed in stands in the lobby."""
    owner, visitor = sessions

    def page(browser: Browser, session: str) -> CallPage:
        cookie = {"name": "sessionid", "value": session, "url": origin}
        result = CallPage(browser, relay_only=relay_only, cookies=[cookie])
        result.page.goto(f"{origin}/c/{slug}/")
        # Warm: the camera shows, the socket is open, roster and credential are here.
        result.wait_until_received("room.state")
        result.page.wait_for_selector(PREVIEW)
        return result

    resident = page(b, owner)
    resident.page.click(JOIN_BUTTON)
    resident.page.wait_for_selector(STAGE)
    resident.wait_until_received("seat")
    return ProductCall(joiner=page(a, visitor), resident=resident)


def alternating(rounds: int) -> Iterator[tuple[int, tuple[str, str]]]:
    """Say who goes first: each in turn, so that noise and warmth hit both alike."""
    for number in range(rounds):
        yield number, ("floor", "product") if number % 2 == 0 else ("product", "floor")
