"""No secret leaves by a page or a log (perf.md S17)."""

import pytest

from tests import environment
from tests.e2e.conftest import People
from tests.e2e.harness.chromium import ChromiumTab
from tests.e2e.harness.media import BLUE, RED
from tests.e2e.harness.person import meet
from tests.e2e.harness.stack import TraverseStack

pytestmark = pytest.mark.browser


def test_a_whole_call_writes_no_secret_to_a_page_or_a_log(
    people: People, stack: TraverseStack
) -> None:
    ada, bob = people.chromium("Ada Secretname", RED), people.chromium("Bob", BLUE)
    email = "ada.secretmail@example.com"
    ada.sign_up(email=email, password="an unlikely pass phrase")
    link = ada.create_channel("Secretroom")
    ada.enter(link, relay_only=True)
    bob.enter(link, relay_only=True, guest=True)
    meet(ada, bob)
    bob.say("secret message")
    assert isinstance(ada.tab, ChromiumTab)
    welcome = next(frame for frame in ada.tab.frames if frame["type"] == "welcome")
    relay = next(server for server in welcome["ice_servers"] if server.get("credential"))
    cookies = {cookie["name"]: cookie["value"] for cookie in ada.tab.context.cookies()}
    server_only = {
        "SECRET_KEY": environment.SETTINGS["SECRET_KEY"],
        "TURN_SECRET": stack.coturn.secret,
        "session cookie": next(v for k, v in cookies.items() if "session" in k),
        "password": "an unlikely pass phrase",
    }
    never_logged = {
        **server_only,
        "TURN password": relay["credential"],
        "TURN user": relay["username"],
        "resume token": welcome["resume_token"],
        "seat token": welcome["seat_token"],
        "e-mail": email,
        "name": "Secretname",
        "channel": "Secretroom",
        "link": link.rstrip("/").rsplit("/", 1)[-1],
        "message": "secret message",
        "SDP": "a=fingerprint",
        "candidate": "typ relay",
    }
    log = stack.server.read_log()
    assert [what for what, text in never_logged.items() if text in log] == []
    assert [what for what, text in server_only.items() if text in stack.coturn.output()] == []
    pages = ["/", "/channels/", link, f"{link}settings/", "/accounts/profile/"]
    for page in pages:
        address = page if page.startswith("http") else f"{stack.origin}{page}"
        html = ada.tab.context.request.get(address).text()
        assert [what for what, text in server_only.items() if text in html] == [], page
