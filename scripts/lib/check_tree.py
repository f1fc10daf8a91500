"""Refuses a tree that names a package registry, a path of one machine, or a secret.

Looks at every text file that git would commit. The needles are put together from
pieces, so that this file does not find itself.
"""

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent.parent


def _host(*labels: str) -> str:
    return r"\b" + re.escape(".".join(labels)) + r"\b"


FORBIDDEN: Final = {
    "a package registry": "|".join(
        (
            _host("pypi", "org"),
            _host("files", "pythonhosted", "org"),
            _host("registry", "npmjs", "org"),
            _host("registry", "yarnpkg", "com"),
            _host("deb", "debian", "org"),
            _host("security", "debian", "org"),
            _host("archive", "ubuntu", "com"),
            _host("proxy", "golang", "org"),
        )
    ),
    "a path of one machine": r"(?<![\w.$}/-])/(?:work|root|home|Users)/[A-Za-z0-9_.-]+/",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE" + r" KEY-----\s*[A-Za-z0-9+/=\s]{64}",
    "a key of a cloud": r"\bAKIA[0-9A-Z]{16}\b|\bghp_[A-Za-z0-9]{36}\b|\bxox[bp]-[0-9A-Za-z-]{20,}",
    "a Sentry DSN": r"https://[0-9a-f]{32}@(?!example|sentry\.invalid|sentry\.test)",
}
PATTERNS: Final = {what: re.compile(pattern) for what, pattern in FORBIDDEN.items()}


def committed_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def findings(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
        return []  # pictures, and files that are deleted but not yet committed so
    return [
        f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, found.start()) + 1}: {what}"
        for what, pattern in PATTERNS.items()
        for found in pattern.finditer(text)
    ]


def main() -> int:
    found = [finding for path in committed_files() for finding in findings(path)]
    for finding in found:
        sys.stderr.write(f"{finding}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
