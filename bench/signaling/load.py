"""The handle of a load generator (load.mjs): one command, one answer."""

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bench.support.processes import pinned

SCRIPT = Path(__file__).with_name("load.mjs")


class Load:
    def __init__(self, *, core: int | None = 0) -> None:
        self._process = subprocess.Popen(
            pinned(["node", str(SCRIPT)], core=core),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.wait()

    def begin(self, op: str, **options: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"op": op, **options}) + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the load generator ended; its error is above")
        result: dict[str, Any] = json.loads(line)
        return result

    def do(self, op: str, **options: Any) -> dict[str, Any]:
        self.begin(op, **options)
        return self.answer()
