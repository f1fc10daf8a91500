"""Which files a page's JavaScript consists of, before the browser has to find out.

Without a bundler a browser learns of a module's imports only from the module: one round
trip for each level of the graph. `<link rel="modulepreload">` names all of them at once.
Source of truth: the `import` statements of the files themselves.
"""

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders

from core.static import without_comments

# At the start of a line, or behind another statement of a collected file.
_IMPORT: Final = re.compile(
    r"""(?:^|[;}])\s*(?:import|export)\b[^'"();=]*['"](?P<path>\.[^'"]+)['"]""", re.MULTILINE
)


class ModuleMissing(Exception):
    """A page or a module names a file that does not exist."""


@lru_cache
def modules_behind(entry: str) -> tuple[str, ...]:
    """The names of all static files that `entry` imports, nearest first, without itself."""
    found = {entry: None}
    waiting = [entry]
    while waiting:
        name = waiting.pop(0)
        for imported in _imports(name):
            if imported not in found:
                found[imported] = None
                waiting.append(imported)
    return tuple(found)[1:]


def _imports(name: str) -> Iterator[str]:
    source = without_comments(_path(name).read_text(encoding="utf-8"))
    for match in _IMPORT.finditer(source):
        yield posixpath.normpath(posixpath.join(posixpath.dirname(name), match["path"]))


def _path(name: str) -> Path:
    # Where files were collected, that is what is served, and the sources may be away.
    collected = Path(settings.STATIC_ROOT) / name
    found = collected if settings.STATIC_COLLECTED else finders.find(name)
    if not found or not Path(found).is_file():
        raise ModuleMissing(name)
    return Path(found)
