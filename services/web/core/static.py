"""How static files get their names.

Owns: the content hash in each name, also inside the `import` statements of ES
modules, our own scripts and style sheets without comments and indentation (decision
0025), and compression beside each file. Refuses: to collect a module that
imports a file which does not exist. Source of truth: the manifest that
`collectstatic` writes; where there is none, files keep the names they have in
git and WhiteNoise serves them from there (see WHITENOISE_USE_FINDERS).
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from django.core.files.base import ContentFile, File
from rjsmin import jsmin
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Strings come first, so that `//` in an address does not begin a comment.
_COMMENT_OR_STRING: Final = re.compile(
    r"""(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)"""
    r"""|(?P<comment>/\*.*?\*/|//[^\n]*)""",
    re.DOTALL,
)


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    support_js_module_import_aggregation = True

    def _save(self, name: str, content: "File[Any]") -> str:
        # Where Django's own storages end: the copy and the hashed copy both come by.
        return str(super()._save(name, lighter(name, content)))

    def stored_name(self, name: str) -> str:
        if not self.hashed_files:
            return name
        return str(super().stored_name(name))

    def url_converter(
        self, name: str, hashed_files: dict[str, str], template: str | None = None
    ) -> Callable[[re.Match[str]], str]:
        """Django's converter, except inside JavaScript comments.

        A JSDoc type such as `{import('./mesh.js').Mesh}` is no import: rewriting
        it would make every pair of modules that know each other's types a cycle,
        and no hash can be found for a cycle.
        """
        convert: Callable[[re.Match[str]], str] = super().url_converter(
            name, hashed_files, template
        )
        if not name.endswith((".js", ".mjs")):
            return convert

        def outside_comments(match: re.Match[str]) -> str:
            text = match.group(0)
            if text.startswith("//#"):
                return convert(match)
            spans = _comments(match.string)
            if any(start <= match.start() < end for start, end in spans):
                return text
            return convert(match)

        return outside_comments


@lru_cache(maxsize=8)
def _comments(source: str) -> tuple[tuple[int, int], ...]:
    return tuple(
        match.span()
        for match in _COMMENT_OR_STRING.finditer(source)
        if match.group("comment") is not None
    )


def without_comments(source: str) -> str:
    return _COMMENT_OR_STRING.sub(
        lambda match: "" if match.group("comment") is not None else match.group(0), source
    )


# Not by a minifier: the usual one takes the space before `:is()` for nothing, which it is not.
_CSS_COMMENT_OR_STRING: Final = re.compile(
    r"""(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|/\*.*?\*/""", re.DOTALL
)
_INDENTATION: Final = re.compile(r"\n\s+")


def _light_css(source: str) -> str:
    spoken = _CSS_COMMENT_OR_STRING.sub(lambda match: match["string"] or "", source)
    return _INDENTATION.sub("\n", spoken).strip()


def lighter(name: str, content: "File[Any]") -> "File[Any]":
    """The same script or style sheet without comments and indentation; others as they are.

    Ours only: packages bring their own small files, and licences in their comments.
    """
    kind = (name.partition("/")[0], name.rpartition(".")[2])
    minify = {("js", "js"): jsmin, ("css", "css"): _light_css}.get(kind)
    if minify is None:
        return content
    content.open()
    return ContentFile(minify(content.read().decode("utf-8")).encode("utf-8"))
