"""The call page names all of its modules at once, and travels compressed."""

import gzip
import re
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import User
from core.modules import ModuleMissing, modules_behind
from rooms.services import create_room

STATIC = Path(__file__).parents[2] / "services" / "web" / "static"


def test_every_module_that_a_page_loads_is_known_and_exists() -> None:
    modules = modules_behind("js/call/main.js")
    assert "js/rtc/mesh.js" in modules
    assert "js/signaling/client.js" in modules
    assert "js/call/main.js" not in modules
    assert len(set(modules)) == len(modules)
    assert all((STATIC / name).is_file() for name in modules)


def test_an_import_of_nothing_is_an_error_and_not_a_missing_link() -> None:
    with pytest.raises(ModuleMissing):
        modules_behind("js/call/nowhere.js")


@pytest.mark.django_db
def test_the_call_page_preloads_each_module_once(client: Client) -> None:
    owner = User.objects.create_user("olga@traverse.test", "a long pass phrase", name="Olga")
    room = create_room(owner_id=owner.pk, name="Choir")
    page = client.get(f"/c/{room.slug}/").content.decode()
    links = re.findall(r'<link rel="modulepreload" href="([^"]+)">', page)
    assert len(links) == len(set(links)) == len(modules_behind("js/call/main.js"))


@pytest.mark.django_db
def test_the_call_page_says_that_it_did_not_start_until_a_script_takes_that_away(
    client: Client,
) -> None:
    owner = User.objects.create_user("olga@traverse.test", "a long pass phrase", name="Olga")
    room = create_room(owner_id=owner.pk, name="Choir")
    page = client.get(f"/c/{room.slug}/?relay").content.decode()
    scripts = re.findall(r'<script type="module" src="[^"]*js/call/([a-z]+)[^"]*">', page)
    assert scripts == ["boot", "main"], "what watches the start comes before what starts"
    (words,) = re.findall(r'<section class="broken" id="broken".*?</section>', page, re.DOTALL)
    assert f'href="/c/{room.slug}/?relay"' in words, "reloads without a script"
    assert "<script" not in words
    assert "<noscript>" in words


def test_what_watches_the_start_needs_no_other_file() -> None:
    assert modules_behind("js/call/boot.js") == ()


@pytest.mark.django_db
def test_a_page_is_compressed_and_an_answer_of_the_interface_is_not(client: Client) -> None:
    compressing = {"Accept-Encoding": "gzip"}
    page = client.get("/", headers=compressing)
    assert page["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in page["Vary"]
    assert b"</html>" in gzip.decompress(page.content)
    assert "Content-Encoding" not in client.get("/api/v1/openapi.json", headers=compressing)
