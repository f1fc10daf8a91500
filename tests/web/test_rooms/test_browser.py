"""What only a real browser shows: copying, sharing, clocks, and that no name runs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.names import NAME_CHARS
from rooms import services
from rooms.models import Room
from signaling.tickets import Identity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Scheme = Literal["light", "dark"]
ZONE = "Asia/Kolkata"  # Half an hour off: a wrong sign or a rounded hour shows.
ZONE_OFFSET = timedelta(hours=5, minutes=30)

VIOLATIONS = """
  window.violations = [];
  addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));
"""

HOSTILE = [
    *(
        f"<{tag} {event}=alert(1)>"
        for tag in ("img src=x", "svg", "body", "video src=x", "details open", "input autofocus")
        for event in ("onerror", "onload", "onfocus", "ontoggle", "onmouseover")
    ),
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<!--<script>alert(1)//-->",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    '" autofocus onfocus=alert(1) x="',
    "' autofocus onfocus=alert(1) x='",
    '" style="background:url(//e.test)',
    "javascript:alert(1)",
    "<a href=javascript:alert(1)>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<iframe src=javascript:alert(1)>",
    "<base href=//e.test/>",
    "<link rel=stylesheet href=//e.test/x.css>",
    "<style>@import '//e.test/x.css'</style>",
    "<meta http-equiv=refresh content='0;url=//e.test'>",
    "<form action=//e.test><button>x",
    "<math><mtext></form><form><mglyph><style></math><img src>",
    "{{7*7}}{% debug %}",
    "${alert(1)}",
    "\\u003cscript\\u003ealert(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)",
    "<ScRiPt >alert(1)</sCrIpT >",
    "<svg><script>alert(1)</script></svg>",
    "<object data=//e.test/x></object>",
    "<embed src=//e.test/x>",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's synchronous interface keeps a loop in this thread, which Django
        # takes for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, live_server: LiveServer, owner: User) -> Iterator[BrowserContext]:
    """The owner's browser, signed in."""
    client = Client()
    client.force_login(owner)
    context = chromium.new_context(timezone_id=ZONE, base_url=live_server.url)
    context.add_init_script(VIOLATIONS)
    context.add_cookies(
        [
            {
                "name": "sessionid",
                "value": client.cookies["sessionid"].value,
                "url": live_server.url,
            }
        ]
    )
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def link_of(room: Room) -> str:
    return f"http://localhost:8000/c/{room.slug}/"


