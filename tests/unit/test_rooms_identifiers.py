"""Slugs and ids name the same rooms, one to one."""

import string
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rooms.identifiers import InvalidSlug, id_of, new_room_id, slug_of

BASE64URL = string.ascii_letters + string.digits + "-_"
ids = st.binary(min_size=16, max_size=16).map(lambda raw: UUID(bytes=raw))


@given(ids)
@example(UUID(int=0))
@example(UUID(int=2**128 - 1))
def test_every_id_has_a_slug_that_leads_back_to_it(room_id: UUID) -> None:
    slug = slug_of(room_id)
    assert len(slug) == 22
    assert set(slug) <= set(BASE64URL)
    assert id_of(slug) == room_id


@given(st.text(alphabet=BASE64URL, min_size=22, max_size=22))
def test_a_slug_is_either_canonical_or_refused(slug: str) -> None:
    try:
        assert slug_of(id_of(slug)) == slug
    except InvalidSlug:
        assert slug[-1] not in "AQgw"


@given(st.text(max_size=64))
@example("")
@example("A" * 21)
@example("A" * 23)
@example("A" * 21 + "B")
@example("A" * 21 + "=")
@example("A" * 20 + "==")
@example("+" * 21 + "A")
@example("/" * 21 + "A")
@example("A" * 21 + "\n")
@example("\uff21" * 22)
@example("A" * 21 + "\x00")
def test_whatever_text_comes_nothing_but_invalid_slug_is_raised(text: str) -> None:
    try:
        room_id = id_of(text)
    except InvalidSlug:
        return
    assert slug_of(room_id) == text


@pytest.mark.parametrize("last", sorted(set(BASE64URL) - set("AQgw")))
def test_the_four_spare_bits_of_the_last_character_must_be_zero(last: str) -> None:
    with pytest.raises(InvalidSlug):
        id_of("A" * 21 + last)


def test_all_128_bits_of_a_new_id_vary() -> None:
    ones = zeros = 0
    for _ in range(200):
        bits = new_room_id().int
        ones |= bits
        zeros |= ~bits & (2**128 - 1)
    assert ones == zeros == 2**128 - 1
