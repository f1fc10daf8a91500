"""What people see: home, a new channel, the call page and the refusals."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from rooms import services
from rooms.identifiers import new_room_id, slug_of
from rooms.models import Access, Room, Visit
from rooms.queries import identity_of_user
from rooms.throttles import CREATIONS
from signaling.tickets import Identity

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]

MARKUP = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>"


def text_of(response: Any) -> str:
    body: str = response.content.decode()
    return body


def config_of(response: Any) -> dict[str, Any]:
    """As the page's script reads it."""
    found = re.search(
        r'<script[^>]*id="call-config"[^>]*>(.*?)</script>', text_of(response), re.DOTALL
    )
    assert found
    config: dict[str, Any] = json.loads(found[1])
    return config


class TestHome:
    def test_it_asks_strangers_to_sign_in_and_leads_back(self, browser: Browser, db: None) -> None:
        response = browser().get("/channels/")
        assert response.status_code == 302
        assert response["Location"].endswith("?next=/channels/")

    def test_an_empty_one_says_what_to_do_next(self, browser: Browser, owner: User) -> None:
        body = text_of(browser(owner).get("/channels/"))
        assert "You have no channels yet" in body
        assert "stays here" in body

    def test_it_lists_mine_with_their_links_and_those_that_i_visited(
        self, browser: Browser, room: Room, member: User
    ) -> None:
        mine = services.create_room(owner_id=member.pk, name="Choir")
        services.record_visit(room_id=room.pk, user_id=member.pk)
        body = text_of(browser(member).get("/channels/"))
        assert f"http://localhost:8000/c/{mine.slug}/" in body
        assert f"/c/{mine.slug}/settings/" in body
        assert f'href="/c/{room.slug}/"' in body
        assert f"/c/{room.slug}/settings/" not in body
        assert "Olga Owner" in body

    def test_it_never_lists_the_rooms_of_others(
        self, browser: Browser, room: Room, member: User
    ) -> None:
        assert room.name not in text_of(browser(member).get("/channels/"))

    def test_an_expired_channel_can_be_changed_but_not_opened(
        self, browser: Browser, room: Room
    ) -> None:
        services.set_expiry(room_id=room.pk, expires_at=timezone.now())
        body = text_of(browser(room.owner).get("/channels/"))
        assert "Expired" in body
        assert f'href="/c/{room.slug}/"' not in body
        assert f'href="/c/{room.slug}/settings/"' in body

    def test_it_costs_at_most_six_queries_however_long_the_lists(
        self, browser: Browser, owner: User, member: User
    ) -> None:
        for number in range(15):
            services.create_room(owner_id=member.pk, name=f"Mine {number}")
            other = services.create_room(owner_id=owner.pk, name=f"Other {number}")
            services.record_visit(room_id=other.pk, user_id=member.pk)
        client = browser(member)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/channels/").status_code == 200
        assert len(queries) <= 6

    def test_it_is_not_kept_by_caches(self, browser: Browser, owner: User) -> None:
        assert "no-store" in browser(owner).get("/channels/")["Cache-Control"]


class TestCreate:
    def test_one_field_makes_a_channel_and_shows_its_link(
        self, browser: Browser, owner: User
    ) -> None:
        response = browser(owner).post("/channels/new/", {"name": "  Monday\u200b  check-in "})
        room = Room.objects.get()
        assert room.name == "Monday check-in"
        assert room.owner == owner
        assert response["Location"] == f"/c/{room.slug}/ready/"
        body = text_of(browser(owner).get(response["Location"]))
        assert f'value="http://localhost:8000/c/{room.slug}/"' in body
        assert f'href="/c/{room.slug}/"' in body

    @pytest.mark.parametrize(
        "name", ["", "   ", "\u200b\u202e", "x" * 65, "x" * 10_000, "a\x00b" * 400]
    )
    def test_a_name_that_cannot_be_shown_is_asked_for_again(
        self, browser: Browser, owner: User, name: str
    ) -> None:
        response = browser(owner).post("/channels/new/", {"name": name})
        assert response.status_code == 422
        assert "field__error" in text_of(response)
        assert not Room.objects.exists()

    def test_strangers_create_nothing(self, browser: Browser, db: None) -> None:
        response = browser().post("/channels/new/", {"name": "Choir"})
        assert response.status_code == 302
        assert "/accounts/login/" in response["Location"]
        assert not Room.objects.exists()

    def test_who_signed_in_on_the_way_comes_home(self, browser: Browser, owner: User) -> None:
        assert browser(owner).get("/channels/new/")["Location"] == "/channels/"

    def test_a_foreign_page_creates_nothing(self, browser: Browser, owner: User) -> None:
        response = browser(owner, csrf=True).post("/channels/new/", {"name": "Choir"})
        assert response.status_code == 403
        assert not Room.objects.exists()

    def test_an_account_makes_sixty_an_hour(self, browser: Browser, owner: User) -> None:
        client = browser(owner)
        for _ in range(CREATIONS.amount):
            assert client.post("/channels/new/", {"name": "Choir"}).status_code == 302
        response = client.post("/channels/new/", {"name": "Choir"})
        assert response.status_code == 429
        assert 0 < int(response["Retry-After"]) <= 3600
        assert re.search(r"Wait \d+ (minutes|seconds)", text_of(response))
        assert Room.objects.count() == CREATIONS.amount

    @pytest.mark.parametrize(
        ("rule", "said"),
        [
            (Access.LINK, "without an account"),
            (Access.SIGNED_IN, "an account here"),
            (Access.ASK, "let in each person"),
        ],
    )
    def test_the_ready_page_says_who_may_enter(
        self, browser: Browser, room: Room, rule: Access, said: str
    ) -> None:
        services.set_access(room_id=room.pk, access=rule)
        assert said in text_of(browser(room.owner).get(f"/c/{room.slug}/ready/"))

    def test_only_the_owner_sees_the_ready_page(
        self, browser: Browser, room: Room, member: User
    ) -> None:
        assert browser(member).get(f"/c/{room.slug}/ready/").status_code == 404


