"""Text of people, cleaned before anyone else sees it.

Names are cleaned by `accounts.names`; this is for chat. Markup is kept as the text
it is: whatever shows it escapes it.
"""

import re
import unicodedata
from typing import Final

from signaling.protocol import limits

_BIDI: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Tab and line feed stay: chat may hold several lines.
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufff9-\ufffb]")
_BLANK_LINES: Final = re.compile(r"\n{3,}")


class TextInvalid(ValueError):
    """Nothing is left, or more than `limits.CHAT_BYTES`."""


def clean_chat(raw: str) -> str:
    """NFC, without control and bidirectional characters. Joiners stay: emoji and
    several scripts need them."""
    if len(raw) > limits.CHAT_BYTES:
        raise TextInvalid
    text = _CONTROL.sub("", _BIDI.sub("", raw.replace("\r\n", "\n").replace("\r", "\n")))
    text = _BLANK_LINES.sub("\n\n", unicodedata.normalize("NFC", text)).strip()
    visible = any(unicodedata.category(char)[0] in "LNPS" for char in text)
    if not visible or len(text.encode("utf-8", "surrogatepass")) > limits.CHAT_BYTES:
        raise TextInvalid
    return text
