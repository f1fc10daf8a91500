"""`manage.py export_protocol`: write every generated file of the signalling protocol."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from signaling.protocol.published import published_files


class Command(BaseCommand):
    help = __doc__

    def handle(self, **_: Any) -> None:
        top = Path(settings.WEB_DIR).parent.parent
        for name, content in published_files().items():
            path = top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            self.stdout.write(name)
