"""Starts the scripts as a person does: a shell's environment, nothing of the test's own."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
START_S: Final = 90
STOP_S: Final = 30
# Debian's `nobody`: whom the tests become where they run as root.
NOBODY: Final = 65534


def run(*command: str | Path, **env: str | Path) -> subprocess.CompletedProcess[str]:
    """One command to its end, at the top of this tree."""
    return run_in(ROOT, *command, env=env)


def run_in(
    tree: Path, *command: str | Path, env: Mapping[str, str | Path], stranger: bool = False
) -> subprocess.CompletedProcess[str]:
    """The same in another tree. A `stranger` may write nothing that is not theirs."""
    drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    return subprocess.run(
        [*(drop if stranger and os.geteuid() == 0 else []), *map(str, command)],
        cwd=tree,
        env=environment(env),
        capture_output=True,
        text=True,
        timeout=START_S,
        check=False,
    )


def environment(more: Mapping[str, str | Path]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {name: str(value) for name, value in more.items()}


@contextlib.contextmanager
def started(log: Path, *options: str, **env: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """`./scripts/run` until it has said where it is, and to its end afterwards.

    A session of its own, as in a terminal: its process group is what Ctrl-C reaches there.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            # Whoever starts the tests in the background has made them deaf to Ctrl-C.
            ["env", "--default-signal=INT", "./scripts/run", *options],
            cwd=ROOT,
            env=environment(env),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_announced(process, log)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_S)
        # What a start that failed was still doing.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        sys.stderr.write(log.read_text(encoding="utf-8"))


def session_of(process: subprocess.Popen[bytes]) -> list[str]:
    """What still runs of all that `started` has begun."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,stat=,args=", "-s", str(process.pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return listed.stdout.splitlines()


def _wait_until_announced(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while "Ctrl-C ends it." not in log.read_text(encoding="utf-8"):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.1)


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return str(probe.getsockname()[1])


def give_away(path: Path) -> None:
    """To the stranger."""
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY)


def copy_of_tree(to: Path) -> Path:
    """A clone in which nothing was set up yet."""
    for name in ("scripts", "services", "requirements"):
        shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
    return to


def machine_without(*programs: str, at: Path) -> str:
    """A PATH for somebody who is not root, on a Debian that lacks these programs."""
    at.mkdir()
    for directory in os.environ["PATH"].split(os.pathsep):
        if not Path(directory).is_dir():
            continue
        for file in os.scandir(directory):
            if not file.name.startswith(programs) and not (at / file.name).is_symlink():
                (at / file.name).symlink_to(file.path)
    for name, script in {"id": _ID, "apt-get": "#!/bin/sh\nexit 1\n"}.items():
        (at / name).unlink(missing_ok=True)
        (at / name).write_text(script, encoding="utf-8")
        (at / name).chmod(0o755)
    return str(at)


_ID: Final = """#!/bin/sh
[ "$1" = -u ] && echo 12345 && exit
exec /usr/bin/id "$@"
"""
