"""Prints the one-time link that makes the first administrator, or nothing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts import links
from accounts.models import LinkPurpose


class Command(BaseCommand):
    help = "Print a one-time link for the first administrator; nothing when there is one already."

    def handle(self, *args: Any, **options: Any) -> None:
        if not links.needs_owner():
            return
        self.stdout.write(
            links.create_link(purpose=LinkPurpose.OWNER, life=links.OWNER_LIFE, now=timezone.now())
        )
