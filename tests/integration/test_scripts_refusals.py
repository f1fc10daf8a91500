"""What `./scripts/run` says when it cannot start: one sentence, and what to do."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import shell

APT = "sudo apt-get install --no-install-recommends"


@pytest.fixture
def public() -> Iterator[Path]:
    """A directory that another user may look into: pytest's own are private."""
    directory = Path(tempfile.mkdtemp(prefix="traverse-clone-"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"BASE_URL": "http://call.example.org"}, "BASE_URL is plain http"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY has 5 characters"),
        ({"SECRET_KEY_FILE": "/nowhere/key"}, "SECRET_KEY_FILE names a file"),
        ({"TURN_HOST": "turn.example.org"}, "TURN_SECRET is not set, but TURN_HOST is"),
        ({"TURN_PORT": "many"}, "TURN_PORT cannot be 'many'"),
        ({"DATABASE_URL": "mysql://db/traverse"}, "DATABASE_URL has an unknown scheme"),
    ],
)
def test_a_wrong_setting_is_named_and_nothing_else_is_blamed(
    tmp_path: Path, settings: dict[str, str], problem: str
) -> None:
    done = shell.run("./scripts/run", VAR_DIR=tmp_path / "state", **settings)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert f"Traverse cannot start: {problem}" in done.stderr
    assert "could not be prepared" not in done.stderr
    assert not (tmp_path / "state" / "last-start").exists()


def test_everything_that_is_missing_is_said_once_in_one_command(tmp_path: Path) -> None:
    tree = shell.copy_of_tree(tmp_path / "clone")
    path = shell.machine_without("python", "turnserver", at=tmp_path / "bin")
    done = shell.run_in(tree, "./scripts/run", env={"PATH": path})
    assert done.returncode == 1
    assert done.stderr.count("apt-get") == 1
    assert f"{APT} python3-venv coturn\n" in done.stderr
    assert "Going on" not in done.stderr
    assert not (tree / ".venv").exists()


def test_without_coturn_alone_it_goes_on_and_says_so_once(tmp_path: Path) -> None:
    path = shell.machine_without("turnserver", at=tmp_path / "bin")
    log = tmp_path / "run.log"
    with shell.started(log, "--port", shell.free_port(), VAR_DIR=tmp_path / "state", PATH=path):
        said = log.read_text(encoding="utf-8")
    assert said.count("coturn") == 2, "the sentence, and the command"
    assert f"{APT} coturn\n" in said
    assert "Going on without a relay" in said
    assert "run this again" not in said


@pytest.mark.parametrize("state", ["", "state"])
def test_a_clone_of_somebody_else_is_one_sentence(public: Path, state: str) -> None:
    tree = shell.copy_of_tree(public / "clone")
    tree.chmod(0o555)
    env = {}
    if state:
        (public / state).mkdir()
        shell.give_away(public / state)
        env["VAR_DIR"] = public / state
    done = shell.run_in(tree, "./scripts/run", env=env, stranger=True)
    assert done.returncode == 1
    assert f"cannot write in {tree}, which belongs to" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("place", ["/usr", "/usr/state", "/etc/hostname"])
def test_state_where_this_user_may_not_write_is_one_sentence(public: Path, place: str) -> None:
    tree = shell.copy_of_tree(public / "clone")
    shell.give_away(tree)
    done = shell.run_in(tree, "./scripts/run", env={"VAR_DIR": place}, stranger=True)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "Set VAR_DIR to a directory of your own" in done.stderr


def test_a_directory_of_other_things_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "letters").touch()
    tmp_path.chmod(0o755)
    done = shell.run("./scripts/run", VAR_DIR=tmp_path)
    assert done.returncode == 1
    assert f"{tmp_path} holds other things" in done.stderr
    assert tmp_path.stat().st_mode & 0o777 == 0o755
    assert [path.name for path in tmp_path.iterdir()] == ["letters"]


def test_a_command_on_the_state_of_somebody_else_is_one_sentence(public: Path) -> None:
    tree = shell.copy_of_tree(public / "clone")
    state = public / "state"
    state.mkdir(mode=0o500)
    command = ("./scripts/manage", "owner_link")
    done = shell.run_in(tree, *command, env={"VAR_DIR": state}, stranger=True)
    assert done.returncode == 1
    assert f"{state} belongs to" in done.stderr
    assert len(done.stderr.splitlines()) == 1
