"""The relay credential of one connection, and when it is due again."""

import time
from typing import Final

from signaling.connections import Connection
from signaling.protocol import messages as m
from turn.ice import ice_config

REFRESH_AT: Final = 0.8
"""Of the credential's life: both ends of a link take a fresh one well before expiry."""


def ice_for(connection: Connection, *, re: str | None = None) -> m.IceServers:
    now = time.time()
    config = ice_config(identity=connection.identity, room_id=connection.room_id, now=now)
    connection.ice_refresh_at = (
        None if config.expires_at is None else now + REFRESH_AT * (config.expires_at - now)
    )
    return m.IceServers(
        re=re,
        ice_servers=[m.IceServer(**server) for server in config.servers],
        ice_expires_at=config.expires_at,
    )
