"""`manage.py serve`: pages and the signalling socket, by Daphne, until a signal."""

# Installs the asyncio reactor, which must come before anything of Twisted.
from signaling import server  # isort: skip

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="Address to listen on.")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--fd",
            type=int,
            help="A listening socket that was inherited; several processes may share it.",
        )

    def handle(self, *, host: str, port: int, fd: int | None, **_: Any) -> None:
        from config.asgi import application

        # Nothing else ever takes expired sessions out of the database.
        call_command("clearsessions")
        address = host.replace(":", r"\:")
        endpoint = f"tcp:{port}:interface={address}" if fd is None else f"fd:fileno={fd}"
        server.serve(application, endpoints=[endpoint], proxied=bool(settings.TRUSTED_PROXIES))
