"""Real servers for the signalling tests: one alone, and two processes around one Redis."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
import pytest_django

from tests.support.server import TraverseServer, redis_server
from tests.support.world import Person, World


@pytest.fixture(scope="session")
def template(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("template") / "db.sqlite3", django_db_blocker)
    world.migrate()
    yield world
    world.close()


@pytest.fixture(scope="module")
def world(template: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = template.copy(tmp_path_factory.mktemp("world") / "db.sqlite3")
    yield world
    world.close()


@pytest.fixture(scope="module")
def server(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TraverseServer]:
    """The embedded default: one process, everything in memory."""
    with TraverseServer(tmp_path_factory.mktemp("server"), world.url) as server:
        yield server


@pytest.fixture(autouse=True)
def no_problem_is_logged(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test does to a server: never a traceback, never an ERROR."""
    servers: list[TraverseServer] = []
    for name in ("server", "cluster"):
        if name in request.fixturenames:
            found = request.getfixturevalue(name)
            servers += found.servers if isinstance(found, Cluster) else [found]
    yield
    for server in servers:
        assert server.problems() == [], server.read_log()


@dataclass(frozen=True)
class Cluster:
    """Two processes with a port each, so that a test chooses who is where."""

    one: TraverseServer
    two: TraverseServer
    redis_url: str

    @property
    def servers(self) -> list[TraverseServer]:
        return [self.one, self.two]


@pytest.fixture(scope="module")
def cluster(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    directory: Path = tmp_path_factory.mktemp("cluster")
    with (
        redis_server(directory) as url,
        TraverseServer(directory, world.url, redis_url=url) as one,
        TraverseServer(directory, world.url, redis_url=url) as two,
    ):
        yield Cluster(one, two, url)


@pytest.fixture(scope="module")
def owner(world: World) -> Person:
    return world.person("Olga")


@pytest.fixture
def room(world: World, owner: Person) -> UUID:
    return world.room(owner)
