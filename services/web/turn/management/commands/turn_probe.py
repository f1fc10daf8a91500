"""Makes a real allocation on the configured relay and says what came of it."""

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from turn.probe import Cause, probe_configured

_ADVICE = {
    Cause.DNS: "TURN_HOST does not resolve",
    Cause.UNREACHABLE: "nothing listens there; is coturn running?",
    Cause.TIMEOUT: "no answer; is the port open in the firewall?",
    Cause.CREDENTIAL: "TURN_SECRET differs from coturn's, or one of the two clocks is wrong",
    Cause.FORBIDDEN: "coturn drains or denies this host",
    Cause.QUOTA: "too many allocations",
    Cause.PORTS: "the relay's port range is full",
    Cause.REFUSED: "refused",
}


class Command(BaseCommand):
    help = "Make a real allocation on the TURN relay over UDP and TCP."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--timeout", type=float, default=3.0, help="seconds (3)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.TURN_HOST:
            raise CommandError("No TURN relay is configured: set TURN_HOST and TURN_SECRET.")
        results = asyncio.run(probe_configured(timeout_s=options["timeout"]))
        for result in results:
            if result.ok:
                self.stdout.write(f"{result.transport}: ok in {result.elapsed_ms} ms")
            else:
                code = f" ({result.code})" if result.code else ""
                self.stdout.write(f"{result.transport}: {_ADVICE[result.cause]}{code}")
        if not all(result.ok for result in results):
            raise CommandError("The relay does not work on every transport.")
