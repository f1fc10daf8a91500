"""`POST /api/v1/turn/credentials`: who gets one, what it looks like, and who does not."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from core.ratelimit import limiter
from rooms.models import Access, Admission, Removal, Room
from signaling.protocol.messages import Role
from signaling.tickets import Identity, Ticket, session_digest, sign_ticket
from turn.ice import subject_of

PATH = "/api/v1/turn/credentials"
GUEST = Identity("guest:0123456789abcdefghijkl")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _uncounted() -> Iterator[None]:
    limiter.cache_clear()
    yield
    limiter.cache_clear()


@pytest.fixture
def owner() -> User:
    return User.objects.create_user(email="owner@example.org", name="Owner", password="x" * 12)


@pytest.fixture
def room(owner: User) -> Room:
    return Room.objects.create(name="Room", owner=owner, access=Access.LINK)


def ticket(
    room: Room,
    identity: Identity = GUEST,
    *,
    session: str | None = None,
    life_s: float = 3600,
) -> str:
    return sign_ticket(
        Ticket(
            room_id=room.pk,
            identity=identity,
            name="",
            role=Role.GUEST,
            session=session,
            auth=None,
            expires_at=int(time.time() + life_s),
        )
    )


def ask(client: Client | None = None, token: str | None = None, **extra: Any) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    query = extra.pop("query", "")
    return (client or Client()).post(
        PATH + query, headers=headers | extra.pop("headers", {}), **extra
    )


def test_a_signed_in_person_gets_what_a_peer_connection_takes(owner: User) -> None:
    client = Client()
    client.force_login(owner)
    before = int(time.time())
    answer = ask(client)
    assert answer.status_code == 200, answer.content
    body = answer.json()
    stun, relay = body["iceServers"]
    assert stun == {"urls": ["stun:turn.test:3478"]}
    expiry, subject = relay["username"].split(":")
    assert subject == subject_of(identity=f"user:{owner.pk}", room_id=None)
    assert len(relay["credential"]) == 28
    assert body["ttl"] == 7200
    assert body["policy"] == "all"
    served = datetime.fromisoformat(body["serverTime"])
    assert served.tzinfo is not None
    assert before <= served.timestamp() <= time.time()
    assert datetime.fromisoformat(body["expiresAt"]).timestamp() == int(expiry)
    assert datetime.fromisoformat(body["expiresAt"]) - served == timedelta(seconds=7200)
    assert datetime.fromisoformat(body["refreshAfter"]) - served == timedelta(seconds=5760)


def test_the_answer_is_kept_by_nobody(owner: User) -> None:
    client = Client()
    client.force_login(owner)
    answer = ask(client)
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert "Cookie" in answer.headers["Vary"]
    assert "Authorization" in answer.headers["Vary"]
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("format_name", ["uberti", "matrix"])
def test_other_clients_get_the_shape_they_know(owner: User, format_name: str) -> None:
    client = Client()
    client.force_login(owner)
    body = ask(client, query=f"?format={format_name}").json()
    assert set(body) == {"username", "password", "ttl", "uris"}
    assert body["ttl"] == 7200
    assert body["uris"] == [
        "turn:turn.test:3478?transport=udp",
        "turn:turn.test:3478?transport=tcp",
    ]


def test_without_a_relay_the_list_is_empty_and_says_so(owner: User, settings: Settings) -> None:
    settings.TURN_HOST = ""
    client = Client()
    client.force_login(owner)
    body = ask(client).json()
    assert body["iceServers"] == []
    assert body["ttl"] is None
    assert body["expiresAt"] is None
    assert ask(client, query="?format=matrix").json() == {}


def refused(answer: Any, status: int, code: str) -> None:
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json()["code"] == code
    assert b"iceServers" not in answer.content


def test_nobody_gets_one_anonymously() -> None:
    refused(ask(), 401, "unauthenticated")


def test_a_session_needs_the_pages_csrf_token(owner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    refused(ask(client), 403, "csrf")
    client.get("/")
    client.cookies["csrftoken"] = token = "a" * 32
    assert ask(client, headers={"X-CSRFToken": token}).status_code == 200


def test_a_person_whose_account_was_disabled_gets_none(owner: User) -> None:
    client = Client()
    client.force_login(owner)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    refused(ask(client), 401, "unauthenticated")


def test_a_guest_with_a_ticket_gets_one_of_that_room(room: Room) -> None:
    answer = ask(token=ticket(room))
    assert answer.status_code == 200, answer.content
    username = answer.json()["iceServers"][1]["username"]
    assert username.split(":")[1] == subject_of(identity=GUEST, room_id=room.pk)


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "eyJ.eyJ.sig", "\u00e9", "x" * 5000])
def test_a_forged_ticket_is_refused(token: str) -> None:
    refused(ask(token=token), 401, "ticket_invalid")


def test_a_ticket_that_was_altered_or_has_expired_is_refused(room: Room) -> None:
    good = ticket(room)
    refused(ask(token=good[:-1] + ("A" if good[-1] != "A" else "B")), 401, "ticket_invalid")
    refused(ask(token=ticket(room, life_s=-1)), 401, "ticket_invalid")


def test_an_accounts_ticket_is_worth_nothing_without_its_session(room: Room, owner: User) -> None:
    client = Client()
    client.force_login(owner)
    key = client.session.session_key
    assert key is not None
    mine = ticket(room, Identity(f"user:{owner.pk}"), session=session_digest(key))
    assert ask(client, mine).status_code == 200
    refused(ask(token=mine), 401, "ticket_invalid")
    other = Client()
    other.force_login(owner)
    refused(ask(other, mine), 401, "ticket_invalid")
    unbound = ticket(room, Identity(f"user:{owner.pk}"))
    refused(ask(client, unbound), 401, "ticket_invalid")


def test_a_removed_person_gets_none(room: Room) -> None:
    Removal.objects.create(room=room, identity=GUEST)
    refused(ask(token=ticket(room)), 403, "forbidden")


def test_a_deleted_or_expired_room_gives_none(room: Room) -> None:
    token = ticket(room)
    Room.objects.filter(pk=room.pk).update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    refused(ask(token=token), 403, "forbidden")
    Room.objects.filter(pk=room.pk).delete()
    refused(ask(token=token), 403, "forbidden")


def test_who_must_ask_first_gets_one_only_when_admitted(room: Room) -> None:
    Room.objects.filter(pk=room.pk).update(access=Access.ASK)
    refused(ask(token=ticket(room)), 403, "forbidden")
    Admission.objects.create(room=room, identity=GUEST)
    assert ask(token=ticket(room)).status_code == 200


def test_a_locked_room_gives_guests_at_its_door_none(room: Room) -> None:
    Room.objects.filter(pk=room.pk).update(locked=True)
    refused(ask(token=ticket(room)), 403, "forbidden")
    Admission.objects.create(room=room, identity=GUEST)
    assert ask(token=ticket(room)).status_code == 200
    Room.objects.filter(pk=room.pk).update(access=Access.SIGNED_IN)
    refused(ask(token=ticket(room)), 403, "forbidden")


def test_a_room_for_signed_in_people_gives_guests_none(room: Room) -> None:
    Room.objects.filter(pk=room.pk).update(access=Access.SIGNED_IN)
    refused(ask(token=ticket(room)), 403, "forbidden")


def test_too_many_are_refused_with_the_time_to_wait(owner: User) -> None:
    client = Client()
    client.force_login(owner)
    answers = [ask(client) for _ in range(100)]
    assert sum(answer.status_code == 200 for answer in answers) == 30
    refused(answers[-1], 429, "rate_limited")
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    other = User.objects.create_user(email="b@example.org", name="B", password="x" * 12)
    neighbour = Client()
    neighbour.force_login(other)
    assert ask(neighbour).status_code == 200, "the same address, another person"


def test_failures_are_counted_per_address_and_stop_only_failures_there(
    room: Room, owner: User
) -> None:
    for _ in range(30):
        assert ask(token="forged", REMOTE_ADDR="93.184.216.34").status_code == 401
    refused(ask(token="forged", REMOTE_ADDR="93.184.216.34"), 429, "rate_limited")
    assert ask(token="forged", REMOTE_ADDR="93.184.216.35").status_code == 401
    client = Client()
    client.force_login(owner)
    assert ask(client, REMOTE_ADDR="93.184.216.34").status_code == 200


@pytest.mark.parametrize("query", ["?format=x", "?format="])
def test_an_unknown_format_is_named_and_not_repeated(owner: User, query: str) -> None:
    client = Client()
    client.force_login(owner)
    answer = ask(client, query=query)
    refused(answer, 422, "invalid")
    assert answer.json()["errors"] == [{"at": "query.format", "type": "enum"}]


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_only_post_asks(method: str) -> None:
    assert getattr(Client(), method)(PATH).status_code == 405


def test_one_request_costs_a_session_and_a_user(
    owner: User, django_assert_max_num_queries: Any
) -> None:
    client = Client()
    client.force_login(owner)
    with django_assert_max_num_queries(2):
        ask(client)
