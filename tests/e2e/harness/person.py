"""A person at a browser: what they do on the pages, and what they see and hear."""

import json
from dataclasses import dataclass
from typing import Final

from tests.e2e.harness.browser import PATIENCE_S, BrowserError, Tab, eventually
from tests.e2e.harness.media import Signature
from tests.e2e.harness.recognise import hears, shows, silent

CONNECT_S: Final = 20.0
"""For a call to be up on a busy machine; the times themselves are measured in bench/."""

# Every connection that the page makes, for reading its statistics from outside. Nothing
# else about it is changed.
RECORD_CONNECTIONS: Final = """
(() => {
  const Native = globalThis.RTCPeerConnection;
  const made = [];
  globalThis.RTCPeerConnection = class extends Native {
    constructor(...parameters) {
      super(...parameters);
      made.push(this);
    }
  };
  globalThis.testConnections = made;
})();
"""

_SELECTED_PAIRS: Final = """(async () => {
  const found = [];
  for (const connection of globalThis.testConnections) {
    if (connection.connectionState !== 'connected') continue;
    const report = await connection.getStats();
    for (const stat of report.values()) {
      if (stat.type !== 'candidate-pair' || stat.state !== 'succeeded') continue;
      if (!stat.nominated || !(stat.bytesReceived > 0)) continue;
      const local = report.get(stat.localCandidateId);
      const remote = report.get(stat.remoteCandidateId);
      found.push({
        local: local?.candidateType ?? '', remote: remote?.candidateType ?? '',
        sent: stat.bytesSent, received: stat.bytesReceived,
      });
    }
  }
  return found;
})()"""


_VIDEO_FRAMES: Final = """(async () => {
  const frames = { sent: 0, decoded: 0 };
  for (const connection of globalThis.testConnections) {
    for (const stat of (await connection.getStats()).values()) {
      if (stat.kind !== 'video') continue;
      if (stat.type === 'outbound-rtp') frames.sent += stat.framesSent ?? 0;
      if (stat.type === 'inbound-rtp') frames.decoded += stat.framesDecoded ?? 0;
    }
  }
  return frames;
})()"""


