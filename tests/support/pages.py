"""Reads a page as a browser would, and says what is wrong with it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

_VOID: Final = frozenset({"input", "meta", "link", "br", "hr", "img"})
_UNLABELLED_OK: Final = frozenset({"hidden", "submit", "button"})


@dataclass
class Page:
    """What a test may ask about; `faults` is empty for a sound page."""

    lang: str = ""
    title: str = ""
    h1: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    labelled: set[str] = field(default_factory=set)
    inputs: list[dict[str, str]] = field(default_factory=list)
    post_forms: int = 0
    csrf_fields: int = 0
    faults: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag not in _VOID:
            self._open.append(tag)
        self._note(tag, values)
        self._blame(tag, values)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._note(tag, values)
        self._blame(tag, values)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "h1" in self._open:
            self.page.h1[-1] += data
        elif self._open and self._open[-1] == "title" and "svg" not in self._open:
            self.page.title += data

    def _note(self, tag: str, values: dict[str, str]) -> None:
        page = self.page
        if "id" in values:
            page.ids.append(values["id"])
        if tag == "html":
            page.lang = values.get("lang", "")
        elif tag == "h1":
            page.h1.append("")
        elif tag == "label" and "for" in values:
            page.labelled.add(values["for"])
        elif tag in {"input", "select", "textarea"}:
            page.inputs.append(values)
            page.csrf_fields += values.get("name") == "csrfmiddlewaretoken"
        elif tag == "form" and values.get("method", "").lower() == "post":
            page.post_forms += 1

    def _blame(self, tag: str, values: dict[str, str]) -> None:
        faults = self.page.faults
        inline = tag == "script" and "src" not in values
        if inline and values.get("type") != "application/json":
            faults.append("inline script")
        if tag == "style" or "style" in values:
            faults.append(f"inline style on <{tag}>")
        faults += [f"{name} on <{tag}>" for name in values if name.startswith("on")]
        if values.get("href", "").lower().startswith("javascript:"):
            faults.append("javascript: address")
        if tag == "img" and "alt" not in values:
            faults.append("picture without alt")


def read(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    page = reader.page
    if page.lang != "en":
        page.faults.append("no language")
    if not page.title.strip():
        page.faults.append("no title")
    if len(page.h1) != 1 or not page.h1[0].strip():
        page.faults.append(f"h1: {page.h1}")
    if len(page.ids) != len(set(page.ids)):
        page.faults.append("an id stands twice")
    if page.post_forms != page.csrf_fields:
        page.faults.append("a form without its CSRF token")
    page.faults += [
        f"no label: {values.get('name')}"
        for values in page.inputs
        if values.get("type") not in _UNLABELLED_OK
        and values.get("id") not in page.labelled
        and not values.get("aria-label")
        and not values.get("aria-labelledby")
    ]
    return page
