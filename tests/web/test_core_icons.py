"""Icons: only listed ones, in templates and in scripts, and a loud failure for others."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template

from core import icons
from core.icons import UnknownIcon, cut_sprite, known, names

WEB = Path(__file__).resolve().parents[2] / "services" / "web"


def test_an_icon_is_decoration_out_of_the_sprite() -> None:
    html = Template('{% load icons %}{% icon "mic-off" %}').render(Context())
    assert html == (
        '<svg class="icon" aria-hidden="true" focusable="false">'
        '<use href="/static/icons.svg#mic-off"></use></svg>'
    )


def test_an_icon_that_is_not_listed_fails_when_the_page_is_drawn() -> None:
    with pytest.raises(UnknownIcon, match=r"core/icons\.txt"):
        Template('{% load icons %}{% icon "no-such" %}').render(Context())


def test_an_icon_that_lucide_lacks_fails_when_the_sprite_is_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(icons, "names", lambda: frozenset({"no-such-icon"}))
    with pytest.raises(UnknownIcon, match="lucide"):
        cut_sprite()


def test_the_sprite_has_a_drawing_for_every_name() -> None:
    assert cut_sprite().count("<symbol ") == len(names())


def test_every_icon_of_the_templates_is_listed() -> None:
    used = set()
    for template in WEB.rglob("*.html"):
        used |= set(re.findall(r'{%\s*icon\s+"([^"]+)"', template.read_text(encoding="utf-8")))
    assert used
    assert [name for name in used if known(name) != name] == []


def test_every_icon_of_the_scripts_is_listed() -> None:
    used = set()
    for script in (WEB / "static" / "js").rglob("*.js"):
        text = script.read_text(encoding="utf-8")
        used |= set(re.findall(r"""iconElement\(\s*['"]([a-z0-9-]+)['"]""", text))
    assert [name for name in used if known(name) != name] == []