@dataclass(frozen=True, slots=True)
class Frames:
    """Pictures that left, and pictures that came and could be read."""

    sent: int
    decoded: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A candidate pair in use: the types of its ends and the bytes that went over it."""

    local: str
    remote: str
    sent: int
    received: int


@dataclass
class Person:
    name: str
    tab: Tab
    base_url: str
    signature: Signature | None = None
    """None: Firefox, whose fake devices cannot be chosen."""

    def describe(self) -> str:
        """What is on the page, for the report of a failed test."""
        try:
            text = self.tab.evaluate("document.body?.innerText ?? ''")
            return "\n".join([self.tab.url(), str(text)[:1500], *self.tab.complaints])
        except BrowserError as error:
            return f"cannot be read: {error}"

    # --- Accounts and channels ---------------------------------------------------
    def sign_up(self, *, email: str, password: str = "a long walk by the sea") -> None:
        self.tab.goto(f"{self.base_url}/accounts/signup/")
        self.tab.fill("input[name=email]", email)
        self.tab.fill("input[name=name]", self.name)
        self.tab.fill("input[name=password1]", password)
        if self.tab.count("input[name=password2]"):
            self.tab.fill("input[name=password2]", password)
        self.tab.click("main form button[type=submit]")
        eventually(lambda: "/channels/" in self.tab.url(), what=f"{self.name} has an account")

    def log_out(self) -> None:
        self.tab.goto(f"{self.base_url}/accounts/logout/")
        self.tab.click("main form button[type=submit]")
        eventually(lambda: "/logout/" not in self.tab.url(), what=f"{self.name} is logged out")

    def create_channel(self, name: str) -> str:
        """Creates it in one step; the answer is the link to share."""
        self.tab.goto(f"{self.base_url}/channels/")
        self.tab.fill(".create input[name=name]", name)
        self.tab.click(".create button[type=submit]")
        eventually(lambda: self.tab.url().endswith("/ready/"), what=f"the channel {name} is ready")
        # The address changes before the page is there.
        self.tab.wait_for(".share input")
        link = self.tab.evaluate("document.querySelector('.share input').value")
        assert isinstance(link, str)
        return link

    def set_access(self, link: str, access: str) -> None:
        """`link`, `signed_in` or `ask`."""
        self.tab.goto(f"{link}settings/")
        self.tab.click(f"#access input[value={access}]")
        self.tab.click("#access button[type=submit]")
        self.tab.wait_until(
            f"document.querySelector('#access input[value={access}]')?.checked === true"
            " && document.readyState === 'complete'"
        )

    # --- The call ------------------------------------------------------------------
    def open(self, link: str, *, relay_only: bool = False) -> None:
        self.tab.goto(f"{link}?relay" if relay_only else link)
        self.tab.wait_for("[data-testid=join]")

    def enter(self, link: str, *, relay_only: bool = False, guest: bool = False) -> None:
        """Opens the link and joins."""
        self.open(link, relay_only=relay_only)
        if guest:
            self.tab.fill("[data-testid=lobby] [data-testid=name]", self.name)
        self.tab.click("[data-testid=join]")
        self.is_in()

    def ask(self, link: str) -> None:
        """Opens the link of a channel where one asks first, and asks."""
        self.ask_to_join(link)
        self.tab.wait_for("[data-testid=entering]")

    def ask_to_join(self, link: str) -> None:
        """Opens the link and presses the button, whatever comes of it."""
        self.open(link)
        if self.tab.evaluate("!document.querySelector('[data-part=name-field]').hidden"):
            self.tab.fill("[data-testid=lobby] [data-testid=name]", self.name)
        self.tab.click("[data-testid=join]")

    def is_in(self, *, timeout: float = CONNECT_S) -> None:
        self.tab.wait_for("[data-testid=stage]", timeout=timeout)

    def reload(self) -> None:
        """Reloads the page and goes back in; the name of a guest is remembered."""
        self.tab.reload()
        self.tab.wait_for("[data-testid=join], [data-testid=stage]")
        if self.tab.evaluate("document.querySelector('[data-testid=stage]').hidden"):
            self.tab.click("[data-testid=join]")
        self.is_in()

    def hang_up(self) -> None:
        self.tab.click("[data-testid=hang-up]")
        self.tab.wait_for("[data-testid=ended]")

    def toggle(self, what: str) -> None:
        """`audio`, `video`, `screen` or `hand`."""
        self.tab.click(f"[data-testid=toggle-{what}]")

    def open_panel(self, which: str) -> None:
        if not self.tab.evaluate(f"!document.querySelector('#{which}').hidden"):
            self.tab.click(f"[data-testid=toggle-{which}]")
        self.tab.wait_for(f"#{which}")

    def say(self, text: str) -> None:
        self.open_panel("chat")
        self.tab.fill("[data-testid=chat-input]", text)
        self.tab.click("[data-testid=chat-send]")

    def messages(self) -> list[str]:
        self.open_panel("chat")
        found: list[str] = self.tab.evaluate(
            "[...document.querySelectorAll('[data-testid=message] [data-part=text]')]"
            ".map((each) => each.textContent)"
        )
        return found

    def press_for(self, name: str, button: str) -> None:
        """A button beside a person in the list of people: `remove` or `ask-mute`."""
        self.open_panel("people")
        peer = self.peer_id(name)
        self.tab.click(f'#people [data-peer-id="{peer}"] [data-part="{button}"]')
        if button == "remove":
            self.tab.click("[data-testid=confirm-yes]")

    def answer_knock(self, button: str) -> None:
        """`admit` or `deny` the first who waits."""
        self.tab.wait_for("[data-testid=knock]")
        self.tab.click(f"[data-testid=knock] [data-part={button}]")

    # --- What is seen and heard -----------------------------------------------------
    def others(self) -> list[str]:
        """The names on the other people's tiles, in order."""
        found: list[str] = self.tab.evaluate(
            "[...document.querySelectorAll('[data-testid=tile][data-source=camera]')]"
            ".filter((tile) => tile.dataset.peerId !== 'self')"
            ".map((tile) => tile.querySelector('[data-part=name]').textContent)"
        )
        return found

    def wait_for_others(self, *names: str, timeout: float = CONNECT_S) -> None:
        eventually(
            lambda: sorted(self.others()) == sorted(names),
            what=f"{self.name} sees the tiles of {', '.join(names) or 'nobody'}",
            timeout=timeout,
        )

    def peer_id(self, name: str) -> str:
        peer = self.tab.evaluate(f"({_tile(name, 'camera')})?.dataset.peerId ?? ''")
        assert isinstance(peer, str)
        assert peer, f"{self.name} has no tile of {name}"
        return peer

    def picture_of(self, name: str, *, source: str = "camera") -> dict[str, int] | None:
        return self.tab.picture(f"(({_tile(name, source)})?.querySelector('video') ?? null)")

    def voice_of(self, name: str, *, source: str = "audio", seconds: float = 1.2) -> dict[str, int]:
        """Of the microphone (`audio`) or of what is shared (`screenAudio`)."""
        peer = f"(({_tile(name, 'camera')})?.dataset.peerId ?? '')"
        audio = (
            f"document.querySelector(`[data-testid=voices] audio[data-source={source}]"
            f'[data-peer-id="${{{peer}}}"]`)'
        )
        return self.tab.sound(f"({audio}?.srcObject ?? null)", seconds=seconds)

    def path_to(self, name: str) -> str:
        """How the link goes: host, srflx, relay/udp ...; empty while there is none."""
        return str(self.tab.evaluate(f"({_tile(name, 'camera')})?.dataset.path ?? ''"))

    def pairs(self) -> list[Pair]:
        return [Pair(**pair) for pair in self.tab.evaluate(_SELECTED_PAIRS)]

    def sees(self, other: "Person", *, timeout: float = CONNECT_S) -> None:
        """The other's own colour, on the other's tile; of Firefox a picture that changes."""
        if other.signature is None:
            first = eventually(
                lambda: self.picture_of(other.name),
                what=f"{self.name} sees {other.name}",
                timeout=timeout,
            )
            mine = self.signature
            assert mine is None or not shows(first, mine), "this is the self view"
            eventually(
                lambda: _changed(first, self.picture_of(other.name)),
                what=f"{other.name}'s picture changes at {self.name}'s",
                timeout=timeout,
            )
            return
        signature = other.signature
        try:
            eventually(
                lambda: shows(self.picture_of(other.name), signature),
                what=f"{self.name} sees {other.name} in {signature.name}",
                timeout=timeout,
            )
        except AssertionError as error:
            raise AssertionError(f"{error}; seen: {self.picture_of(other.name)}") from error

    def hears(self, other: "Person", *, tone: int | None = None) -> None:
        """The other's own tone, from the other's track."""
        wanted = tone or (other.signature.tone if other.signature else 0)
        assert wanted, "say which tone"
        eventually(
            lambda: hears(self.voice_of(other.name), wanted),
            what=f"{self.name} hears {other.name} at {wanted} Hz",
            timeout=CONNECT_S,
        )

    def sees_screen_of(self, other: "Person", screen: Signature) -> None:
        """The shared screen's own colour, on a tile of its own."""
        eventually(
            lambda: shows(self.picture_of(other.name, source="screen"), screen),
            what=f"{self.name} sees {other.name}'s screen in {screen.name}",
            timeout=CONNECT_S,
        )

    def hears_screen_of(self, other: "Person", screen: Signature) -> None:
        """The shared screen's own tone, from its own track."""
        eventually(
            lambda: hears(self.voice_of(other.name, source="screenAudio"), screen.tone),
            what=f"{self.name} hears {other.name}'s screen at {screen.tone} Hz",
            timeout=CONNECT_S,
        )

    def video_frames(self) -> Frames:
        """Over all connections, cameras and screens, since they were made."""
        return Frames(**self.tab.evaluate(_VIDEO_FRAMES))

    def hears_nothing_of(self, other: "Person") -> None:
        eventually(
            lambda: silent(self.voice_of(other.name)),
            what=f"{self.name} hears nothing of {other.name}",
            timeout=PATIENCE_S,
        )

    def meets(self, other: "Person") -> None:
        self.sees(other)
        self.hears(other)


def meet(*people: Person) -> None:
    """Everyone sees and hears everyone else."""
    for person in people:
        for other in people:
            if other is not person:
                person.meets(other)


def _tile(name: str, source: str) -> str:
    """An expression for the tile of somebody else by name."""
    shown = f"{name}: screen" if source == "screen" else name
    return (
        f"[...document.querySelectorAll('[data-testid=tile][data-source={source}]')]"
        ".find((tile) => tile.dataset.peerId !== 'self'"
        f" && tile.querySelector('[data-part=name]').textContent === {json.dumps(shown)})"
    )


def _changed(first: dict[str, int], then: dict[str, int] | None) -> bool:
    return then is not None and sum(abs(first[channel] - then[channel]) for channel in "rgb") > 30
