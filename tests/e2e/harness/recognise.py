"""Whose picture, whose voice: the judgements that a self view cannot pass."""

from typing import Final

from tests.e2e.harness.media import Signature

COLOUR_DISTANCE: Final = 60.0
"""Euclidean, in RGB of 0-255; codecs and colour spaces move a colour by up to 25."""
TONE_HERTZ: Final = 25
AUDIBLE: Final = 20
"""Thousandths of full scale; the fake microphones are at 500 before gain control."""
SILENT: Final = 4


def shows(picture: dict[str, int] | None, signature: Signature) -> bool:
    if picture is None:
        return False
    seen = (picture["r"], picture["g"], picture["b"])
    distance = sum((a - b) ** 2 for a, b in zip(seen, signature.rgb, strict=True)) ** 0.5
    return bool(distance <= COLOUR_DISTANCE)


def hears(sound: dict[str, int], tone: int) -> bool:
    return sound["level"] >= AUDIBLE and abs(sound["hertz"] - tone) <= TONE_HERTZ


def silent(sound: dict[str, int]) -> bool:
    return sound["level"] <= SILENT
