"""Prints one-time invitation links, for SIGNUP=invite."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import links
from accounts.models import LinkPurpose


class Command(BaseCommand):
    help = "Print one-time links that let people sign up where SIGNUP=invite."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", nargs="?", type=int, default=1, help="how many (default 1)")
        parser.add_argument("--note", default="", help="who it is for; only administrators see it")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SIGNUP == "closed":
            raise CommandError("SIGNUP=closed: an invitation would open nothing")
        if not 1 <= options["count"] <= 1000:
            raise CommandError("count must be between 1 and 1000")
        for _ in range(options["count"]):
            self.stdout.write(
                links.create_link(
                    purpose=LinkPurpose.INVITE,
                    life=links.INVITE_LIFE,
                    now=timezone.now(),
                    note=options["note"][:200],
                )
            )
