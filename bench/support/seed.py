"""Fills the product's database for a benchmark; runs inside the product's environment.

`python -m bench.support.seed '{"rooms": N, "seats": M}'` prints JSON: the session keys
of two people, of whom the first owns everything, and for each room its id, its slug
and M guests' tickets.
"""

import json
import os
import secrets
import sys
import time
from importlib import import_module
from typing import Any
from uuid import UUID

import django

TICKET_SECONDS = 6 * 3600


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import transaction

    from accounts.models import User
    from rooms.services import create_room
    from signaling.protocol.messages import Role
    from signaling.tickets import Identity, Ticket, sign_ticket

    wanted = json.loads(sys.argv[1])
    people = [_person(User, number) for number in range(2)]
    owner = people[0]

    def ticket(room_id: UUID, number: int) -> str:
        signed: str = sign_ticket(
            Ticket(
                room_id=room_id,
                identity=Identity(f"guest:{secrets.token_urlsafe(16)}"),
                name=f"Guest {number}",
                role=Role.GUEST,
                session=None,
                auth=None,
                expires_at=int(time.time()) + TICKET_SECONDS,
            )
        )
        return signed

    rooms = []
    transaction.set_autocommit(False)
    for number in range(wanted["rooms"]):
        room = create_room(owner_id=owner.pk, name=f"Bench {number}")
        rooms.append(
            {
                "id": str(room.id),
                "slug": str(room.slug),
                "tickets": [ticket(room.id, seat) for seat in range(wanted.get("seats", 0))],
            }
        )
    sessions = [_session(person) for person in people]
    transaction.commit()
    print(json.dumps({"sessions": sessions, "rooms": rooms}))


def _person(model: Any, number: int) -> Any:
    email = f"bench-{number}@traverse.test"
    found = model.objects.filter(email=email).first()
    return found or model.objects.create_user(
        email, secrets.token_urlsafe(), name=f"Bench {number}"
    )


def _session(person: Any) -> str:
    """The key of a session as a log-in would have left it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    main()
