"""Fixtures that every test may use."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long runs are asked for: with `-m slow`, or with `scripts/test all`."""
    if config.option.markexpr:
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if not item.get_closest_marker("slow")]


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the repository."""
    return ROOT


@pytest.fixture
def program() -> Callable[[str], str]:
    """Finds a program, and fails (never skips) when the machine lacks it."""

    def find(name: str) -> str:
        path = shutil.which(name)
        assert path, f"{name} is missing; `./scripts/test` installs what the tests need"
        return path

    return find
