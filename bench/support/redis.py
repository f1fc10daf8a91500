"""A Redis of one's own: a free port, nothing on disk, gone afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.support.processes import Measured, free_port, wait_for_port


@contextmanager
def redis_server(directory: Path) -> Iterator[str]:
    """Yield its URL."""
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with Measured(["redis-server", *options, "--dir", str(directory)], core=None):
        wait_for_port(port)
        yield f"redis://127.0.0.1:{port}/0"
