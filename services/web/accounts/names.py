"""Names that people choose, made safe to show to others.

Owns what a display name may hold. Refuses nothing that is merely unusual:
characters that can hide, reorder or imitate (control, bidirectional,
zero-width, private use) are taken out, the rest is kept in NFC. What is left
must be visible and at most `NAME_CHARS` characters long. Markup is kept as the
text it is; escaping is the work of whatever shows it.
"""

import unicodedata
from typing import Final

NAME_CHARS: Final = 64
# Bounds the work spent on input that can only be refused.
_RAW_CHARS: Final = 16 * NAME_CHARS
# More marks on one letter than any living script needs.
_MARKS_IN_A_ROW: Final = 4
# Categories: control, format (bidirectional and zero-width), surrogate,
# private use, unassigned. Line and paragraph separators become spaces.
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Letters and marks by category, blank to the eye.
_BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


class NameInvalid(ValueError):
    """The name cannot be shown: it is empty, or longer than `NAME_CHARS`."""


def clean_name(raw: str) -> str:
    """Return `raw` as it may be shown to others, or raise `NameInvalid`."""
    if len(raw) > _RAW_CHARS:
        raise NameInvalid(f"Use at most {NAME_CHARS} characters.")
    spaced = "".join(" " if char.isspace() else char for char in raw)
    kept = "".join(char for char in spaced if not _is_hidden(char))
    name = " ".join(_thin_marks(unicodedata.normalize("NFC", kept)).split())
    if not any(unicodedata.category(char)[0] in "LNPS" for char in name):
        raise NameInvalid("Enter a name that others can read.")
    if len(name) > NAME_CHARS:
        raise NameInvalid(f"Use at most {NAME_CHARS} characters.")
    return name


def _is_hidden(char: str) -> bool:
    return (
        unicodedata.category(char) in _DROPPED
        or char in _BLANK
        or 0xE0100 <= ord(char) <= 0xE01EF  # variation selectors supplement
    )


def _thin_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char)[0] == "M" else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(char)
    return "".join(kept)
