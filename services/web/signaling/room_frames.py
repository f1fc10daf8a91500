"""How a view of a room is written for those who may see it."""

from typing import NamedTuple

from signaling.connections import Connection
from signaling.protocol import messages as m
from signaling.protocol.codec import encode
from signaling.roster import Entry, Phase, View


class Doorplate(NamedTuple):
    """What somebody who has not come in is told of a room."""

    name: str
    locked: bool
    admission: m.Admission


def door_of(connection: Connection) -> Doorplate:
    policy = connection.policy
    return Doorplate(policy.name, policy.locked, connection.admission)


class RoomFrames:
    """`room.state` of one view, written once for all who see the same."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._frames: dict[tuple[bool, bool, Doorplate], str] = {}

    def for_(self, connection: Connection) -> str:
        owner = connection.role is m.Role.OWNER
        inside = sees_roster(connection)
        door = door_of(connection)
        key = (owner, inside, door)
        if key not in self._frames:
            self._frames[key] = encode(
                m.RoomState(
                    epoch=self._view.epoch,
                    rev=self._view.rev,
                    room_name=door.name,
                    locked=door.locked,
                    admission=door.admission,
                    peers=[_roster_peer(entry) for entry in self._view.joined() if inside],
                    waiting=[
                        m.Knock(peer_id=entry.peer_id, name=entry.name)
                        for entry in (self._view.waiting() if owner else ())
                    ],
                )
            )
        return self._frames[key]


def is_joined(connection: Connection) -> bool:
    return connection.entry is not None and connection.entry.phase is Phase.JOINED


def sees_roster(connection: Connection) -> bool:
    """In the lobby only while nothing stands between this person and the room."""
    return is_joined(connection) or connection.admission is m.Admission.OPEN


def _roster_peer(entry: Entry) -> m.RosterPeer:
    return m.RosterPeer(
        peer_id=entry.peer_id,
        seat_id=entry.seat_id,
        order=entry.order or 0,
        name=entry.name,
        role=entry.role,
        state=entry.state,
        audio=entry.audio,
        video=entry.video,
        screen=entry.screen,
        hand=entry.hand,
        revision=entry.revision,
    )
