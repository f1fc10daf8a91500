"""How a benchmark tells its results: a table to read, JSON to compare, an exit status."""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.support.numbers import Mark

ROOT = Path(__file__).parents[2]


def machine() -> dict[str, Any]:
    """Say where and when: a result without it means nothing."""
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    commit = subprocess.run(
        ["git", "-C", str(ROOT), "describe", "--always", "--dirty"],
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "cpu": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load_before": os.getloadavg()[0],
        "commit": commit.stdout.strip(),
    }


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Draw a Markdown table; floats get three significant digits."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(line[n]) for line in [list(heads), *cells]) for n in range(len(heads))]

    def line(values: Sequence[str]) -> str:
        padded = (value.ljust(width) for value, width in zip(values, widths, strict=True))
        return f"| {' | '.join(padded)} |"

    return "\n".join([line(heads), line(["-" * width for width in widths]), *map(line, cells)])


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return str(value)


@dataclass(slots=True)
class Report:
    name: str
    machine: dict[str, Any] = field(default_factory=machine)
    marks: list[Mark] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)

    def mark(self, mark: Mark) -> None:
        self.marks.append(mark)

    def show(self, text: str = "") -> None:
        print(text, flush=True)

    def finish(self, *, json_path: Path | None) -> int:
        """Print the marks, write the JSON; return 1 if a mark was missed."""
        self.machine["load_after"] = os.getloadavg()[0]
        self.show("\n" + "\n".join(str(mark) for mark in self.marks))
        self.show("  ".join(f"{key}={value}" for key, value in self.machine.items()))
        if json_path is not None:
            marks = [asdict(mark) | {"passed": mark.passed} for mark in self.marks]
            document = {
                "name": self.name,
                "machine": self.machine,
                "marks": marks,
                "data": self.data,
            }
            json_path.write_text(json.dumps(document, indent=1) + "\n")
        return 0 if all(mark.passed for mark in self.marks) else 1


def parser(description: str | None) -> argparse.ArgumentParser:
    """Return a parser with what every benchmark takes."""
    result = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    result.add_argument("--json", type=Path, metavar="FILE", help="write the results here too")
    return result


def progress(text: str) -> None:
    """Tell a waiting person what goes on, apart from the results."""
    print(text, file=sys.stderr, flush=True)
