"""A real PostgreSQL for tests: Debian's, in a directory of its own, on a Unix socket only."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

_DEBIAN: Final = Path("/usr/lib/postgresql")
_USER: Final = "traverse"


@contextmanager
def local_postgres() -> Iterator[str]:
    """A `DATABASE_URL`, without a password: the socket lies in a private directory."""
    # Short on purpose: the path of a Unix socket may have 107 bytes.
    with TemporaryDirectory(prefix="pg-") as name:
        home = Path(name)
        data = home / "data"
        person = _unprivileged(home)
        _run("initdb", "--auth=trust", f"--username={_USER}", "-N", "-D", str(data), **person)
        server = ["-D", str(data), "-l", str(home / "log"), "-w"]
        flags = f"-c listen_addresses= -c unix_socket_directories={home} -c fsync=off"
        _run("pg_ctl", *server, "-o", flags, "start", **person)
        try:
            yield f"postgres://{_USER}@/{home}/postgres"
        finally:
            _run("pg_ctl", *server, "-m", "immediate", "stop", **person)


def _unprivileged(home: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it is its package's own user."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    os.chown(home, account.pw_uid, account.pw_gid)
    # Root may read it as well, so that nobody else has to.
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _run(program: str, *arguments: str, **person: Any) -> None:
    done = subprocess.run(
        [_path(program), *arguments],
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
        timeout=60,
        **person,
    )
    assert done.returncode == 0, f"{program}: {done.stdout}"


def _path(program: str) -> str:
    versions = sorted(_DEBIAN.glob(f"*/bin/{program}"), key=lambda path: int(path.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which(program)
    assert found, f"{program} is missing: install postgresql"
    return found