class TestCallPage:
    def test_a_guest_is_asked_for_a_name(self, browser: Browser, room: Room) -> None:
        response = browser().get(f"/c/{room.slug}/")
        config = config_of(response)
        assert config["roomId"] == str(room.pk)
        assert config["slug"] == room.slug
        assert config["roomName"] == room.name
        assert config["wsUrl"] == f"/ws/rooms/{room.pk}/"
        assert config["ticketUrl"] == f"/api/v1/rooms/{room.slug}/ticket"
        assert config["shareUrl"] == f"http://localhost:8000/c/{room.slug}/"
        assert config["ticket"]
        assert config["csrfToken"]
        assert config["turnConfigured"] is True
        assert (config["signedIn"], config["needsName"], config["name"]) == (False, True, None)
        assert config["role"] == "guest"
        assert config["settingsUrl"] is None

    def test_without_a_relay_the_lobby_says_what_then_helps(
        self, browser: Browser, room: Room, settings: Settings
    ) -> None:
        with_relay = text_of(browser().get(f"/c/{room.slug}/"))
        assert 'data-testid="no-relay"' not in with_relay
        assert 'data-testid="relay"' in with_relay
        settings.TURN_HOST = ""
        response = browser().get(f"/c/{room.slug}/")
        assert config_of(response)["turnConfigured"] is False
        line = re.search(r'<p[^>]*data-testid="no-relay">(.*?)</p>', text_of(response))
        assert line
        assert "no relay" in line[1]
        assert "try another network" in line[1]
        assert 'data-testid="relay"' not in text_of(response)

    def test_an_account_enters_under_its_name(
        self, browser: Browser, room: Room, member: User
    ) -> None:
        config = config_of(browser(member).get(f"/c/{room.slug}/"))
        assert (config["signedIn"], config["needsName"]) == (True, False)
        assert (config["name"], config["role"]) == (member.name, "member")
        assert config["settingsUrl"] is None

    def test_the_owner_finds_the_settings(self, browser: Browser, room: Room) -> None:
        config = config_of(browser(room.owner).get(f"/c/{room.slug}/"))
        assert config["role"] == "owner"
        assert config["settingsUrl"] == f"/c/{room.slug}/settings/"

    def test_it_is_not_kept_by_caches(self, browser: Browser, room: Room) -> None:
        assert "no-store" in browser().get(f"/c/{room.slug}/")["Cache-Control"]

    def test_a_locked_room_shows_its_lobby(self, browser: Browser, room: Room) -> None:
        services.set_locked(room_id=room.pk, locked=True)
        assert browser().get(f"/c/{room.slug}/").status_code == 200

    @pytest.mark.parametrize(("who", "most"), [("guest", 1), ("owner", 3), ("member", 6)])
    def test_it_costs_few_queries(
        self, browser: Browser, room: Room, member: User, who: str, most: int
    ) -> None:
        client = browser({"guest": None, "owner": room.owner, "member": member}[who])
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/c/{room.slug}/").status_code == 200
        assert len(queries) <= most, [query["sql"] for query in queries]

    def test_a_visit_is_kept_for_members_only(
        self, browser: Browser, room: Room, member: User
    ) -> None:
        for user in (None, room.owner, member):
            browser(user).get(f"/c/{room.slug}/")
        assert Visit.objects.get().user == member

    def test_it_cannot_be_posted_to(self, browser: Browser, room: Room) -> None:
        assert browser().post(f"/c/{room.slug}/").status_code == 405


