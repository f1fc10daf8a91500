"""A clock that a test moves under a running server: `time.time()` alone, never `monotonic`.

The server's Python imports `sitecustomize` from `directory` before anything else;
the test writes by how many seconds its clock is ahead.
"""

from pathlib import Path
from typing import Final

_PATCH: Final = """\
import time
from pathlib import Path

_real, _offset = time.time, Path(__file__).with_name("offset")
time.time = lambda: _real() + float(_offset.read_text())
"""


class MovedClock:
    def __init__(self, directory: Path) -> None:
        self._directory = directory
        directory.mkdir()
        self._offset = directory / "offset"
        self.ahead(0)
        (directory / "sitecustomize.py").write_text(_PATCH)

    @property
    def environment(self) -> dict[str, str]:
        """For the server under test."""
        return {"PYTHONPATH": str(self._directory)}

    def ahead(self, seconds: float) -> None:
        # Renamed into place: the server reads it at any moment.
        new = self._offset.with_suffix(".new")
        new.write_text(str(seconds))
        new.replace(self._offset)
