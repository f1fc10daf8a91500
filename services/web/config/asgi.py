"""The ASGI application: pages by Django, the signalling socket beside them."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

from channels.routing import ProtocolTypeRouter  # noqa: E402
from django.conf import settings  # noqa: E402

from core.handler import PooledHandler  # noqa: E402
from core.observability import instrument  # noqa: E402
from signaling.origin import ExactOrigin  # noqa: E402
from signaling.routing import socket_router  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": instrument(PooledHandler()),
        "websocket": instrument(ExactOrigin(socket_router, allowed=settings.ALLOWED_ORIGINS)),
    }
)