class TestRefusals:
    def test_missing_and_malformed_have_one_status_and_one_body(
        self, browser: Browser, db: None
    ) -> None:
        slugs = [slug_of(new_room_id()), slug_of(new_room_id()), "x", "A" * 21 + "B", "a" * 500]
        answers = set()
        for slug in slugs:
            response = browser().get(f"/c/{slug}/")
            headers = {key: value for key, value in response.items() if "Policy" not in key}
            answers.add((response.status_code, response.content, tuple(sorted(headers.items()))))
        [(status, body, _)] = answers
        assert status == 404
        assert b"no channel at this address" in body

    def test_settings_of_others_look_like_those_of_nobody(
        self, browser: Browser, room: Room, member: User
    ) -> None:
        client = browser(member)

        def answer(slug: str) -> tuple[int, str]:
            response = client.get(f"/c/{slug}/settings/")
            hidden = re.sub(r'(name="csrfmiddlewaretoken" value=")\w+', r"\1", text_of(response))
            return response.status_code, hidden

        theirs, missing = answer(room.slug), answer(slug_of(new_room_id()))
        assert theirs == missing
        assert theirs[0] == 404

    def test_guessing_is_stopped_with_a_time_to_wait(self, browser: Browser, room: Room) -> None:
        for _ in range(20):
            assert browser().get(f"/c/{slug_of(new_room_id())}/").status_code == 404
        for slug in (slug_of(new_room_id()), room.slug):
            response = browser().get(f"/c/{slug}/")
            assert response.status_code == 429
            assert 0 < int(response["Retry-After"]) <= 60
            assert "then reload this page" in text_of(response)

    def test_a_guest_is_sent_to_sign_in_and_back(self, browser: Browser, room: Room) -> None:
        services.set_access(room_id=room.pk, access=Access.SIGNED_IN)
        response = browser().get(f"/c/{room.slug}/")
        assert response.status_code == 403
        body = text_of(response)
        assert f"/accounts/login/?next=%2Fc%2F{room.slug}%2F" in body
        assert room.name not in body

    def test_an_expired_channel_is_gone_without_its_name(
        self, browser: Browser, room: Room, member: User
    ) -> None:
        services.set_expiry(room_id=room.pk, expires_at=timezone.now() - timedelta(hours=1))
        for user in (None, member):
            response = browser(user).get(f"/c/{room.slug}/")
            assert response.status_code == 410
            assert room.name not in text_of(response)
        response = browser(room.owner).get(f"/c/{room.slug}/")
        assert response.status_code == 410
        assert f"/c/{room.slug}/settings/#expiry" in text_of(response)

    def test_a_removed_person_is_told_so(self, browser: Browser, room: Room, member: User) -> None:
        services.record_removal(room_id=room.pk, identity=identity_of_user(member.pk))
        response = browser(member).get(f"/c/{room.slug}/")
        assert response.status_code == 403
        assert "owner removed you" in text_of(response)

    @pytest.mark.parametrize("path", ["", "ready/", "settings/", "delete/"])
    def test_no_refusal_leaks_a_ticket(
        self, browser: Browser, room: Room, member: User, path: str
    ) -> None:
        services.set_expiry(room_id=room.pk, expires_at=timezone.now())
        assert "call-config" not in text_of(browser(member).get(f"/c/{room.slug}/{path}"))


class TestNamesAreNeverMarkup:
    def pages(self, room: Room) -> list[str]:
        paths = ["", "ready/", "settings/", "delete/"]
        return ["/channels/", *(f"/c/{room.slug}/{path}" for path in paths)]

    def test_a_hostile_room_and_owner_stay_text_on_every_page(
        self, browser: Browser, owner: User, announced: list[UUID]
    ) -> None:
        owner.name = MARKUP
        owner.save()
        room = services.create_room(owner_id=owner.pk, name=MARKUP)
        services.record_removal(room_id=room.pk, identity=Identity("guest:x"), name=MARKUP)
        client = browser(owner)
        for page in self.pages(room):
            body = text_of(client.get(page))
            assert "<script>alert" not in body, page
            assert "<img src=x" not in body, page
            assert "&lt;script&gt;alert" in body or "\\u003Cscript" in body, page

    def test_a_deleted_rooms_name_is_text_in_the_message(
        self, browser: Browser, owner: User
    ) -> None:
        room = services.create_room(owner_id=owner.pk, name=MARKUP)
        body = text_of(browser(owner).post(f"/c/{room.slug}/delete/", follow=True))
        assert "<script>alert" not in body

    def test_a_hostile_visited_room_is_text_on_home(
        self, browser: Browser, owner: User, member: User
    ) -> None:
        room = services.create_room(owner_id=owner.pk, name=MARKUP)
        services.record_visit(room_id=room.pk, user_id=member.pk)
        assert "<script>alert" not in text_of(browser(member).get("/channels/"))
