"""What `collectstatic` makes of the tree: hashed names that reach into ES modules."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from core.static import _comments

ROOT = Path(__file__).resolve().parents[2]
MANAGE = ROOT / "services" / "web" / "manage.py"
STATIC = ROOT / "services" / "web" / "static"
SAME_SCRIPT = ROOT / "tests" / "support" / "same_script.mjs"
# Any module specifier, written on one line or on several, statically or not.
SPECIFIER = re.compile(r"""(?:\bfrom\s*|\bimport\s*|\bimport\(\s*)["'](?P<specifier>[^"']+)["']""")
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    var = tmp_path_factory.mktemp("var")
    for command in (["build_icons"], ["collectstatic", "--no-input"]):
        done = subprocess.run(
            [sys.executable, MANAGE, *command],
            env={**os.environ, "VAR_DIR": str(var)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    return var / "static"


def manifest(collected: Path) -> dict[str, str]:
    paths: dict[str, str] = json.loads((collected / "staticfiles.json").read_text())["paths"]
    return paths


def test_every_module_imports_only_hashed_files_that_exist(collected: Path) -> None:
    modules = [name for key, name in manifest(collected).items() if key.startswith("js/")]
    seen = 0
    for name in modules:
        if not name.endswith(".js"):
            continue
        source = (collected / name).read_text(encoding="utf-8")
        comments = _comments(source)
        for match in SPECIFIER.finditer(source):
            if any(start <= match.start() < end for start, end in comments):
                continue
            specifier = match.group("specifier")
            assert specifier.startswith("."), f"{name} imports {specifier}: no bare imports"
            target = (collected / name).parent / specifier
            assert HASHED.search(specifier), f"{name} imports {specifier}, which has no hash"
            assert target.resolve().is_file(), f"{name} imports {specifier}, which is not there"
            seen += 1
    assert seen > 10


def test_the_sprite_holds_every_icon_and_has_a_hash(collected: Path) -> None:
    from core.icons import names

    sprite = (collected / manifest(collected)["icons.svg"]).read_text(encoding="utf-8")
    assert set(re.findall(r'<symbol id="([^"]+)"', sprite)) == names()
    assert "script" not in sprite


def test_files_lie_there_compressed(collected: Path) -> None:
    for name in manifest(collected).values():
        # Small files do not get smaller.
        if name.endswith((".js", ".css")) and (collected / name).stat().st_size > 1000:
            assert (collected / f"{name}.gz").is_file(), name
            assert (collected / f"{name}.br").is_file(), name


def differing(pairs: dict[str, tuple[Path, Path]]) -> list[str]:
    lines = [
        json.dumps({"name": name, "before": str(before), "after": str(after)})
        for name, (before, after) in pairs.items()
    ]
    done = subprocess.run(
        ["node", SAME_SCRIPT], input="\n".join(lines), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_scripts_got_lighter_and_are_the_same_programs(collected: Path) -> None:
    pairs = {
        key: (STATIC / key, collected / name)
        for key, name in manifest(collected).items()
        if key.startswith("js/") and key.endswith(".js")
    }
    assert len(pairs) > 50
    assert differing(pairs) == []
    before = sum(source.stat().st_size for source, _ in pairs.values())
    after = sum(target.stat().st_size for _, target in pairs.values())
    assert after < before * 0.75


def test_another_program_would_be_noticed(tmp_path: Path) -> None:
    before, after = tmp_path / "before.js", tmp_path / "after.js"
    before.write_text("import { b } from './b.js'; // why\nconst a = `x  ${b} // y`;\n")
    after.write_text("import{b}from'./b.0123456789ab.js';const a=`x  ${b} // y`;")
    assert differing({"a.js": (before, after)}) == []
    after.write_text("import{b}from'./b.0123456789ab.js';const a=`x ${b}`;")
    assert differing({"a.js": (before, after)}) == ["a.js"]


RULES = """(source) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(source);
  // A value with a variable in it is kept as it was written, line ends and all.
  return [...sheet.cssRules].map((rule) => rule.cssText.replace(/\\s+/g, ' '));
}"""


@pytest.mark.browser
def test_style_sheets_got_lighter_and_say_the_same(collected: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        for key, name in manifest(collected).items():
            if key.startswith("css/"):
                source, light = (STATIC / key).read_text(), (collected / name).read_text()
                assert "/*" not in light, key
                assert len(light) < len(source), key
                assert page.evaluate(RULES, light) == page.evaluate(RULES, source) != [], key
        changed = page.evaluate(RULES, ":where(.a):is(ul){margin:0}")
        assert changed != page.evaluate(RULES, ":where(.a) :is(ul){margin:0}")
        browser.close()


def test_an_import_of_a_missing_file_stops_the_build(tmp_path: Path) -> None:
    web = tmp_path / "source"
    web.mkdir()
    (web / "a.js").write_text("import { b } from './missing.js';\n")
    script = (
        "import django, config.settings;"
        f"config.settings.STATICFILES_DIRS = [{str(web)!r}];"
        "django.setup();"
        "from django.core.management import call_command;"
        "call_command('collectstatic', interactive=False, verbosity=0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "VAR_DIR": str(tmp_path / "var"), "PYTHONPATH": str(MANAGE.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "missing.js" in done.stderr


def test_a_type_in_a_comment_is_no_import(tmp_path: Path) -> None:
    source = (
        "/** @type {import('./b.js').B} */\nconst s = 'http://x/*'; // import './c.js';\nlet a;\n"
    )
    spans = _comments(source)
    texts = [source[start:end] for start, end in spans]
    assert texts == ["/** @type {import('./b.js').B} */", "// import './c.js';"]
