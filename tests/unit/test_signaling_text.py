import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.protocol import limits
from signaling.text import TextInvalid, clean_chat


@given(st.text(max_size=200))
def test_cleaning_is_stable_and_leaves_nothing_that_hides_or_reorders(raw: str) -> None:
    try:
        text = clean_chat(raw)
    except TextInvalid:
        return
    assert clean_chat(text) == text
    assert unicodedata.is_normalized("NFC", text)
    assert len(text.encode()) <= limits.CHAT_BYTES
    assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
    assert not [c for c in text if unicodedata.category(c) == "Cc" and c not in "\n\t"]


def test_markup_and_joined_emoji_stay_as_they_are() -> None:
    assert clean_chat("<b>hi</b> 👩‍👩‍👧 &amp;") == "<b>hi</b> 👩‍👩‍👧 &amp;"


@pytest.mark.parametrize("raw", ["", " \n\t", "\u202e", "\u0000", "\u0301", "é" * 2049])
def test_text_that_shows_nothing_or_too_much_is_refused(raw: str) -> None:
    with pytest.raises(TextInvalid):
        clean_chat(raw)
