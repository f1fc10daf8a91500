"""Camera and microphone of each fake person: a colour and a tone that nobody else has.

A test that only sees frames advance may be watching the self view. With these
files the other end can tell whose picture and whose voice arrived.
"""

import math
import struct
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Final

WIDTH: Final = 640
HEIGHT: Final = 360
FRAMES_PER_SECOND: Final = 20
FRAMES: Final = 20
SAMPLE_RATE: Final = 48_000


@dataclass(frozen=True, slots=True)
class Signature:
    """What is seen and heard of one person. `rgb` is of 0-255, `tone` in Hz."""

    name: str
    rgb: tuple[int, int, int]
    tone: int


RED: Final = Signature("red", (210, 40, 40), 700)
BLUE: Final = Signature("blue", (40, 60, 210), 1100)
GREEN: Final = Signature("green", (40, 170, 60), 1600)
SIGNATURES: Final = (RED, BLUE, GREEN)
FIREFOX_TONE: Final = 1000
"""Firefox's fake microphone hums this and cannot be told otherwise."""


def write_camera(signature: Signature, directory: Path) -> Path:
    """An uncompressed Y4M loop of the colour, with a small square that moves."""
    path = directory / f"{signature.name}.y4m"
    luma, blue_difference, red_difference = _bt601(signature.rgb)
    chroma = bytes([blue_difference]) * (WIDTH * HEIGHT // 4) + bytes([red_difference]) * (
        WIDTH * HEIGHT // 4
    )
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_PER_SECOND}:1 Ip A1:1 C420\n".encode())
        for index in range(FRAMES):
            plane = bytearray([luma]) * (WIDTH * HEIGHT)
            left = 8 + index * 8
            for row in range(8, 40):
                start = row * WIDTH + left
                plane[start : start + 32] = bytes([235]) * 32
            file.write(b"FRAME\n")
            file.write(plane)
            file.write(chroma)
    return path


def write_microphone(signature: Signature, directory: Path) -> Path:
    """One second of tone, on and off: noise suppression removes what never changes."""
    path = directory / f"{signature.name}.wav"
    samples = bytearray()
    for index in range(SAMPLE_RATE):
        second = index / SAMPLE_RATE
        # 250 ms on, 150 ms off, with soft edges that make no clicks.
        phase = second % 0.4
        loud = max(0.0, min(1.0, phase / 0.01, (0.25 - phase) / 0.01))
        value = int(0.5 * 32767 * loud * math.sin(2 * math.pi * signature.tone * second))
        samples += struct.pack("<hh", value, value)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(bytes(samples))
    return path


def _bt601(rgb: tuple[int, int, int]) -> tuple[int, int, int]:
    """RGB to limited-range Y, Cb, Cr (ITU-R BT.601), as Chromium reads Y4M."""
    red, green, blue = (value / 255 for value in rgb)
    luma = 16 + 65.481 * red + 128.553 * green + 24.966 * blue
    blue_difference = 128 - 37.797 * red - 74.203 * green + 112.0 * blue
    red_difference = 128 + 112.0 * red - 93.786 * green - 18.214 * blue
    return round(luma), round(blue_difference), round(red_difference)
