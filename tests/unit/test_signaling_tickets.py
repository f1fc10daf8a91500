import dataclasses
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from signaling.protocol.messages import PeerId, Role, SeatId
from signaling.tickets import (
    Identity,
    SeatClaim,
    SeatTokenInvalid,
    Ticket,
    TicketInvalid,
    read_seat,
    read_ticket,
    session_digest,
    sign_seat,
    sign_ticket,
)

TICKET = Ticket(
    room_id=uuid4(),
    identity=Identity("user:1"),
    name="Zoë <b>",
    role=Role.OWNER,
    session=session_digest("key"),
    auth="auth",
    expires_at=1000,
)
CLAIM = SeatClaim(
    room_id=uuid4(),
    identity=Identity("guest:x"),
    seat_id=SeatId("S" * 22),
    peer_id=PeerId("P" * 22),
    order=None,
    admitted=True,
    epoch="e",
    expires_at=1000,
)


def test_what_is_signed_comes_back_as_it_was() -> None:
    assert read_ticket(sign_ticket(TICKET), now=999) == TICKET
    assert read_seat(sign_seat(CLAIM), now=999) == CLAIM
    seated = dataclasses.replace(CLAIM, order=1795374146579)
    assert read_seat(sign_seat(seated), now=0) == seated


def test_a_token_ends_at_its_second() -> None:
    with pytest.raises(TicketInvalid):
        read_ticket(sign_ticket(TICKET), now=1000)
    with pytest.raises(SeatTokenInvalid):
        read_seat(sign_seat(CLAIM), now=1000)


def test_one_token_is_never_taken_for_the_other() -> None:
    with pytest.raises(TicketInvalid):
        read_ticket(sign_seat(CLAIM), now=0)
    with pytest.raises(SeatTokenInvalid):
        read_seat(sign_ticket(TICKET), now=0)


@given(st.integers(0, 400), st.characters(codec="ascii"))
def test_no_changed_character_passes(index: int, char: str) -> None:
    token = sign_ticket(TICKET)
    index %= len(token)
    changed = token[:index] + char + token[index + 1 :]
    if changed != token:
        with pytest.raises(TicketInvalid):
            read_ticket(changed, now=0)


@given(st.text())
def test_nonsense_is_invalid_and_nothing_else(token: str) -> None:
    with pytest.raises(TicketInvalid):
        read_ticket(token, now=0)
    with pytest.raises(SeatTokenInvalid):
        read_seat(token, now=0)


def test_a_rotated_key_still_reads_what_the_old_one_signed() -> None:
    token = sign_ticket(TICKET)
    changed = override_settings(SECRET_KEY="n" * 50, SECRET_KEY_FALLBACKS=[])
    with changed, pytest.raises(TicketInvalid):
        read_ticket(token, now=0)
    with override_settings(SECRET_KEY="n" * 50, SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert read_ticket(token, now=0) == TICKET


def test_a_ticket_does_not_hold_the_session_key() -> None:
    assert "key" not in session_digest("key")
    assert len(session_digest("key")) == 64
