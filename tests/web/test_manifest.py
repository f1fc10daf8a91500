"""Traverse can be installed as an app: the manifest is whole and its pictures are there."""

import json
import struct
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

pytestmark = pytest.mark.django_db


def manifest(client: Client) -> dict[str, object]:
    response = client.get("/manifest.webmanifest")
    assert response.headers["Content-Type"] == "application/manifest+json"
    assert "sessionid" not in response.cookies
    read: dict[str, object] = json.loads(response.content)
    return read


def size_of(png: Path) -> tuple[int, int]:
    """From the IHDR chunk."""
    head = png.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", head[16:])
    return width, height


def test_every_page_names_the_manifest_and_the_icon_of_a_home_screen(client: Client) -> None:
    for address in ("/", "/accounts/login/", "/accounts/signup/"):
        page = client.get(address).content.decode()
        assert '<link rel="manifest" href="/manifest.webmanifest">' in page, address
        assert 'rel="apple-touch-icon"' in page, address
        assert 'name="theme-color"' in page, address


def test_it_has_what_browsers_ask_of_an_app(client: Client) -> None:
    app = manifest(client)
    assert app["name"] == app["short_name"] == "Traverse"
    assert app["display"] == "standalone"
    assert app["scope"] == "/"
    assert client.get(str(app["start_url"])).status_code in {200, 302}


def test_each_icon_is_there_in_the_size_that_it_says(client: Client) -> None:
    icons = manifest(client)["icons"]
    assert isinstance(icons, list)
    pictures = [icon for icon in icons if icon["type"] == "image/png"]
    assert {(icon["sizes"], icon["purpose"]) for icon in pictures} >= {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }
    for icon in pictures:
        found = finders.find(str(icon["src"]).removeprefix("/static/"))
        assert found, icon["src"]
        width, height = size_of(Path(str(found)))
        assert f"{width}x{height}" == icon["sizes"]


def test_the_page_of_a_call_has_the_colour_of_its_stage(root: Path) -> None:
    """A light bar over a dark stage would shine."""
    styles = (root / "services/web/static/css/tokens.css").read_text(encoding="utf-8")
    template = (root / "services/web/templates/rooms/call.html").read_text(encoding="utf-8")
    dark = styles[styles.index(".theme-dark {") :]
    sunken = dark.split("--surface-sunken:")[1].split(";")[0].strip()
    assert f'<meta name="theme-color" content="{sunken}">' in template
