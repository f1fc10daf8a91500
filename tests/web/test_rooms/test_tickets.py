"""Tickets: what is in them, who gets one, how many; and the guest's cookie."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from http.cookies import Morsel
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from rooms import services
from rooms.identifiers import new_room_id, slug_of
from rooms.models import Access, Removal, Room
from rooms.throttles import NEWCOMERS, TICKETS
from rooms.viewers import GUEST_COOKIE
from signaling.protocol.messages import Role
from signaling.tickets import Identity, Ticket, read_ticket, session_digest

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]


def page(room: Room) -> str:
    return f"/c/{room.slug}/"


def endpoint(room: Room) -> str:
    return f"/api/v1/rooms/{room.slug}/ticket"


def ticket_on(client: Client, room: Room) -> Ticket:
    config = client.get(page(room)).context["config"]
    return read_ticket(config["ticket"], now=time.time())


def post(client: Client, room: Room) -> Any:
    """As the call page does it, with the token that its configuration holds."""
    token = client.get(page(room)).context["config"]["csrfToken"]
    return client.post(endpoint(room), headers={"X-CSRFToken": token})


class TestContents:
    def test_a_guest_gets_a_ticket_without_name_or_session(
        self, room: Room, browser: Browser
    ) -> None:
        ticket = ticket_on(browser(), room)
        assert ticket.room_id == room.pk
        assert ticket.identity.startswith("guest:")
        assert len(ticket.identity) == len("guest:") + 22
        assert (ticket.name, ticket.role) == ("", Role.GUEST)
        assert ticket.session is None
        assert ticket.auth is None
        assert 0 <= time.time() + 12 * 3600 - ticket.expires_at < 60

    @pytest.mark.parametrize(("kind", "role"), [("member", Role.MEMBER), ("owner", Role.OWNER)])
    def test_an_account_gets_one_bound_to_its_session(
        self, room: Room, member: User, browser: Browser, kind: str, role: Role
    ) -> None:
        user = member if kind == "member" else room.owner
        client = browser(user)
        ticket = ticket_on(client, room)
        session_key = client.session.session_key
        assert session_key is not None
        assert ticket.identity == f"user:{user.pk}"
        assert (ticket.name, ticket.role) == (user.name, role)
        assert ticket.session == session_digest(session_key)
        assert ticket.auth

    def test_no_page_shows_the_session_key(self, room: Room, browser: Browser) -> None:
        client = browser(room.owner)
        session_key = client.session.session_key
        assert session_key is not None
        assert session_key not in client.get(page(room)).content.decode()

    def test_the_endpoint_gives_a_fresh_ticket_for_the_same_person(
        self, room: Room, browser: Browser
    ) -> None:
        client = browser(csrf=True)
        first = ticket_on(client, room)
        response = post(client, room)
        assert response.status_code == 200
        assert response["Cache-Control"] == "no-store"
        body = response.json()
        again = read_ticket(body["ticket"], now=time.time())
        assert again.identity == first.identity
        assert datetime.fromisoformat(body["expiresAt"]).timestamp() == again.expires_at
        assert set(body) == {"ticket", "expiresAt"}


class TestRefusals:
    def test_a_foreign_page_cannot_ask(self, room: Room, browser: Browser) -> None:
        response = browser(csrf=True).post(endpoint(room))
        assert response.status_code == 403
        assert response.json()["code"] == "csrf"

    def test_only_post_is_answered(self, room: Room, browser: Browser) -> None:
        assert browser().get(endpoint(room)).status_code == 405

    def test_missing_and_malformed_are_told_alike(self, db: None, browser: Browser) -> None:
        client = browser()
        answers = {
            (response.status_code, response.content, response["Cache-Control"])
            for slug in (slug_of(new_room_id()), "nonsense", "A" * 21 + "B")
            for response in [client.post(f"/api/v1/rooms/{slug}/ticket")]
        }
        [(status, _, cache)] = answers
        assert status == 404
        assert cache == "no-store"

    @pytest.mark.parametrize(
        ("refuse", "status", "code"),
        [
            (
                lambda room: services.set_access(room_id=room.pk, access=Access.SIGNED_IN),
                403,
                "forbidden",
            ),
            (
                lambda room: services.set_expiry(room_id=room.pk, expires_at=timezone.now()),
                410,
                "room_expired",
            ),
        ],
    )
    def test_an_access_refusal_is_a_problem_with_its_code(
        self,
        room: Room,
        browser: Browser,
        refuse: Callable[[Room], None],
        status: int,
        code: str,
    ) -> None:
        refuse(room)
        response = browser().post(endpoint(room))
        assert response.status_code == status
        assert response.json()["code"] == code
        assert "ticket" not in response.json()

    def test_a_removed_guest_gets_no_other_ticket(self, room: Room, browser: Browser) -> None:
        client = browser()
        services.record_removal(room_id=room.pk, identity=ticket_on(client, room).identity)
        response = client.post(endpoint(room))
        assert response.status_code == 403
        assert response.json()["code"] == "removed"

    def test_a_forgiven_guest_gets_one_again(self, room: Room, browser: Browser) -> None:
        client = browser()
        services.record_removal(room_id=room.pk, identity=ticket_on(client, room).identity)
        services.forgive_removal(room_id=room.pk, removal_id=Removal.objects.get().pk)
        assert client.post(endpoint(room)).status_code == 200


class TestCaps:
    def test_one_person_takes_thirty_a_minute(self, room: Room, browser: Browser) -> None:
        client = browser(room.owner)
        for _ in range(TICKETS.amount):
            assert client.post(endpoint(room)).status_code == 200
        refused = client.post(endpoint(room))
        assert refused.status_code == 429
        assert 0 < int(refused["Retry-After"]) <= 60
        page_refused = client.get(page(room))
        assert page_refused.status_code == 429
        assert 0 < int(page_refused["Retry-After"]) <= 60

    def test_newcomers_are_counted_by_room_and_address(
        self, room: Room, owner: User, browser: Browser
    ) -> None:
        for _ in range(NEWCOMERS.amount):
            assert browser().get(page(room)).status_code == 200
        assert browser().get(page(room)).status_code == 429
        elsewhere = services.create_room(owner_id=owner.pk, name="Elsewhere")
        assert browser().get(page(elsewhere)).status_code == 200
        other_address = Client(REMOTE_ADDR="192.0.2.77")
        assert other_address.get(page(room)).status_code == 200

    def test_known_guests_and_accounts_are_not_shut_out_by_newcomers(
        self, room: Room, member: User, browser: Browser
    ) -> None:
        known = browser()
        known.get(page(room))
        for _ in range(NEWCOMERS.amount):
            browser().get(page(room))
        assert known.get(page(room)).status_code == 200
        assert browser(member).get(page(room)).status_code == 200


class TestGuestCookie:
    def cookie(self, client: Client, room: Room) -> Morsel[str]:
        return client.get(page(room)).cookies[GUEST_COOKIE]

    def test_it_is_for_the_server_alone(self, room: Room, browser: Browser) -> None:
        cookie = self.cookie(browser(), room)
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert not cookie["secure"]

    def test_it_is_secure_where_the_site_is(
        self, room: Room, browser: Browser, settings: Settings
    ) -> None:
        settings.SESSION_COOKIE_SECURE = True
        assert self.cookie(browser(), room)["secure"]

    def test_a_guest_stays_the_same_over_reloads_and_rooms(
        self, room: Room, owner: User, browser: Browser
    ) -> None:
        client = browser()
        other = services.create_room(owner_id=owner.pk, name="Other")
        assert ticket_on(client, room).identity == ticket_on(client, other).identity

    def test_two_browsers_are_two_guests(self, room: Room, browser: Browser) -> None:
        assert ticket_on(browser(), room).identity != ticket_on(browser(), room).identity

    def test_an_account_gets_none(self, room: Room, member: User, browser: Browser) -> None:
        assert GUEST_COOKIE not in browser(member).get(page(room)).cookies

    def test_a_refusal_sets_none(self, db: None, browser: Browser) -> None:
        assert GUEST_COOKIE not in browser().get(f"/c/{slug_of(new_room_id())}/").cookies

    @pytest.mark.parametrize("forged", ["", "x", "BBBBBBBBBBBBBBBBBBBBBB", "a:b:c", "é"])
    def test_a_forged_one_makes_a_new_guest(
        self, room: Room, browser: Browser, forged: str
    ) -> None:
        client = browser()
        client.cookies[GUEST_COOKIE] = forged
        identity = ticket_on(client, room).identity
        assert identity != Identity(f"guest:{forged}")
        assert len(identity) == len("guest:") + 22

    def test_one_guests_signature_does_not_serve_another_id(
        self, room: Room, browser: Browser
    ) -> None:
        client = browser()
        _, _, signature = self.cookie(client, room).value.partition(":")
        client.cookies[GUEST_COOKIE] = "B" * 22 + ":" + signature
        assert ticket_on(client, room).identity != Identity("guest:" + "B" * 22)

    def test_it_outlives_a_call_and_ends(self, room: Room, browser: Browser) -> None:
        assert self.cookie(browser(), room)["max-age"] == timedelta(days=180).total_seconds()
