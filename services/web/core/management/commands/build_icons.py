"""Cuts the icon sprite into the build directory, from where `collectstatic` takes it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.icons import SPRITE, UnknownIcon, cut_sprite


class Command(BaseCommand):
    help = "Cut the icons of core/icons.txt into one sprite."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sprite = cut_sprite()
        except UnknownIcon as error:
            raise CommandError(str(error)) from None
        settings.BUILD_DIR.mkdir(parents=True, exist_ok=True)
        target = settings.BUILD_DIR / SPRITE
        target.write_text(sprite, encoding="utf-8")
        self.stdout.write(f"{sprite.count('<symbol')} icons in {target}")
