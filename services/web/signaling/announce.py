"""How the rest of the site tells open calls that a room changed.

Safe from any thread and without a hub in this process. Says only which room:
whoever hears it reads the database again.
"""

import asyncio
import logging
from uuid import UUID

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import transaction

from signaling import hub

logger = logging.getLogger(__name__)


def room_changed(room_id: UUID) -> None:
    """After the running transaction (if any) commits, every open call in the room
    reads its policy again: new name, lock or access, or the end of the room."""
    transaction.on_commit(lambda: _announce(room_id))


def _announce(room_id: UUID) -> None:
    running = hub.running()
    if running is not None:
        running.announce_from_thread(room_id)
        return
    if not settings.REDIS_URL:
        # The embedded default has one process; without its hub nobody is in a call.
        return
    try:
        _announce_from_outside(room_id)
    except Exception:
        # The write is committed; the hubs' own sweep reads the policy again soon.
        logger.warning("room_change_not_announced", exc_info=True)


def _announce_from_outside(room_id: UUID) -> None:
    """From a process without a hub, such as a management command."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        async_to_sync(hub.announce_without_hub)(room_id)
    else:
        logger.warning("room_change_announced_from_a_loop")