def test_one_click_copies_the_link_and_says_so(
    context: BrowserContext, page: Page, room: Room
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/c/{room.slug}/ready/")
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.get_by_role("status").inner_text() == "Link copied"
    assert page.evaluate("navigator.clipboard.readText()") == link_of(room)


def test_where_copying_is_refused_the_link_is_selected(page: Page, room: Room) -> None:
    page.add_init_script(
        "navigator.clipboard.writeText = () => Promise.reject(new DOMException('no'))"
    )
    page.goto("/channels/")
    assert not page.get_by_label(f"Link to {room.name}").is_visible()
    page.get_by_role("button", name="Copy link").click()
    page.get_by_text("copy it by hand").wait_for()
    assert page.get_by_label(f"Link to {room.name}").is_visible()
    assert page.evaluate("document.activeElement.value") == link_of(room)
    assert page.evaluate("getSelection().toString()") == link_of(room)


def test_the_share_sheet_gets_name_and_link(page: Page, room: Room) -> None:
    page.add_init_script("navigator.share = async (data) => { window.shared = data; }")
    page.goto(f"/c/{room.slug}/ready/")
    page.get_by_role("button", name="Share").click()
    assert page.evaluate("window.shared") == {"title": room.name, "url": link_of(room)}


def test_closing_the_share_sheet_is_no_failure(page: Page, room: Room) -> None:
    page.add_init_script(
        "navigator.share = () => Promise.reject(new DOMException('closed', 'AbortError'))"
    )
    page.goto(f"/c/{room.slug}/ready/")
    page.get_by_role("button", name="Share").click()
    assert page.get_by_role("status").inner_text() == ""


def test_there_is_no_share_button_without_a_share_sheet(page: Page, room: Room) -> None:
    page.add_init_script("delete Navigator.prototype.share")
    page.goto(f"/c/{room.slug}/ready/")
    page.get_by_role("button", name="Copy link").wait_for()
    assert not page.get_by_role("button", name="Share").is_visible()


def test_without_scripts_the_link_can_be_read_and_moments_are_utc(
    chromium: Browser, context: BrowserContext, room: Room, live_server: LiveServer
) -> None:
    plain = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    plain.add_cookies(context.cookies())  # type: ignore[arg-type]
    page = plain.new_page()
    page.goto("/channels/")
    assert page.get_by_label(f"Link to {room.name}").input_value() == link_of(room)
    assert not page.get_by_role("button", name="Copy link").is_visible()
    page.goto(f"/c/{room.slug}/settings/")
    assert page.get_by_label("Date and time (UTC)").is_visible()
    plain.close()


def test_a_moment_is_chosen_and_shown_in_the_persons_own_clock(page: Page, room: Room) -> None:
    day = (timezone.now() + timedelta(days=30)).date()
    page.goto(f"/c/{room.slug}/settings/")
    assert not page.get_by_label("Date and time", exact=True).is_visible()
    page.get_by_label("At a date and time").check()
    page.get_by_label("Date and time", exact=True).fill(f"{day}T18:45")
    page.get_by_role("button", name="Save when it ends").click()
    page.get_by_text("The link now ends by itself").wait_for()
    room.refresh_from_db()
    assert room.expires_at == datetime(day.year, day.month, day.day, 18, 45, tzinfo=UTC) - (
        ZONE_OFFSET
    )
    assert page.get_by_label("Date and time", exact=True).input_value() == f"{day}T18:45"
    assert "6:45" in page.locator("#expiry time").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_passes_axe(page: Page, room: Room, root: Path, scheme: Scheme) -> None:
    """WCAG 2.2 AA, as far as a machine can tell."""
    axe = (root / "node_modules/axe-core/axe.min.js").read_text()
    ended = services.create_room(owner_id=room.owner_id, name="Ended")
    services.set_expiry(room_id=ended.pk, expires_at=timezone.now())
    services.set_locked(room_id=room.pk, locked=True)
    services.record_removal(room_id=room.pk, identity=Identity("guest:x"), name="Gus")
    page.emulate_media(color_scheme=scheme)
    for path in (
        "/channels/",
        f"/c/{room.slug}/ready/",
        f"/c/{room.slug}/settings/",
        f"/c/{room.slug}/delete/",
        f"/c/{ended.slug}/settings/",
        f"/c/{ended.slug}/",
        "/c/missing/",
    ):
        page.goto(path)
        page.evaluate(axe)
        found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found["violations"]] == [], (
            path
        )


def test_no_hostile_name_ever_runs(page: Page, owner: User) -> None:
    """S13, for names of channels, owners and removed guests."""
    assert len(HOSTILE) >= 50
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    strangers = User.objects.create_user("stranger@example.org", name="Stranger")
    last = services.create_room(owner_id=owner.pk, name="Removals")
    for number, name in enumerate(HOSTILE):
        room = services.create_room(owner_id=owner.pk, name=name[:NAME_CHARS])
        services.record_removal(
            room_id=last.pk,
            identity=Identity(f"guest:{number}"),
            name=name,
        )
        visited = services.create_room(owner_id=strangers.pk, name=name[:NAME_CHARS])
        services.record_visit(room_id=visited.pk, user_id=owner.pk)
        for path in ("settings/", "ready/"):
            if number % 10 == 0:
                page.goto(f"/c/{room.slug}/{path}")
                assert page.evaluate("window.violations") == []
    for path in ("/channels/", f"/c/{last.slug}/settings/"):
        page.goto(path)
        shown = page.locator("h3 bdi").all_inner_texts()
        assert {" ".join(name[:NAME_CHARS].split()) for name in HOSTILE} <= {
            " ".join(text.split()) for text in shown
        }
        assert page.evaluate("window.violations") == []
    assert dialogs == []
