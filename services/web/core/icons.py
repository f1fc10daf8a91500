"""The icons of the pages: which there are, and the one file that holds them.

Owns: reading Lucide's drawings out of its package and cutting the sprite. Refuses:
a name that is not in icons.txt, or that Lucide does not have. Source of truth:
icons.txt beside this file.
"""

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET
from zipfile import ZipFile

SPRITE: Final = "icons.svg"
_LIST: Final = Path(__file__).with_name("icons.txt")
_SVG: Final = "{http://www.w3.org/2000/svg}"
_DRAWN: Final = {"path", "circle", "ellipse", "line", "polygon", "polyline", "rect"}


class UnknownIcon(LookupError):
    def __init__(self, name: str, where: str) -> None:
        super().__init__(f"There is no icon {name!r} in {where}.")


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    lines = _LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def known(name: str) -> str:
    """The same name. Raises UnknownIcon."""
    if name not in names():
        raise UnknownIcon(name, "core/icons.txt")
    return name


def cut_sprite() -> str:
    """An SVG document with one symbol per name. Raises UnknownIcon."""
    package = files("lucide").joinpath("lucide.zip")
    with package.open("rb") as file, ZipFile(file) as drawings:
        symbols = [_symbol(name, drawings) for name in sorted(names())]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def _symbol(name: str, drawings: ZipFile) -> str:
    try:
        source = drawings.read(f"{name}.svg")
    except KeyError:
        raise UnknownIcon(name, "the package lucide") from None
    # Lucide's own files, from a package pinned by its hash.
    parsed = ET.fromstring(source)  # noqa: S314
    symbol = ET.Element(
        "symbol",
        {
            "id": name,
            "viewBox": "0 0 24 24",
            "fill": "none",
            "stroke": "currentColor",
            "stroke-width": "2",
            "stroke-linecap": "round",
            "stroke-linejoin": "round",
        },
    )
    for shape in parsed:
        tag = shape.tag.removeprefix(_SVG)
        if tag not in _DRAWN:
            raise UnknownIcon(name, "the shapes that a sprite can hold")
        symbol.append(ET.Element(tag, dict(shape.attrib)))
    return ET.tostring(symbol, encoding="unicode")
