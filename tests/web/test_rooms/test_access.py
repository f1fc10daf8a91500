"""Who gets through the door of a room, and what the others are told."""

import itertools
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from rooms import access, services
from rooms.identifiers import new_room_id, slug_of
from rooms.models import Access, Room
from rooms.viewers import Viewer
from signaling.tickets import Identity

pytestmark = pytest.mark.django_db
PEOPLE = ("owner", "member", "removed member", "guest", "removed guest")
WHEN = ("lasting", "not yet expired", "expired")


def guest(name: str = "guest", *, newcomer: bool = False, address: str = "192.0.2.1") -> Viewer:
    return Viewer(
        identity=Identity(f"guest:{name}"),
        user=None,
        newcomer=newcomer,
        address=address,
    )


def account(user: User) -> Viewer:
    return Viewer(
        identity=Identity(f"user:{user.pk}"),
        user=user,
        newcomer=False,
        address="192.0.2.1",
    )


def person(kind: str, room: Room, member: User) -> Viewer:
    viewer = {
        "owner": account(room.owner),
        "member": account(member),
        "removed member": account(member),
        "guest": guest(),
        "removed guest": guest("removed"),
    }[kind]
    if kind.startswith("removed"):
        services.record_removal(room_id=room.pk, identity=viewer.identity)
    return viewer


def expected(kind: str, rule: Access, when: str) -> type[access.Refusal] | None:
    if when == "expired":
        return access.Expired
    if kind == "owner":
        return None
    if rule == Access.SIGNED_IN and "guest" in kind:
        return access.NeedsSignIn
    return access.Removed if kind.startswith("removed") else None


@pytest.mark.parametrize(
    ("kind", "rule", "locked", "when"),
    list(itertools.product(PEOPLE, Access, (False, True), WHEN)),
)
def test_each_person_meets_the_answer_of_the_matrix(
    kind: str, rule: Access, locked: bool, when: str, room: Room, member: User
) -> None:
    services.set_access(room_id=room.pk, access=rule)
    services.set_locked(room_id=room.pk, locked=locked)
    moment = {
        "lasting": None,
        "not yet expired": timezone.now() + timedelta(hours=1),
        "expired": timezone.now() - timedelta(seconds=1),
    }[when]
    services.set_expiry(room_id=room.pk, expires_at=moment)
    viewer = person(kind, room, member)
    refusal = expected(kind, rule, when)
    if refusal is None:
        assert access.room_for(room.slug, viewer) == room
    else:
        with pytest.raises(refusal):
            access.room_for(room.slug, viewer)


@pytest.mark.parametrize("kind", PEOPLE)
def test_only_the_owner_may_change_a_room(kind: str, room: Room, member: User) -> None:
    viewer = person(kind, room, member)
    if kind == "owner":
        assert access.own_room_for(room.slug, viewer) == room
    else:
        with pytest.raises(access.NotFound):
            access.own_room_for(room.slug, viewer)


def test_the_owner_may_change_an_expired_room(room: Room) -> None:
    services.set_expiry(room_id=room.pk, expires_at=timezone.now() - timedelta(days=1))
    assert access.own_room_for(room.slug, account(room.owner)) == room


def test_only_the_owner_learns_which_room_has_expired(room: Room, member: User) -> None:
    services.set_expiry(room_id=room.pk, expires_at=timezone.now() - timedelta(days=1))
    with pytest.raises(access.Expired) as told_owner:
        access.room_for(room.slug, account(room.owner))
    with pytest.raises(access.Expired) as told_member:
        access.room_for(room.slug, account(member))
    assert told_owner.value.room == room
    assert told_member.value.room is None


@pytest.mark.parametrize(
    "slug",
    [
        slug_of(new_room_id()),
        "",
        "short",
        "A" * 21 + "B",
        "A" * 10_000,
        "..%2f",
        "\x00" * 22,
        "é" * 22,
    ],
)
def test_missing_and_malformed_take_the_same_path_to_the_same_refusal(slug: str) -> None:
    with CaptureQueriesContext(connection) as queries, pytest.raises(access.NotFound) as refused:
        access.room_for(slug, guest())
    [query] = queries.captured_queries
    assert "rooms_room" in query["sql"]
    assert refused.value.room is None


def test_a_room_is_found_with_one_query(room: Room) -> None:
    with CaptureQueriesContext(connection) as queries:
        access.room_for(room.slug, guest())
    assert len(queries) == 1


class TestGuessing:
    """S9: whoever guesses is stopped; nobody else is."""

    def misses(self, viewer: Viewer, *, at_most: int = 100) -> int:
        for count in range(at_most):
            with pytest.raises(access.Refusal) as refused:
                access.room_for(slug_of(new_room_id()), viewer)
            if isinstance(refused.value, access.TooManyRequests):
                assert refused.value.retry_after_s is not None
                assert 0 < refused.value.retry_after_s <= 60
                return count
            assert isinstance(refused.value, access.NotFound)
        return at_most

    def test_twenty_misses_a_minute_are_answered(self, db: None) -> None:
        assert self.misses(guest(newcomer=True)) == 20

    def test_a_newcomer_does_not_escape_by_having_no_cookie(self, db: None) -> None:
        for number in range(20):
            with pytest.raises(access.NotFound):
                access.room_for("x", guest(f"g{number}", newcomer=True))
        with pytest.raises(access.TooManyRequests):
            access.room_for("x", guest("g20", newcomer=True))

    def test_over_the_limit_a_hit_is_refused_like_a_miss(self, room: Room) -> None:
        self.misses(guest(newcomer=True))
        with pytest.raises(access.TooManyRequests):
            access.room_for(room.slug, guest(newcomer=True))

    def test_known_people_at_the_same_address_go_on(self, room: Room, member: User) -> None:
        self.misses(guest(newcomer=True))
        assert access.room_for(room.slug, account(member)) == room
        assert access.room_for(room.slug, guest("known")) == room

    def test_an_account_is_stopped_by_its_own_misses(self, room: Room, member: User) -> None:
        assert self.misses(account(member)) == 20
        assert access.room_for(room.slug, account(room.owner)) == room

    def test_hits_do_not_count(self, room: Room) -> None:
        for _ in range(50):
            access.room_for(room.slug, guest(newcomer=True))

    def test_asking_for_the_settings_of_others_counts_as_guessing(
        self, room: Room, member: User
    ) -> None:
        for _ in range(20):
            with pytest.raises(access.NotFound):
                access.own_room_for(room.slug, account(member))
        with pytest.raises(access.TooManyRequests):
            access.own_room_for(room.slug, account(member))
