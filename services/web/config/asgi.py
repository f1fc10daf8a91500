"""The ASGI application: pages by Django, the signalling socket beside them."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter  # noqa: E402
from django.conf import settings  # noqa: E402

from core.observability import instrument  # noqa: E402
from signaling.origin import ExactOrigin  # noqa: E402
from signaling.routing import socket_router  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": pages,
        "websocket": instrument(ExactOrigin(socket_router, allowed=settings.ALLOWED_ORIGINS)),
    }
)
