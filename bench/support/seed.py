"""Fills the product's database for a benchmark; runs inside the product's environment.

`python -m bench.support.seed '{"rooms": N, "seats": M}'` prints JSON: the owner's
session cookie, and for each room its id, its slug and M guests' tickets with the
identities and names that the signalling checks.
"""

import json
import os
import secrets
import sys
import time

import django

TICKET_SECONDS = 6 * 3600


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import transaction

    from accounts.models import User
    from rooms.services import create_room
    from signaling.protocol.messages import Role
    from signaling.tickets import Identity, Ticket, sign_ticket

    wanted = json.loads(sys.argv[1])
    owner = User.objects.filter(email="bench@traverse.test").first() or User.objects.create_user(
        "bench@traverse.test", secrets.token_urlsafe(), name="Bench"
    )
    session = SessionStore()
    session[SESSION_KEY] = str(owner.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = owner.get_session_auth_hash()
    session.create()

    def ticket(room_id: object, number: int) -> str:
        return sign_ticket(
            Ticket(
                room_id=room_id,  # type: ignore[arg-type]
                identity=Identity(f"guest:{secrets.token_urlsafe(16)}"),
                name=f"Guest {number}",
                role=Role.GUEST,
                session=None,
                auth=None,
                expires_at=int(time.time()) + TICKET_SECONDS,
            )
        )

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
    transaction.commit()
    print(json.dumps({"session": session.session_key, "rooms": rooms}))


if __name__ == "__main__":
    main()
