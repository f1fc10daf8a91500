"""Prints the one-time link that makes the first administrator."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import links
from accounts.models import LinkPurpose

_ALREADY = """This Traverse has an administrator already, so there is nothing to set up.
  The password was forgotten:     ./scripts/manage reset_link ADDRESS
  There shall be another one:     ./scripts/manage createsuperuser"""


class Command(BaseCommand):
    help = "Print a one-time link for the first administrator; fails when there is one already."

    def handle(self, *args: Any, **options: Any) -> None:
        if not links.needs_owner():
            raise CommandError(_ALREADY)
        self.stdout.write(
            links.create_link(purpose=LinkPurpose.OWNER, life=links.OWNER_LIFE, now=timezone.now())
        )
