"""Gives the Django plugin of mypy the tests' settings, so that `mypy` needs no set-up.

Listed in pyproject.toml before `mypy_django_plugin`, which loads the settings.
"""

import importlib
import sys
from pathlib import Path

from mypy.plugin import Plugin

ROOT = Path(__file__).resolve().parent.parent.parent


def plugin(_version: str) -> type[Plugin]:
    # Not at import: mypy wants its path back as it was when the import ends.
    for entry in (str(ROOT / "services" / "web"), str(ROOT)):
        if entry not in sys.path:
            sys.path.insert(0, entry)
    importlib.import_module("tests.environment").apply()
    return Plugin
