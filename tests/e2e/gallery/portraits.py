"""Cameras for the gallery: loops of drawn people, as files that Chromium plays as a camera."""

import base64
import wave
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser

FRAME: Final = (
    (Path(__file__).parent / "portraits.js").read_text(encoding="utf-8").strip().removesuffix(";")
)
FRAMES: Final = 20
FRAMES_PER_SECOND: Final = 10


def write_portraits(
    browser: Browser, directory: Path, *, people: int, width: int, height: int
) -> list[Path]:
    """One Y4M loop of two seconds for each person."""
    directory.mkdir(parents=True, exist_ok=True)
    page = browser.new_page()
    paths = []
    for who in range(people):
        path = directory / f"portrait-{who}-{height}.y4m"
        with path.open("wb") as file:
            head = f"YUV4MPEG2 W{width} H{height} F{FRAMES_PER_SECOND}:1 Ip A1:1 C420\n"
            file.write(head.encode())
            for frame in range(FRAMES):
                planes = page.evaluate(FRAME, [who, frame / FRAMES, width, height])
                file.write(b"FRAME\n" + base64.b64decode(planes))
        paths.append(path)
    page.close()
    return paths


def write_silence(directory: Path) -> Path:
    """A microphone in a quiet room."""
    path = directory / "silence.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(bytes(4 * 48_000))
    return path
